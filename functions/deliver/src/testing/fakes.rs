//! Fakes of receivers, queue, log and operator.

use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use callhook::aws::dynamodb::DeliveriesTable;
use callhook::domain::account::AccountId;
use callhook::domain::delivery::{
    Attempt, DeliveryKey, Evidence, HttpVersion, NoResponse, ResponseHeaders,
};
use callhook::domain::ids::ReportId;
use callhook::domain::operational::OperationalEvent;
use callhook::domain::report::ReportKey;
use callhook::domain::request::WebhookRequest;
use callhook::outbound::{Congested, Outbound};
use callhook::ports::alerts::{AlertError, OperatorAlerts};
use callhook::ports::queue::{MessageQueue, Outgoing, QueueError};
use callhook::ports::store::{
    DeliveryLog, JournalWriter, LogLookup, LogWrite, NewPage, StoreError, UnwantedReport,
};
use http::header::SERVER;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use tokio::sync::Semaphore;

/// Receivers that answer as the URL's path says.
#[derive(Clone)]
pub(crate) struct Receivers {
    /// The path, id and body of each request.
    pub(crate) requests: Arc<Mutex<Vec<(String, String, String)>>>,
    /// The requests as they were sent.
    pub(crate) sent: Arc<Mutex<Vec<WebhookRequest>>>,
    /// When they were sent.
    pub(crate) times: Arc<Mutex<Vec<Instant>>>,
    /// A permit for each request to the path `hang` that is to end.
    pub(crate) release: Arc<Semaphore>,
    /// The path `down` answers 503 until this is set.
    pub(crate) mended: Arc<AtomicBool>,
    /// Whether the address policy refuses all requests.
    pub(crate) refuses: Arc<AtomicBool>,
    /// Calls of [`Outbound::wake`].
    pub(crate) invocations: Arc<AtomicUsize>,
}

impl Default for Receivers {
    fn default() -> Self {
        let release = Arc::new(Semaphore::new(0));
        let (requests, sent, times, mended, refuses, invocations) = Default::default();
        Self { requests, sent, times, release, mended, refuses, invocations }
    }
}

impl Outbound for Receivers {
    async fn send(
        &self,
        _: &AccountId,
        request: WebhookRequest,
        _: Duration,
    ) -> Result<Attempt, Congested> {
        self.times.lock().unwrap().push(Instant::now());
        self.sent.lock().unwrap().push(request.clone());
        let path = request.url.path().trim_start_matches('/').to_owned();
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let id = request.headers["webhook-id"].to_str().unwrap().to_owned();
        let body = String::from_utf8(request.body.unwrap_or_default().to_vec()).unwrap();
        let echo = if path == "echo" { Bytes::from(body.clone()) } else { Bytes::new() };
        self.requests.lock().unwrap().push((path.clone() + &query, id, body));
        let result = match path.as_str() {
            _ if self.refuses.load(Ordering::Relaxed) => Err(NoResponse::RefusedAddress),
            "congested" => return Err(Congested),
            "panic" => panic!("a bug"),
            "hang" => {
                let _permit = self.release.acquire().await.unwrap();
                Err(NoResponse::TimeoutResponse)
            }
            "reset" => Err(NoResponse::Reset),
            "echo" => Ok(200),
            "down" => Ok(if self.mended.load(Ordering::Relaxed) { 200 } else { 503 }),
            code => Ok(code.parse().unwrap()),
        };
        Ok(Attempt {
            result,
            latency: Duration::from_millis(7),
            body: echo,
            is_cut: false,
            retry_after: None,
            evidence: Some(evidence(&path)),
        })
    }

    fn wake(&self) {
        self.invocations.fetch_add(1, Ordering::Relaxed);
    }
}

/// The evidence of a request. The headers of `/echo` repeat a secret.
fn evidence(path: &str) -> Evidence {
    let value = if path == "echo" { "s3cret-k3y and more" } else { "nginx" };
    let headers = HeaderMap::from_iter([(SERVER, HeaderValue::from_static(value))]);
    Evidence {
        sent_at: Timestamp::from_second(1_617_985_676).unwrap(),
        address: Some(([203, 0, 113, 7], 443).into()),
        http: HttpVersion::Http11,
        received: 5,
        request: None,
        headers: Some(ResponseHeaders::of(&headers)),
    }
}

#[derive(Default)]
pub(crate) struct Retries {
    pub(crate) sent: Mutex<Vec<Outgoing>>,
    pub(crate) fails: bool,
}

impl MessageQueue for Retries {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let send = |message| {
            if self.fails {
                return Err(QueueError("down".to_owned()));
            }
            self.sent.lock().unwrap().push(message);
            Ok(())
        };
        messages.into_iter().map(send).collect()
    }
}

/// The log in the embedded DynamoDB, or one that fails.
pub(crate) enum Log {
    Table(DeliveriesTable),
    Down,
    /// No call returns.
    Silent,
    /// The journal cannot be written.
    NoJournal(DeliveriesTable),
    /// It can be written and not read.
    Unreadable(DeliveriesTable),
}

fn down() -> StoreError {
    StoreError::Unavailable { action: "test", source: "down".into() }
}

impl DeliveryLog for Log {
    async fn look_up(
        &self,
        keys: &[DeliveryKey],
        reports: &HashSet<ReportKey>,
    ) -> Result<LogLookup, StoreError> {
        match self {
            Self::Table(table) | Self::NoJournal(table) => table.look_up(keys, reports).await,
            Self::Down | Self::Unreadable(_) => Err(down()),
            Self::Silent => pending().await,
        }
    }

    async fn unwanted_received_at(
        &self,
        reports: &HashSet<ReportKey>,
    ) -> Result<HashMap<ReportKey, Timestamp>, StoreError> {
        match self {
            Self::Table(table) | Self::NoJournal(table) => {
                table.unwanted_received_at(reports).await
            }
            Self::Down | Self::Unreadable(_) => Err(down()),
            Self::Silent => pending().await,
        }
    }

    async fn write_updates(&self, writes: Vec<LogWrite>) -> Vec<(DeliveryKey, StoreError)> {
        match self {
            Self::Table(table) | Self::NoJournal(table) | Self::Unreadable(table) => {
                table.write_updates(writes).await
            }
            Self::Down => writes.iter().map(|write| (write.update.key, down())).collect(),
            Self::Silent => pending().await,
        }
    }

    async fn write_unwanted_reports(
        &self,
        reports: Vec<UnwantedReport>,
    ) -> Vec<(ReportId, StoreError)> {
        match self {
            Self::Table(table) | Self::NoJournal(table) | Self::Unreadable(table) => {
                table.write_unwanted_reports(reports).await
            }
            Self::Down => reports.iter().map(|report| (report.report_id, down())).collect(),
            Self::Silent => pending().await,
        }
    }
}

impl JournalWriter for Log {
    async fn write_pages(&self, pages: &[NewPage]) -> Vec<Result<(), StoreError>> {
        match self {
            Self::Table(table) | Self::Unreadable(table) => table.write_pages(pages).await,
            Self::Down | Self::NoJournal(_) => pages.iter().map(|_| Err(down())).collect(),
            Self::Silent => pending().await,
        }
    }
}

/// The operator's topic: its alerts, and whether it refuses further ones.
#[derive(Clone, Default)]
pub(crate) struct Alerts(
    pub(crate) Arc<Mutex<Vec<(AccountId, OperationalEvent)>>>,
    pub(crate) Arc<AtomicBool>,
);

impl OperatorAlerts for Alerts {
    async fn alert(
        &self,
        account: &AccountId,
        event: &OperationalEvent,
        _: Timestamp,
    ) -> Result<(), AlertError> {
        if self.1.load(Ordering::Relaxed) {
            return Err(AlertError("refused".to_owned()));
        }
        self.0.lock().unwrap().push((account.clone(), event.clone()));
        Ok(())
    }
}
