//! The Consul adapter against a small Consul made from recorded answers.

mod configs;
mod fake;
mod faults;
mod fixture;
mod operating;
mod recorded;
mod watching;

use fake::FakeConsul;
use fixture::Agent;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_keeps_the_promises_of_every_adapter() {
    let consul = FakeConsul::start().await;
    let agent = Agent::new(&consul.url, None);
    pilothouse_registry::conformance::run(agent.registry(), &agent).await;
}
