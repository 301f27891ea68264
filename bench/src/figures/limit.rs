//! The limit for any sender: a loop in a process of its own that only sends the same bodies to the same
//! receiver.

use std::env;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::task::JoinSet;

use super::Cost;
use crate::{Failure, process};

/// Requests, and how many of them in flight: as many as the deliveries of a batch.
const REQUESTS: usize = 20_000;
const TOGETHER: usize = 250;

/// Runs the loop in a process of its own.
pub(crate) async fn measure(url: &str, body: &[u8]) -> Result<Cost, Failure> {
    let mut child = Command::new(env::current_exe()?)
        .args(["loop", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut input = child.stdin.take().ok_or("the loop has no input")?;
    input.write_all(body).await?;
    drop(input);
    let output = child.wait_with_output().await?;
    let text = String::from_utf8(output.stdout)?;
    let (cpu, took) = text.trim().split_once(' ').ok_or("the loop failed")?;
    Ok(Cost {
        cpu: Duration::from_nanos(cpu.parse()?),
        took: Duration::from_nanos(took.parse()?),
        deliveries: REQUESTS as u64,
    })
}

/// The loop itself.
pub(crate) fn run(url: &str) -> Result<(), Failure> {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    let body = Bytes::from(body);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build()?;
        send(&client, url, &body, TOGETHER).await?;
        let (cpu, start) = (process::cpu(std::process::id())?, Instant::now());
        for _ in 0..REQUESTS / TOGETHER {
            send(&client, url, &body, TOGETHER).await?;
        }
        let cpu = process::cpu(std::process::id())?.saturating_sub(cpu);
        writeln!(std::io::stdout(), "{} {}", cpu.as_nanos(), start.elapsed().as_nanos())?;
        Ok(())
    })
}

async fn send(
    client: &reqwest::Client,
    url: &str,
    body: &Bytes,
    count: usize,
) -> Result<(), Failure> {
    let mut requests = JoinSet::new();
    for _ in 0..count {
        let request = client.post(url).header("content-type", "application/json");
        let request = request.body(body.clone()).send();
        requests.spawn(async move { request.await?.error_for_status()?.bytes().await });
    }
    while let Some(sent) = requests.join_next().await {
        sent??;
    }
    Ok(())
}
