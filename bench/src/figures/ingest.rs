//! What it costs to take a report.

use std::time::Duration;

use callhook::ids::WebhookId;
use serde_json::Value;

use super::deliver::as_f64;
use super::{Figures, percentile};
use crate::Failure;
use crate::events::{Caller, api_event, report};
use crate::lambda::Instance;
use crate::world::World;

/// Reports in an array.
pub(crate) const ARRAY: usize = 100;
const SINGLES: usize = 3_000;
const ARRAYS: usize = 150;

/// Adds the figures of ingest.
pub(crate) async fn measure(world: &mut World, figures: &mut Figures) -> Result<(), Failure> {
    let webhooks = world.webhooks(1).await?;
    let ingest = world.start("ingest").await?;
    for (name, requests, reports) in [("single", SINGLES, 1), ("batch", ARRAYS, ARRAY)] {
        run(world, &ingest, &webhooks, requests / 10, reports).await?;
        let cpu = ingest.cpu()?;
        let times = run(world, &ingest, &webhooks, requests, reports).await?;
        let cpu = ingest.cpu_since(cpu)?.as_secs_f64() * 1e6;
        let count = as_f64((requests * reports) as u64);
        figures.add(format!("ingest.cpu_us_per_report.{name}"), cpu / count)?;
        let mut times: Vec<_> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        if reports == 1 {
            figures.add("ingest.p50_ms", percentile(&mut times, 50))?;
            figures.add("ingest.p99_ms", percentile(&mut times, 99))?;
        }
    }
    figures.add("memory.ingest.mb", ingest.peak_memory_mib()?)?;
    ingest.stop().await
}

/// Has `ingest` take requests of `reports` reports each; how long each took inside the function.
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
            return Err(format!("it was not taken: {}", invoked.answer.escape_ascii()).into());
        }
        times.push(invoked.took);
    }
    Ok(times)
}
