//! One row of the table: a load, a fault in it, and what may come of that.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::load::{Balance, Load};
use super::repeat::{Crash, Repeat};
use crate::cloud::{cloud_pid, setting};
use crate::receiver::Answer;
use crate::wait::{SOON, until};

/// What fails.
pub enum Fault {
    /// The client, in the way of this path; it stays so.
    Client(&'static str),
    /// The client, in the way of this path, until it is mended.
    ClientUntilMended(&'static str),
    /// A call of a function to AWS, once or until it ends: a rule of the fault layer.
    Call(Value),
    /// The same, with a client that refuses every report once, so that retries are queued.
    CallAndRetries(Value),
    /// The same, with a client that never takes anything: every delivery ends as failed.
    CallAndEnds(Value),
    /// Nothing: the client answers that it is gone, and its webhook is deactivated.
    Gone,
    /// The whole cloud is stopped and started.
    Restart,
}

/// A row.
pub struct Scenario {
    /// What happens.
    pub name: &'static str,
    /// What fails.
    pub fault: Fault,
    /// Why a report may arrive twice, if it may.
    pub may_repeat: Option<Repeat>,
}

/// How long an outage without an end of its own lasts once it was noticed.
const OUTAGE: Duration = Duration::from_secs(4);

impl Scenario {
    /// Has it happen to `count` reports one by one and as many at once.
    pub async fn run(&self, count: usize) -> Balance {
        let path = match &self.fault {
            Fault::Client(path) | Fault::ClientUntilMended(path) => path,
            Fault::CallAndRetries(_) => "/flip/1",
            Fault::CallAndEnds(_) => "/status/500",
            Fault::Gone => "/status/410",
            Fault::Call(_) | Fault::Restart => "/",
        };
        let mut load = Load::to(path, self.never_takes()).await;
        let mut crash = None;
        match &self.fault {
            Fault::Client(_) | Fault::Gone => load.hand_over(count).await,
            Fault::ClientUntilMended(path) => {
                load.hand_over(count).await;
                load.receiver.wait_for(1, SOON).await;
                load.receiver.set_answer(path, Answer::Status(200));
            }
            Fault::Call(rule) | Fault::CallAndRetries(rule) | Fault::CallAndEnds(rule) => {
                super::set(std::slice::from_ref(rule)).await;
                let ends_itself = rule.get("times").is_some() || rule.get("probability").is_some();
                let fault = async {
                    until(SOON, self.name, async || (super::applied().await > 0).then_some(()))
                        .await;
                    let noticed = Instant::now();
                    if !ends_itself {
                        // The pause is the fault: an outage of this length.
                        tokio::time::sleep(OUTAGE).await;
                        super::clear().await;
                    }
                    noticed
                };
                let (noticed, ()) = tokio::join!(fault, load.hand_over(count));
                crash = Some((noticed, noticed));
            }
            Fault::Restart => {
                load.hand_over(count).await;
                crash = Some(restart().await);
                load.hand_over(count).await;
            }
        }
        let explained = |arrived: &[Instant]| {
            self.may_repeat.is_some_and(|repeat| repeat.explains_all(arrived, crash))
        };
        let balance = load.balance(explained).await;
        super::clear().await;
        balance
    }
}

impl Scenario {
    /// Whether every delivery must end without being taken.
    pub fn never_takes(&self) -> bool {
        matches!(self.fault, Fault::CallAndEnds(_) | Fault::Gone)
    }
}

async fn restart() -> Crash {
    let (before, told_at) = (cloud_pid(), Instant::now());
    let told = std::process::Command::new("kill").arg(before.to_string()).status();
    assert!(told.expect("the program kill").success(), "the cloud is gone");
    until(SOON, "the cloud to be back", async || (cloud_pid() != before).then_some(())).await;
    let url = format!("{}/v1/webhooks", setting("CALLHOOK_URL"));
    until(SOON, "the API to answer", async || reqwest::get(&url).await.ok().map(|_| ())).await;
    (told_at, Instant::now())
}

fn call(function: &str, service: &str, operation: &str, action: &str) -> Value {
    json!({"function": function, "service": service, "operation": operation, "action": action})
}

fn call_of_any(service: &str, action: &str) -> Value {
    json!({"service": service, "operation": "SendMessageBatch", "action": action})
}

fn with(mut rule: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        rule[name] = value.clone();
    }
    rule
}

fn once(rule: Value) -> Value {
    with(rule, &json!({"times": 1}))
}

fn outage(function: &str, service: &str, action: &str) -> Value {
    json!({"function": function, "service": service, "action": action})
}

/// A call that writes deliveries.
fn of_log(rule: Value) -> Value {
    with(rule, &json!({"contains": "scheduled_attempts"}))
}

/// What happens to calls of deliver that write pages of the journal.
fn of_journal(action: &str) -> Value {
    let rule = call("deliver", "dynamodb", "BatchWriteItem", action);
    with(rule, &json!({"contains": "JOURNAL#"}))
}

const UNLOGGED: Option<Repeat> = Some(Repeat::Crash);
const COPIES: Option<Repeat> = Some(Repeat::Copies);

/// The rows of `make test`.
pub fn short() -> Vec<Scenario> {
    vec![
        Scenario {
            name: "deliver killed between response and log",
            fault: Fault::Call(once(of_log(call(
                "deliver",
                "dynamodb",
                "BatchWriteItem",
                "kill_before",
            )))),
            may_repeat: UNLOGGED,
        },
        Scenario {
            name: "deliver killed after a page of the journal is written",
            fault: Fault::Call(once(of_journal("kill_after"))),
            may_repeat: UNLOGGED,
        },
        Scenario {
            name: "ingest killed after queueing",
            fault: Fault::Call(once(call("ingest", "sqs", "SendMessageBatch", "kill_after"))),
            may_repeat: COPIES,
        },
        Scenario {
            name: "DynamoDB throttles a third of deliver's calls",
            fault: Fault::Call(with(
                outage("deliver", "dynamodb", "throttle"),
                &json!({"probability": 0.3, "seed": 7}),
            )),
            may_repeat: None,
        },
        Scenario {
            name: "client refuses everything once",
            fault: Fault::Client("/flip/1"),
            may_repeat: None,
        },
    ]
}

/// Rows in which pages of the journal are not written, or only seem not to be.
fn of_the_journal() -> [Scenario; 4] {
    let fault = |name, rule, may_repeat| Scenario { name, fault: Fault::Call(rule), may_repeat };
    [
        fault("writing the journal fails", of_journal("fail"), None),
        fault("the table throttles the journal", of_journal("throttle"), None),
        fault(
            "deliver killed before a page of the journal is written",
            once(of_journal("kill_before")),
            UNLOGGED,
        ),
        fault(
            "DynamoDB takes every third page of the journal and says that it failed",
            with(of_journal("fail_after"), &json!({"probability": 0.3, "seed": 11})),
            None,
        ),
    ]
}

/// All rows.
pub fn full() -> Vec<Scenario> {
    let client = |name, path| Scenario { name, fault: Fault::Client(path), may_repeat: None };
    let mended =
        |name, path| Scenario { name, fault: Fault::ClientUntilMended(path), may_repeat: None };
    let fault = |name, rule, may_repeat| Scenario { name, fault: Fault::Call(rule), may_repeat };
    let retries =
        |name, rule, may_repeat| Scenario { name, fault: Fault::CallAndRetries(rule), may_repeat };
    let ends = |name, rule| Scenario { name, fault: Fault::CallAndEnds(rule), may_repeat: None };
    let mut all = short();
    all.extend(of_the_journal());
    all.extend([
        client("client takes a second", "/slow/1"),
        mended("client hangs, then is mended", "/hang"),
        mended("client resets, then is mended", "/reset"),
        mended("client answers what is not HTTP, then is mended", "/broken"),
        client("client resets within its answer (status known: taken)", "/half"),
        client("client answers 1 GiB (status known: taken)", "/endless"),
        client("client answers a byte a second (status known: taken)", "/trickle"),
        fault(
            "deliver killed before the request",
            once(call("deliver", "dynamodb", "BatchGetItem", "kill_before")),
            None,
        ),
        fault(
            "deliver killed between log and return",
            once(of_log(call("deliver", "dynamodb", "BatchWriteItem", "kill_after"))),
            UNLOGGED,
        ),
        retries(
            "deliver killed before queueing a retry",
            once(call("deliver", "sqs", "SendMessageBatch", "kill_before")),
            UNLOGGED,
        ),
        retries(
            "deliver killed after queueing a retry",
            once(call("deliver", "sqs", "SendMessageBatch", "kill_after")),
            UNLOGGED,
        ),
        fault(
            "ingest killed before queueing",
            once(call("ingest", "sqs", "SendMessageBatch", "kill_before")),
            None,
        ),
        fault("DynamoDB fails for deliver", outage("deliver", "dynamodb", "fail"), None),
        fault("DynamoDB does not answer deliver", outage("deliver", "dynamodb", "hang"), COPIES),
        fault(
            "DynamoDB resets deliver's connections",
            outage("deliver", "dynamodb", "reset"),
            None,
        ),
        fault("DynamoDB fails for ingest", outage("ingest", "dynamodb", "fail"), None),
        retries("SQS fails for deliver", outage("deliver", "sqs", "fail"), None),
        fault("SQS fails for ingest", outage("ingest", "sqs", "fail"), None),
        fault(
            "SQS takes ingest's messages and says that it failed",
            with(
                call("ingest", "sqs", "SendMessageBatch", "fail_after"),
                &json!({"probability": 0.3, "seed": 3}),
            ),
            COPIES,
        ),
        fault(
            "DynamoDB takes the log and says that it failed",
            with(
                of_log(call("deliver", "dynamodb", "BatchWriteItem", "fail_after")),
                &json!({"probability": 0.3, "seed": 5}),
            ),
            None,
        ),
        retries(
            "every message of ingest and deliver is queued twice",
            with(call_of_any("sqs", "repeat"), &json!({"seconds": 0.01})),
            COPIES,
        ),
        retries(
            "every message is queued again 3 s later, after its successors",
            with(call_of_any("sqs", "repeat"), &json!({"seconds": 3})),
            COPIES,
        ),
        ends(
            "client takes nothing; deliver killed before the end is logged",
            once(call("deliver", "dynamodb", "PutItem", "kill_before")),
        ),
        ends(
            "client takes nothing; deliver killed after the end is logged",
            once(call("deliver", "dynamodb", "PutItem", "kill_after")),
        ),
        ends(
            "client takes nothing; DynamoDB fails for deliver",
            outage("deliver", "dynamodb", "fail"),
        ),
        Scenario { name: "client is gone (410)", fault: Fault::Gone, may_repeat: None },
        Scenario {
            name: "the cloud is stopped and started",
            fault: Fault::Restart,
            may_repeat: UNLOGGED,
        },
    ]);
    all
}
