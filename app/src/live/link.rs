//! State of the stream, and how small topics are merged.

use pilothouse_api::{HISTORY_MS, Horizon, RegistryRow};
use pilothouse_model::Millis;

/// State of the one stream of this tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The page as the server rendered it; no stream was opened (yet).
    Still,
    /// Frames arrive.
    Live,
    /// The stream is lost.
    Reconnecting {
        /// Tries so far, from 1.
        attempt: u32,
        /// When the next one begins.
        at: Millis,
    },
    /// This reader may not follow any more; nothing is tried again.
    Stopped,
}

/// Merges rows into rows, both by id. The hour of a registry travels with snapshots; a delta without it keeps the one held.
pub(super) fn merge_registries(rows: &mut Vec<RegistryRow>, upsert: Vec<RegistryRow>, whole: bool) {
    if whole {
        *rows = upsert;
        return;
    }
    for mut row in upsert {
        match rows.binary_search_by(|held| held.id.cmp(&row.id)) {
            Ok(i) => {
                if row.hour.is_empty() {
                    row.hour = std::mem::take(&mut rows[i].hour);
                }
                rows[i] = row;
            }
            Err(i) => rows.insert(i, row),
        }
    }
}

/// Merges minutes and marks, and drops what is older than an hour.
pub(super) fn merge_horizon(held: &mut Horizon, news: Horizon, whole: bool, now: Millis) {
    if whole {
        *held = news;
    } else {
        for bucket in news.buckets {
            match held.buckets.binary_search_by_key(&bucket.minute, |b| b.minute) {
                Ok(i) => held.buckets[i] = bucket,
                Err(i) => held.buckets.insert(i, bucket),
            }
        }
        for mark in news.marks {
            if !held.marks.contains(&mark) {
                let i = held.marks.partition_point(|m| m.at <= mark.at);
                held.marks.insert(i, mark);
            }
        }
    }
    let start = now - HISTORY_MS - 60_000;
    held.buckets.retain(|bucket| bucket.minute >= start);
    held.marks.retain(|mark| mark.at >= start);
}

#[cfg(test)]
mod tests {
    use pilothouse_api::{HorizonBucket, HorizonMark, MarkKind};
    use pilothouse_model::Liveness;

    use super::*;

    fn bucket(minute: i64, n: u32) -> HorizonBucket {
        HorizonBucket { minute: Millis(minute * 60_000), counts: vec![(Liveness::Late, n)] }
    }

    fn mark(minute: i64) -> HorizonMark {
        HorizonMark { at: Millis(minute * 60_000), kind: MarkKind::Weight, label: "a".into() }
    }

    #[test]
    fn the_horizon_replaces_minutes_and_forgets_after_an_hour() {
        let mut held = Horizon { buckets: vec![bucket(1, 1), bucket(30, 2)], marks: vec![mark(1), mark(40)] };
        let news = Horizon { buckets: vec![bucket(30, 5), bucket(62, 1)], marks: vec![mark(40), mark(50)] };
        merge_horizon(&mut held, news, false, Millis(63 * 60_000));
        assert_eq!(held, Horizon { buckets: vec![bucket(30, 5), bucket(62, 1)], marks: vec![mark(40), mark(50)] });
    }
}
