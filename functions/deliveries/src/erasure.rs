//! `DELETE /v1/reports/{id}`: nothing that is stored of a report stays.
//!
//! An attempt that is under way at that moment may still log what came of it. The queue brings the
//! report back when all such attempts have ended, and the function eraser deletes that as well.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::delete;
use axum::{Extension, Router};
use callhook::erasure::{self, ReportKey};
use callhook::http_api::{ActingAccount, Problem, ProblemKind, ReportsErase, no_content};
use callhook::message::{ErasureMessage, ReportErasure};
use callhook::queue::{MessageQueue, Outgoing};
use callhook::store::{PermitResponse, ReportEraser, ReportTrace};
use jiff::Timestamp;

use crate::app::Config;
use crate::queueing;

/// What the route works with.
pub(crate) struct Erasures<L, Q> {
    /// Where reports are stored.
    pub(crate) log: Arc<L>,
    /// The queue that brings what is to be erased to eraser.
    pub(crate) queue: Arc<Q>,
    /// After how long nobody writes any more who has not seen the tombstone.
    pub(crate) settled_in: Duration,
}

impl<L, Q> Clone for Erasures<L, Q> {
    fn clone(&self) -> Self {
        let (log, queue) = (Arc::clone(&self.log), Arc::clone(&self.queue));
        Self { log, queue, settled_in: self.settled_in }
    }
}

/// The route.
pub(crate) fn routes<C, L, Q>(erasures: Erasures<L, Q>) -> Router<Arc<C>>
where
    C: Config,
    L: ReportEraser,
    Q: MessageQueue,
{
    Router::new().route("/v1/reports/{id}", delete(erase::<C, L, Q>)).layer(Extension(erasures))
}

/// Erases also a report of which nothing is stored: one that was accepted a moment ago is in no log yet,
/// and is not to get there. Its id cannot be told from a made-up one, so an account may do that so often
/// only ([`UNKNOWN_PER_HOUR`](erasure::UNKNOWN_PER_HOUR)).
async fn erase<C: Config, L: ReportEraser, Q: MessageQueue>(
    account: ActingAccount<ReportsErase>,
    State(config): State<Arc<C>>,
    Extension(erasures): Extension<Erasures<L, Q>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let report_id = id.parse().map_err(|_| Problem::no_such("report"))?;
    let now = Timestamp::now();
    let report = ReportKey { account_id: account.id, report_id };
    let received_at = may_erase(&*config, &*erasures.log, &report, now).await?;
    let ReportKey { account_id, report_id } = report;
    let erasure = ReportErasure { account_id, report_id, asked_at: now, received_at };
    let tombstone = erasure.tombstone();
    // The message first: whatever fails after this, the report will be erased.
    let message = ErasureMessage::Report(erasure);
    let delay = erasures.settled_in.min(Outgoing::MAX_DELAY);
    let account_id = message.account_id().clone();
    queueing::send(&*erasures.queue, message.to_json(), account_id, delay).await?;
    if erasure::erase(&*config, &*erasures.log, &tombstone, received_at).await? {
        return Ok(no_content());
    }
    Err(nothing_stored())
}

/// Fails for a report that needs no further erasure, and for one too many of which nothing is stored. Gives when the
/// report was received, if something is.
async fn may_erase<C: Config, L: ReportEraser>(
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
                "Nothing is stored of such a report, and this account may erase {} of those an hour. \
                 Send the request again after `Retry-After`; a report that was accepted can be erased \
                 without this limit as soon as `GET` finds it.",
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
    let detail = "Nothing is stored of such a report. If it is on its way still, it will neither be \
                  sent nor stored.";
    Problem::new(ProblemKind::NotFound, detail)
}
