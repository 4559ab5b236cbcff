//! What a person types into the filter: `state:late zone:east-1b healthy<50% version:1.43.* checkout`.

use pilothouse_api::{FilterError, ServiceFilter};

/// Adds what was typed to a filter. Words without an operator become its free text; lists grow, single values are replaced.
pub(super) fn refine(filter: &ServiceFilter, typed: &str) -> Result<ServiceFilter, FilterError> {
    let mut words = Vec::new();
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for item in typed.split_whitespace() {
        match operator(item) {
            Some((field, value)) => pairs.push((field, value.to_owned())),
            None => words.push(item),
        }
    }
    let added = ServiceFilter::from_pairs(pairs.iter().map(|(field, value)| (*field, value.as_str())))?;
    let mut refined = ServiceFilter { text: words.join(" "), ..filter.clone() };
    extend(&mut refined.states, added.states);
    extend(&mut refined.registries, added.registries);
    extend(&mut refined.namespaces, added.namespaces);
    extend(&mut refined.zones, added.zones);
    extend(&mut refined.versions, added.versions);
    extend(&mut refined.vias, added.vias);
    refined.healthy_below = added.healthy_below.or(refined.healthy_below);
    if pairs.iter().any(|(field, _)| *field == "sort") {
        refined.sort = added.sort;
    }
    Ok(refined)
}

/// Whether something is more than free text, so that it takes effect when Enter says it is complete.
pub(super) fn has_operator(typed: &str) -> bool {
    typed.split_whitespace().any(|item| operator(item).is_some())
}

const FIELDS: [&str; 7] = ["state", "registry", "namespace", "zone", "version", "via", "sort"];

fn operator(item: &str) -> Option<(&'static str, &str)> {
    if let Some(percent) = item.strip_prefix("healthy<") {
        return Some(("healthy", percent.strip_suffix('%').unwrap_or(percent)));
    }
    let (field, value) = item.split_once(':')?;
    // A name may hold a colon: only our own words are operators.
    FIELDS.into_iter().find(|known| known.eq_ignore_ascii_case(field)).map(|known| (known, value))
}

fn extend<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use pilothouse_api::ServiceSort;
    use pilothouse_model::Liveness;

    use super::*;

    #[test]
    fn typed_operators_become_filters_and_the_rest_is_text() {
        let typed = "state:late checkout zone:east-1b healthy<50% version:1.43.* api STATE:late sort:worst";
        let filter = refine(&ServiceFilter::default(), typed).unwrap();
        assert_eq!(
            filter,
            ServiceFilter {
                text: "checkout api".into(),
                states: vec![Liveness::Late],
                zones: vec!["east-1b".into()],
                versions: vec!["1.43.*".into()],
                healthy_below: Some(50),
                sort: ServiceSort::Worst,
                ..ServiceFilter::default()
            }
        );
    }

    #[test]
    fn what_was_there_stays() {
        let filter = ServiceFilter { states: vec![Liveness::Up], text: "old".into(), sort: ServiceSort::Name, ..ServiceFilter::default() };
        let refined = refine(&filter, "state:late").unwrap();
        assert_eq!((refined.states, refined.text, refined.sort), (vec![Liveness::Up, Liveness::Late], String::new(), ServiceSort::Name));
    }

    #[test]
    fn nonsense_is_named_and_names_with_colons_are_text() {
        assert_eq!(refine(&ServiceFilter::default(), "state:dead").unwrap_err().field, "state");
        assert_eq!(refine(&ServiceFilter::default(), "healthy<0").unwrap_err().field, "healthy");
        assert_eq!(refine(&ServiceFilter::default(), "providers:com.acme.Api").unwrap().text, "providers:com.acme.Api");
        assert!(has_operator("a zone:b") && !has_operator("a b:c"));
    }
}
