//! Measures the functions' release binaries as Lambda runs them: an instance with a Runtime API, an
//! embedded DynamoDB, a stand-in for SQS and real HTTP receivers, all on loopback.
//!
//! `make bench` writes docs/benchmarks.md, `make cost` writes docs/cost.md, and `make check` compares
//! with the values in bench/kept.json.

mod cloud;
mod cost;
mod events;
mod figures;
mod http;
mod kept;
mod lambda;
mod page;
mod process;
mod receiver;
mod tls;
mod world;

use std::env;
use std::path::Path;

use crate::figures::Figures;
use crate::world::World;

/// The error of a measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    // reqwest and the servers here use it by default.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no workspace")?;
    // One core runs the servers, the other the function.
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    match *arguments {
        ["loop", url] => figures::limit::run(url),
        ["figures"] => runtime.block_on(all_figures(root)),
        ["kept"] => runtime.block_on(kept::check(root)),
        ["keep"] => runtime.block_on(kept::store(root)),
        ["cost"] => runtime.block_on(cost::measure(root)),
        _ => Err("expected one of: figures, cost, kept, keep".into()),
    }
}

async fn all_figures(root: &Path) -> Result<(), Failure> {
    let mut figures = Figures::default();
    let hello = root.join("target/lambda-release/hello/bootstrap");
    figures::deliver::measure(&mut World::new(root).await?, &mut figures).await?;
    figures::ingest::measure(&mut World::new(root).await?, &mut figures).await?;
    figures::compose::measure(&mut figures)?;
    figures::coldstart::measure(root, &hello, &mut figures).await?;
    figures::scale::measure(root, &mut figures).await?;
    figures::hostile::measure(root, &mut figures).await?;
    figures::page::write(root, &figures)
}
