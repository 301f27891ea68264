//! The cost of a million reports: the usage of a real run at AWS's list prices.

mod monitoring;
mod page;
mod prices;
mod usage;

use std::path::Path;

use self::prices::Prices;
pub(crate) use self::usage::{Scenario, Usage, used};
use crate::Failure;

/// Measures, prints, and writes docs/cost.md.
pub(crate) async fn measure(root: &Path) -> Result<(), Failure> {
    let prices = Prices::read(root)?;
    let mut all = Vec::new();
    for scenario in Scenario::all() {
        let usage = used(root, scenario).await?;
        page::print(scenario, &usage, &prices)?;
        all.push((scenario, usage));
    }
    page::write(root, &all, &prices)
}
