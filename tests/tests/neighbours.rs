//! A client that hangs does not delay the others.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use callhook_tests::cloud::{Account, logged, new_account, unique_id};
use callhook_tests::page;
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::sleep;

const NEIGHBOURS: usize = 50;
/// Reports to each neighbour in a round.
const REPORTS: usize = 8;
/// Reports are handed over one by one, each when its time has come.
const PACE: Duration = Duration::from_millis(80);
/// Of so many reports, one is for the newcomer, who is well or hangs: the load is the same.
const SHARE: u32 = 14;
/// The longest timeout by default; nothing of a round is under way after it.
const TIMEOUT: Duration = Duration::from_secs(15);

struct Neighbourhood {
    account: Account,
    receiver: Receiver,
    webhooks: Vec<String>,
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

    /// How long the neighbours' reports took from being accepted to their arrival, while `newcomer`
    /// gets its share.
    async fn round(&self, newcomer: &str) -> Vec<SignedDuration> {
        let (before, start) = (self.receiver.count(), Instant::now());
        let mut accepted = HashMap::new();
        for (turn, webhook) in (0_u32..).zip((0..REPORTS).flat_map(|_| &self.webhooks)) {
            // Halfway between two others, so that no two reports come at once.
            let newcomers_time = start + PACE * turn;
            if turn.is_multiple_of(SHARE) {
                sleep(newcomers_time.saturating_duration_since(Instant::now())).await;
                self.report(newcomer).await;
            }
            let its_time = newcomers_time + PACE / 2;
            sleep(its_time.saturating_duration_since(Instant::now())).await;
            accepted.insert(self.report(webhook).await, webhook);
        }
        let all = self.receiver.wait_for(before + accepted.len(), SOON).await;
        let mut took = Vec::new();
        for request in all {
            let id = request.header("webhook-id");
            let Some(webhook) = accepted.get(id) else { continue };
            let Ok(arrived) = Timestamp::try_from(request.arrived_at) else { continue };
            // By the clock of `ingest`: the caller learns of its 202 later than some clients of the
            // report.
            let entry = logged(webhook, id, SOON, |_| true).await;
            took.push(arrived.duration_since(entry.received_at));
        }
        took
    }

    async fn report(&self, webhook: &str) -> String {
        self.account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await
    }
}

/// The 95th percentile in milliseconds.
fn p95(times: &mut [SignedDuration]) -> f64 {
    times.sort_unstable();
    let place = times.len() * 95 / 100;
    times.get(place).map_or(f64::NAN, SignedDuration::as_secs_f64) * 1000.0
}

/// `make chaos` measures it, alone and with functions built for release.
#[tokio::test]
#[ignore = "measures: make chaos"]
async fn a_client_that_hangs_does_not_delay_its_neighbours() {
    let neighbourhood = Neighbourhood::new().await;
    let (newcomers, dead) = (Receiver::start().await, Receiver::start().await);
    let well = neighbourhood.account.webhook(&newcomers.url("/")).await;
    neighbourhood.round(&well).await;
    let (mut alone, mut beside, mut requests) = (Vec::new(), Vec::new(), 0);
    for _ in 0..3 {
        alone.extend(neighbourhood.round(&well).await);
        // A new one each time: it has no open circuit yet.
        let hanging = neighbourhood.account.webhook(&dead.url("/hang")).await;
        beside.extend(neighbourhood.round(&hanging).await);
        requests = dead.count();
        let path = format!("/v1/webhooks/{hanging}");
        neighbourhood.account.api.delete(&path).await.expect(204);
        sleep(TIMEOUT + Duration::from_secs(2)).await;
    }
    let all = 3 * REPORTS * NEIGHBOURS;
    assert_eq!((alone.len(), beside.len()), (all, all), "each arrives");
    let (alone, beside) = (p95(&mut alone), p95(&mut beside));
    let growth = (beside / alone - 1.0) * 100.0;
    let figures = format!(
        "p95 while all are well: {alone:.1} ms. Beside a client that hangs, {requests} requests to \
         which were under way for 15 s each: {beside:.1} ms ({growth:+.0} %).",
    );
    println!("{figures}");
    assert!(growth < 25.0, "{figures}");
    page::write("neighbours", &figures);
}
