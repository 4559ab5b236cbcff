//! What the adapter knows of its own standing: login, problems, version.

use parking_lot::Mutex;
use pilothouse_model::{AnswerStanding, Login, SourceProblem};

/// Shared by every request; read by the report.
#[derive(Debug)]
pub(super) struct State {
    inner: Mutex<Inner>,
}

#[derive(Clone, Debug)]
struct Inner {
    version: Option<String>,
    login: Login,
    problems: Vec<SourceProblem>,
    following: bool,
    answers: Option<AnswerStanding>,
}

impl State {
    pub(super) fn new(has_token: bool) -> Self {
        let login = if has_token { accepted() } else { Login::None };
        Self { inner: Mutex::new(Inner { version: None, login, problems: Vec::new(), following: false, answers: None }) }
    }

    pub(super) fn version(&self) -> Option<String> {
        self.inner.lock().version.clone()
    }

    pub(super) fn learn_version(&self, version: &str) {
        self.inner.lock().version = Some(format!("Consul {version}"));
    }

    pub(super) fn login(&self) -> Login {
        self.inner.lock().login.clone()
    }

    pub(super) fn problems(&self) -> Vec<SourceProblem> {
        self.inner.lock().problems.clone()
    }

    pub(super) fn answers(&self) -> Option<AnswerStanding> {
        self.inner.lock().answers.clone()
    }

    /// What the last list's headers said of the server that gave it.
    pub(super) fn stands(&self, answer: AnswerStanding) {
        self.inner.lock().answers = Some(answer);
    }

    pub(super) fn is_following(&self) -> bool {
        self.inner.lock().following
    }

    pub(super) fn set_following(&self, following: bool) {
        self.inner.lock().following = following;
    }

    /// The token is unknown to Consul; its words.
    pub(super) fn refused(&self, why: String) {
        self.inner.lock().login = Login::Refused { why };
    }

    /// A request with the token was served.
    pub(super) fn served(&self, has_token: bool) {
        let mut inner = self.inner.lock();
        if has_token && matches!(inner.login, Login::Refused { .. }) {
            inner.login = accepted();
        }
    }

    /// A read of `what` was refused with 403.
    pub(super) fn forbidden(&self, what: &str) {
        self.replace(what, Some(SourceProblem::Forbidden { what: what.to_owned() }));
    }

    /// A read of `what` was served; `hidden`: with nothing in it, though there may be something.
    pub(super) fn read(&self, what: &str, hidden: bool) {
        self.replace(what, hidden.then(|| SourceProblem::FilteredEmpty { what: what.to_owned() }));
    }

    fn replace(&self, what: &str, problem: Option<SourceProblem>) {
        let mut inner = self.inner.lock();
        inner.problems.retain(|known| subject(known) != what);
        inner.problems.extend(problem);
    }
}

fn accepted() -> Login {
    Login::Accepted { as_user: "token".into(), expires: None }
}

fn subject(problem: &SourceProblem) -> &str {
    match problem {
        SourceProblem::Forbidden { what } | SourceProblem::FilteredEmpty { what } | SourceProblem::ProtectedView { what } => what,
    }
}
