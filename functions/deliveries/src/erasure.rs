//! `DELETE /v1/reports/{id}`: erases a report.
//!
//! An attempt that is in flight may still log its outcome. When all such attempts have ended, the
//! function eraser receives the queued message and erases the report again.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::delete;
use axum::{Extension, Router};
use callhook::domain::erasure;
use callhook::domain::message::{ErasureMessage, ReportErasure};
use callhook::domain::report::ReportKey;
use callhook::http_api::{ActingAccount, Problem, ProblemKind, ReportsErase, no_content};
use callhook::ports::queue::{MessageQueue, Outgoing};
use callhook::ports::store::{PermitResponse, ReportEraser, ReportTrace, erase_report};
use jiff::Timestamp;

use crate::queueing;
use crate::state::Config;

/// The log and the queue of the route.
pub(crate) struct Erasures<L, Q> {
    pub(crate) log: Arc<L>,
    /// The queue that eraser reads.
    pub(crate) queue: Arc<Q>,
    /// The time after which every function that writes the log has seen the tombstone.
    pub(crate) quiesced_after: Duration,
}

impl<L, Q> Clone for Erasures<L, Q> {
    fn clone(&self) -> Self {
        let (log, queue) = (Arc::clone(&self.log), Arc::clone(&self.queue));
        Self { log, queue, quiesced_after: self.quiesced_after }
    }
}

pub(crate) fn routes<C, L, Q>(erasures: Erasures<L, Q>) -> Router<Arc<C>>
where
    C: Config,
    L: ReportEraser,
    Q: MessageQueue,
{
    Router::new().route("/v1/reports/{id}", delete(erase::<C, L, Q>)).layer(Extension(erasures))
}

/// Erases also a report that the log does not have: one that was accepted a moment ago is not logged yet,
/// and must not be. Its id looks like an invented one, so an account may erase only
/// [`UNKNOWN_PER_HOUR`](erasure::UNKNOWN_PER_HOUR) of them.
async fn erase<C: Config, L: ReportEraser, Q: MessageQueue>(
    account: ActingAccount<ReportsErase>,
    State(config): State<Arc<C>>,
    Extension(erasures): Extension<Erasures<L, Q>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let report_id = id.parse().map_err(|_| Problem::no_such("report"))?;
    let now = Timestamp::now();
    let report = ReportKey { account_id: account.id, report_id };
    let received_at = check_erasable(&*config, &*erasures.log, &report, now).await?;
    let ReportKey { account_id, report_id } = report;
    let erasure = ReportErasure { account_id, report_id, asked_at: now, received_at };
    let tombstone = erasure.tombstone();
    // The message first: it erases the report even if the request fails after this.
    let message = ErasureMessage::Report(erasure);
    let delay = erasures.quiesced_after.min(Outgoing::MAX_DELAY);
    let account_id = message.account_id().clone();
    queueing::send(&*erasures.queue, message.to_json(), account_id, delay).await?;
    if erase_report(&*config, &*erasures.log, &tombstone, received_at).await? {
        return Ok(no_content());
    }
    Err(nothing_stored())
}

/// Returns when the report was received, if it is stored. Fails for a report that needs no further erasure, and for
/// one unknown report too many.
async fn check_erasable<C: Config, L: ReportEraser>(
    config: &C,
    log: &L,
    report: &ReportKey,
    now: Timestamp,
) -> Result<Option<Timestamp>, Problem> {
    let webhooks = config.current_and_deleted_webhooks(&report.account_id).await?;
    match log.trace(report, &webhooks).await? {
        ReportTrace::Stored(received_at) => return Ok(received_at),
        ReportTrace::Erased(asked_at) if is_recent(asked_at, now) => return Err(nothing_stored()),
        ReportTrace::None if !report.report_id.is_generated() => {
            return Err(Problem::no_such("report"));
        }
        ReportTrace::Erased(_) | ReportTrace::None => {}
    }
    match config.take_erasure_permit(&report.account_id, now).await? {
        PermitResponse::Granted(_) => Ok(None),
        PermitResponse::NoneUntil(at) => {
            let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
            let detail = format!(
                "The log has no such report, and this account may erase {} unknown reports an hour. Send \
                 the request again after `Retry-After`. An accepted report can be erased without this \
                 limit as soon as `GET` finds it.",
                erasure::UNKNOWN_PER_HOUR
            );
            Err(Problem::rate_limited(detail, wait.as_secs() + 1))
        }
    }
}

fn is_recent(asked_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(asked_at).unsigned_abs() < erasure::REPEAT_WINDOW
}

fn nothing_stored() -> Problem {
    let detail = "The log has no such report. If it is still queued, Callhook will neither send nor \
                  store it.";
    Problem::new(ProblemKind::NotFound, detail)
}
