//! `POST /v1/deliveries/{id}/resend`: sends a delivery once more, whatever its state.
//!
//! Each call sends a request. There is no `Idempotency-Key`: the id of a resend begins with its time,
//! by which deliver recognises a message that was requeued for too long, and a key has no time. A
//! receiver recognises a repetition by `webhook-id`, as always.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::delivery::{LoggedDelivery, Trigger};
use callhook::domain::ids::ResendId;
use callhook::domain::message::{DeliveryMessage, Wait};
use callhook::domain::webhook::WebhookStatus;
use callhook::http_api::{
    DeliveriesWrite, NarrowableAccount, OptionalJsonObject, Problem, ProblemKind, json_reply,
};
use callhook::input::fields::Fields;
use callhook::ports::queue::MessageQueue;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

use crate::state::{Config, Log};
use crate::{deliveries, queueing};

pub(crate) async fn resend<C: Config, L: Log, Q: MessageQueue>(
    account: NarrowableAccount<DeliveriesWrite>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Extension(retries): Extension<Arc<Q>>,
    Path(id): Path<String>,
    OptionalJsonObject(body): OptionalJsonObject,
) -> Result<Response, Problem> {
    Fields::new(&body).finish().into_result(()).map_err(Problem::invalid_fields)?;
    let (webhook, key) = account.delivery(&id)?;
    let logged = deliveries::existing(&*log, (webhook, key)).await?;
    match config.webhook_status(webhook.account(), webhook.id()).await? {
        Some(WebhookStatus::Active) => {}
        status => return Err(not_receiving(status)),
    }
    let (id, delivery_id) = (ResendId::generate(), logged.entry.key.to_string());
    let message = message(logged, id);
    queueing::send(&*retries, message.to_json(), message.account_id, Duration::ZERO).await?;
    Ok(json_reply(StatusCode::ACCEPTED, &json!({"id": id, "delivery_id": delivery_id})))
}

/// The message that makes deliver send the delivery once more. A scheduled retry stays scheduled.
fn message(logged: LoggedDelivery, id: ResendId) -> DeliveryMessage {
    let LoggedDelivery { entry, report } = logged;
    DeliveryMessage {
        account_id: entry.account_id,
        received_at: entry.received_at,
        webhook_id: entry.key.webhook_id,
        report_id: entry.key.report_id,
        report,
        trigger: Trigger::Resend { id },
        attempt: 1,
        due_at: Timestamp::now(),
        wait: Wait::Schedule,
        times_queued: 0,
    }
}

/// 409: deliver would skip it.
fn not_receiving(status: Option<WebhookStatus>) -> Problem {
    let detail = if status.is_some() {
        "The webhook is not active, so nothing is sent to it. Make it active (`PATCH \
         /v1/webhooks/{id}` with `{\"status\": \"active\"}`), then resend."
    } else {
        "The webhook was deleted: there is nothing to send to. Create another one, and send the \
         report again with its id as `webhook_id`."
    };
    Problem::new(ProblemKind::Conflict, detail)
}
