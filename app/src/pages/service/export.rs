//! The instances as CSV: what the registry says, exactly, and what this console makes of it.

use pilothouse_api::InstanceRow;
use pilothouse_model::Millis;

use crate::components::csv;
use crate::i18n::moment;

const HEAD: [&str; 13] = [
    "address",
    "cluster",
    "zone",
    "version",
    "state",
    "since",
    "gone",
    "weight",
    "enabled",
    "ephemeral",
    "healthy",
    "last beat",
    "metadata",
];

/// One line an instance, ghosts included. Moments in UTC; what is not told is empty.
pub(super) fn csv_of(rows: &[InstanceRow]) -> String {
    let at = |at: Option<Millis>| at.map(moment::iso).unwrap_or_default();
    let told = |flag: Option<bool>| flag.map(|flag| flag.to_string()).unwrap_or_default();
    csv(
        &HEAD,
        rows.iter().map(|row| {
            let instance = &row.instance;
            let metadata = serde_json::to_string(&instance.metadata).unwrap_or_default();
            vec![
                instance.address().into(),
                (*instance.key.cluster).into(),
                instance.zone().unwrap_or_default().into(),
                instance.version().unwrap_or_default().into(),
                row.liveness.slug().into(),
                moment::iso(row.since).into(),
                at(row.gone).into(),
                instance.weight.to_string().into(),
                instance.enabled.to_string().into(),
                told(instance.ephemeral).into(),
                told(instance.health.healthy()).into(),
                at(instance.heartbeat.last).into(),
                metadata.into(),
            ]
        }),
    )
}

#[cfg(test)]
mod tests {
    use pilothouse_model::Liveness;

    use super::super::sample::row;
    use super::*;

    #[test]
    fn a_line_holds_what_the_registry_says() {
        let text = csv_of(&[row("10.0.0.1", Liveness::Late)]);
        let line = text.lines().nth(1).unwrap();
        assert!(
            line.starts_with("10.0.0.1:8080,DEFAULT,east-1a,1,late,1970-01-01T00:01:30.000Z,,1,true,true,true,1970-01-01T00:01:40.000Z,")
        );
        assert!(line.ends_with(r#""{""version"":""1"",""zone"":""east-1a""}""#), "{line}");
    }
}
