//! Changing an instance: what is checked, written, audited and read back, and in which order.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use pilothouse_api::{
    ChangeRow, DeregisterRequest, EditRequest, Horizon, InstanceRow, LedgerAnswer, LedgerQuery, RegistryRow, ServiceAnswer, ServiceRow,
    Totals,
};
use pilothouse_console::ports::{AuditLog, Clock, Fleet, Ids, Ledger, LedgerBatch, OperatorError, Operators, PastFleet, StoreError};
use pilothouse_console::{Console, Parts, Rights, UseCaseError};
use pilothouse_model::{
    Actor, AuditEntry, AuditOutcome, BeatVia, Edited, Fingerprint, Health, Heartbeat, Instance, InstanceEdit, InstanceKey, LocalInstanceId,
    Millis, Namespace, Readback, RegistryId, Scope, ServiceId, ServiceKey,
};
use tokio::sync::Mutex;

/// One registry with at most one instance, and everything that was asked of it, in order.
struct World {
    instance: Mutex<Option<Instance>>,
    log: Mutex<Vec<String>>,
    /// Edits show in reads only after this many reads.
    slow_by: Mutex<u32>,
    refuse: Mutex<Option<OperatorError>>,
    audit_fails: bool,
}

fn instance() -> Instance {
    let scope = Scope { registry: "nacos".parse().unwrap(), namespace: Namespace::new(""), group: "g".into() };
    let service = ServiceKey { scope, name: "checkout".into() };
    Instance {
        key: InstanceKey { service, cluster: "DEFAULT".into(), instance: LocalInstanceId("10.0.0.1:80".into()) },
        host: "10.0.0.1".into(),
        port: 80,
        weight: 1.0,
        enabled: true,
        ephemeral: Some(true),
        health: Health::Reported { healthy: true },
        heartbeat: Heartbeat::untold(BeatVia::Http),
        incarnation: None,
        metadata: BTreeMap::new(),
    }
}

fn world() -> World {
    World {
        instance: Mutex::new(Some(instance())),
        log: Mutex::default(),
        slow_by: Mutex::new(0),
        refuse: Mutex::new(None),
        audit_fails: false,
    }
}

impl World {
    async fn say(&self, what: impl Into<String>) {
        self.log.lock().await.push(what.into());
    }
}

struct Port(Arc<World>);

#[async_trait]
impl Operators for Port {
    async fn read(&self, _: &InstanceKey) -> Result<Option<Instance>, OperatorError> {
        self.0.say("read").await;
        let mut slow = self.0.slow_by.lock().await;
        if *slow > 0 && self.0.log.lock().await.iter().any(|line| line == "edit") {
            *slow -= 1;
            return Ok(Some(instance()));
        }
        Ok(self.0.instance.lock().await.clone())
    }

    async fn edit(&self, _: &InstanceKey, edit: &InstanceEdit) -> Result<(), OperatorError> {
        self.0.say("edit").await;
        if let Some(error) = self.0.refuse.lock().await.take() {
            return Err(error);
        }
        if let Some(instance) = &mut *self.0.instance.lock().await {
            instance.weight = edit.weight.unwrap_or(instance.weight);
            instance.enabled = edit.enabled.unwrap_or(instance.enabled);
        }
        Ok(())
    }

    async fn deregister(&self, _: &InstanceKey) -> Result<(), OperatorError> {
        self.0.say("deregister").await;
        *self.0.instance.lock().await = None;
        Ok(())
    }

    async fn record(&self, actor: &Actor, _: &InstanceKey, change: Option<&Edited>, readback: Readback, read: Option<Instance>) {
        let from = change.and_then(|change| change.from.weight);
        self.0.say(format!("record {actor} {readback:?} from {from:?} {}", read.is_some())).await;
    }
}

#[async_trait]
impl AuditLog for Port {
    async fn begin(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        assert_eq!(entry.outcome, AuditOutcome::Started);
        if self.0.audit_fails {
            return Err(StoreError::Full("disk".into()));
        }
        self.0.say(format!("begin {} `{}`", entry.actor, entry.reason)).await;
        Ok(())
    }

    async fn finish(&self, _: &str, outcome: &AuditOutcome) -> Result<(), StoreError> {
        self.0.say(format!("finish {outcome:?}")).await;
        Ok(())
    }

    async fn latest(&self, _: u32) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Ledger for Port {
    async fn append(&self, _: &LedgerBatch) -> Result<(), StoreError> {
        Ok(())
    }

    async fn checkpoint(&self, _: Millis, _: &PastFleet) -> Result<(), StoreError> {
        Ok(())
    }

    async fn alive(&self, _: Millis, _: &[(RegistryId, Millis)]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn fleet_at(&self, _: Millis) -> Result<PastFleet, StoreError> {
        Ok(PastFleet::default())
    }

    async fn read(&self, _: &LedgerQuery, _: Millis) -> Result<LedgerAnswer, StoreError> {
        Ok(LedgerAnswer::default())
    }

    async fn retain(&self, _: Millis) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Fleet for Port {
    fn totals(&self, _: &Rights) -> Totals {
        Totals::default()
    }

    fn registries(&self, _: &Rights) -> Vec<RegistryRow> {
        Vec::new()
    }

    fn services(&self, _: &Rights) -> Vec<Arc<ServiceRow>> {
        Vec::new()
    }

    fn first_services(&self, _: &Rights, _: usize) -> Vec<Arc<ServiceRow>> {
        Vec::new()
    }

    fn failing(&self, _: &Rights, _: usize) -> Vec<Arc<ServiceRow>> {
        Vec::new()
    }

    fn service(&self, _: &Rights, _: ServiceId) -> Option<ServiceAnswer> {
        None
    }

    fn instance(&self, _: &Rights, _: Fingerprint) -> Option<InstanceRow> {
        None
    }

    fn instances(&self, _: &Rights) -> Vec<Arc<InstanceRow>> {
        Vec::new()
    }

    fn instance_key(&self, _: &Rights, id: Fingerprint) -> Option<InstanceKey> {
        Some(instance().key).filter(|key| key.id() == id)
    }

    fn horizon(&self, _: &Rights) -> Horizon {
        Horizon::default()
    }

    fn changes(&self, _: &Rights, _: usize) -> Vec<ChangeRow> {
        Vec::new()
    }
}

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Millis {
        Millis(0)
    }
}

impl Ids for Fixed {
    fn next(&self) -> String {
        "1".into()
    }
}

fn console(world: &Arc<World>) -> Console {
    let port = || Port(Arc::clone(world));
    Console::new(Parts {
        fleet: Arc::new(port()),
        operators: Arc::new(port()),
        ledger: Arc::new(port()),
        audit: Arc::new(port()),
        clock: Arc::new(Fixed),
        ids: Arc::new(Fixed),
    })
}

fn weight(from: f64, to: f64) -> EditRequest {
    let edit = |weight| InstanceEdit { weight: Some(weight), ..InstanceEdit::default() };
    EditRequest { edit: edit(to), seen: edit(from), reason: "shift".into() }
}

async fn edit(world: &Arc<World>, request: &EditRequest) -> Result<Readback, UseCaseError> {
    let answer = console(world).edit_instance(&Rights::local(), instance().key.id(), request).await;
    answer.map(|answer| answer.readback)
}

#[tokio::test(start_paused = true)]
async fn a_write_is_audited_first_and_read_back_last() {
    let world = Arc::new(world());
    assert_eq!(edit(&world, &weight(1.0, 5.0)).await.unwrap(), Readback::Confirmed);
    let log = world.log.lock().await.clone();
    assert_eq!(log, ["read", "begin local `shift`", "edit", "read", "record local Confirmed from Some(1.0) true", "finish Verified"]);
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_applies_later_is_asked_again() {
    let world = Arc::new(world());
    *world.slow_by.lock().await = 3;
    assert_eq!(edit(&world, &weight(1.0, 5.0)).await.unwrap(), Readback::Confirmed);
    assert_eq!(world.log.lock().await.iter().filter(|line| *line == "read").count(), 5);
}

#[tokio::test(start_paused = true)]
async fn one_that_never_shows_it_is_reported_as_not_yet_and_written_once() {
    let world = Arc::new(world());
    *world.slow_by.lock().await = u32::MAX;
    assert_eq!(edit(&world, &weight(1.0, 5.0)).await.unwrap(), Readback::NotYet);
    let log = world.log.lock().await.clone();
    assert_eq!(log.iter().filter(|line| *line == "edit").count(), 1);
    assert_eq!(log.last().unwrap(), "finish Unverified");
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_in_the_meantime_is_not_overwritten() {
    let world = Arc::new(world());
    let Err(UseCaseError::Changed { current: Some(current) }) = edit(&world, &weight(2.0, 5.0)).await else { panic!("no conflict") };
    assert_eq!(current.weight, Some(1.0));
    *world.instance.lock().await = None;
    assert!(matches!(edit(&world, &weight(1.0, 5.0)).await, Err(UseCaseError::Changed { current: None })));
    assert!(world.log.lock().await.iter().all(|line| line == "read"), "nothing was audited or written");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_audited_is_not_done() {
    let world = Arc::new(World { audit_fails: true, ..world() });
    assert!(matches!(edit(&world, &weight(1.0, 5.0)).await, Err(UseCaseError::Store(StoreError::Full(_)))));
    assert!(!world.log.lock().await.contains(&"edit".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_refused_write_ends_in_the_audit_and_is_not_repeated() {
    let world = Arc::new(world());
    *world.refuse.lock().await = Some(OperatorError::Ambiguous("no answer within 5000 ms".into()));
    assert!(matches!(edit(&world, &weight(1.0, 5.0)).await, Err(UseCaseError::Operator(OperatorError::Ambiguous(_)))));
    let log = world.log.lock().await.clone();
    assert_eq!(log.iter().filter(|line| *line == "edit").count(), 1);
    assert!(log.last().unwrap().contains("Failed") && log.last().unwrap().contains("no answer within 5000 ms"));
}

#[tokio::test(start_paused = true)]
async fn nonsense_names_its_field_before_anything_is_asked() {
    let world = Arc::new(world());
    let metadata = |key: &str, value: String| InstanceEdit { metadata: Some([(key.to_owned(), value)].into()), ..InstanceEdit::default() };
    let cases = [
        (InstanceEdit::default(), "edit"),
        (InstanceEdit { weight: Some(f64::NAN), ..InstanceEdit::default() }, "weight"),
        (InstanceEdit { weight: Some(-1.0), ..InstanceEdit::default() }, "weight"),
        (InstanceEdit { weight: Some(10_001.0), ..InstanceEdit::default() }, "weight"),
        (metadata(" ", "x".into()), "metadata"),
        (metadata("k", "x".repeat(70_000)), "metadata"),
    ];
    for (change, expected) in cases {
        let request = EditRequest { edit: change, ..EditRequest::default() };
        let Err(UseCaseError::Invalid { field, .. }) = edit(&world, &request).await else { panic!("{expected} was let through") };
        assert_eq!(field, expected);
    }
    let long = EditRequest { reason: "x".repeat(501), ..weight(1.0, 2.0) };
    assert!(matches!(edit(&world, &long).await, Err(UseCaseError::Invalid { field: "reason", .. })));
    assert!(world.log.lock().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_deregistration_is_confirmed_by_absence() {
    let world = Arc::new(world());
    let request = DeregisterRequest { reason: "gone for good".into() };
    let answer = console(&world).deregister(&Rights::local(), instance().key.id(), &request).await.unwrap();
    assert_eq!((answer.readback, answer.instance), (Readback::Confirmed, None));
    let unknown = pilothouse_model::fingerprint([b"unknown".as_slice()]);
    let error = console(&world).deregister(&Rights::local(), unknown, &request).await.unwrap_err();
    assert!(matches!(error, UseCaseError::NotFound(_)));
}
