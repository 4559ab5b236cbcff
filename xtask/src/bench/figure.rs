//! One measured figure, and the table of them.

use serde::{Deserialize, Serialize};

/// A figure, its goal, and what it is compared with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: String,
    /// The goal, in the same unit.
    pub(crate) goal: Goal,
    /// The same of a peer in the same run, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) peer: Option<Peer>,
}

/// On which side of a bound a value should be.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Goal {
    /// Not above it.
    AtMost(f64),
    /// Not below it.
    AtLeast(f64),
}

/// What a figure is compared with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Peer {
    /// Who.
    pub(crate) name: String,
    /// Its value, in the figure's unit.
    pub(crate) value: f64,
}

impl Goal {
    fn met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtMost(bound) => format!("≤ {}", number(bound)),
            Self::AtLeast(bound) => format!("≥ {}", number(bound)),
        }
    }
}

/// The figures as a table for people, one a line.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut rows = vec![["figure", "value", "unit", "goal", "", "peer"].map(str::to_owned)];
    rows.extend(figures.iter().map(|figure| {
        let verdict = if figure.goal.met_by(figure.value) { "met" } else { "missed" };
        let peer = figure.peer.as_ref().map(|peer| format!("{}: {}", peer.name, number(peer.value))).unwrap_or_default();
        [figure.name.clone(), number(figure.value), figure.unit.to_owned(), figure.goal.words(), verdict.to_owned(), peer]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            // Numbers right-aligned.
            if column == 1 { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Three digits that matter are enough.
fn number(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_a_met_goal_from_a_missed_one() {
        let figure = |value, peer| Figure { name: "RSS per idle stream".into(), value, unit: "KiB".into(), goal: Goal::AtMost(12.0), peer };
        let peer = Some(Peer { name: "bare axum::serve".into(), value: 19.0 });
        assert_eq!(
            table(&[figure(11.04, peer), figure(12.5, None)]),
            "figure               value  unit  goal            peer\n\
             RSS per idle stream   11.0  KiB   ≤ 12.0  met     bare axum::serve: 19.0\n\
             RSS per idle stream   12.5  KiB   ≤ 12.0  missed"
        );
    }
}
