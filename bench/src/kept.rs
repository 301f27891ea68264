//! Sizes, calls of AWS and instructions of the functions of `make build`, compared with the values
//! recorded in bench/kept.json. None depends on the speed of the machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::Failure;
use crate::cloud::REPORTS_QUEUE;
use crate::events::{FUNCTIONS, bootstrap, sqs_event};
use crate::figures::deliver::{self, MESSAGES};
use crate::figures::{as_f64, ingest, shown};
use crate::lambda::Instance;
use crate::world::World;

type Values = BTreeMap<String, f64>;

/// The allowed ratio to the recorded value.
const TOLERANCE: f64 = 1.10;
const FILE: &str = "bench/kept.json";

/// Fails if a value has grown beyond the tolerance.
pub(crate) async fn check(root: &Path) -> Result<(), Failure> {
    let recorded: Values = serde_json::from_str(&fs::read_to_string(root.join(FILE))?)?;
    let measured = measure(root).await?;
    let mut grown = Vec::new();
    for (name, value) in &measured {
        let known = recorded.get(name).ok_or_else(|| format!("{name} is not in {FILE}"))?;
        writeln!(std::io::stdout(), "{name}: {} (recorded: {})", shown(*value), shown(*known))?;
        if *value > known * TOLERANCE {
            grown.push(format!("{name} has grown from {} to {}", shown(*known), shown(*value)));
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    let advice = "Reduce it, or record the new value with a reason: make keep";
    Err(format!("{}. {advice}", grown.join("; ")).into())
}

/// Stores the measured values.
pub(crate) async fn store(root: &Path) -> Result<(), Failure> {
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
    world.cloud.record_messages();
    // The first round fills the caches.
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

/// The instructions of deliver per delivery: the difference between a short and a long run.
async fn instructions_per_delivery(root: &Path, reports: usize) -> Result<f64, Failure> {
    let mut counts = Vec::with_capacity(2);
    for events in [2, 6] {
        let mut world = World::new(root).await?;
        let webhooks = world.webhooks(1).await?;
        let deliver = Counted::start(root, &world, "deliver").await?;
        let cost = deliver::run(&mut world, &deliver.instance, &webhooks, reports, events).await?;
        counts.push((deliver.instructions().await?, as_f64(cost.deliveries)));
    }
    per_unit(&counts)
}

/// The instructions of ingest for a single report that names a webhook.
async fn instructions_per_report(root: &Path) -> Result<f64, Failure> {
    let mut counts = Vec::with_capacity(2);
    for requests in [20, 120] {
        let mut world = World::new(root).await?;
        let webhooks = world.webhooks(1).await?;
        let ingest = Counted::start(root, &world, "ingest").await?;
        ingest::run(&mut world, &ingest.instance, &webhooks, requests, 1).await?;
        counts.push((ingest.instructions().await?, as_f64(requests as u64)));
    }
    per_unit(&counts)
}

/// The cost of a unit, from the costs and units of two runs.
fn per_unit(counts: &[(f64, f64)]) -> Result<f64, Failure> {
    match *counts {
        [(few, of_few), (many, of_many)] => Ok((many - few) / (of_many - of_few)),
        _ => Err("two runs are needed".into()),
    }
}

/// A function under valgrind, which counts its instructions.
struct Counted {
    instance: Instance,
    output: PathBuf,
}

impl Counted {
    async fn start(root: &Path, world: &World, function: &str) -> Result<Self, Failure> {
        let output = root.join("target/cachegrind.out");
        let mut valgrind = Command::new("valgrind");
        valgrind
            .args(["--tool=cachegrind", "--cache-sim=no", "--quiet"])
            .arg(format!("--cachegrind-out-file={}", output.display()))
            .arg(bootstrap(root, function));
        let started = Instance::start_command(valgrind, &world.cloud.environment()).await;
        let instance = started.map_err(|error| {
            format!("{function} does not run under valgrind (is it installed?): {error}")
        })?;
        Ok(Self { instance, output })
    }

    /// Stops the function; returns its instructions.
    async fn instructions(self) -> Result<f64, Failure> {
        self.instance.terminate().await?;
        let text = fs::read_to_string(&self.output)?;
        let total = text.lines().find_map(|line| line.strip_prefix("summary: "));
        Ok(total.ok_or("valgrind has written no total")?.trim().parse()?)
    }
}
