//! The proof of life: a config long poll that waits for a config nobody publishes.

use pilothouse_model::Namespace;

use super::super::Plane;
use super::super::names::config_namespace;
use super::super::session::Session;
use super::pace::HELD;
use crate::RegistryError;
use crate::transport::Ask;

/// What a long poll waits for. A config of this name would end the waiting early, no more.
const DATA_ID: &str = "pilothouse.proof-of-life";
const GROUP: &str = "PILOTHOUSE";
/// How much later than promised an answer may come.
const SLACK: std::time::Duration = std::time::Duration::from_secs(2);

/// How a long poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Answered: alive.
    Alive,
    /// This server has no long poll over HTTP, or not for these credentials.
    Unsupported,
}

/// Waits up to ten seconds for an answer. Rights are checked for the `tenant` parameter, not for the key: both are sent.
pub(super) async fn long_poll(session: &Session, plane: Plane, namespace: &Namespace) -> Result<Proof, RegistryError> {
    let tenant = config_namespace(namespace, plane);
    let key = format!("{DATA_ID}\u{2}{GROUP}\u{2}\u{2}{tenant}\u{1}");
    let ask = Ask::post("/v1/cs/configs/listener", "the long poll")
        .changes_nothing()
        .waiting(HELD + SLACK)
        .header("Long-Pulling-Timeout", HELD.as_millis().to_string())
        .form([("Listening-Configs", key.as_str()), ("tenant", tenant)]);
    let answer = session.ask(ask).await?;
    if matches!(answer.status, 403 | 404 | 405 | 410 | 501) {
        return Ok(Proof::Unsupported);
    }
    answer.ok()?;
    Ok(Proof::Alive)
}
