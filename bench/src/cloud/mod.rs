//! The services of AWS that a function calls: an embedded DynamoDB and a stand-in for SQS at one address.
//! They count billed usage.

mod bill;
mod dynamodb;
mod sqs;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use callhook::testing::{CONFIG, DELIVERIES, TestTables};
use dynoxide::Database;
use http::StatusCode;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

pub(crate) use self::bill::Bill;
use crate::Failure;
use crate::http::{json, serve};

/// The cloud of one measurement.
pub(crate) struct Cloud {
    pub(crate) tables: TestTables,
    state: Arc<State>,
    plain: SocketAddr,
    secure: Option<SocketAddr>,
}

#[derive(Default)]
struct State {
    bill: Mutex<Bill>,
    /// Messages that functions have sent, with the names of their queues; `None` if they are not recorded.
    sent: Mutex<Option<Vec<(String, String)>>>,
    /// The latencies of DynamoDB and SQS, in microseconds.
    dynamodb_us: AtomicU64,
    sqs_us: AtomicU64,
}

/// The names of the queues.
pub(crate) const REPORTS_QUEUE: &str = "reports";
pub(crate) const RETRIES_QUEUE: &str = "retries";

impl Cloud {
    /// Starts empty tables and queues without latency, also with TLS if there is an acceptor.
    pub(crate) async fn start(tls: Option<TlsAcceptor>) -> Result<Self, Failure> {
        let (database, state) = (Database::memory()?, Arc::<State>::default());
        let plain = serve(front(&database, &state), None).await?;
        let secure = match tls {
            Some(tls) => Some(serve(front(&database, &state), Some(tls)).await?),
            None => None,
        };
        let tables = TestTables::at(format!("http://{plain}"), database).await?;
        Ok(Self { tables, state, plain, secure })
    }

    /// Sets the latencies of DynamoDB and SQS.
    pub(crate) fn set_latencies(&self, dynamodb: Duration, sqs: Duration) {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.state.dynamodb_us.store(micros(dynamodb), Ordering::Relaxed);
        self.state.sqs_us.store(micros(sqs), Ordering::Relaxed);
    }

    /// Records messages to queues from now on.
    pub(crate) fn record_messages(&self) {
        *locked(&self.state.sent) = Some(Vec::new());
    }

    /// The messages to `queue` since the last call.
    pub(crate) fn messages(&self, queue: &str) -> Vec<String> {
        let mut sent = locked(&self.state.sent);
        let Some(sent) = sent.as_mut() else { return Vec::new() };
        let (wanted, rest) = std::mem::take(sent).into_iter().partition(|(name, _)| name == queue);
        *sent = rest;
        wanted.into_iter().map(|(_, body): (String, String)| body).collect()
    }

    /// The usage since the last call.
    pub(crate) fn bill(&self) -> Bill {
        std::mem::take(&mut *locked(&self.state.bill))
    }

    /// The environment variables of a function in this cloud.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let endpoint = format!("http://{}", self.plain);
        let queue = |name: &str| format!("https://sqs.us-east-1.amazonaws.com/1/{name}");
        vec![
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "none".to_owned()),
            ("AWS_SESSION_TOKEN", "none".repeat(100)),
            ("CONFIG_TABLE", CONFIG.to_owned()),
            ("DELIVERIES_TABLE", DELIVERIES.to_owned()),
            ("REPORTS_QUEUE_URL", queue(REPORTS_QUEUE)),
            ("RETRIES_QUEUE_URL", queue(RETRIES_QUEUE)),
            ("REPLAYS_QUEUE_URL", queue("replays")),
            ("ERASURES_QUEUE_URL", queue("erasures")),
            ("OPERATOR_TOPIC_ARN", "arn:aws:sns:us-east-1:1:operator".to_owned()),
            ("PUBLIC_URL", "http://localhost".to_owned()),
            ("ALLOW_PRIVATE_NETWORKS", "true".to_owned()),
            ("HTTPS_ONLY", "false".to_owned()),
        ]
    }

    /// The same with TLS, and `authority` as the file of the certificate authority.
    pub(crate) fn environment_with_tls(
        &self,
        authority: &str,
    ) -> Option<Vec<(&'static str, String)>> {
        let endpoint = format!("https://localhost:{}", self.secure?.port());
        let mut environment = self.environment();
        environment.retain(|(name, _)| *name != "AWS_ENDPOINT_URL");
        environment.push(("AWS_ENDPOINT_URL", endpoint));
        environment.push(("AWS_CA_BUNDLE", authority.to_owned()));
        Some(environment)
    }
}

/// Handles all calls, and selects the service by their target.
fn front(
    database: &Database,
    state: &Arc<State>,
) -> impl Fn(http::request::Parts, Bytes) -> Answering + Send + Sync + 'static {
    let (database, state) = (database.clone(), Arc::clone(state));
    move |parts, body| {
        let (database, state) = (database.clone(), Arc::clone(&state));
        Box::pin(async move {
            let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
            let (service, operation) = target.and_then(|t| t.split_once('.')).unwrap_or_default();
            let is_sqs = service == "AmazonSQS";
            let (status, answer) = if is_sqs {
                sqs::call(operation, &body, &state)
            } else {
                dynamodb::call(&database, operation, &body, &mut locked(&state.bill))
            };
            let latency = if is_sqs { &state.sqs_us } else { &state.dynamodb_us };
            match latency.load(Ordering::Relaxed) {
                0 => {}
                us => sleep(Duration::from_micros(us)).await,
            }
            json(status, answer)
        })
    }
}

type Answering = std::pin::Pin<Box<dyn Future<Output = crate::http::Answer> + Send>>;

/// The status and body of a service's answer.
type Called = (StatusCode, Vec<u8>);

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::AttributeValue;

    #[tokio::test]
    async fn capacity_units_match_dynamodb() {
        let cloud = Cloud::start(None).await.unwrap();
        cloud.bill();
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let put = cloud.tables.client.put_item().table_name(CONFIG);
        let put =
            put.item("pk", text("a")).item("sk", text("b")).item("x", text(&"x".repeat(1_500)));
        put.send().await.unwrap();
        let get = cloud.tables.client.get_item().table_name(CONFIG);
        get.key("pk", text("a")).key("sk", text("b")).send().await.unwrap();
        let bill = cloud.bill();
        // 1.5 KB are two write units, and half a read unit.
        assert_eq!(
            (bill.write_units.to_bits(), bill.read_units.to_bits()),
            (2.0_f64.to_bits(), 0.5_f64.to_bits())
        );
        assert_eq!(bill.total_calls(), 2);
        assert_eq!(cloud.bill().total_calls(), 0, "the bill is reset");
    }
}
