//! Runs of ingest and deliver with realistic latencies of AWS and receivers, and their usage.

use std::path::Path;
use std::time::Duration;

use callhook::domain::quota::{DeliveriesPerSecond, ReportsPerSecond};
use callhook::testing::LogStream;
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::sleep;

use crate::Failure;
use crate::cloud::{Cloud, REPORTS_QUEUE, RETRIES_QUEUE};
use crate::events::sqs_event;
use crate::figures::deliver::MESSAGES;
use crate::figures::{as_f64, ingest};
use crate::lambda::{BYTES_OF_A_LINE, Instance};
use crate::receiver::Receiver;
use crate::world::World;

/// How a caller submits reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Batching {
    /// One by one.
    Single,
    /// In arrays of 100.
    Batch,
}

/// A run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) batching: Batching,
    /// Webhooks that get each report.
    pub(crate) webhooks: usize,
    /// Whether one of 20 requests fails (5 %).
    pub(crate) failing: bool,
    /// Whether reports come so seldom that each message is a batch of its own.
    pub(crate) quiet: bool,
}

impl Scenario {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let busy = [Batching::Single, Batching::Batch].into_iter().flat_map(|batching| {
            [1, 3].into_iter().flat_map(move |webhooks| {
                let scenario = move |failing| Self { batching, webhooks, failing, quiet: false };
                [false, true].map(scenario)
            })
        });
        let single = Self { batching: Batching::Single, webhooks: 1, failing: false, quiet: true };
        busy.chain([single])
    }
}

/// The usage of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Usage {
    pub(crate) reports: f64,
    pub(crate) deliveries: f64,
    pub(crate) api_requests: f64,
    /// Calls of AWS by the functions, without those of Lambda for them.
    pub(crate) calls: f64,
    pub(crate) sqs_requests: f64,
    pub(crate) invocations: f64,
    pub(crate) billed_ms: f64,
    pub(crate) gb_seconds: f64,
    pub(crate) write_units: f64,
    /// Write units of the journal, which `write_units` does not include.
    pub(crate) journal_units: f64,
    pub(crate) read_units: f64,
    /// Log lines of the functions, and of the API.
    pub(crate) logged_bytes: f64,
    pub(crate) access_bytes: f64,
    /// Metrics of the functions.
    pub(crate) metrics_bytes: f64,
    pub(crate) sent_bytes: f64,
}

/// Reports of a run, and of a quiet run, whose batches come one after the other.
const REPORTS: usize = 1_000;
const QUIET_REPORTS: usize = 200;
/// The latency of receivers.
pub(crate) const RECEIVER: Duration = Duration::from_millis(200);
/// The latency of AWS within a region. Assumed, as it cannot be measured here.
pub(crate) const DYNAMODB: Duration = Duration::from_millis(5);
pub(crate) const SQS: Duration = Duration::from_millis(10);
/// The template's default memory of ingest and deliver, and of stats.
pub(crate) const MEMORY_MB: f64 = 256.0;
const STATS_MEMORY_MB: f64 = 128.0;
/// Changes of the log in a batch of stats: the maximum, which 17 reports a second reach.
const COUNTED: usize = 1_000;
/// The memory at which Lambda gives a function a whole core. Below it gives a share.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
const MEMORY_MB_OF_A_CORE: f64 = 1769.0;
/// The size of a line of the API's access log in the template's format.
const BYTES_OF_AN_ACCESS: u64 = 208;

/// Runs a scenario.
pub(crate) async fn used(root: &Path, scenario: Scenario) -> Result<Usage, Failure> {
    let receiver = Receiver::start(RECEIVER, scenario.failing.then_some(20)).await?;
    let mut world = World::with(root, receiver, Cloud::start(None).await?).await?;
    for webhook in world.webhooks(scenario.webhooks).await? {
        world.subscribe(webhook).await?;
    }
    let quotas = quotas(scenario.batching);
    let ingest = world.start_with("ingest", quotas.clone()).await?;
    let deliver = world.start_with("deliver", quotas).await?;
    let (stats, mut stream) = (world.start("stats").await?, world.cloud.tables.log_stream()?);
    world.cloud.record_messages();
    warm_up(&mut world, &ingest, &deliver).await?;
    count(&mut Usage::default(), &stats, &mut stream, COUNTED).await?;
    world.cloud.set_latencies(DYNAMODB, SQS);
    world.cloud.bill();

    let reports_in_all = if scenario.quiet { QUIET_REPORTS } else { REPORTS };
    let mut usage = Usage { reports: as_f64(reports_in_all as u64), ..Usage::default() };
    let (accepted, bytes) = (world.receiver.accepted(), world.receiver.bytes());
    let logged = ingest.logged() + deliver.logged() + stats.logged();
    let metrics = ingest.metrics() + deliver.metrics() + stats.metrics();
    let reports = if scenario.batching == Batching::Single { 1 } else { ingest::ARRAY };
    let requests = reports_in_all / reports;
    let cpu = ingest.cpu()?;
    let times = ingest::run(&mut world, &ingest, &[], requests, reports).await?;
    usage.bill_invocations(&times, ingest.cpu_since(cpu)?, MEMORY_MB);
    usage.api_requests += as_f64(requests as u64);
    usage.access_bytes += as_f64(requests as u64 * (BYTES_OF_AN_ACCESS + BYTES_OF_A_LINE));

    let messages = world.cloud.messages(REPORTS_QUEUE);
    let together = if scenario.quiet { 1 } else { MESSAGES };
    work(&mut usage, &deliver, REPORTS_QUEUE, messages.chunks(together)).await?;
    loop {
        let retries = world.cloud.messages(RETRIES_QUEUE);
        if retries.is_empty() {
            break;
        }
        sleep(until_due(&retries)?).await;
        // Retries are due at different times, and seldom share a batch.
        work(&mut usage, &deliver, RETRIES_QUEUE, retries.chunks(1)).await?;
    }

    let counted = if scenario.quiet { 1 } else { COUNTED };
    count(&mut usage, &stats, &mut stream, counted).await?;

    let bill = world.cloud.bill();
    usage.calls = as_f64(bill.total_calls());
    usage.sqs_requests += as_f64(bill.sqs_requests);
    usage.write_units = bill.write_units;
    usage.journal_units = bill.journal_units;
    usage.read_units = bill.read_units;
    let logged = ingest.logged() + deliver.logged() + stats.logged() - logged;
    usage.logged_bytes += as_f64(logged);
    let metrics = ingest.metrics() + deliver.metrics() + stats.metrics() - metrics;
    usage.metrics_bytes = as_f64(metrics);
    usage.deliveries = as_f64(world.receiver.accepted() - accepted);
    usage.sent_bytes = as_f64(world.receiver.bytes() - bytes);
    let wanted = reports_in_all * scenario.webhooks;
    if world.receiver.accepted() - accepted != wanted as u64 {
        return Err(format!("{} of {wanted} arrived", usage.deliveries).into());
    }
    ingest.stop().await?;
    deliver.stop().await?;
    stats.stop().await?;
    Ok(usage)
}

/// The quotas of ingest and deliver: the template's defaults, and the highest ones for arrays, which come
/// here faster than the default allows.
fn quotas(batching: Batching) -> Vec<(&'static str, String)> {
    let (reports, deliveries) = match batching {
        Batching::Single => (500, 1_000),
        Batching::Batch => (ReportsPerSecond::MAX, DeliveriesPerSecond::MAX),
    };
    vec![
        ("DEFAULT_REPORTS_PER_SECOND", reports.to_string()),
        ("DEFAULT_DELIVERIES_PER_SECOND", deliveries.to_string()),
    ]
}

/// Invokes stats with the changes of the log, `together` at a time. Lambda reads the stream free of charge.
async fn count(
    usage: &mut Usage,
    stats: &Instance,
    stream: &mut LogStream,
    together: usize,
) -> Result<(), Failure> {
    let (cpu, mut times) = (stats.cpu()?, Vec::new());
    while let Some(event) = stream.next(together)? {
        times.push(stats.invoke(event.to_string()).await?.took);
    }
    usage.bill_invocations(&times, stats.cpu_since(cpu)?, STATS_MEMORY_MB);
    Ok(())
}

/// Fills connections and caches.
async fn warm_up(world: &mut World, ingest: &Instance, deliver: &Instance) -> Result<(), Failure> {
    ingest::run(world, ingest, &[], 10, 1).await?;
    deliver.invoke(sqs_event(REPORTS_QUEUE, &world.cloud.messages(REPORTS_QUEUE))).await?;
    world.cloud.messages(RETRIES_QUEUE);
    Ok(())
}

async fn work(
    usage: &mut Usage,
    deliver: &Instance,
    queue: &str,
    events: std::slice::Chunks<'_, String>,
) -> Result<(), Failure> {
    let (cpu, mut times) = (deliver.cpu()?, Vec::new());
    for messages in events {
        let invoked = deliver.invoke(sqs_event(queue, messages)).await?;
        if invoked.answer != br#"{"batchItemFailures":[]}"#.as_slice() {
            return Err(format!("some messages failed: {}", invoked.answer.escape_ascii()).into());
        }
        times.push(invoked.took);
        // Lambda receives the messages, up to 64 KB per request, and deletes them.
        let bytes: usize = messages.iter().map(String::len).sum();
        usage.sqs_requests += as_f64(bytes.div_ceil(64 * 1024).max(1) as u64) + 1.0;
    }
    usage.bill_invocations(&times, deliver.cpu_since(cpu)?, MEMORY_MB);
    Ok(())
}

impl Usage {
    /// Lambda bills elapsed time in whole milliseconds. CPU time is scaled, as a function has only a share of
    /// a core, and here a whole one.
    fn bill_invocations(&mut self, times: &[Duration], cpu: Duration, memory_mb: f64) {
        let count = as_f64(times.len() as u64);
        let slower = cpu.as_secs_f64() / count * (MEMORY_MB_OF_A_CORE / memory_mb - 1.0);
        let billed = |time: &Duration| ((time.as_secs_f64() + slower) * 1e3).ceil();
        let billed_ms: f64 = times.iter().map(billed).sum();
        self.invocations += count;
        self.billed_ms += billed_ms;
        self.gb_seconds += billed_ms / 1e3 * memory_mb / 1024.0;
    }
}

/// The time until all of `messages` are due.
fn until_due(messages: &[String]) -> Result<Duration, Failure> {
    let mut wait = Duration::ZERO;
    for message in messages {
        let message: Value = serde_json::from_str(message)?;
        let due: Timestamp = serde_json::from_value(
            message.get("due_at").cloned().unwrap_or_default(),
        )
        .or_else(|_| {
            let ms = message.get("due_at").and_then(Value::as_i64).unwrap_or_default();
            Timestamp::from_millisecond(ms)
        })?;
        wait = wait.max(due.duration_since(Timestamp::now()).try_into().unwrap_or_default());
    }
    Ok(wait + Duration::from_millis(50))
}
