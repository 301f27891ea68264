//! Nothing that was accepted is lost, whatever fails.

use callhook_tests::faults::{scenario, table};
use callhook_tests::page;

#[tokio::test]
async fn nothing_is_lost_in_the_commonest_faults() {
    table::run(scenario::short(), 10).await;
}

/// `make chaos`: every fault, told in docs/reliability.md.
#[tokio::test]
#[ignore = "takes minutes: make chaos"]
async fn nothing_is_lost_in_any_fault() {
    page::write("faults", &table::run(scenario::full(), 20).await);
}
