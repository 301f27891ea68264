//! A run of ingest and deliver with AWS and clients as slow as they are, and all that it uses.

use std::path::Path;
use std::time::Duration;

use callhook::quota::{DeliveriesPerSecond, ReportsPerSecond};
use callhook::testing::LogStream;
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::sleep;

use crate::Failure;
use crate::cloud::{Cloud, REPORTS_QUEUE, RETRIES_QUEUE};
use crate::events::sqs_event;
use crate::figures::deliver::{MESSAGES, as_f64};
use crate::figures::ingest;
use crate::lambda::{BYTES_OF_A_LINE, Instance};
use crate::receiver::Receiver;
use crate::world::World;

/// How reports are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handover {
    /// One by one.
    Single,
    /// In arrays of 100.
    Batch,
}

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) handover: Handover,
    /// That want each report.
    pub(crate) webhooks: usize,
    /// Whether one of 20 requests fails (5 %).
    pub(crate) failing: bool,
    /// Whether reports come so seldom that each message is an event of its own.
    pub(crate) quiet: bool,
}

impl Scenario {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let busy = [Handover::Single, Handover::Batch].into_iter().flat_map(|handover| {
            [1, 3].into_iter().flat_map(move |webhooks| {
                let scenario = move |failing| Self { handover, webhooks, failing, quiet: false };
                [false, true].map(scenario)
            })
        });
        let single = Self { handover: Handover::Single, webhooks: 1, failing: false, quiet: true };
        busy.chain([single])
    }
}

/// What a run has used.
#[derive(Debug, Default, Clone)]
pub(crate) struct Usage {
    pub(crate) reports: f64,
    pub(crate) deliveries: f64,
    pub(crate) api_requests: f64,
    /// Calls of AWS by the functions; what Lambda calls for them is not among them.
    pub(crate) calls: f64,
    pub(crate) sqs_requests: f64,
    pub(crate) invocations: f64,
    pub(crate) billed_ms: f64,
    pub(crate) gb_seconds: f64,
    pub(crate) write_units: f64,
    /// For the journal; the others are not for it.
    pub(crate) journal_units: f64,
    pub(crate) read_units: f64,
    /// By the functions, and by the API.
    pub(crate) logged_bytes: f64,
    pub(crate) access_bytes: f64,
    /// Of the functions' metrics.
    pub(crate) metrics_bytes: f64,
    pub(crate) sent_bytes: f64,
}

/// Reports of a run, and of a quiet one, whose events come one after the other.
const REPORTS: usize = 1_000;
const QUIET_REPORTS: usize = 200;
/// What clients take to answer.
pub(crate) const CLIENT: Duration = Duration::from_millis(200);
/// What AWS takes within a region: assumed, since it cannot be measured here.
pub(crate) const DYNAMODB: Duration = Duration::from_millis(5);
pub(crate) const SQS: Duration = Duration::from_millis(10);
/// The template's defaults: of ingest and deliver, and of stats.
pub(crate) const MEMORY_MB: f64 = 256.0;
const STATS_MEMORY_MB: f64 = 128.0;
/// Changes of the log that are counted together: a batch at the most, as when 17 reports come in a second.
const COUNTED: usize = 1_000;
/// Lambda gives a function a whole core at this much memory, and parts of it below.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
const MEMORY_MB_OF_A_CORE: f64 = 1769.0;
/// A line of the API's access log, as the template formats it.
const BYTES_OF_AN_ACCESS: u64 = 208;

/// Runs a scenario.
pub(crate) async fn used(root: &Path, scenario: Scenario) -> Result<Usage, Failure> {
    let receiver = Receiver::start(CLIENT, scenario.failing.then_some(20)).await?;
    let mut world = World::with(root, receiver, Cloud::start(None).await?).await?;
    for webhook in world.webhooks(scenario.webhooks).await? {
        world.subscribe(webhook).await?;
    }
    let quotas = quotas(scenario.handover);
    let ingest = world.start_with("ingest", quotas.clone()).await?;
    let deliver = world.start_with("deliver", quotas).await?;
    let (stats, mut stream) = (world.start("stats").await?, world.cloud.tables.log_stream()?);
    world.cloud.keep_messages();
    warm_up(&mut world, &ingest, &deliver).await?;
    count(&mut Usage::default(), &stats, &mut stream, COUNTED).await?;
    world.cloud.take(DYNAMODB, SQS);
    world.cloud.bill();

    let reports_in_all = if scenario.quiet { QUIET_REPORTS } else { REPORTS };
    let mut usage = Usage { reports: as_f64(reports_in_all as u64), ..Usage::default() };
    let (taken, bytes) = (world.receiver.taken(), world.receiver.bytes());
    let logged = ingest.logged() + deliver.logged() + stats.logged();
    let metrics = ingest.metrics() + deliver.metrics() + stats.metrics();
    let reports = if scenario.handover == Handover::Single { 1 } else { ingest::ARRAY };
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
        // They come when each is due, and seldom together.
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
    usage.deliveries = as_f64(world.receiver.taken() - taken);
    usage.sent_bytes = as_f64(world.receiver.bytes() - bytes);
    let wanted = reports_in_all * scenario.webhooks;
    if world.receiver.taken() - taken != wanted as u64 {
        return Err(format!("{} of {wanted} arrived", usage.deliveries).into());
    }
    ingest.stop().await?;
    deliver.stop().await?;
    stats.stop().await?;
    Ok(usage)
}

/// What ingest and deliver are told of quotas: the template's defaults. Arrays come here without a pause,
/// which a default account could not hand over; they come under the highest quotas.
fn quotas(handover: Handover) -> Vec<(&'static str, String)> {
    let (reports, deliveries) = match handover {
        Handover::Single => (500, 1_000),
        Handover::Batch => (ReportsPerSecond::MAX, DeliveriesPerSecond::MAX),
    };
    vec![
        ("DEFAULT_REPORTS_PER_SECOND", reports.to_string()),
        ("DEFAULT_DELIVERIES_PER_SECOND", deliveries.to_string()),
    ]
}

/// Has changes of the log counted, `together` at a time. Lambda reads the stream without a charge.
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

/// Fills what is filled when a function works: connections and what it remembers.
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
            return Err(format!("some came back: {}", invoked.answer.escape_ascii()).into());
        }
        times.push(invoked.took);
        // Lambda receives the messages, up to 64 KB for a request, and deletes them.
        let bytes: usize = messages.iter().map(String::len).sum();
        usage.sqs_requests += as_f64(bytes.div_ceil(64 * 1024).max(1) as u64) + 1.0;
    }
    usage.bill_invocations(&times, deliver.cpu_since(cpu)?, MEMORY_MB);
    Ok(())
}

impl Usage {
    /// Lambda bills what passes, in whole milliseconds. What the machine here does on a core of its
    /// own takes as much longer as the function's share of a core is smaller.
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

/// How long until all of `messages` are due.
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
