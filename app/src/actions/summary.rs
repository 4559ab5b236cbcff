//! What a toast or a result line says of an outcome.

use pilothouse_model::InstanceEdit;

use super::ask::Action;
use super::outcome::Outcome;
use crate::components::Outcome as Mark;
use crate::i18n::actions::{Texts, texts};
use crate::i18n::{Lang, amount};

/// The icon and colour of an outcome.
pub(super) fn mark(outcome: &Outcome) -> Mark {
    match outcome {
        Outcome::Confirmed => Mark::Done,
        Outcome::NotYet | Outcome::Ambiguous(_) => Mark::Pending,
        Outcome::Changed(_) | Outcome::Failed(_) => Mark::Failed,
    }
}

/// One line: what came of it.
pub(super) fn word(outcome: &Outcome, lang: Lang) -> String {
    let t = texts(lang);
    match outcome {
        Outcome::Confirmed => t.confirmed.to_owned(),
        Outcome::NotYet => t.not_yet.to_owned(),
        Outcome::Changed(Some(now)) => format!("{} {}", t.changed, fields(now, lang)),
        Outcome::Changed(None) => t.changed_gone.to_owned(),
        Outcome::Ambiguous(problem) => format!("{} {}", t.ambiguous, problem.detail),
        Outcome::Failed(problem) => problem.detail.clone(),
    }
}

/// The headline of a toast about one instance.
pub(super) fn headline(action: Action, address: &str, outcome: &Outcome, lang: Lang) -> String {
    let t = texts(lang);
    if outcome.is_written() { (done(action, t))(address) } else { (t.not_done)(address) }
}

fn done(action: Action, t: &Texts) -> fn(&str) -> String {
    match action {
        Action::Weight => t.weight_done,
        Action::Drain => t.drain_done,
        Action::Restore => t.restore_done,
        Action::Metadata => t.metadata_done,
        Action::Deregister => t.deregister_done,
    }
}

/// The fields of an edit in words: `weight 0.5, disabled`.
pub(super) fn fields(edit: &InstanceEdit, lang: Lang) -> String {
    let t = texts(lang);
    let weight = edit.weight.map(|weight| format!("{} {}", t.weight, amount::decimal(weight, 3)));
    let enabled = edit.enabled.map(|enabled| if enabled { t.enabled } else { t.disabled }.to_owned());
    let metadata = edit.metadata.as_ref().map(|metadata| (t.keys)(metadata.len()));
    let separator = lang.pick(", ", "，");
    [weight, enabled, metadata].into_iter().flatten().collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_says_what_is_so_now() {
        let now = InstanceEdit { weight: Some(0.5), enabled: Some(false), metadata: None };
        assert_eq!(fields(&now, Lang::En), "weight 0.5, disabled");
        assert!(word(&Outcome::Changed(Some(now)), Lang::En).ends_with("weight 0.5, disabled"));
    }
}
