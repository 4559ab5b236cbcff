//! The metadata as a person edits it: a list of keys and values, checked before anything is sent.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::components::{Glyph, icon_small};
use crate::i18n::Lang;
use crate::i18n::actions::texts;
use crate::view::view;

/// One key and its value, being edited.
#[derive(Clone, Copy)]
struct Entry {
    id: usize,
    key: RwSignal<String>,
    value: RwSignal<String>,
}

/// All of them, in the order in which they are shown.
#[derive(Clone, Copy)]
pub(super) struct Entries {
    list: RwSignal<Vec<Entry>>,
    next: StoredValue<usize>,
}

impl Entries {
    /// What an instance has.
    pub(super) fn new(metadata: &BTreeMap<String, String>) -> Self {
        let entries = Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        for (key, value) in metadata {
            entries.add(key.clone(), value.clone());
        }
        entries
    }

    fn add(self, key: String, value: String) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| list.push(Entry { id, key: RwSignal::new(key), value: RwSignal::new(value) }));
    }

    /// The metadata, or what is wrong with it. Does not subscribe.
    pub(super) fn read(self, lang: Lang) -> Result<BTreeMap<String, String>, String> {
        let pairs = self
            .list
            .with_untracked(|list| list.iter().map(|entry| (entry.key.get_untracked(), entry.value.get_untracked())).collect::<Vec<_>>());
        gather(pairs, lang)
    }
}

fn gather(pairs: Vec<(String, String)>, lang: Lang) -> Result<BTreeMap<String, String>, String> {
    let t = texts(lang);
    let mut metadata = BTreeMap::new();
    for (key, value) in pairs {
        let key = key.trim().to_owned();
        if key.is_empty() {
            return Err(t.key_empty.to_owned());
        }
        if metadata.contains_key(&key) {
            return Err((t.key_twice)(&key));
        }
        metadata.insert(key, value);
    }
    Ok(metadata)
}

/// The table of keys and values.
pub(super) fn metadata_fields(entries: Entries, lang: Lang) -> impl IntoView {
    let t = texts(lang);
    let row = move |entry: Entry| {
        let remove = move |_| entries.list.update(|list| list.retain(|other| other.id != entry.id));
        view! {
            <li class="row">
                <input class="field mono" aria-label=t.key prop:value=entry.key on:input:target=move |event| entry.key.set(event.target().value()) />
                <textarea
                    class="field mono"
                    rows="1"
                    aria-label=move || format!("{}: {}", t.value, entry.key.get())
                    prop:value=entry.value
                    on:input:target=move |event| entry.value.set(event.target().value())
                ></textarea>
                <button type="button" class="btn quiet icon" aria-label=move || (t.remove_key)(&entry.key.get()) on:click=remove>
                    {icon_small(Glyph::X)}
                </button>
            </li>
        }
    };
    view! {
        <fieldset class="pairs">
            <legend>{t.metadata}</legend>
            <ul>
                <For each=move || entries.list.get() key=|entry| entry.id children=row />
            </ul>
            <button type="button" class="btn small" on:click=move |_| entries.add(String::new(), String::new())>
                {icon_small(Glyph::Plus)}
                {t.add_key}
            </button>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_there_once_and_have_a_name() {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        assert_eq!(gather(pairs(&[(" zone ", "a"), ("v", "")]), Lang::En).unwrap().len(), 2);
        assert_eq!(gather(pairs(&[("zone", "a"), ("zone", "b")]), Lang::En).unwrap_err(), "zone is there twice");
        assert_eq!(gather(pairs(&[(" ", "a")]), Lang::En).unwrap_err(), "A key may not be empty");
    }
}
