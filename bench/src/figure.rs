//! One measured figure, as `cargo xtask bench` reads it.

use serde::Serialize;

/// A figure, its goal, and what it is compared with.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The value.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// The goal, in the same unit.
    pub(crate) goal: Goal,
    /// The same of a peer in the same run, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peer: Option<Peer>,
}

/// On which side of a bound a value should be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Goal {
    /// Not above it.
    AtMost(f64),
    /// Not below it.
    AtLeast(f64),
}

/// What a figure is compared with.
#[derive(Debug, Serialize)]
pub(crate) struct Peer {
    /// Who.
    pub(crate) name: &'static str,
    /// Its value, in the figure's unit.
    pub(crate) value: f64,
}

impl Figure {
    /// One without a peer.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str, goal: Goal) -> Self {
        Self { name: name.into(), value, unit, goal, peer: None }
    }

    /// The same beside a peer.
    pub(crate) fn beside(self, name: &'static str, value: f64) -> Self {
        Self { peer: Some(Peer { name, value }), ..self }
    }
}
