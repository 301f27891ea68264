//! What must not grow without anyone noticing: sizes, calls of AWS and instructions, against what
//! was recorded in bench/kept.json. None of it depends on how fast the machine is.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::Failure;
use crate::cloud::REPORTS_QUEUE;
use crate::events::{FUNCTIONS, bootstrap, sqs_event};
use crate::figures::deliver::{self, MESSAGES, as_f64};
use crate::figures::{ingest, shown};
use crate::lambda::Instance;
use crate::world::World;

type Values = BTreeMap<String, f64>;

/// How much more than what was recorded is let pass.
const ROOM: f64 = 1.10;
const FILE: &str = "bench/kept.json";
/// The most that a function's binary may weigh, in MB: a cold start reads it.
const MAX_BINARY_MB: f64 = 15.0;

/// Fails if something has grown.
pub(crate) async fn check(root: &Path) -> Result<(), Failure> {
    let recorded: Values = serde_json::from_str(&fs::read_to_string(root.join(FILE))?)?;
    let measured = measure(root).await?;
    let mut grown = Vec::new();
    for (name, value) in &measured {
        let known = recorded.get(name).ok_or_else(|| format!("{name} is not in {FILE}"))?;
        writeln!(std::io::stdout(), "{name}: {} (recorded: {})", shown(*value), shown(*known))?;
        if *value > known * ROOM {
            grown.push(format!("{name} has grown from {} to {}", shown(*known), shown(*value)));
        }
    }
    for (name, size) in measured.iter().filter(|(name, _)| name.starts_with("size.")) {
        if *size > MAX_BINARY_MB {
            grown.push(format!("{name} is {} and may be {MAX_BINARY_MB}", shown(*size)));
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    let advice = "Make it lean again, or say why it must be so and record it: make keep";
    Err(format!("{}. {advice}", grown.join("; ")).into())
}

/// Records what is measured now.
pub(crate) async fn record(root: &Path) -> Result<(), Failure> {
    let measured = measure(root).await?;
    Ok(fs::write(root.join(FILE), serde_json::to_string_pretty(&measured)? + "\n")?)
}

async fn measure(root: &Path) -> Result<Values, Failure> {
    let mut values = Values::new();
    for function in FUNCTIONS {
        let bytes = fs::metadata(bootstrap(root, function))?.len();
        values.insert(format!("size.{function}.mb"), as_f64(bytes) / 1e6);
    }
    for (name, requests, reports) in [("single", 200, 1), ("batch", 2, ingest::ARRAY)] {
        let calls = calls_per_report(root, requests, reports).await?;
        values.insert(format!("calls_per_report.{name}"), calls);
    }
    for (name, reports) in [("with_1_report", 1), ("with_25_reports", 25)] {
        let instructions = instructions_per_delivery(root, reports).await?;
        values.insert(format!("deliver.instructions_per_delivery.{name}"), instructions);
    }
    let instructions = instructions_per_report(root).await?;
    values.insert("ingest.instructions_per_report.single".to_owned(), instructions);
    Ok(values)
}

/// The calls of AWS that ingest, deliver and stats make for a report to one webhook.
async fn calls_per_report(root: &Path, requests: usize, reports: usize) -> Result<f64, Failure> {
    let mut world = World::new(root).await?;
    for webhook in world.webhooks(1).await? {
        world.subscribe(webhook).await?;
    }
    let (ingest, deliver) = (world.start("ingest").await?, world.start("deliver").await?);
    let (stats, mut stream) = (world.start("stats").await?, world.cloud.tables.log_stream()?);
    world.cloud.keep_messages();
    // What is remembered is not asked for again.
    for is_measured in [false, true] {
        world.cloud.bill();
        let count = if is_measured { requests } else { 1 };
        ingest::run(&mut world, &ingest, &[], count, reports).await?;
        for messages in world.cloud.messages(REPORTS_QUEUE).chunks(MESSAGES) {
            deliver.invoke(sqs_event(REPORTS_QUEUE, messages)).await?;
        }
        while let Some(changes) = stream.next(requests * reports)? {
            stats.invoke(changes.to_string()).await?;
        }
    }
    let calls = world.cloud.bill().total_calls();
    for instance in [ingest, deliver, stats] {
        instance.stop().await?;
    }
    Ok(as_f64(calls) / as_f64((requests * reports) as u64))
}

/// The instructions that deliver runs for a delivery: the difference between a run of few events
/// and one of more.
async fn instructions_per_delivery(root: &Path, reports: usize) -> Result<f64, Failure> {
    let mut counts = Vec::with_capacity(2);
    for events in [4, 12] {
        let mut world = World::new(root).await?;
        let webhooks = world.webhooks(1).await?;
        let deliver = Counted::start(root, &world, "deliver").await?;
        let cost = deliver::run(&mut world, &deliver.instance, &webhooks, reports, events).await?;
        counts.push((deliver.instructions().await?, as_f64(cost.deliveries)));
    }
    per_piece(&counts)
}

/// The instructions that ingest runs for a report that comes alone, to a webhook it names.
async fn instructions_per_report(root: &Path) -> Result<f64, Failure> {
    let mut counts = Vec::with_capacity(2);
    for requests in [20, 120] {
        let mut world = World::new(root).await?;
        let webhooks = world.webhooks(1).await?;
        let ingest = Counted::start(root, &world, "ingest").await?;
        ingest::run(&mut world, &ingest.instance, &webhooks, requests, 1).await?;
        counts.push((ingest.instructions().await?, as_f64(requests as u64)));
    }
    per_piece(&counts)
}

/// What a piece costs, of what two runs have cost and how many pieces they were.
fn per_piece(counts: &[(f64, f64)]) -> Result<f64, Failure> {
    match *counts {
        [(few, of_few), (many, of_many)] => Ok((many - few) / (of_many - of_few)),
        _ => Err("two runs are compared".into()),
    }
}

/// A function below valgrind, which counts the instructions of its whole life.
struct Counted {
    instance: Instance,
    output: PathBuf,
}

impl Counted {
    async fn start(root: &Path, world: &World, function: &str) -> Result<Self, Failure> {
        let output = root.join("target/callgrind.out");
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--tool=callgrind", "--quiet"])
            .arg(format!("--callgrind-out-file={}", output.display()))
            .arg(bootstrap(root, function));
        let started = Instance::start_by(valgrind, &world.cloud.environment()).await;
        let instance = started.map_err(|error| {
            format!("{function} does not run under valgrind (is it installed?): {error}")
        })?;
        Ok(Self { instance, output })
    }

    /// Ends it.
    async fn instructions(self) -> Result<f64, Failure> {
        self.instance.end().await?;
        let text = fs::read_to_string(&self.output)?;
        let total = text.lines().find_map(|line| {
            line.strip_prefix("summary: ").or_else(|| line.strip_prefix("totals: "))
        });
        Ok(total.ok_or("valgrind has written no total")?.trim().parse()?)
    }
}
