//! Nothing that was accepted is lost, whatever fails.

use std::fs;
use std::path::Path;

use callhook_tests::faults::{scenario, table};

#[tokio::test]
async fn nothing_is_lost_in_the_commonest_faults() {
    table::run(scenario::short(), 10).await;
}

/// `make chaos`: every fault, and the page that tells of them.
#[tokio::test]
#[ignore = "takes minutes: make chaos"]
async fn nothing_is_lost_in_any_fault() {
    let table = table::run(scenario::full(), 20).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let page = include_str!("../src/faults/reliability.md");
    let page = page.replace("{{table}}", table.trim_end());
    fs::write(root.join("docs/reliability.md"), page).expect("docs/reliability.md");
}
