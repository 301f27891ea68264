//! What a delivery costs, beside what the same requests cost a bare client.

use std::time::{Duration, Instant};

use callhook::ids::WebhookId;

use super::Figures;
use super::limit;
use crate::Failure;
use crate::cloud::REPORTS_QUEUE;
use crate::events::{message, report, sqs_event};
use crate::lambda::Instance;
use crate::world::World;

/// Messages of an event, as the template has it.
pub(crate) const MESSAGES: usize = 10;

/// Of so many measurements the best counts: whatever else the machine does only adds.
pub(crate) const ROUNDS: usize = 5;

/// What some events have cost.
pub(crate) struct Cost {
    pub(crate) cpu: Duration,
    pub(crate) took: Duration,
    pub(crate) deliveries: u64,
}

impl Cost {
    /// What any measurement is better than.
    pub(crate) fn worst() -> Self {
        Self { cpu: Duration::MAX, took: Duration::MAX, deliveries: 1 }
    }

    /// The better of two measurements.
    pub(crate) fn or(self, other: Self) -> Self {
        if other.cpu_us() < self.cpu_us() { other } else { self }
    }

    pub(crate) fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / as_f64(self.deliveries)
    }

    pub(crate) fn per_second(&self) -> f64 {
        as_f64(self.deliveries) / self.took.as_secs_f64()
    }
}

/// Adds the figures of deliver and of its limit.
pub(crate) async fn measure(world: &mut World, figures: &mut Figures) -> Result<(), Failure> {
    let webhooks = world.webhooks(1).await?;
    let deliver = world.start("deliver").await?;
    let (mut one, mut many, mut limit) = (Cost::worst(), Cost::worst(), Cost::worst());
    // In turn, so that all meet the same machine.
    for _ in 0..ROUNDS {
        one = one.or(run(world, &deliver, &webhooks, 1, 200).await?);
        many = many.or(run(world, &deliver, &webhooks, 25, 40).await?);
        let (url, body) = (world.receiver.url("hook"), world.receiver.last());
        limit = limit.or(limit::measure(&url, &body).await?);
    }
    for (name, cost) in [("with_1_report", one), ("with_25_reports", many)] {
        figures.add(format!("deliver.cpu_us_per_delivery.{name}"), cost.cpu_us())?;
        figures.add(format!("deliver.per_second.{name}"), cost.per_second())?;
    }
    figures.add("memory.deliver.mb", deliver.peak_memory_mib()?)?;
    deliver.stop().await?;
    figures.add("limit.cpu_us_per_request", limit.cpu_us())?;
    figures.add("limit.per_second", limit.per_second())?;
    let ours = figures.get("deliver.cpu_us_per_delivery.with_25_reports")?;
    figures.add("deliver.ratio_to_limit", limit.cpu_us() / ours)?;
    let ours = figures.get("deliver.per_second.with_25_reports")?;
    figures.add("deliver.ratio_to_limit.wall", ours / limit.per_second())
}

/// Has `deliver` work on events of [`MESSAGES`] messages with `reports` reports each, which go to
/// `webhooks` in turn.
pub(crate) async fn run(
    world: &mut World,
    deliver: &Instance,
    webhooks: &[WebhookId],
    reports: usize,
    events: usize,
) -> Result<Cost, Failure> {
    let mut turn = webhooks.iter().cycle();
    let mut made = Vec::with_capacity(events);
    for _ in 0..events {
        let mut messages = Vec::with_capacity(MESSAGES);
        for _ in 0..MESSAGES {
            let mut of_message = Vec::with_capacity(reports);
            for _ in 0..reports {
                let webhook: Vec<_> = turn.next().copied().into_iter().collect();
                of_message.push(report(world.numbers.next(), &webhook));
            }
            messages.push(message(&of_message)?);
        }
        made.push(sqs_event(REPORTS_QUEUE, &messages));
    }
    work(world, deliver, made).await
}

/// Has `deliver` work on events, and sees what that costs.
pub(crate) async fn work(
    world: &World,
    deliver: &Instance,
    events: Vec<String>,
) -> Result<Cost, Failure> {
    let (taken, cpu, start) = (world.receiver.taken(), deliver.cpu()?, Instant::now());
    for event in events {
        let answer = deliver.invoke(event).await?.answer;
        if answer != r#"{"batchItemFailures":[]}"#.as_bytes() {
            return Err(format!("not all was delivered: {}", answer.escape_ascii()).into());
        }
    }
    Ok(Cost {
        cpu: deliver.cpu_since(cpu)?,
        took: start.elapsed(),
        deliveries: world.receiver.taken() - taken,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn as_f64(count: u64) -> f64 {
    count as f64
}
