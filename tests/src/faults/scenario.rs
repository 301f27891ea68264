//! Scenarios: a load, a fault during it, and whether duplicates are allowed. Each is a row of the table.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::duplicate::{Crash, DuplicateCause};
use super::load::{Balance, Load};
use crate::cloud::{cloud_pid, setting};
use crate::receiver::Answer;
use crate::wait::{SOON, until};

/// What fails.
pub enum Fault {
    /// The receiver answers as this path says, all the time.
    Receiver(&'static str),
    /// The receiver answers as this path says at first, and then with 200.
    ReceiverUntilRepaired(&'static str),
    /// A call of a function to AWS fails: a rule of the fault layer.
    Call(Value),
    /// The same, with a receiver that rejects every report once, so that retries are queued.
    CallWithRetries(Value),
    /// The same, with a receiver that rejects all requests: every delivery fails.
    CallWithRejections(Value),
    /// The receiver answers 410, and its webhook is deactivated.
    Gone,
    /// The whole cloud is stopped and started.
    Restart,
}

/// A fault and what it may cause.
pub struct Scenario {
    /// The fault, as a row of the table names it.
    pub name: &'static str,
    /// What fails.
    pub fault: Fault,
    /// Why a report may arrive twice; `None` if it must not.
    pub duplicates: Option<DuplicateCause>,
}

/// How long an outage lasts that no rule ends.
const OUTAGE: Duration = Duration::from_secs(4);

impl Scenario {
    /// Runs it with `count` reports one by one and as many in an array.
    pub async fn run(&self, count: usize) -> Balance {
        let path = match &self.fault {
            Fault::Receiver(path) | Fault::ReceiverUntilRepaired(path) => path,
            Fault::CallWithRetries(_) => "/flip/1",
            Fault::CallWithRejections(_) => "/status/500",
            Fault::Gone => "/status/410",
            Fault::Call(_) | Fault::Restart => "/",
        };
        let mut load = Load::new(path, self.rejects_all()).await;
        let mut crash = None;
        match &self.fault {
            Fault::Receiver(_) | Fault::Gone => load.submit(count).await,
            Fault::ReceiverUntilRepaired(path) => {
                load.submit(count).await;
                load.receiver.wait_for(1, SOON).await;
                load.receiver.set_answer(path, Answer::Status(200));
            }
            Fault::Call(rule) | Fault::CallWithRetries(rule) | Fault::CallWithRejections(rule) => {
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
                let (noticed, ()) = tokio::join!(fault, load.submit(count));
                crash = Some((noticed, noticed));
            }
            Fault::Restart => {
                load.submit(count).await;
                crash = Some(restart().await);
                load.submit(count).await;
            }
        }
        let explained = |arrived: &[Instant]| {
            self.duplicates.is_some_and(|cause| cause.explains_all(arrived, crash))
        };
        let balance = load.balance(explained).await;
        super::clear().await;
        balance
    }
}

impl Scenario {
    /// Whether no delivery may be delivered.
    pub fn rejects_all(&self) -> bool {
        matches!(self.fault, Fault::CallWithRejections(_) | Fault::Gone)
    }
}

async fn restart() -> Crash {
    let (before, killed_at) = (cloud_pid(), Instant::now());
    let killed = std::process::Command::new("kill").arg(before.to_string()).status();
    assert!(killed.expect("the program kill").success(), "the cloud has ended already");
    until(SOON, "restart of the cloud", async || (cloud_pid() != before).then_some(())).await;
    let url = format!("{}/v1/webhooks", setting("CALLHOOK_URL"));
    until(SOON, "response of the API", async || reqwest::get(&url).await.ok().map(|_| ())).await;
    (killed_at, Instant::now())
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

/// Restricts a rule to calls that write log entries.
fn of_log(rule: Value) -> Value {
    with(rule, &json!({"contains": "scheduled_attempts"}))
}

/// A rule for calls of deliver that write pages of the journal.
fn of_journal(action: &str) -> Value {
    let rule = call("deliver", "dynamodb", "BatchWriteItem", action);
    with(rule, &json!({"contains": "JOURNAL#"}))
}

const UNLOGGED: Option<DuplicateCause> = Some(DuplicateCause::Crash);
const COPIES: Option<DuplicateCause> = Some(DuplicateCause::Copies);

/// The scenarios of `make test`.
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
            duplicates: UNLOGGED,
        },
        Scenario {
            name: "deliver killed after a page of the journal is written",
            fault: Fault::Call(once(of_journal("kill_after"))),
            duplicates: UNLOGGED,
        },
        Scenario {
            name: "ingest killed after queueing",
            fault: Fault::Call(once(call("ingest", "sqs", "SendMessageBatch", "kill_after"))),
            duplicates: COPIES,
        },
        Scenario {
            name: "DynamoDB throttles a third of deliver's calls",
            fault: Fault::Call(with(
                outage("deliver", "dynamodb", "throttle"),
                &json!({"probability": 0.3, "seed": 7}),
            )),
            duplicates: None,
        },
        Scenario {
            name: "receiver rejects everything once",
            fault: Fault::Receiver("/flip/1"),
            duplicates: None,
        },
    ]
}

/// Scenarios in which pages of the journal are not written, or only seem not to be.
fn of_the_journal() -> [Scenario; 4] {
    let fault = |name, rule, duplicates| Scenario { name, fault: Fault::Call(rule), duplicates };
    [
        fault("writing the journal fails", of_journal("fail"), None),
        fault("the table throttles the journal", of_journal("throttle"), None),
        fault(
            "deliver killed before a page of the journal is written",
            once(of_journal("kill_before")),
            UNLOGGED,
        ),
        fault(
            "DynamoDB writes every third page of the journal and answers with an error",
            with(of_journal("fail_after"), &json!({"probability": 0.3, "seed": 11})),
            None,
        ),
    ]
}

/// All scenarios.
pub fn full() -> Vec<Scenario> {
    let receiver = |name, path| Scenario { name, fault: Fault::Receiver(path), duplicates: None };
    let repaired =
        |name, path| Scenario { name, fault: Fault::ReceiverUntilRepaired(path), duplicates: None };
    let fault = |name, rule, duplicates| Scenario { name, fault: Fault::Call(rule), duplicates };
    let retried =
        |name, rule, duplicates| Scenario { name, fault: Fault::CallWithRetries(rule), duplicates };
    let rejected =
        |name, rule| Scenario { name, fault: Fault::CallWithRejections(rule), duplicates: None };
    let mut all = short();
    all.extend(of_the_journal());
    all.extend([
        receiver("receiver answers after a second", "/slow/1"),
        repaired("receiver hangs, then recovers", "/hang"),
        repaired("receiver resets connections, then recovers", "/reset"),
        repaired("receiver answers something other than HTTP, then recovers", "/broken"),
        receiver("receiver resets within its response (status known: delivered)", "/half"),
        receiver("receiver answers 1 GiB (status known: delivered)", "/endless"),
        receiver("receiver answers a byte a second (status known: delivered)", "/trickle"),
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
        retried(
            "deliver killed before queueing a retry",
            once(call("deliver", "sqs", "SendMessageBatch", "kill_before")),
            UNLOGGED,
        ),
        retried(
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
        retried("SQS fails for deliver", outage("deliver", "sqs", "fail"), None),
        fault("SQS fails for ingest", outage("ingest", "sqs", "fail"), None),
        fault(
            "SQS queues ingest's messages and answers with an error",
            with(
                call("ingest", "sqs", "SendMessageBatch", "fail_after"),
                &json!({"probability": 0.3, "seed": 3}),
            ),
            COPIES,
        ),
        fault(
            "DynamoDB writes the log and answers with an error",
            with(
                of_log(call("deliver", "dynamodb", "BatchWriteItem", "fail_after")),
                &json!({"probability": 0.3, "seed": 5}),
            ),
            None,
        ),
        retried(
            "every message of ingest and deliver is queued twice",
            with(call_of_any("sqs", "repeat"), &json!({"seconds": 0.01})),
            COPIES,
        ),
        retried(
            "every message is queued again 3 s later, behind later ones",
            with(call_of_any("sqs", "repeat"), &json!({"seconds": 3})),
            COPIES,
        ),
        rejected(
            "receiver rejects everything; deliver killed before the outcome is logged",
            once(call("deliver", "dynamodb", "PutItem", "kill_before")),
        ),
        rejected(
            "receiver rejects everything; deliver killed after the outcome is logged",
            once(call("deliver", "dynamodb", "PutItem", "kill_after")),
        ),
        rejected(
            "receiver rejects everything; DynamoDB fails for deliver",
            outage("deliver", "dynamodb", "fail"),
        ),
        Scenario { name: "receiver answers 410", fault: Fault::Gone, duplicates: None },
        Scenario {
            name: "the cloud is stopped and started",
            fault: Fault::Restart,
            duplicates: UNLOGGED,
        },
    ]);
    all
}
