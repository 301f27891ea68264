//! The cost of a delivery, compared with the same requests of a bare HTTP client.

use std::time::Instant;

use callhook::domain::ids::WebhookId;

use super::{Cost, Figures, limit};
use crate::Failure;
use crate::cloud::REPORTS_QUEUE;
use crate::events::{message, report, sqs_event};
use crate::lambda::Instance;
use crate::world::World;

/// Messages of a batch, as in the template.
pub(crate) const MESSAGES: usize = 10;

/// Measurements, of which the best counts: other load only adds time.
pub(crate) const ROUNDS: usize = 5;

/// Adds the figures of deliver and of its limit.
pub(crate) async fn measure(world: &mut World, figures: &mut Figures) -> Result<(), Failure> {
    let webhooks = world.webhooks(1).await?;
    let deliver = world.start("deliver").await?;
    let (mut one, mut many, mut limit) = (Cost::worst(), Cost::worst(), Cost::worst());
    // Alternately, so that all run under the same conditions.
    for _ in 0..ROUNDS {
        one = one.or(run(world, &deliver, &webhooks, 1, 200).await?);
        many = many.or(run(world, &deliver, &webhooks, 25, 40).await?);
        let (url, body) = (world.receiver.url("hook"), world.receiver.last_body());
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

/// Invokes `deliver` with batches of [`MESSAGES`] messages with `reports` reports each, for `webhooks` in
/// turn; returns the cost.
pub(crate) async fn run(
    world: &mut World,
    deliver: &Instance,
    webhooks: &[WebhookId],
    reports: usize,
    events: usize,
) -> Result<Cost, Failure> {
    let mut turn = webhooks.iter().cycle();
    let mut all = Vec::with_capacity(events);
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
        all.push(sqs_event(REPORTS_QUEUE, &messages));
    }
    invoke(world, deliver, all).await
}

/// Invokes `deliver` with `events`; returns the cost.
pub(crate) async fn invoke(
    world: &World,
    deliver: &Instance,
    events: Vec<String>,
) -> Result<Cost, Failure> {
    let (accepted, cpu, start) = (world.receiver.accepted(), deliver.cpu()?, Instant::now());
    for event in events {
        let answer = deliver.invoke(event).await?.answer;
        if answer != r#"{"batchItemFailures":[]}"#.as_bytes() {
            return Err(format!("not all was delivered: {}", answer.escape_ascii()).into());
        }
    }
    Ok(Cost {
        cpu: deliver.cpu_since(cpu)?,
        took: start.elapsed(),
        deliveries: world.receiver.accepted() - accepted,
    })
}
