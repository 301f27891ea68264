//! The table of faults and outcomes.

use std::fmt::Write as _;

use super::scenario::Scenario;

/// Runs `scenarios` one after another; returns the table in Markdown. Fails if a delivery is lost, has
/// another outcome than it must, or is duplicated and the fault does not explain that.
pub async fn run(scenarios: Vec<Scenario>, count: usize) -> String {
    let mut table = String::from(
        "| fault | accepted | delivered | failed or skipped | lost | not in the journal | twice | why twice |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut wrong = Vec::new();
    for scenario in scenarios {
        let balance = scenario.run(count).await;
        let why = scenario.duplicates.filter(|_| balance.duplicated > 0);
        let why = why.map(|cause| cause.to_string()).unwrap_or_default();
        let row = format!(
            "| {} | {} | {} | {} | {} | {} | {} | {why} |",
            scenario.name,
            balance.accepted,
            balance.delivered,
            balance.failed_or_skipped,
            balance.lost.len(),
            balance.not_journaled.len(),
            balance.duplicated,
        );
        println!("{row}");
        let _ = writeln!(table, "{row}");
        let must_fail = if scenario.rejects_all() { balance.accepted } else { 0 };
        let is_balanced = balance.lost.is_empty()
            && balance.unexplained.is_empty()
            && balance.not_journaled.is_empty();
        if !is_balanced || balance.failed_or_skipped != must_fail {
            wrong.push(format!("{}: {balance:?}", scenario.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "lost, not in the journal, of another outcome, or duplicated without a cause:\n{}",
        wrong.join("\n")
    );
    table
}
