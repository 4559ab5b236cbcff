//! Arrow keys in the heat-map: the whole map is one tab stop, and arrows move by what the eye sees.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// Moves focus from cell to cell.
pub(super) fn moved(figure: NodeRef<html::Figure>, event: &KeyboardEvent) {
    #[cfg(any(feature = "hydrate", feature = "csr"))]
    if let Some(figure) = figure.get_untracked()
        && browser::moved(&figure, &event.key()).is_some()
    {
        event.prevent_default();
    }
    #[cfg(not(any(feature = "hydrate", feature = "csr")))]
    let _ = (figure, event);
}

#[cfg(any(feature = "hydrate", feature = "csr"))]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlElement};

    pub(super) fn moved(figure: &Element, key: &str) -> Option<()> {
        let from = document().active_element().filter(|element| element.parent_element().is_some_and(|p| p.class_name() == "heat"))?;
        let list = figure.query_selector_all(".heat > a").ok()?;
        let cells: Vec<HtmlElement> = (0..list.length()).filter_map(|i| list.get(i)?.dyn_into().ok()).collect();
        let here = cells.iter().position(|cell| cell.is_same_node(Some(&from)))?;
        let to = match key {
            "ArrowRight" => (here + 1).min(cells.len() - 1),
            "ArrowLeft" => here.saturating_sub(1),
            "Home" => 0,
            "End" => cells.len() - 1,
            "ArrowDown" => nearest(&cells, here, cells[here + 1..].iter().enumerate().map(|(i, cell)| (here + 1 + i, cell)))?,
            "ArrowUp" => nearest(&cells, here, cells[..here].iter().enumerate().rev())?,
            _ => return None,
        };
        let _ = cells[here].set_attribute("tabindex", "-1");
        let _ = cells[to].set_attribute("tabindex", "0");
        let _ = cells[to].focus();
        Some(())
    }

    /// The cell nearest to the column of `here` in the first line above or below it.
    fn nearest<'a>(cells: &[HtmlElement], here: usize, others: impl Iterator<Item = (usize, &'a HtmlElement)>) -> Option<usize> {
        let from = cells[here].get_bounding_client_rect();
        let mut line: Option<f64> = None;
        let mut best: Option<(usize, f64)> = None;
        for (i, cell) in others {
            let place = cell.get_bounding_client_rect();
            if (place.top() - from.top()).abs() < 2.0 {
                continue;
            }
            if line.is_some_and(|line| (place.top() - line).abs() > 2.0) {
                break;
            }
            line = Some(place.top());
            let distance = (place.left() - from.left()).abs();
            if best.is_none_or(|(_, least)| distance < least) {
                best = Some((i, distance));
            }
        }
        best.map(|(i, _)| i)
    }
}
