//! Which services a query finds: in the live store, or at the server when there are too many for the browser.

use std::sync::Arc;

use leptos::prelude::*;
use pilothouse_api::{ServiceFilter, ServiceRow};

use crate::data;
use crate::live::{Extent, Live};

/// Most services that are listed.
const MOST: usize = 8;

/// The services a query finds, the best first: those whose name begins with it, then by place.
pub(super) fn services(live: Live, query: RwSignal<String>) -> Signal<Vec<Arc<ServiceRow>>> {
    let remote = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let text = query.get();
        if matches!(live.services.extent.get(), Extent::TooMany(_)) && !text.trim().is_empty() {
            leptos::task::spawn_local(async move {
                let filter = ServiceFilter { text: text.clone(), ..ServiceFilter::default() };
                if let Ok(answer) = data::load_services(filter, None).await
                    && query.get_untracked() == text
                {
                    remote.set(best(answer.rows.into_iter().map(Arc::new).collect(), &text));
                }
            });
        }
    });
    Memo::new(move |_| {
        let text = query.get();
        live.services.order.track();
        if text.trim().is_empty() {
            Vec::new()
        } else if matches!(live.services.extent.get(), Extent::TooMany(_)) {
            remote.get()
        } else {
            best(live.services.snapshot(), &text)
        }
    })
    .into()
}

fn best(rows: Vec<Arc<ServiceRow>>, text: &str) -> Vec<Arc<ServiceRow>> {
    let filter = ServiceFilter { text: text.to_owned(), ..ServiceFilter::default() };
    let start = text.trim().to_lowercase();
    let (mut first, then): (Vec<_>, Vec<_>) =
        rows.into_iter().filter(|row| filter.matches(row)).partition(|row| row.name.to_lowercase().starts_with(&start));
    first.extend(then);
    first.truncate(MOST);
    first
}
