//! The time the registry lives by. Everything that ages (beats, retention, empty services) takes its
//! `now` from here, so that a test can make 30 seconds pass in no time.

use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of wall-clock time.
pub trait Clock: Debug + Send + Sync + 'static {
    /// Milliseconds since the Unix epoch, UTC.
    fn now_ms(&self) -> i64;
}

/// The machine's own clock.
///
/// It may jump (a suspended laptop, a correction): the sweep notices a jump against the monotonic clock and moves
/// every beat along with it, so that a jump alone never expires an instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        // A clock before 1970 counts as 1970: nothing here can be older.
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
    }
}
