//! `POST /v1/webhooks/{id}/rotate-secret`: sets a new signing secret, which only this response shows.
//!
//! The secret is generated once, before the webhook is read, so the response shows the stored one
//! however often the write is retried. If the response is lost, the previous secret still signs for
//! the requested overlap; a caller that sends its own secret can repeat the request, which then
//! changes nothing.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::signing::TooManySecrets;
use callhook::domain::webhook::{Rotation, Webhook};
use callhook::http_api::{
    NarrowableAccount, OptionalJsonObject, Problem, ProblemKind, WebhooksWrite, json_reply,
};
use http::StatusCode;
use jiff::Timestamp;

use crate::etag::{IfMatch, with_etag};
use crate::state::Store;
use crate::webhooks::{Change, change, revealed};

pub(crate) async fn rotate<D: Store>(
    account: NarrowableAccount<WebhooksWrite>,
    if_match: IfMatch,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
    OptionalJsonObject(body): OptionalJsonObject,
) -> Result<Response, Problem> {
    let rotation = Rotation::from_request(&body).map_err(Problem::invalid_fields)?;
    let rotated = |current: &Webhook, now: Timestamp| {
        let rotated = current.rotated(&rotation, now).map_err(|error| too_many(&error))?;
        Ok(rotated.map(|webhook| Change { webhook, warnings: Vec::new() }))
    };
    let Change { webhook, .. } = change(&*store, account.webhook(&id)?, &if_match, rotated).await?;
    Ok(with_etag(json_reply(StatusCode::OK, &revealed(&webhook, &[])), webhook.version))
}

fn too_many(error: &TooManySecrets) -> Problem {
    let detail = format!(
        "{error}. Rotate after that, or with `overlap_seconds` 0, which ends all earlier ones now."
    );
    Problem::new(ProblemKind::Conflict, detail)
}
