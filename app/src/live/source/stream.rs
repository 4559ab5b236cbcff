//! An open EventSource with its listeners. Dropping it closes it.

use std::collections::BTreeSet;
use std::rc::Rc;

use pilothouse_api::{StreamEvent, Topic};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use crate::place;

/// Something happened on a stream.
pub(super) enum StreamSignal {
    /// An event arrived.
    Event {
        /// Which.
        event: StreamEvent,
        /// Its `id`, empty where it has none.
        id: String,
        /// Its data: JSON.
        data: String,
    },
    /// The connection broke, was refused, or never came about. Why is not told.
    Lost,
}

const EVENTS: [StreamEvent; 5] = [StreamEvent::Hello, StreamEvent::Snapshot, StreamEvent::Delta, StreamEvent::Reset, StreamEvent::Bye];

/// An event's name and who hears it.
type Listener = (&'static str, Closure<dyn FnMut(Event)>);

/// A stream that is open or opening.
pub(super) struct OpenStream {
    source: EventSource,
    /// The name the server gave it, once it said hello.
    pub(super) id: Option<String>,
    /// What it follows.
    pub(super) topics: BTreeSet<Topic>,
    listeners: Vec<Listener>,
}

impl OpenStream {
    /// Opens a stream; `None` where the browser refuses the URL.
    pub(super) fn open(topics: &BTreeSet<Topic>, cursor: Option<&str>, hear: impl Fn(StreamSignal) + 'static) -> Option<Self> {
        let names = topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let pairs = [Some(("topics", &*names)), cursor.map(|cursor| ("cursor", cursor))];
        let query = place::encode(pairs.into_iter().flatten());
        let source = EventSource::new(&place::href(&format!("/api/v1/stream{query}"))).ok()?;
        let hear = Rc::new(hear);
        let mut stream = Self { source, id: None, topics: topics.clone(), listeners: Vec::new() };
        for event in EVENTS {
            let hear = Rc::clone(&hear);
            stream.listen(event.name(), move |message: Event| {
                if let Ok(message) = message.dyn_into::<MessageEvent>() {
                    let data = message.data().as_string().unwrap_or_default();
                    hear(StreamSignal::Event { event, id: message.last_event_id(), data });
                }
            });
        }
        // The browser would try again by itself, at once and for ever, without telling why: we do that better.
        stream.listen("error", move |_| hear(StreamSignal::Lost));
        Some(stream)
    }

    fn listen(&mut self, name: &'static str, listener: impl FnMut(Event) + 'static) {
        let listener = Closure::new(listener);
        let _ = self.source.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        self.listeners.push((name, listener));
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        for (name, listener) in &self.listeners {
            let _ = self.source.remove_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        self.source.close();
        // The listener that is running right now may be the one that drops us: let it return first.
        let listeners = std::mem::take(&mut self.listeners);
        gloo_timers::callback::Timeout::new(0, move || drop(listeners)).forget();
    }
}
