//! The server's time in the browser: an offset learned from frames, and a signal that ticks once a second.

use leptos::prelude::*;
use pilothouse_model::Millis;

/// The server's time. On the server it stands still at the moment of the request.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// The server's time, as of the last tick.
    pub(crate) now: RwSignal<Millis>,
    offset: StoredValue<i64>,
    ticked: StoredValue<Option<Millis>>,
}

impl Clock {
    /// A clock that shows the moment the document was made.
    pub(crate) fn new(now: Millis) -> Self {
        Self { now: RwSignal::new(now), offset: StoredValue::new(0), ticked: StoredValue::new(None) }
    }

    /// Learns from a message: the server's clock in it and the browser's on receipt. A message is always late, never early, so
    /// the greatest difference seen is the best; `anew` forgets what was seen, since either clock may have been set.
    pub(crate) fn learn(self, server: Millis, browser: Millis, anew: bool) {
        let sample = server.since(browser);
        self.offset.update_value(|offset| *offset = if anew { sample } else { sample.max(*offset) });
    }

    /// Shows the time that follows from the browser's clock.
    pub(crate) fn tick(self, browser: Millis) {
        self.ticked.set_value(Some(browser));
        self.now.set(browser + self.offset.get_value());
    }
}

impl Clock {
    /// The server's time to the millisecond, without subscribing; before the first tick the moment the document was made.
    pub(crate) fn exact(self) -> Millis {
        let now = self.now.get_untracked();
        #[cfg(any(feature = "hydrate", feature = "csr"))]
        let now = self.ticked.get_value().map_or(now, |ticked| now + browser_now().since(ticked));
        now
    }
}

/// The browser's own clock, which does not jump while the tab lives: its origin and the time since.
#[cfg(any(feature = "hydrate", feature = "csr"))]
pub(crate) fn browser_now() -> Millis {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let whole = |ms: f64| Millis(ms as i64);
    whole(window().performance().map_or_else(js_sys::Date::now, |clock| clock.time_origin() + clock.now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_late_message_counts() {
        Owner::new().with(|| {
            let clock = Clock::new(Millis(0));
            clock.learn(Millis(10_000), Millis(1_000), true);
            clock.learn(Millis(10_500), Millis(1_600), false);
            clock.tick(Millis(2_000));
            assert_eq!(clock.now.get_untracked(), Millis(11_000), "a later message does not turn the clock back");
            clock.learn(Millis(10_700), Millis(1_650), false);
            clock.tick(Millis(2_000));
            assert_eq!(clock.now.get_untracked(), Millis(11_050));
            clock.learn(Millis(5_000), Millis(2_000), true);
            clock.tick(Millis(2_000));
            assert_eq!(clock.now.get_untracked(), Millis(5_000), "a new stream starts over");
        });
    }
}
