//! The cost of a delivery with many webhooks, subscriptions or reports: it must stay the same.

use std::path::Path;

use callhook::domain::ids::WebhookId;
use callhook::domain::quota::Quotas;
use serde_json::json;

use super::deliver::{self, MESSAGES, invoke};
use super::{Cost, Figures};
use crate::Failure;
use crate::cloud::REPORTS_QUEUE;
use crate::events::{message, report, sqs_event};
use crate::lambda::Instance;
use crate::world::World;

/// Reports in a message.
const REPORTS: usize = 25;
/// Measurements of a line, of which the best counts, and batches of each. Lines are compared, and the host's
/// speed changes within seconds, so rounds are short and alternate.
const ROUNDS: usize = 25;
const EVENTS: usize = 10;
/// Batches of figures that are measured once.
const MANY_EVENTS: usize = 40;
/// Deliveries per round of fan-out.
const FANNED_OUT: usize = 2_000;
/// New instances beside a backlog, and batches to warm up each.
const INSTANCES: usize = 5;
const WARM_UP: usize = 20;
/// Reports of a backlog.
const BACKLOG: usize = 100_000;

/// Adds the figures.
pub(crate) async fn measure(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    webhooks(root, figures).await?;
    fan_out(root, figures).await?;
    backlog(root, figures).await?;
    large_webhooks(root, figures).await
}

/// A world with a number of webhooks, and an instance of deliver.
struct Line {
    count: usize,
    world: World,
    webhooks: Vec<WebhookId>,
    deliver: Instance,
    best: Cost,
}

impl Line {
    async fn new(root: &Path, count: usize) -> Result<Self, Failure> {
        let world = World::new(root).await?;
        let webhooks = world.webhooks(count).await?;
        let deliver = world.start("deliver").await?;
        Ok(Self { count, world, webhooks, deliver, best: Cost::worst() })
    }

    /// Delivers reports to the first webhook.
    async fn traffic(&mut self, events: usize) -> Result<Cost, Failure> {
        let one = self.webhooks.get(..1).unwrap_or_default();
        deliver::run(&mut self.world, &self.deliver, one, REPORTS, events).await
    }

    /// The same with another instance.
    async fn with(&mut self, other: &mut Instance, events: usize) -> Result<Cost, Failure> {
        std::mem::swap(&mut self.deliver, other);
        let cost = self.traffic(events).await;
        std::mem::swap(&mut self.deliver, other);
        cost
    }

    /// Updates the best cost.
    fn update(&mut self, cost: Cost) {
        self.best = std::mem::replace(&mut self.best, Cost::worst()).or(cost);
    }
}

/// Adds the growth of the cost from the first to the last of `lines`.
fn growth(figures: &mut Figures, name: &str, lines: &[Line]) -> Result<(), Failure> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(()) };
    let growth = last.best.cpu_us() / first.best.cpu_us() - 1.0;
    figures.add(format!("scale.{name}.growth_percent"), growth * 100.0)
}

/// The same traffic to one webhook of accounts with more and more webhooks; and traffic to all webhooks, on
/// first use and when they are cached.
async fn webhooks(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for count in [1, 100, 10_000] {
        lines.push(Line::new(root, count).await?);
    }
    // Alternately, so that all run under the same conditions. The first round warms up.
    for round in 0..=ROUNDS {
        for line in &mut lines {
            let cost = line.traffic(EVENTS).await?;
            if round > 0 {
                line.update(cost);
            }
        }
    }
    for line in &mut lines {
        let (count, cost) = (line.count, line.best.cpu_us());
        figures.add(format!("scale.webhooks_{count}.cpu_us_per_delivery"), cost)?;
        if count > 1 {
            let Line { world, deliver, webhooks, .. } = line;
            for time in ["first_use", "all_in_use"] {
                let cost = deliver::run(world, deliver, webhooks, REPORTS, MANY_EVENTS).await?;
                let name = format!("scale.webhooks_{count}.{time}.cpu_us_per_delivery");
                figures.add(name, cost.cpu_us())?;
            }
        }
    }
    growth(figures, "webhooks", &lines)?;
    stop(lines).await
}

async fn stop(lines: Vec<Line>) -> Result<(), Failure> {
    for line in lines {
        line.deliver.stop().await?;
    }
    Ok(())
}

/// A report for more and more subscribed webhooks.
async fn fan_out(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for count in [1, 10, 100, 1_000] {
        let line = Line::new(root, count).await?;
        for webhook in &line.webhooks {
            line.world.subscribe(*webhook).await?;
        }
        lines.push(line);
    }
    for round in 0..=ROUNDS {
        for line in &mut lines {
            let events = fanned_out(&mut line.world, line.count)?;
            let cost = invoke(&line.world, &line.deliver, events).await?;
            if round > 0 {
                line.update(cost);
            }
        }
    }
    for Line { count, best, .. } in &lines {
        figures.add(format!("scale.fan_out_{count}.cpu_us_per_delivery"), best.cpu_us())?;
    }
    growth(figures, "fan_out", &lines)?;
    stop(lines).await
}

/// Batches of 1,000 deliveries each, for any number of subscribed webhooks.
fn fanned_out(world: &mut World, count: usize) -> Result<Vec<String>, Failure> {
    let per_event = (1_000 / count).max(1);
    let mut events = Vec::new();
    for _ in 0..FANNED_OUT / (per_event * count) {
        let reports: Vec<_> = (0..per_event).map(|_| report(world.numbers.next(), &[])).collect();
        let messages: Result<Vec<_>, _> =
            reports.chunks(per_event.div_ceil(MESSAGES)).map(message).collect();
        events.push(sqs_event(REPORTS_QUEUE, &messages?));
    }
    Ok(events)
}

/// A backlog of 100,000 reports: an instance that has delivered all of them, and a new one, both with the table
/// that has grown by them; and a new one with an empty table, as the embedded database shares the caches of
/// the machine with the measured function.
async fn backlog(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    let mut old = Line::new(root, 1).await?;
    old.traffic(BACKLOG / (MESSAGES * REPORTS)).await?;
    let (mut first, mut in_empty_table) = (Cost::worst(), Cost::worst());
    for _ in 0..INSTANCES {
        let mut fresh = old.world.start("deliver").await?;
        old.with(&mut fresh, WARM_UP).await?;
        let mut empty = Line::new(root, 1).await?;
        empty.traffic(WARM_UP).await?;
        for _ in 0..ROUNDS / INSTANCES {
            let cost = old.traffic(EVENTS).await?;
            old.update(cost);
            first = first.or(old.with(&mut fresh, EVENTS).await?);
            in_empty_table = in_empty_table.or(empty.traffic(EVENTS).await?);
        }
        fresh.stop().await?;
        empty.deliver.stop().await?;
    }
    let (first, last) = (first.cpu_us(), old.best.cpu_us());
    figures.add("scale.backlog_100000.first.cpu_us_per_delivery", first)?;
    figures.add("scale.backlog_100000.last.cpu_us_per_delivery", last)?;
    figures.add("scale.backlog.growth_percent", (last / first - 1.0) * 100.0)?;
    let name = "scale.backlog_100000.in_empty_table.cpu_us_per_delivery";
    figures.add(name, in_empty_table.cpu_us())?;
    figures.add("scale.backlog_100000.memory_mb", old.deliver.peak_memory_mib()?)?;
    old.deliver.stop().await
}

/// The default quota of webhooks, each with nearly the maximum of expressions, and a report for all of them.
async fn large_webhooks(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    const EXPRESSIONS: usize = 390;
    let mut world = World::new(root).await?;
    let count = Quotas::default().webhooks;
    let expressions = vec!["{{from|slice:1|append:'xx'|upcase}}"; EXPRESSIONS];
    let body = json!({"format": "json", "template": expressions});
    for number in 0..count {
        let webhook = world.new_webhook(number as usize).with("body", body.clone());
        let webhook = world.webhook(webhook).await?;
        world.subscribe(webhook).await?;
    }
    let deliver = world.start("deliver").await?;
    let event = sqs_event(REPORTS_QUEUE, &[message(&[report(world.numbers.next(), &[])])?]);
    let cost = invoke(&world, &deliver, vec![event]).await?;
    if cost.deliveries != u64::from(count) {
        return Err(format!("{} of {count} webhooks got the report", cost.deliveries).into());
    }
    figures.add("scale.large_webhooks.memory_mb", deliver.peak_memory_mib()?)?;
    deliver.stop().await
}
