//! How a write to one instance ended.

use pilothouse_api::{EditAnswer, Problem, ProblemCode};
use pilothouse_model::{InstanceEdit, Readback};

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// The registry shows it.
    Confirmed,
    /// The registry accepted it and does not show it yet.
    NotYet,
    /// It is no longer what was seen; nothing was written. What it is now; `None`: it is gone.
    Changed(Option<InstanceEdit>),
    /// It was sent and no answer came.
    Ambiguous(Problem),
    /// Nothing was written.
    Failed(Problem),
}

impl From<Result<EditAnswer, Problem>> for Outcome {
    fn from(answer: Result<EditAnswer, Problem>) -> Self {
        match answer {
            Ok(EditAnswer { readback: Readback::Confirmed, .. }) => Self::Confirmed,
            Ok(EditAnswer { readback: Readback::NotYet, .. }) => Self::NotYet,
            Err(problem) if problem.code == ProblemCode::Conflict => Self::Changed(problem.current.map(|now| *now)),
            // A write that reached nobody or nobody answered may have happened all the same.
            Err(problem) if matches!(problem.code, ProblemCode::Ambiguous | ProblemCode::Unreachable) => Self::Ambiguous(problem),
            Err(problem) => Self::Failed(problem),
        }
    }
}

impl Outcome {
    /// Whether the write went through, as far as the registry said.
    pub(super) fn is_written(&self) -> bool {
        matches!(self, Self::Confirmed | Self::NotYet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_tells_what_is_so_now() {
        let now = InstanceEdit { weight: Some(2.0), ..InstanceEdit::default() };
        let problem = Problem::new(409, ProblemCode::Conflict, "", "").with_current(Some(Box::new(now.clone())));
        assert_eq!(Outcome::from(Err(problem)), Outcome::Changed(Some(now)));
    }

    #[test]
    fn no_answer_is_not_a_failure() {
        let problem = Problem::new(0, ProblemCode::Unreachable, "", "");
        assert_eq!(Outcome::from(Err(problem.clone())), Outcome::Ambiguous(problem));
    }
}
