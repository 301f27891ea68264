//! The table of what was lost.

use std::fmt::Write as _;

use super::scenario::Scenario;

/// Runs `scenarios` one after another; gives the table, in Markdown. Fails when something was
/// lost, or arrived twice for no known reason.
pub async fn run(scenarios: Vec<Scenario>, count: usize) -> String {
    let mut table = String::from(
        "| fault | accepted | taken | failed or skipped | lost | twice | why twice |\n\
         |---|---|---|---|---|---|---|\n",
    );
    let mut wrong = Vec::new();
    for scenario in scenarios {
        let balance = scenario.run(count).await;
        let why = if balance.repeated > 0 { scenario.may_repeat.unwrap_or("?") } else { "" };
        let row = format!(
            "| {} | {} | {} | {} | {} | {} | {why} |",
            scenario.name,
            balance.accepted,
            balance.taken,
            balance.ended,
            balance.lost.len(),
            balance.repeated,
        );
        println!("{row}");
        let _ = writeln!(table, "{row}");
        if !balance.lost.is_empty() || (balance.repeated > 0 && scenario.may_repeat.is_none()) {
            wrong.push(format!("{}: {balance:?}", scenario.name));
        }
    }
    assert!(wrong.is_empty(), "lost, or twice without a reason:\n{}", wrong.join("\n"));
    table
}
