//! The one EventSource of a tab: opened for what the views follow, closed while nobody looks, tried again with patience, given
//! up when the reader may not follow.
//!
//! An EventSource hides why it failed, so a lost stream first asks for the session. It must never know a view, and what a frame
//! says is the store's business.

mod stream;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use pilothouse_api::{Bye, Frame, Hello, StreamEvent, Topic};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use self::stream::{OpenStream, StreamSignal};
use super::clock::browser_now;
use super::inbox::Inbox;
use super::{Link, Live, backoff};
use crate::data;

/// Without any message for this long the connection is taken for dead. Frames come at least as often as sources prove alive.
const SILENCE: Duration = Duration::from_secs(60);

/// Shortest wait before a new try, in milliseconds.
const FLOOR_MS: u32 = 250;

/// Opens the stream of this tab and keeps it.
pub(super) fn start(live: Live, build: String) {
    let source = Rc::new(Source { live, build, state: RefCell::default() });
    // The clock and the listener live as long as the tab.
    let ticking = Rc::clone(&source);
    gloo_timers::callback::Interval::new(1_000, move || ticking.tick()).forget();
    let looking = Rc::clone(&source);
    let looked_at = Closure::<dyn FnMut()>::new(move || looking.visibility_changed());
    let _ = document().add_event_listener_with_callback("visibilitychange", looked_at.as_ref().unchecked_ref());
    looked_at.forget();

    let following = Rc::clone(&source);
    Effect::new(move |_| {
        let wanted = live.topics.with(super::Topics::wanted);
        // Leaving one view and entering another is one change.
        let following = Rc::clone(&following);
        let settle = gloo_timers::callback::Timeout::new(0, move || following.want(wanted));
        settle.forget();
    });
    Effect::new(move |held: Option<bool>| {
        let paused = live.paused.with(Option::is_some);
        if held == Some(true) && !paused {
            source.flush();
        }
        paused
    });
}

struct Source {
    live: Live,
    build: String,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    stream: Option<OpenStream>,
    wanted: BTreeSet<Topic>,
    /// `epoch.seq` of the last event.
    cursor: Option<String>,
    attempt: u32,
    retry: Option<gloo_timers::callback::Timeout>,
    stopped: bool,
    inbox: Inbox,
    frame_asked: bool,
    heard: f64,
}

impl Source {
    fn tick(self: &Rc<Self>) {
        self.live.clock.tick(browser_now());
        let silent = {
            let state = self.state.borrow();
            #[expect(clippy::cast_precision_loss, reason = "a minute in milliseconds")]
            let limit = SILENCE.as_millis() as f64;
            state.stream.is_some() && js_sys::Date::now() - state.heard > limit
        };
        if silent {
            self.lost(0);
        }
    }

    fn visibility_changed(self: &Rc<Self>) {
        if document().hidden() {
            let mut state = self.state.borrow_mut();
            state.stream = None;
            state.retry = None;
        } else {
            self.state.borrow_mut().attempt = 0;
            self.open();
        }
    }

    /// The views follow these topics from now on.
    fn want(self: &Rc<Self>, wanted: BTreeSet<Topic>) {
        let (changed, open) = {
            let mut state = self.state.borrow_mut();
            let changed = state.wanted != wanted;
            state.wanted = wanted;
            (changed, state.stream.is_some())
        };
        if !open && self.state.borrow().retry.is_none() {
            self.open();
        } else if changed {
            self.tell_topics();
        }
    }

    fn open(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        if state.stopped || document().hidden() || state.wanted.is_empty() {
            return;
        }
        state.retry = None;
        state.heard = js_sys::Date::now();
        // A cursor continues what is held. A topic that is not held needs its snapshot, and only a fresh stream brings one.
        let continues = self.live.held.with_value(|held| state.wanted.is_subset(held));
        let cursor = state.cursor.take().filter(|_| continues);
        if cursor.is_none() {
            self.live.held.update_value(BTreeSet::clear);
            state.inbox = Inbox::default();
        }
        let listener = Rc::clone(self);
        state.stream = OpenStream::open(&state.wanted, cursor.as_deref(), move |signal| listener.hear(signal));
        state.cursor = cursor;
        if state.stream.is_none() {
            drop(state);
            self.lost(0);
        }
    }

    fn hear(self: &Rc<Self>, signal: StreamSignal) {
        self.state.borrow_mut().heard = js_sys::Date::now();
        match signal {
            StreamSignal::Lost => self.lost(0),
            StreamSignal::Event { event, id, data } => {
                if !id.is_empty() {
                    self.state.borrow_mut().cursor = Some(id);
                }
                match event {
                    StreamEvent::Hello => self.hello(&data),
                    StreamEvent::Reset => self.live.held.update_value(BTreeSet::clear),
                    StreamEvent::Bye => self.lost(serde_json::from_str::<Bye>(&data).map_or(0, |bye| bye.retry_ms)),
                    StreamEvent::Snapshot | StreamEvent::Delta => self.frame(event, &data),
                }
            }
        }
    }

    fn hello(self: &Rc<Self>, data: &str) {
        let Ok(hello) = serde_json::from_str::<Hello>(data) else { return self.lost(0) };
        self.live.clock.learn(hello.now, browser_now(), true);
        self.live.clock.tick(browser_now());
        self.live.link.set(Link::Live);
        if !self.build.is_empty() && hello.build != self.build {
            self.live.newer.set(true);
        }
        let moved_on = {
            let mut state = self.state.borrow_mut();
            let state = &mut *state;
            state.attempt = 0;
            state.stream.as_mut().is_some_and(|stream| {
                stream.id = Some(hello.stream);
                stream.topics != state.wanted
            })
        };
        if moved_on {
            self.tell_topics();
        }
    }

    fn frame(self: &Rc<Self>, event: StreamEvent, data: &str) {
        let frame = match serde_json::from_str::<Frame>(data) {
            Ok(frame) => frame,
            // A newer server may send what this page cannot read; a reload is offered then, and nothing is guessed.
            Err(error) => return leptos::logging::warn!("a frame cannot be read: {error}"),
        };
        self.live.clock.learn(frame.now, browser_now(), false);
        let mut state = self.state.borrow_mut();
        state.inbox.push(event, frame);
        if !std::mem::replace(&mut state.frame_asked, true) {
            let source = Rc::clone(self);
            request_animation_frame(move || {
                source.state.borrow_mut().frame_asked = false;
                source.flush();
            });
        }
    }

    /// Applies what waits: everything, or what must not wait while the page is held still.
    fn flush(self: &Rc<Self>) {
        let live = self.live;
        let paused = live.paused.with_untracked(Option::is_some);
        let (frames, waiting, overflowed) = {
            let mut state = self.state.borrow_mut();
            let frames = if paused { state.inbox.take_urgent() } else { state.inbox.take() };
            (frames, state.inbox.waiting(), !paused && state.inbox.overflowed())
        };
        if overflowed {
            let mut state = self.state.borrow_mut();
            state.cursor = None;
            state.stream = None;
            drop(state);
            return self.open();
        }
        if !frames.is_empty() {
            live.frames.update(|n| *n = n.wrapping_add(1));
        }
        for (event, frame) in frames {
            live.apply(event, frame);
        }
        if live.waiting.get_untracked() != waiting {
            live.waiting.set(waiting);
        }
    }

    /// Tells the server that the views follow something else.
    fn tell_topics(self: &Rc<Self>) {
        let (id, wanted) = {
            let mut state = self.state.borrow_mut();
            let wanted = state.wanted.clone();
            let Some(stream) = state.stream.as_mut() else { return };
            let Some(id) = stream.id.clone() else { return };
            if stream.topics == wanted {
                return;
            }
            stream.topics.clone_from(&wanted);
            (id, wanted)
        };
        self.live.held.update_value(|held| held.retain(|topic| wanted.contains(topic)));
        let source = Rc::clone(self);
        leptos::task::spawn_local(async move {
            let topics = wanted.iter().map(ToString::to_string).collect();
            if data::put_topics(&id, &pilothouse_api::TopicsRequest { topics }).await.is_err() {
                // Another replica, a restart: the stream is not known there.
                let ours = source.state.borrow().stream.as_ref().is_some_and(|stream| stream.id.as_deref() == Some(&*id));
                if ours {
                    source.state.borrow_mut().stream = None;
                    source.open();
                }
            }
        });
    }

    /// The stream is gone; tries again after a while, `pause_ms` at least.
    fn lost(self: &Rc<Self>, pause_ms: u32) {
        let mut state = self.state.borrow_mut();
        state.stream = None;
        if state.stopped || document().hidden() {
            return;
        }
        let wait = backoff::delay_ms(state.attempt, FLOOR_MS.max(pause_ms), js_sys::Math::random());
        state.attempt = state.attempt.saturating_add(1);
        let source = Rc::clone(self);
        state.retry = Some(gloo_timers::callback::Timeout::new(wait, move || source.ask_session()));
        let attempt = state.attempt;
        drop(state);
        let at = browser_now() + i64::from(wait);
        self.live.clock.tick(at - i64::from(wait));
        self.live.link.set(Link::Reconnecting { attempt, at: self.live.clock.now.get_untracked() + i64::from(wait) });
    }

    /// Whether this reader may follow at all; only then the stream is opened again.
    fn ask_session(self: &Rc<Self>) {
        let source = Rc::clone(self);
        leptos::task::spawn_local(async move {
            match data::load_session().await {
                Ok(_) => source.open(),
                Err(problem) if matches!(problem.status, 401 | 403) => {
                    source.state.borrow_mut().stopped = true;
                    source.live.link.set(Link::Stopped);
                }
                Err(_) => source.lost(0),
            }
        });
    }
}
