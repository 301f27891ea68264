//! The cost of accepting a report.

use std::time::Duration;

use callhook::domain::ids::WebhookId;
use serde_json::Value;

use super::deliver::ROUNDS;
use super::{Figures, as_f64, percentile};
use crate::Failure;
use crate::events::{Caller, api_event, report};
use crate::lambda::Instance;
use crate::world::World;

/// Reports in an array.
pub(crate) const ARRAY: usize = 100;
/// Requests per round.
const SINGLES: usize = 1_000;
const ARRAYS: usize = 50;

/// Adds the figures of ingest: the best CPU time of some rounds, and the latencies of all.
pub(crate) async fn measure(world: &mut World, figures: &mut Figures) -> Result<(), Failure> {
    let webhooks = world.webhooks(1).await?;
    let ingest = world.start("ingest").await?;
    let (mut single, mut batch, mut times) = (f64::MAX, f64::MAX, Vec::new());
    run(world, &ingest, &webhooks, SINGLES / 10, 1).await?;
    // Alternately, so that both run under the same conditions.
    for _ in 0..ROUNDS {
        let (cpu_us, took) = round(world, &ingest, &webhooks, SINGLES, 1).await?;
        single = single.min(cpu_us);
        times.extend(took.iter().map(|time| time.as_secs_f64() * 1e3));
        batch = batch.min(round(world, &ingest, &webhooks, ARRAYS, ARRAY).await?.0);
    }
    figures.add("ingest.cpu_us_per_report.single", single)?;
    figures.add("ingest.p50_ms", percentile(&mut times, 50))?;
    figures.add("ingest.p99_ms", percentile(&mut times, 99))?;
    figures.add("ingest.cpu_us_per_report.batch", batch)?;
    figures.add("memory.ingest.mb", ingest.peak_memory_mib()?)?;
    ingest.stop().await
}

/// Runs a round; returns the CPU time per report in microseconds, and the time of each request.
async fn round(
    world: &mut World,
    ingest: &Instance,
    webhooks: &[WebhookId],
    requests: usize,
    reports: usize,
) -> Result<(f64, Vec<Duration>), Failure> {
    let cpu = ingest.cpu()?;
    let times = run(world, ingest, webhooks, requests, reports).await?;
    let cpu_us = ingest.cpu_since(cpu)?.as_secs_f64() * 1e6;
    Ok((cpu_us / as_f64((requests * reports) as u64), times))
}

/// Invokes `ingest` with requests of `reports` reports each; returns the time of each invocation.
pub(crate) async fn run(
    world: &mut World,
    ingest: &Instance,
    webhooks: &[WebhookId],
    requests: usize,
    reports: usize,
) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::with_capacity(requests);
    for _ in 0..requests {
        let mut of_request: Vec<Value> =
            (0..reports).map(|_| report(world.numbers.next(), webhooks)).collect();
        let body = match (of_request.pop(), of_request.is_empty()) {
            (Some(only), true) => only.to_string(),
            (last, _) => {
                of_request.extend(last);
                Value::Array(of_request).to_string()
            }
        };
        let event = api_event(Caller::Account, "POST", "/v1/reports", &body);
        let invoked = ingest.invoke(event).await?;
        if !invoked.answer.starts_with(br#"{"statusCode":202"#) {
            return Err(format!("not accepted: {}", invoked.answer.escape_ascii()).into());
        }
        times.push(invoked.took);
    }
    Ok(times)
}
