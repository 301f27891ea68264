//! `GET /v1/reports/{id}`: a report and what became of it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::erasure::{ReportKey, Tombstone};
use callhook::http_api::{ActingAccount, DeliveriesRead, Problem, ProblemKind, json_reply};
use http::StatusCode;

use crate::app::{Config, Log};
use crate::view::ReportView;

pub(crate) async fn read<C: Config, L: Log>(
    account: ActingAccount<DeliveriesRead>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| unknown())?;
    let webhooks = config.webhook_ids(&account.id).await?;
    if let Some(report) = log.report(&account.id, id, &webhooks).await? {
        return Ok(json_reply(StatusCode::OK, &ReportView::new(id, &report)));
    }
    let key = ReportKey { account_id: account.id, report_id: id };
    Err(log.tombstone(&key).await?.map_or_else(unknown, |tombstone| erased(&tombstone)))
}

fn erased(tombstone: &Tombstone) -> Problem {
    let detail = format!(
        "The report was erased: somebody asked for that at {}. Copies that were on their way end \
         without being sent.",
        tombstone.asked_at
    );
    Problem::new(ProblemKind::NotFound, detail)
}

fn unknown() -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        "The log of this account holds no such report. It was accepted a moment ago and is not \
         worked on yet; or it is older than the log is kept; or all its webhooks were deleted \
         since (`GET /v1/deliveries/{webhook}.{report}` still finds their deliveries); or it was \
         never accepted. If it was accepted and stays missing, its message is among the dead \
         letters: tell the operator.",
    )
}
