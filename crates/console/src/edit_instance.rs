//! Changing an instance, and taking it out.
//!
//! Always in this order: rights, validation, a read of what the registry has now, the audit row, one request, a readback.

use std::future::Future;
use std::time::Duration;

use pilothouse_api::{DeregisterRequest, EditAnswer, EditRequest};
use pilothouse_model::{AuditAction, AuditEntry, AuditOutcome, Edited, Fingerprint, Instance, InstanceEdit, InstanceKey, Readback};

use crate::ports::OperatorError;
use crate::{Console, Rights, UseCaseError};

/// Some registries apply an operator's edit after they answered; their own answer is asked again this many times.
const READBACKS: u32 = 8;
/// Pause between two readbacks.
const READBACK_PAUSE: Duration = Duration::from_millis(250);
/// Longest metadata value and key we pass on, in bytes, all together.
const MAX_METADATA: usize = 64 * 1024;
const MAX_REASON: usize = 500;

impl Console {
    /// Changes weight, enabled or metadata of an instance.
    pub async fn edit_instance(&self, rights: &Rights, id: Fingerprint, request: &EditRequest) -> Result<EditAnswer, UseCaseError> {
        validate(&request.edit)?;
        let key = self.writable(rights, id, "change this instance", &request.reason)?;
        let before = self.parts.operators.read(&key).await?.ok_or(UseCaseError::Changed { current: None })?;
        let current = fields_of(&before, &request.edit);
        if request.seen != InstanceEdit::default() && fields_of(&before, &request.seen) != request.seen {
            return Err(UseCaseError::Changed { current: Some(Box::new(current)) });
        }
        let change = Edited { from: current.clone(), to: request.edit.clone() };
        let action = AuditAction::EditInstance { instance: key.clone(), from: current, to: request.edit.clone() };
        let audit = self.begin(rights, action, &request.reason).await?;
        let write = self.parts.operators.edit(&key, &request.edit);
        let done = |read: &Option<Instance>| read.as_ref().is_some_and(|read| fields_of(read, &request.edit) == request.edit);
        self.write_and_read_back(rights, &key, Some(&change), audit, write, done).await
    }

    /// Takes an instance out of its registry.
    pub async fn deregister(&self, rights: &Rights, id: Fingerprint, request: &DeregisterRequest) -> Result<EditAnswer, UseCaseError> {
        let key = self.writable(rights, id, "deregister this instance", &request.reason)?;
        self.parts.operators.read(&key).await?.ok_or(UseCaseError::Changed { current: None })?;
        let audit = self.begin(rights, AuditAction::Deregister { instance: key.clone() }, &request.reason).await?;
        let write = self.parts.operators.deregister(&key);
        self.write_and_read_back(rights, &key, None, audit, write, Option::is_none).await
    }

    fn writable(&self, rights: &Rights, id: Fingerprint, what: &'static str, reason: &str) -> Result<InstanceKey, UseCaseError> {
        if reason.len() > MAX_REASON {
            return Err(UseCaseError::Invalid { field: "reason", why: format!("at most {MAX_REASON} bytes") });
        }
        let key = self.parts.fleet.instance_key(rights, id).ok_or(UseCaseError::NotFound("the instance"))?;
        if !rights.may_operate(&key.service.scope) {
            return Err(UseCaseError::Forbidden { actor: rights.actor().to_string(), what });
        }
        Ok(key)
    }

    async fn begin(&self, rights: &Rights, action: AuditAction, reason: &str) -> Result<String, UseCaseError> {
        let id = self.parts.ids.next();
        let entry = AuditEntry {
            id: id.clone(),
            at: self.now(),
            actor: rights.actor().clone(),
            action,
            reason: reason.to_owned(),
            outcome: AuditOutcome::Started,
        };
        self.parts.audit.begin(&entry).await?;
        Ok(id)
    }

    async fn write_and_read_back(
        &self,
        rights: &Rights,
        key: &InstanceKey,
        change: Option<&Edited>,
        audit: String,
        write: impl Future<Output = Result<(), OperatorError>>,
        done: impl Fn(&Option<Instance>) -> bool,
    ) -> Result<EditAnswer, UseCaseError> {
        if let Err(error) = write.await {
            self.parts.audit.finish(&audit, &AuditOutcome::Failed { why: error.to_string() }).await?;
            return Err(error.into());
        }
        let (readback, read) = self.read_back(key, done).await;
        let outcome = match readback {
            Readback::Confirmed => AuditOutcome::Verified,
            Readback::NotYet => AuditOutcome::Unverified,
        };
        self.parts.operators.record(rights.actor(), key, change, readback, read).await;
        self.parts.audit.finish(&audit, &outcome).await?;
        Ok(EditAnswer { readback, instance: self.parts.fleet.instance(rights, key.id()), audit })
    }

    async fn read_back(&self, key: &InstanceKey, done: impl Fn(&Option<Instance>) -> bool) -> (Readback, Option<Instance>) {
        let mut last = None;
        for round in 0..READBACKS {
            if round > 0 {
                tokio::time::sleep(READBACK_PAUSE).await;
            }
            // A failed readback says nothing about the write: it is tried again and, in the end, reported as "not yet".
            if let Ok(read) = self.parts.operators.read(key).await {
                if done(&read) {
                    return (Readback::Confirmed, read);
                }
                last = read;
            }
        }
        (Readback::NotYet, last)
    }
}

fn validate(edit: &InstanceEdit) -> Result<(), UseCaseError> {
    if *edit == InstanceEdit::default() {
        return Err(UseCaseError::Invalid { field: "edit", why: "one of weight, enabled and metadata must be given".into() });
    }
    if edit.weight.is_some_and(|weight| !weight.is_finite() || !(0.0..=10_000.0).contains(&weight)) {
        return Err(UseCaseError::Invalid { field: "weight", why: "a number from 0 to 10,000 is allowed".into() });
    }
    if let Some(metadata) = &edit.metadata {
        if metadata.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MAX_METADATA {
            return Err(UseCaseError::Invalid { field: "metadata", why: format!("at most {MAX_METADATA} bytes, all together") });
        }
        if metadata.keys().any(|key| key.trim().is_empty()) {
            return Err(UseCaseError::Invalid { field: "metadata", why: "a key may not be empty".into() });
        }
    }
    Ok(())
}

/// The fields of an instance that `mask` names, as they are.
fn fields_of(instance: &Instance, mask: &InstanceEdit) -> InstanceEdit {
    InstanceEdit {
        weight: mask.weight.map(|_| instance.weight),
        enabled: mask.enabled.map(|_| instance.enabled),
        metadata: mask.metadata.as_ref().map(|_| instance.metadata.clone()),
    }
}
