//! What a delivery costs when there is much of something: it must stay the same.

use std::path::Path;

use super::Figures;
use super::deliver::{self, Cost, MESSAGES, ROUNDS, work};
use crate::Failure;
use crate::events::{message, report, sqs_event};
use crate::world::World;

/// Reports in a message, and what is measured of each line.
const REPORTS: usize = 25;
const EVENTS: usize = 40;
/// Deliveries of a line of fan-out.
const FANNED_OUT: usize = 10_000;
/// Reports of a backlog, and how many parts of it are compared.
const BACKLOG: usize = 100_000;
const PARTS: usize = 5;

/// Adds the figures.
pub(crate) async fn measure(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    webhooks(root, figures).await?;
    fan_out(root, figures).await?;
    backlog(root, figures).await
}

/// The same traffic to one webhook of an account that has ever more of them (the best of some rounds);
/// and traffic to all.
async fn webhooks(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    for count in [1, 100, 10_000] {
        let mut world = World::new(root).await?;
        let all = world.webhooks(count).await?;
        let deliver = world.start("deliver").await?;
        let one = all.get(..1).unwrap_or_default();
        deliver::run(&mut world, &deliver, one, REPORTS, EVENTS / 4).await?;
        let mut cost = Cost::worst();
        for _ in 0..ROUNDS {
            cost = cost.or(deliver::run(&mut world, &deliver, one, REPORTS, EVENTS).await?);
        }
        figures.add(format!("scale.webhooks_{count}.cpu_us_per_delivery"), cost.cpu_us())?;
        if count > 1 {
            let cost = deliver::run(&mut world, &deliver, &all, REPORTS, EVENTS).await?;
            let name = format!("scale.webhooks_{count}.all_in_use.cpu_us_per_delivery");
            figures.add(name, cost.cpu_us())?;
        }
        deliver.stop().await?;
    }
    let (one, many) = (
        figures.get("scale.webhooks_1.cpu_us_per_delivery")?,
        figures.get("scale.webhooks_10000.cpu_us_per_delivery")?,
    );
    figures.add("scale.webhooks.growth_percent", (many / one - 1.0) * 100.0)
}

/// A report that ever more webhooks want.
async fn fan_out(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    for count in [1, 10, 100, 1_000] {
        let mut world = World::new(root).await?;
        for webhook in world.webhooks(count).await? {
            world.subscribe(webhook).await?;
        }
        let deliver = world.start("deliver").await?;
        // 250 deliveries an event, or as many as one report has.
        let per_event = (250 / count).max(1);
        let mut events = Vec::new();
        for _ in 0..=FANNED_OUT / (per_event * count) {
            let reports: Vec<_> =
                (0..per_event).map(|_| report(world.numbers.next(), &[])).collect();
            let messages: Result<Vec<_>, _> =
                reports.chunks(per_event.div_ceil(MESSAGES)).map(message).collect();
            events.push(sqs_event(&messages?));
        }
        let first = events.pop().into_iter().collect();
        work(&world, &deliver, first).await?;
        let cost = work(&world, &deliver, events).await?;
        figures.add(format!("scale.fan_out_{count}.cpu_us_per_delivery"), cost.cpu_us())?;
        deliver.stop().await?;
    }
    let (one, many) = (
        figures.get("scale.fan_out_1.cpu_us_per_delivery")?,
        figures.get("scale.fan_out_1000.cpu_us_per_delivery")?,
    );
    figures.add("scale.fan_out.growth_percent", (many / one - 1.0) * 100.0)
}

/// 100,000 reports, as they lie in the queue: the last part must cost what the first did.
async fn backlog(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    let mut world = World::new(root).await?;
    let webhooks = world.webhooks(1).await?;
    let deliver = world.start("deliver").await?;
    deliver::run(&mut world, &deliver, &webhooks, REPORTS, EVENTS / 4).await?;
    let events = BACKLOG / (MESSAGES * REPORTS * PARTS);
    let mut costs = Vec::with_capacity(PARTS);
    for _ in 0..PARTS {
        costs.push(deliver::run(&mut world, &deliver, &webhooks, REPORTS, events).await?.cpu_us());
    }
    if let (Some(first), Some(last)) = (costs.first(), costs.last()) {
        figures.add("scale.backlog_100000.first.cpu_us_per_delivery", *first)?;
        figures.add("scale.backlog_100000.last.cpu_us_per_delivery", *last)?;
        figures.add("scale.backlog.growth_percent", (last / first - 1.0) * 100.0)?;
    }
    figures.add("scale.backlog_100000.memory_mb", deliver.peak_memory_mib()?)?;
    deliver.stop().await
}
