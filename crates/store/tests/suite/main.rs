//! One suite, run on SQLite always and on PostgreSQL where Debian's server programs are installed.
//!
//! `PILOTHOUSE_REQUIRE_POSTGRES=1` makes a missing PostgreSQL a failure.

mod audit;
mod backup;
mod cluster;
mod databases;
mod facts;
mod fleet;
mod opening;
mod page;
mod past;
mod presence;
mod retention;
mod settings;
mod sqlite_faults;

use std::future::Future;

use cluster::Cluster;
use databases::Databases;

fn run<F: Future<Output = ()>>(case: impl FnOnce(Databases) -> F, databases: Databases) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case(databases));
}

/// Every case becomes a test on SQLite; one test runs them all on a PostgreSQL cluster that lives as long as that test.
macro_rules! suite {
    ($($module:ident::$case:ident,)*) => {
        mod sqlite {
            $(
                #[test]
                fn $case() {
                    super::run(super::$module::$case, super::Databases::sqlite());
                }
            )*
        }

        #[test]
        fn postgres() {
            let cluster = match Cluster::start() {
                Ok(cluster) => std::sync::Arc::new(cluster),
                Err(why) if std::env::var("PILOTHOUSE_REQUIRE_POSTGRES").as_deref() == Ok("1") => panic!("PostgreSQL is required: {why}"),
                Err(why) => return eprintln!("the PostgreSQL half of the store's suite is SKIPPED: {why}"),
            };
            $(
                eprintln!("on PostgreSQL: {}", stringify!($case));
                run($module::$case, Databases::postgres(&cluster));
            )*
        }
    };
}

suite! {
    opening::a_store_is_made_and_found_again,
    opening::a_newer_schema_is_refused,
    facts::a_fact_that_repeats_the_last_one_is_not_stored_again,
    facts::a_batch_is_stored_as_a_whole_or_not_at_all,
    facts::five_thousand_facts_and_strange_names_come_back,
    past::the_fleet_of_every_moment_is_the_fold_of_what_was_known,
    past::a_checkpoint_makes_the_past_exact_after_the_clock_jumped,
    past::a_checkpoint_heals_what_was_lost_before_it,
    past::a_fact_that_cannot_be_read_does_not_take_the_others_with_it,
    retention::what_is_retained_rebuilds_every_later_moment,
    retention::old_rows_are_gone,
    presence::holes_in_the_notes_are_gaps,
    presence::proofs_are_the_last_ones_of_their_moment,
    page::every_filter_narrows,
    page::pages_follow_each_other_while_rows_are_written,
    page::any_query_answers_as_the_model_does,
    page::rows_say_where_an_instance_listened,
    page::wrong_arguments_are_named,
    audit::an_entry_is_begun_and_finished_once,
    settings::values_are_typed_and_replaced,
    backup::a_copy_is_made_of_a_running_store,
}
