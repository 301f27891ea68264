//! `GET /v1/reports/{id}`: a report and its deliveries.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::delivery::LoggedReport;
use callhook::domain::erasure::Tombstone;
use callhook::domain::ids::ReportId;
use callhook::domain::report::ReportKey;
use callhook::http_api::{
    DeliveriesRead, NarrowableAccount, PermittedWebhook, Problem, ProblemKind, Reach, json_reply,
};
use http::StatusCode;

use crate::state::{Config, Log};
use crate::view::ReportView;

pub(crate) async fn read<C: Config, L: Log>(
    account: NarrowableAccount<DeliveriesRead>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| unknown())?;
    let account_id = match account.reach() {
        Reach::Whole(account_id) => account_id,
        reach @ Reach::Only(webhook) => {
            let mut logged = of_one_webhook(&*log, webhook, id).await?;
            logged.report = reach.shown(logged.report);
            return Ok(json_reply(StatusCode::OK, &ReportView::new(id, &logged)));
        }
    };
    let webhooks = config.webhook_ids(account_id).await?;
    if let Some(report) = log.report(account_id, id, &webhooks).await? {
        return Ok(json_reply(StatusCode::OK, &ReportView::new(id, &report)));
    }
    let key = ReportKey { account_id: account_id.clone(), report_id: id };
    Err(log.tombstone(&key).await?.map_or_else(unknown, |tombstone| erased(&tombstone)))
}

/// The report as a key of one webhook sees it. Reports that this webhook did not get are unknown to the key, and so are
/// unwanted and erased ones.
async fn of_one_webhook<L: Log>(
    log: &L,
    webhook: PermittedWebhook<'_>,
    id: ReportId,
) -> Result<LoggedReport, Problem> {
    let logged = log.report(webhook.account(), id, &[webhook.id()]).await?;
    logged.filter(|logged| !logged.deliveries.is_empty()).ok_or_else(unknown)
}

fn erased(tombstone: &Tombstone) -> Problem {
    let detail = format!(
        "The report was erased at the request of {}. Callhook drops copies that were still queued.",
        tombstone.asked_at
    );
    Problem::new(ProblemKind::NotFound, detail)
}

fn unknown() -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        "The log of this account has no such report. It was accepted a moment ago and is still \
         queued; or it is older than the account's retention; or all its webhooks were deleted \
         (`GET /v1/deliveries/{webhook}.{report}` still finds their deliveries); or it was never \
         accepted. If an accepted report stays missing, its message is a dead letter: tell the \
         operator.",
    )
}
