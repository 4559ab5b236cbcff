//! Snapshot and deltas are the state; and what each event does to the words on the pages.

use pilothouse_api::Topic;
use pilothouse_console::ports::{Fleet, LedgerBatch, PastFleet};
use pilothouse_model::{Evidence, FactBody, Freshness, Health, Liveness, Millis, ServiceId, UnknownHealth};
use pilothouse_registry::{EntryKey, WatchEvent};
use proptest::prelude::*;

use super::client::Client;
use super::scenario::{START, Scenario, described, instance, registry, service};

const TOPICS: [Topic; 4] = [Topic::Totals, Topic::Registries, Topic::Services, Topic::Horizon];

fn all_services() -> Vec<ServiceId> {
    (0..2).flat_map(|r| (0..3).map(move |s| service(r, s).id())).collect()
}

fn snapshot(scenario: &Scenario) -> (Client, u64) {
    let mut client = Client::default();
    let state = scenario.shared.state.read();
    let topics = TOPICS.into_iter().chain(all_services().into_iter().map(Topic::Service));
    for topic in topics {
        client.snapshot(state.snapshot(topic, &Scenario::rights(), scenario.now));
    }
    (client, scenario.shared.journal.head())
}

fn words(scenario: &Scenario) -> Vec<(String, Liveness, Option<u32>, u32)> {
    let rows = scenario.shared.services(&Scenario::rights());
    rows.iter().map(|row| (row.name.to_string(), row.liveness, row.healthy, row.total)).collect()
}

fn became(batch: &LedgerBatch) -> Vec<(Option<Liveness>, Liveness)> {
    batch.transitions.iter().filter(|t| t.instance.is_some()).map(|t| (t.from, t.to)).collect()
}

#[derive(Clone, Debug)]
enum Step {
    List { registry: u8, instances: Vec<(u8, u8, bool)> },
    Apply { registry: u8, service: u8, instance: u8, healthy: bool, enabled: bool, version: u8 },
    Delete { registry: u8, service: u8, instance: u8 },
    DeleteService { registry: u8, service: u8 },
    Alive { registry: u8 },
    Fail { registry: u8 },
    Pass { ms: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let registry = 0u8..2;
    prop_oneof![
        1 => (registry.clone(), proptest::collection::vec((0u8..3, 0u8..4, any::<bool>()), 0..6)).prop_map(|(registry, instances)| Step::List { registry, instances }),
        6 => (registry.clone(), 0u8..3, 0u8..4, any::<bool>(), any::<bool>(), 0u8..3)
            .prop_map(|(registry, service, instance, healthy, enabled, version)| Step::Apply { registry, service, instance, healthy, enabled, version }),
        3 => (registry.clone(), 0u8..3, 0u8..4).prop_map(|(registry, service, instance)| Step::Delete { registry, service, instance }),
        1 => (registry.clone(), 0u8..3).prop_map(|(registry, service)| Step::DeleteService { registry, service }),
        2 => registry.clone().prop_map(|registry| Step::Alive { registry }),
        1 => registry.prop_map(|registry| Step::Fail { registry }),
        4 => (0i64..20_000).prop_map(|ms| Step::Pass { ms }),
    ]
}

fn run(scenario: &mut Scenario, step: &Step) {
    match step {
        Step::List { registry, instances } => {
            let instances = instances.iter().map(|(s, i, healthy)| instance(service(*registry, *s), *i, *healthy)).collect();
            scenario.list(*registry, instances);
        }
        Step::Apply { registry, service: s, instance: i, healthy, enabled, version } => {
            let mut applied = instance(service(*registry, *s), *i, *healthy);
            applied.enabled = *enabled;
            applied.metadata.insert("version".into(), version.to_string());
            scenario.apply(*registry, applied);
        }
        Step::Delete { registry, service: s, instance: i } => scenario.delete(*registry, &instance(service(*registry, *s), *i, true)),
        Step::DeleteService { registry, service: s } => {
            scenario.event(*registry, WatchEvent::Delete(EntryKey::Service(service(*registry, *s))));
        }
        Step::Alive { registry } => scenario.event(*registry, WatchEvent::Alive),
        Step::Fail { registry: n } => {
            let input = crate::fleet::Input::WatchFailed { registry: registry(*n), error: "gone".into(), retry_at: scenario.now };
            scenario.shared.state.write().apply(input, scenario.now);
        }
        Step::Pass { .. } => {}
    }
    scenario.pass(if let Step::Pass { ms } = step { *ms } else { 0 });
}

proptest! {
    #[test]
    fn any_snapshot_and_the_deltas_after_it_are_the_state(steps in proptest::collection::vec(step(), 1..60), join in 0usize..60) {
        let mut scenario = Scenario::new();
        for id in all_services() {
            scenario.shared.interest.add(id);
        }
        scenario.pass(0);
        let mut joined = None;
        for (n, step) in steps.iter().enumerate() {
            if n == join.min(steps.len() - 1) {
                joined = Some(snapshot(&scenario));
            }
            run(&mut scenario, step);
        }
        let (mut client, seq) = joined.unwrap();
        scenario.shared.journal.read(seq, usize::MAX, |_, _| true, |wire| client.wire(&wire)).unwrap();
        let (now, _) = snapshot(&scenario);
        prop_assert_eq!(&client.services, &now.services);
        prop_assert_eq!(&client.registries, &now.registries);
        prop_assert_eq!(&client.totals, &now.totals);
        prop_assert_eq!(&client.buckets, &now.buckets);
        prop_assert_eq!(&client.marks, &now.marks);
        for (id, answer) in &now.answers {
            let held = client.answers.get(id).cloned().flatten();
            // Services of the same name elsewhere are as of the service's own last change, and so is the moment of the last
            // proof: the topic of registries moves that on.
            let plain = |answer: Option<pilothouse_api::ServiceAnswer>| {
                answer.map(|mut answer| {
                    answer.elsewhere.clear();
                    if let Freshness::Live { proof } = &mut answer.freshness {
                        *proof = Millis(0);
                    }
                    answer
                })
            };
            prop_assert_eq!(plain(held), plain(answer.clone()));
        }
    }

    #[test]
    fn the_counts_are_the_rows(steps in proptest::collection::vec(step(), 1..60)) {
        let mut scenario = Scenario::new();
        for step in &steps {
            run(&mut scenario, step);
        }
        let rights = Scenario::rights();
        let rows = scenario.shared.services(&rights);
        let totals = scenario.shared.totals(&rights);
        prop_assert_eq!(totals.services as usize, rows.len());
        prop_assert_eq!(totals.instances, rows.iter().map(|row| row.total).sum::<u32>());
        prop_assert_eq!(totals.instances as usize, scenario.shared.instances(&rights).len());
        for liveness in Liveness::ALL {
            prop_assert_eq!(totals.of(liveness) as usize, rows.iter().filter(|row| row.liveness == liveness).count());
        }
        let registries = scenario.shared.registries(&rights);
        prop_assert_eq!(totals.services, registries.iter().map(|row| row.services).sum::<u32>());
        prop_assert_eq!(totals.instances, registries.iter().map(|row| row.instances).sum::<u32>());
        prop_assert_eq!(totals.live as usize, registries.iter().filter(|row| row.freshness.is_live()).count());
        let failing = scenario.shared.failing(&rights, usize::MAX);
        prop_assert_eq!(failing.len(), rows.iter().filter(|row| row.liveness.is_failing()).count());
    }

    #[test]
    fn nothing_is_healthy_through_a_stale_source(steps in proptest::collection::vec(step(), 1..60)) {
        let mut scenario = Scenario::new();
        for step in &steps {
            run(&mut scenario, step);
            let live: Vec<_> = scenario.shared.registries(&Scenario::rights()).into_iter().filter(|r| r.freshness.is_live()).map(|r| r.id).collect();
            for row in scenario.shared.services(&Scenario::rights()) {
                prop_assert!(live.contains(&row.registry) || (row.healthy.is_none() && row.liveness == Liveness::Unknown));
            }
            for row in scenario.shared.instances(&Scenario::rights()) {
                prop_assert!(live.contains(&row.instance.key.service.scope.registry) || row.instance.health.healthy().is_none());
            }
        }
    }
}

#[test]
fn a_first_list_is_no_news_and_what_follows_is() {
    let mut scenario = Scenario::new();
    let up = instance(service(0, 0), 1, true);
    scenario.list(0, vec![up.clone()]);
    let first = scenario.pass(0);
    assert_eq!(became(&first), []);
    assert_eq!(first.facts.len(), 3, "service, instance, freshness");
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Up, Some(1), 1)]);

    scenario.now = scenario.now + 1000;
    scenario.apply(0, instance(service(0, 0), 1, false));
    assert_eq!(became(&scenario.pass(0)), [(Some(Liveness::Up), Liveness::Unhealthy)]);
    scenario.delete(0, &up);
    assert_eq!(became(&scenario.pass(0)), [(Some(Liveness::Unhealthy), Liveness::Removed)]);
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Removed, Some(0), 0)]);
    scenario.apply(0, up);
    assert_eq!(became(&scenario.pass(0)), [(Some(Liveness::Removed), Liveness::Returned)]);
}

#[test]
fn a_silent_source_turns_stale_after_its_bound_and_live_again_with_a_list() {
    let mut scenario = Scenario::new();
    scenario.list(0, vec![instance(service(0, 0), 1, true)]);
    scenario.pass(15_000);
    assert_eq!(words(&scenario)[0].1, Liveness::Up);
    let turned = scenario.pass(1);
    assert_eq!(turned.transitions.len(), 1, "the source, not its instances");
    assert_eq!(turned.transitions[0].instance, None);
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Unknown, None, 1)]);
    let row = &scenario.shared.service(&Scenario::rights(), service(0, 0).id()).unwrap().instances[0];
    assert_eq!(row.instance.health, Health::Unknown { why: UnknownHealth::StaleSince(START) });
    // A list that has begun proves nothing about the old view.
    scenario.event(0, WatchEvent::Init);
    scenario.pass(0);
    assert_eq!(words(&scenario)[0].1, Liveness::Unknown);
    scenario.event(0, WatchEvent::InitDone);
    let back = scenario.pass(0);
    assert!(back.transitions.iter().any(|t| t.evidence == Evidence::FoundOnReturn && t.to == Liveness::Removed));
}

#[test]
fn what_is_found_on_return_happened_somewhere_in_the_interval() {
    let mut scenario = Scenario::new();
    let (stays, goes) = (instance(service(0, 0), 1, true), instance(service(0, 0), 2, true));
    let past = PastFleet {
        services: vec![described(service(0, 0))],
        instances: vec![stays.clone(), goes],
        proofs: vec![(registry(0), START - 60_000)],
    };
    scenario.shared.state.write().seed(past, START);
    assert_eq!(scenario.pass(0), LedgerBatch::default(), "what came from the ledger is not written to it");
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Unknown, None, 2)]);
    let freshness = scenario.shared.registries(&Scenario::rights())[0].freshness;
    assert_eq!(freshness, Freshness::Stale { since: START - 60_000 });

    scenario.list(0, vec![stays]);
    let batch = scenario.pass(0);
    let removed = batch.transitions.iter().find(|t| t.to == Liveness::Removed).unwrap();
    assert_eq!((removed.occurred.not_before, removed.occurred.not_after), (START - 60_000, START));
    assert_eq!(removed.evidence, Evidence::FoundOnReturn);
    assert!(batch.facts.iter().any(|fact| matches!(fact.body, FactBody::InstanceDeleted { .. })));
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Removed, Some(1), 1)]);
}

#[test]
fn a_wall_clock_that_jumps_makes_nothing_stale() {
    let mut scenario = Scenario::new();
    scenario.list(0, vec![instance(service(0, 0), 1, true)]);
    scenario.pass(0);
    let instant = scenario.instant();
    let mut state = scenario.shared.state.write();
    for now in [START + 86_400_000, START - 86_400_000, Millis(0)] {
        state.elapse(now, instant);
        state.commit(&scenario.shared.journal, &scenario.shared.interest, now);
        assert_eq!(state.totals.live, 1, "{now:?}");
    }
}

#[test]
fn a_ghost_is_kept_for_half_an_hour() {
    let mut scenario = Scenario::new();
    let dead = instance(service(0, 0), 1, false);
    scenario.list(0, vec![dead.clone()]);
    scenario.delete(0, &dead);
    for _ in 0..179 {
        scenario.event(0, WatchEvent::Alive);
        scenario.pass(10_000);
    }
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Removed, Some(0), 0)]);
    scenario.event(0, WatchEvent::Alive);
    scenario.pass(10_000);
    assert_eq!(words(&scenario), [("service-0".into(), Liveness::Up, Some(0), 0)]);
}

#[test]
fn a_beat_moves_the_countdown_and_makes_no_fact() {
    let mut scenario = Scenario::new();
    let mut beating = instance(service(0, 0), 1, true);
    scenario.list(0, vec![beating.clone()]);
    scenario.pass(0);
    beating.heartbeat.last = Some(START);
    scenario.apply(0, beating);
    assert_eq!(scenario.pass(0), LedgerBatch::default());
    let answer = scenario.shared.service(&Scenario::rights(), service(0, 0).id()).unwrap();
    assert_eq!(answer.instances[0].instance.heartbeat.last, Some(START));
}
