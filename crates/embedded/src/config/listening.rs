//! The text in which a long poll says what it has: `dataId \x02 group \x02 md5 [\x02 tenant] \x01 …`.

use thiserror::Error;

use super::{ConfigKey, MAX_LISTENED};

const WORD: char = '\u{2}';
const LINE: char = '\u{1}';

/// A key a client listens to, and the md5 of what it has (empty for nothing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listened {
    pub(crate) key: ConfigKey,
    pub(crate) md5: String,
}

/// Why a listening text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum ListenError {
    #[error("invalid probeModify")]
    Malformed,
    #[error("too many keys, over {MAX_LISTENED}")]
    TooMany,
}

/// Reads a listening text.
pub(crate) fn parse_listening(text: &str) -> Result<Vec<Listened>, ListenError> {
    let mut listened = Vec::new();
    for line in text.split(LINE).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(WORD).collect();
        let (key, md5) = match *words.as_slice() {
            [data_id, group, md5] => (ConfigKey::new("", group, data_id), md5),
            [data_id, group, md5, tenant] => (ConfigKey::new(tenant, group, data_id), md5),
            _ => return Err(ListenError::Malformed),
        };
        if listened.len() == MAX_LISTENED {
            return Err(ListenError::TooMany);
        }
        listened.push(Listened { key, md5: md5.to_owned() });
    }
    Ok(listened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_and_without_a_tenant() {
        let read = parse_listening("a\u{2}G\u{2}m1\u{1}b\u{2}G\u{2}\u{2}dev\u{1}").unwrap();
        let expected = [
            Listened { key: ConfigKey::new("", "G", "a"), md5: "m1".to_owned() },
            Listened { key: ConfigKey::new("dev", "G", "b"), md5: String::new() },
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_no_listening_text() {
        assert_eq!(parse_listening("garbage"), Err(ListenError::Malformed));
        let many = "a\u{2}G\u{2}m\u{1}".repeat(MAX_LISTENED + 1);
        assert_eq!(parse_listening(&many), Err(ListenError::TooMany));
        assert_eq!(parse_listening(&many[7..]).map(|keys| keys.len()), Ok(MAX_LISTENED));
    }
}
