//! Receivers that hang, or whose names never resolve, do not delay other accounts.

use std::collections::HashMap;
use std::time::Duration;

use callhook_tests::cloud::{Account, logged, new_account, nothing_is_in_flight, unique_id};
use callhook_tests::page;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

const NEIGHBOURS: usize = 50;
/// Reports to each neighbour per round.
const REPORTS: usize = 8;
/// The interval between reports.
const PACE: Duration = Duration::from_millis(80);
/// One in this many reports is for the newcomer, whether healthy or not, so that the load is the same.
const SHARE: u32 = 14;
/// Host names of a newcomer, and how many of them get each report.
const NAMES: usize = 40;
const NAMES_A_REPORT: usize = 4;

struct Neighbourhood {
    account: Account,
    receiver: Receiver,
    webhooks: Vec<String>,
}

/// An account that gets a share of the reports beside the neighbours.
struct Newcomer {
    account: Account,
    webhooks: Vec<String>,
    /// How many webhooks get each report.
    each: usize,
}

impl Newcomer {
    /// Creates an account with a webhook for each of `urls`.
    async fn new(urls: impl IntoIterator<Item = String>, each: usize) -> Self {
        let account = new_account().await;
        let mut webhooks = Vec::new();
        for url in urls {
            webhooks.push(account.webhook(&url).await);
        }
        Self { account, webhooks, each }
    }

    async fn report(&self, turn: usize) {
        let to = self.webhooks.iter().cycle().skip(turn * self.each).take(self.each);
        let to: Vec<_> = to.collect();
        self.account.report(&json!({"id": unique_id(), "webhook_ids": to})).await;
    }

    async fn leave(self) {
        for webhook in &self.webhooks {
            self.account.api.delete(&format!("/v1/webhooks/{webhook}")).await.expect(204);
        }
    }
}

impl Neighbourhood {
    async fn new() -> Self {
        let (account, receiver) = (new_account().await, Receiver::start().await);
        let mut webhooks = Vec::new();
        for i in 0..NEIGHBOURS {
            webhooks.push(account.webhook(&receiver.url(&format!("/{i}"))).await);
        }
        Self { account, receiver, webhooks }
    }

    /// Measures the time from acceptance to arrival of the neighbours' reports, while `newcomer` gets its
    /// share.
    async fn round(&self, newcomer: &Newcomer) -> Vec<SignedDuration> {
        let (before, start) = (self.receiver.count(), Instant::now());
        let mut accepted = HashMap::new();
        for (turn, webhook) in (0_u32..).zip((0..REPORTS).flat_map(|_| &self.webhooks)) {
            // The pauses make the load: a report of the newcomer comes halfway between two others.
            let newcomers_time = start + PACE * turn;
            if turn.is_multiple_of(SHARE) {
                sleep_until(newcomers_time).await;
                newcomer.report((turn / SHARE) as usize).await;
            }
            sleep_until(newcomers_time + PACE / 2).await;
            let report = json!({"id": unique_id(), "webhook_id": webhook});
            accepted.insert(self.account.report(&report).await, webhook);
        }
        let all = self.receiver.wait_for(before + accepted.len(), SOON).await;
        let mut took = Vec::new();
        for request in all {
            let id = request.header("webhook-id");
            let Some(webhook) = accepted.get(id) else { continue };
            let Ok(arrived) = Timestamp::try_from(request.arrived_at) else { continue };
            // By the clock of `ingest`: a receiver may get the report before the caller gets its 202.
            let entry = logged(webhook, id, SOON, |entry| entry.state.has_ended()).await;
            // One attempt with success: no circuit of a neighbour has opened.
            let codes: Vec<_> = entry.attempts.iter().map(|attempt| attempt.status_code).collect();
            assert_eq!(codes, [Some(200)], "a neighbour is healthy");
            took.push(arrived.duration_since(entry.received_at));
        }
        took
    }

    /// Measures rounds beside healthy newcomers and beside unhealthy ones; returns a row of the page.
    async fn compare(
        &self,
        what: &str,
        healthy: impl AsyncFn() -> Newcomer,
        unhealthy: impl AsyncFn() -> Newcomer,
    ) -> String {
        let (mut baseline, mut loaded) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            // New accounts each time, which have no open circuit.
            let newcomer = healthy().await;
            baseline.extend(self.round(&newcomer).await);
            newcomer.leave().await;
            let newcomer = unhealthy().await;
            loaded.extend(self.round(&newcomer).await);
            newcomer.leave().await;
            nothing_is_in_flight(SOON).await;
        }
        let all = 3 * REPORTS * NEIGHBOURS;
        assert_eq!((baseline.len(), loaded.len()), (all, all), "every report arrives");
        let (baseline, loaded) = (p95(&mut baseline), p95(&mut loaded));
        let growth = (loaded / baseline - 1.0) * 100.0;
        let row = format!(
            "{what}: p95 {baseline:.1} ms while all are healthy, {loaded:.1} ms beside it ({growth:+.0} %); of {} reports to \
             neighbours none was lost or needed a second attempt.",
            2 * all
        );
        assert!(growth < 25.0, "{row}");
        row
    }
}

/// The 95th percentile in milliseconds.
fn p95(times: &mut [SignedDuration]) -> f64 {
    times.sort_unstable();
    let index = times.len() * 95 / 100;
    times.get(index).map_or(f64::NAN, SignedDuration::as_secs_f64) * 1000.0
}

/// `make chaos` runs it alone, as it measures time.
#[tokio::test]
#[ignore = "measures: make chaos"]
async fn a_receiver_that_hangs_does_not_delay_other_accounts() {
    let neighbourhood = Neighbourhood::new().await;
    let newcomers = Receiver::start().await;
    let one = async |path: &str| Newcomer::new([newcomers.url(path)], 1).await;
    // Starts the instances.
    neighbourhood.round(&one("/").await).await;
    let what = "a receiver hangs for 15 s";
    let row = neighbourhood.compare(what, async || one("/").await, async || one("/hang").await);
    let row = row.await;
    println!("{row}");
    page::write("neighbours", &row);
}

/// `make chaos` runs it alone, as it measures time.
#[tokio::test]
#[ignore = "measures: make chaos"]
async fn names_that_never_resolve_do_not_delay_other_accounts() {
    let neighbourhood = Neighbourhood::new().await;
    let newcomers = Receiver::start().await;
    let port = newcomers.url("").rsplit_once(':').expect("a port").1.to_owned();
    let many = async |domain: &str| {
        let url = |i| format!("http://{i}.{domain}:{port}/");
        Newcomer::new((0..NAMES).map(url), NAMES_A_REPORT).await
    };
    neighbourhood.round(&many("up.test").await).await;
    let what = "DNS never answers for one account";
    let (healthy, unhealthy) = (async || many("up.test").await, async || many("silent.test").await);
    let row = neighbourhood.compare(what, healthy, unhealthy).await;
    println!("{row}");
    page::write("names", &row);
}
