//! What a function calls of AWS: an embedded DynamoDB and a stand-in for SQS behind one address,
//! which count what AWS would put on the bill.

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
    /// Messages that functions have sent, if they are kept, each with the name of its queue.
    sent: Mutex<Option<Vec<(String, String)>>>,
    /// How long DynamoDB and SQS take to answer, in microseconds.
    dynamodb_us: AtomicU64,
    sqs_us: AtomicU64,
}

/// The names of the queues.
pub(crate) const REPORTS_QUEUE: &str = "reports";
pub(crate) const RETRIES_QUEUE: &str = "retries";

impl Cloud {
    /// Empty tables and queues that answer at once; by TLS as well, if there is an acceptor.
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

    /// Has DynamoDB and SQS answer as late as they do on AWS.
    pub(crate) fn take(&self, dynamodb: Duration, sqs: Duration) {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.state.dynamodb_us.store(micros(dynamodb), Ordering::Relaxed);
        self.state.sqs_us.store(micros(sqs), Ordering::Relaxed);
    }

    /// Keeps what is sent to queues from now on.
    pub(crate) fn keep_messages(&self) {
        *locked(&self.state.sent) = Some(Vec::new());
    }

    /// What was sent to `queue` since this was asked before.
    pub(crate) fn messages(&self, queue: &str) -> Vec<String> {
        let mut sent = locked(&self.state.sent);
        let Some(sent) = sent.as_mut() else { return Vec::new() };
        let (wanted, rest) = std::mem::take(sent).into_iter().partition(|(name, _)| name == queue);
        *sent = rest;
        wanted.into_iter().map(|(_, body): (String, String)| body).collect()
    }

    /// What has been used since this was asked before.
    pub(crate) fn bill(&self) -> Bill {
        std::mem::take(&mut *locked(&self.state.bill))
    }

    /// The environment in which a function finds all of this.
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

    /// The same, by TLS with a certificate of the authority in the file at `authority`.
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

/// Takes all calls, and tells by their target which service is meant.
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

/// What a service makes of a call.
type Called = (StatusCode, Vec<u8>);

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::AttributeValue;

    #[tokio::test]
    async fn units_are_those_of_dynamodb() {
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
        // 1.5 KB are two units of writing, and half of one of reading.
        assert_eq!(
            (bill.write_units.to_bits(), bill.read_units.to_bits()),
            (2.0_f64.to_bits(), 0.5_f64.to_bits())
        );
        assert_eq!(bill.total_calls(), 2);
        assert_eq!(cloud.bill().total_calls(), 0, "it begins anew");
    }
}
