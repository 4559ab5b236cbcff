//! The rows as CSV: one line each, unfolded, moments in UTC.

use std::borrow::Cow;

use pilothouse_api::LedgerRow;
use pilothouse_model::{Liveness, Millis};

use crate::components::csv;
use crate::i18n::{Lang, evidence, moment};

const HEAD: [&str; 13] =
    ["id", "at", "not before", "not after", "seen", "registry", "namespace", "service", "address", "from", "to", "who says so", "evidence"];

/// One line a row, in the order of the page. What is not told is empty.
pub(super) fn csv_of(rows: &[LedgerRow]) -> String {
    let at = |at: Option<Millis>| at.map(moment::iso).unwrap_or_default();
    csv(
        &HEAD,
        rows.iter().map(|row| {
            let occurred = row.occurred;
            vec![
                row.id.to_string().into(),
                at(occurred.at).into(),
                moment::iso(occurred.not_before).into(),
                moment::iso(occurred.not_after).into(),
                moment::iso(occurred.seen).into(),
                row.registry.as_str().into(),
                row.namespace.as_str().into(),
                row.name.as_str().into(),
                row.address.as_str().into(),
                row.from.map(Liveness::slug).unwrap_or_default().into(),
                row.to.slug().into(),
                evidence::said_by(Lang::En, &row.evidence, None).into(),
                because(row),
            ]
        }),
    )
}

/// What the row rests on; of an edit alone, what was changed.
fn because(row: &LedgerRow) -> Cow<'static, str> {
    match row.only_edit() {
        Some(change) => evidence::edited(Lang::En, change).into(),
        None => evidence::because(Lang::En, &row.evidence, row.from, row.to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::ledger::fold::tests::row;

    #[test]
    fn a_line_holds_the_interval() {
        let text = csv_of(&[row(7, 60_000, "10.0.0.1", Liveness::Late)]);
        let line = text.lines().nth(1).unwrap();
        assert!(line.starts_with("7,,1970-01-01T00:00:59.700Z,1970-01-01T00:01:00.000Z,"), "{line}");
        assert!(line.contains("nacos-prod-east,prod,checkout-api,10.0.0.1:8080,up,late"), "{line}");
    }
}
