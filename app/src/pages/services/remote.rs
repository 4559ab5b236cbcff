//! Rows as the server filtered and sorted them: what the page starts from, and all there is when a browser cannot hold every service.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::{Problem, ServiceFilter, ServicesAnswer};
use pilothouse_model::ServiceId;

use crate::data;
use crate::live::Row;

/// Pages read so far, one below the other.
#[derive(Clone, Copy)]
pub(super) struct Remote {
    rows: StoredValue<HashMap<ServiceId, Row>>,
    /// Every row read, in the server's order.
    pub(super) order: RwSignal<Arc<Vec<ServiceId>>>,
    /// How many match, and how many there are.
    pub(super) counts: RwSignal<(u32, u32)>,
    /// Where the next page starts.
    pub(super) next: RwSignal<Option<String>>,
    /// Why the last page could not be read.
    pub(super) failed: RwSignal<Option<Problem>>,
    /// Grows with every question, so that a late answer to an old one is thrown away.
    asked: StoredValue<u64>,
}

impl Remote {
    /// Starts from the page's own data.
    pub(super) fn new(answer: ServicesAnswer) -> Self {
        let remote = Self {
            rows: StoredValue::new(HashMap::new()),
            order: RwSignal::default(),
            counts: RwSignal::default(),
            next: RwSignal::new(None),
            failed: RwSignal::new(None),
            asked: StoredValue::new(0),
        };
        remote.take(answer, false);
        remote
    }

    /// A row, if it was read.
    pub(super) fn get(self, id: ServiceId) -> Option<Row> {
        self.rows.with_value(|rows| rows.get(&id).cloned())
    }

    /// Asks for the first page.
    pub(super) fn read(self, filter: ServiceFilter) {
        self.ask(filter, None);
    }

    /// Asks for the page after the last one.
    pub(super) fn read_on(self, filter: ServiceFilter) {
        if let Some(next) = self.next.get_untracked() {
            self.ask(filter, Some(next));
        }
    }

    fn ask(self, filter: ServiceFilter, cursor: Option<String>) {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        leptos::task::spawn_local(async move {
            let on = cursor.is_some();
            let answer = data::load_services(filter, cursor).await;
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            match answer {
                Ok(answer) => {
                    self.failed.set(None);
                    self.take(answer, on);
                }
                Err(problem) => self.failed.set(Some(problem)),
            }
        });
    }

    fn take(self, answer: ServicesAnswer, on: bool) {
        let mut order = if on { self.order.get_untracked().to_vec() } else { Vec::new() };
        self.rows.update_value(|rows| {
            if !on {
                rows.clear();
            }
            for row in answer.rows {
                let id = row.id;
                if rows.insert(id, ArcRwSignal::new(Arc::new(row))).is_none() {
                    order.push(id);
                }
            }
        });
        self.counts.set((answer.matching, answer.total));
        self.next.set(answer.next);
        self.order.set(Arc::new(order));
    }
}
