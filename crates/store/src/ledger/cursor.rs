//! Where a page of the ledger starts: behind the last row of the page before.

use std::fmt::{self, Display};
use std::str::FromStr;

use pilothouse_console::ports::StoreError;

/// The place of a row in the ledger's order. Rows written later never move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) moment: i64,
    pub(super) id: i64,
}

impl Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.moment, self.id)
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once('.').and_then(|(moment, id)| Some(Self { moment: moment.parse().ok()?, id: id.parse().ok()? }));
        parsed.ok_or_else(|| StoreError::Invalid { field: "cursor", why: "the `next` of an earlier page is allowed".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        let cursor = Cursor { moment: -5, id: 7 };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        for bad in ["", "1", "1.", ".1", "a.b", "1.2.3", "1.99999999999999999999"] {
            assert!(matches!(bad.parse::<Cursor>(), Err(StoreError::Invalid { field: "cursor", .. })), "{bad}");
        }
    }
}
