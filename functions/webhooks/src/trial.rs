//! `POST /v1/webhooks/{id}/test`: sends a report now and tells what came of it. Nothing is
//! queued, retried or logged.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::account::AccountId;
use callhook::compose::Composer;
use callhook::delivery::{Attempt, Meaning, ResponseBody};
use callhook::fields::Fields;
use callhook::http_api::{
    ActingAccount, JsonObject, Problem, ProblemKind, WebhooksWrite, json_reply,
};
use callhook::outbound::Outbound;
use callhook::report::DefaultPayload;
use callhook::request::{ReportView, WebhookRequest};
use callhook::webhook::Webhook;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::app::Store;
use crate::preview::zone_of;
use crate::sample::{Sample, complete, not_rendered};
use crate::webhooks::existing;

/// API Gateway waits for 30 s; the function needs some of that for itself.
const MAX_TIMEOUT: Duration = Duration::from_secs(25);

pub(crate) async fn send<D: Store, O: Outbound>(
    account: ActingAccount<WebhooksWrite>,
    State(store): State<Arc<D>>,
    Extension(client): Extension<Arc<O>>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let mut fields = Fields::new(&body);
    let sample = Sample::read(&mut fields, &account.id, now);
    let sample = complete(sample, fields)?;
    let webhook = existing(&*store, &account.id, &id).await?;
    let zone = zone_of(&*store, &account.id).await?;
    let view = ReportView { id: sample.id, report: &sample.report, zone: &zone };
    let payload = DefaultPayload::new(&sample.report, now);
    let request = WebhookRequest::render(&webhook, &compiled(&webhook)?, view, now, || &payload)
        .map_err(|error| not_rendered(&error))?;
    let attempt = send_now(&*client, &account.id, &webhook, request).await?;
    Ok(json_reply(StatusCode::OK, &shown(&webhook, &attempt)))
}

/// The templates of a webhook.
pub(crate) fn compiled(webhook: &Webhook) -> Result<Composer, Problem> {
    Composer::compile(&webhook.settings.request, &webhook.secrets.names())
        .map_err(Problem::invalid_fields)
}

/// Sends the one request of an invocation that sends any.
pub(crate) async fn send_now<O: Outbound>(
    client: &O,
    account: &AccountId,
    webhook: &Webhook,
    request: WebhookRequest,
) -> Result<Attempt, Problem> {
    let timeout = webhook.settings.timeout_seconds.duration().min(MAX_TIMEOUT);
    client.wake();
    let sent = client.send(account, request, timeout).await;
    sent.map_err(|error| {
        Problem::new(ProblemKind::Unavailable, format!("The request was not sent: {error}."))
    })
}

fn shown(webhook: &Webhook, attempt: &Attempt) -> Value {
    let mut shown = Map::new();
    let code = attempt.result.ok();
    let success_codes = &webhook.settings.success_codes;
    let taken = code.is_some_and(|code| success_codes.contain(code));
    shown.insert("taken".to_owned(), json!(taken));
    let meaning = Meaning::of(attempt.result, success_codes).to_string();
    match attempt.result {
        Ok(code) => shown.insert("status_code".to_owned(), json!(code)),
        Err(why) => {
            let mut error = Map::from_iter([("type".to_owned(), json!(why.kind()))]);
            if let Some(reason) = why.tls_reason() {
                error.insert("reason".to_owned(), json!(reason));
            }
            error.insert("detail".to_owned(), json!(meaning));
            shown.insert("error".to_owned(), Value::Object(error))
        }
    };
    shown.insert("meaning".to_owned(), json!(meaning));
    shown.insert("latency_ms".to_owned(), json!(attempt.latency.as_millis()));
    if code.is_some() {
        let body = ResponseBody::of(&webhook.hidden_in(attempt.body.clone(), attempt.is_cut));
        let body = body.unwrap_or_else(|| ResponseBody::Text(String::new()));
        shown.insert("response".to_owned(), json!(body));
    }
    Value::Object(shown)
}
