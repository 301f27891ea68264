//! The table of what was lost.

use std::fmt::Write as _;

use super::scenario::Scenario;

/// Runs `scenarios` one after another; gives the table, in Markdown. Fails when something was
/// lost, ended otherwise than it must, or arrived twice and the fault does not explain it.
pub async fn run(scenarios: Vec<Scenario>, count: usize) -> String {
    let mut table = String::from(
        "| fault | accepted | taken | failed or skipped | lost | not in the journal | twice | why twice |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut wrong = Vec::new();
    for scenario in scenarios {
        let balance = scenario.run(count).await;
        let why = scenario.may_repeat.filter(|_| balance.repeated > 0);
        let why = why.map(|repeat| repeat.to_string()).unwrap_or_default();
        let row = format!(
            "| {} | {} | {} | {} | {} | {} | {} | {why} |",
            scenario.name,
            balance.accepted,
            balance.taken,
            balance.ended,
            balance.lost.len(),
            balance.misjournaled.len(),
            balance.repeated,
        );
        println!("{row}");
        let _ = writeln!(table, "{row}");
        let must_end = if scenario.never_takes() { balance.accepted } else { 0 };
        let is_balanced = balance.lost.is_empty()
            && balance.unexplained.is_empty()
            && balance.misjournaled.is_empty();
        if !is_balanced || balance.ended != must_end {
            wrong.push(format!("{}: {balance:?}", scenario.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "lost, not in the journal, ended otherwise than it must, or twice without a reason:\n{}",
        wrong.join("\n")
    );
    table
}
