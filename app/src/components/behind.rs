//! Every picture has its table, one click away and open in print.

use leptos::prelude::*;

use crate::i18n::{Lang, components};
use crate::view::view;

/// The table behind a picture: `head` names its columns, the first one is text, the others are numbers.
pub(crate) fn behind(head: Vec<String>, rows: Vec<Vec<String>>, lang: Lang) -> AnyView {
    let class = |at: usize| (at > 0).then_some("num");
    let head = head.into_iter().enumerate().map(|(at, cell)| view! { <th scope="col" class=class(at)>{cell}</th> }).collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let cells = row.into_iter().enumerate().map(|(at, cell)| view! { <td class=class(at)>{cell}</td> }).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <details class="behind">
            <summary>{components::texts(lang).behind}</summary>
            <table class="table plain">
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}
