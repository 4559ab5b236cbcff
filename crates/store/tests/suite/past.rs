//! The past: the fleet at any moment is the fold of what was known then.

use pilothouse_api::LedgerQuery;
use pilothouse_console::ports::{Ledger, PastFleet};
use pilothouse_model::{FactBody, Instance, Millis};
use pilothouse_store::Store;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::databases::Databases;
use crate::fleet::{Model, any_body, applied, fact, facts, instance};

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Facts, each so many milliseconds after the one before.
    Append(Vec<(i64, FactBody)>),
    Checkpoint,
    Restart,
}

pub(crate) fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => vec((0..3_i64, any_body()), 0..12).prop_map(Step::Append),
        3 => Just(Step::Checkpoint),
        1 => Just(Step::Restart),
    ];
    vec(step, 0..14)
}

/// Plays the steps on a fresh store and on a model; the fleets by moment, the last one holding from then on.
pub(crate) async fn play(databases: &Databases, steps: Vec<Step>) -> (Store, Vec<PastFleet>) {
    let config = databases.fresh();
    let mut store = Store::open(config.clone()).await.unwrap();
    let (mut model, mut past) = (Model::default(), vec![PastFleet::default()]);
    for step in steps {
        let now = i64::try_from(past.len()).unwrap() - 1;
        match step {
            Step::Append(bodies) => {
                let mut batch = facts([]);
                let mut at = now;
                for (later, body) in bodies {
                    for _ in 0..later {
                        past.push(model.fleet());
                    }
                    at += later;
                    model.apply(&body);
                    *past.last_mut().unwrap() = model.fleet();
                    batch.facts.push(fact(at, body));
                }
                store.append(&batch).await.unwrap();
            }
            Step::Checkpoint => store.checkpoint(Millis(now), &model.fleet()).await.unwrap(),
            Step::Restart => {
                store.close().await;
                store = Store::open(config.clone()).await.unwrap();
            }
        }
    }
    let stored = store.read(&LedgerQuery::default(), Millis(0)).await.unwrap().facts;
    assert_eq!(stored, model.stored, "facts that said something new");
    (store, past)
}

/// Fewer cases on PostgreSQL, where each makes a database.
pub(crate) fn cases(databases: &Databases) -> TestRunner {
    TestRunner::new(Config { cases: if databases.is_postgres() { 12 } else { 48 }, failure_persistence: None, ..Config::default() })
}

/// Runs an async property from within a case, which is async itself.
pub(crate) fn check<S: Strategy, F: Future<Output = ()>>(runner: &mut TestRunner, strategy: &S, property: impl Fn(S::Value) -> F + Sync)
where
    S::Value: Send,
{
    // A property may not block the case's own runtime: each run has one of its own, on a thread of its own.
    runner
        .run(strategy, |value| {
            std::thread::scope(|scope| {
                let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(property(value));
                scope.spawn(run).join().map_err(|panic| {
                    let why = panic.downcast_ref::<String>().cloned().or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()));
                    TestCaseError::fail(why.unwrap_or_default())
                })
            })
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

pub(crate) async fn the_fleet_of_every_moment_is_the_fold_of_what_was_known(databases: Databases) {
    check(&mut cases(&databases), &any_steps(), |steps| async {
        let (store, past) = play(&databases, steps).await;
        for (at, fleet) in (0..).zip(&past) {
            assert_eq!(&store.fleet_at(Millis(at)).await.unwrap(), fleet, "at {at}");
        }
        assert_eq!(store.fleet_at(Millis(-1)).await.unwrap(), PastFleet::default());
        assert_eq!(&store.fleet_at(Millis(i64::MAX)).await.unwrap(), past.last().unwrap());
    });
}

pub(crate) async fn a_checkpoint_makes_the_past_exact_after_the_clock_jumped(databases: Databases) {
    let store = databases.store().await;
    let (a, b, c) = (instance(0, 0, 1.0, true), instance(0, 1, 1.0, true), instance(0, 2, 1.0, true));
    let fleet = |instances: &[_]| PastFleet { instances: instances.to_vec(), ..Default::default() };
    store.append(&facts([applied(1_000, a.clone())])).await.unwrap();
    store.checkpoint(Millis(1_000), &fleet(std::slice::from_ref(&a))).await.unwrap();
    // An hour back, as a time server corrects it.
    store.append(&facts([applied(400, b.clone())])).await.unwrap();
    store.checkpoint(Millis(500), &fleet(&[a.clone(), b.clone()])).await.unwrap();
    store.append(&facts([applied(600, c.clone())])).await.unwrap();
    for (at, expected) in [(550, vec![&a, &b]), (600, vec![&a, &b, &c]), (1_500, vec![&a, &b, &c])] {
        let found = store.fleet_at(Millis(at)).await.unwrap().instances;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "at {at}");
    }
}

pub(crate) async fn a_checkpoint_heals_what_was_lost_before_it(databases: Databases) {
    let store = databases.store().await;
    let [old, new] = [1.0, 2.0].map(|weight| instance(0, 0, weight, true));
    let other = instance(0, 1, 1.0, true);
    let fleet =
        |instances: &[&Instance]| PastFleet { instances: instances.iter().map(|one| (*one).clone()).collect(), ..Default::default() };
    store.append(&facts([applied(10, old.clone()), applied(10, other.clone())])).await.unwrap();
    store.checkpoint(Millis(11), &fleet(&[&old, &other])).await.unwrap();
    // Meanwhile the new weight was told, and that the other one went; neither got through.
    store.checkpoint(Millis(20), &fleet(&[&new])).await.unwrap();
    store.append(&facts([applied(30, old.clone()), applied(31, other.clone())])).await.unwrap();
    for (at, expected) in [(19, fleet(&[&old, &other])), (20, fleet(&[&new])), (30, fleet(&[&old])), (31, fleet(&[&old, &other]))] {
        assert_eq!(store.fleet_at(Millis(at)).await.unwrap(), expected, "at {at}");
    }
}

pub(crate) async fn a_fact_that_cannot_be_read_does_not_take_the_others_with_it(databases: Databases) {
    let store = databases.store().await;
    // JSON knows no such number, and so it is not found again.
    let (odd, good) = (instance(0, 0, f64::NAN, true), instance(0, 1, 1.0, true));
    store.append(&facts([applied(10, odd.clone()), applied(10, good.clone())])).await.unwrap();
    assert_eq!(store.fleet_at(Millis(10)).await.unwrap().instances, std::slice::from_ref(&good));
    store.checkpoint(Millis(11), &PastFleet { instances: vec![odd, good.clone()], ..Default::default() }).await.unwrap();
    assert_eq!(store.fleet_at(Millis(11)).await.unwrap().instances, [good]);
}
