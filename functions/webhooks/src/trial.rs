//! `POST /v1/webhooks/{id}/test`: sends a report now and returns the outcome. A trial is not queued,
//! retried or logged as a delivery.
//!
//! A trial has its own id, so that a receiver does not mistake the real report for a repetition.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::delivery::{Attempt, NoResponse, OutcomeExplanation, ResponseBody};
use callhook::domain::ids::TrialId;
use callhook::domain::report::DefaultPayload;
use callhook::domain::request::{HeaderCapture, ReportView, WebhookRequest};
use callhook::domain::scope::Scope;
use callhook::domain::webhook::Webhook;
use callhook::http_api::{
    ErrorView, EvidenceView, JsonObject, NarrowableAccount, Problem, ProblemKind, ShownUrl,
    WebhooksWrite, json_reply,
};
use callhook::input::fields::Fields;
use callhook::outbound::Outbound;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::outgoing::{OutgoingRequest, Purpose, TrialTimeout, compiled, not_sent};
use crate::preview::zone_of;
use crate::sample::{self, complete, not_rendered};
use crate::state::Store;
use crate::webhooks::existing;

pub(crate) async fn send<D: Store, O: Outbound>(
    account: NarrowableAccount<WebhooksWrite>,
    State(store): State<Arc<D>>,
    Extension(client): Extension<Arc<O>>,
    Extension(max_timeout): Extension<TrialTimeout>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let mut fields = Fields::new(&body);
    // A receiver acts on the content of a trial, so a caller's own report needs the scope for reports.
    if fields.value("report").is_some() && !account.caller.has(Scope::ReportsWrite) {
        return Err(own_report_forbidden());
    }
    let report = sample::read(&mut fields);
    let report = complete(report, fields)?;
    let permitted = account.webhook(&id)?;
    let webhook = existing(&*store, permitted).await?;
    let zone = zone_of(&*store, permitted.account()).await?;
    let id = TrialId::generate().map_err(|error| not_sent(&error))?;
    let view = ReportView { id: id.into(), report: &report, zone: &zone };
    let payload = DefaultPayload::new(&report, now);
    let composer = compiled(&webhook)?;
    let mut request = WebhookRequest::render(&webhook, &composer, view, now, || &payload)
        .map_err(|error| not_rendered(&error))?;
    request.header_capture = HeaderCapture::All;
    let sent = request.for_log(&webhook, &composer, view, now);
    let timeout = webhook.settings.timeout_seconds.duration().min(max_timeout.duration());
    let outgoing = OutgoingRequest {
        purpose: Purpose::Trial,
        id,
        account: permitted.account(),
        caller: &account.caller,
        webhook: webhook.id,
        request,
        timeout,
    };
    let mut attempt = outgoing.send(&*store, &*client).await?;
    webhook.redact(&mut attempt, sent);
    Ok(json_reply(StatusCode::OK, &shown(&webhook, id, &attempt, timeout)))
}

fn own_report_forbidden() -> Problem {
    let scope = Scope::ReportsWrite.as_str();
    let detail = format!(
        "A `report` of your own needs the scope `{scope}` as well, which the key lacks. A `sample` does not."
    );
    Problem::new(ProblemKind::Forbidden, detail)
}

fn shown(webhook: &Webhook, id: TrialId, attempt: &Attempt, timeout: Duration) -> Value {
    let mut shown = Map::new();
    shown.insert("id".to_owned(), json!(id.to_string()));
    let code = attempt.result.ok();
    let success_codes = &webhook.settings.success_codes;
    let accepted = code.is_some_and(|code| success_codes.contain(code));
    shown.insert("taken".to_owned(), json!(accepted));
    let meaning = meaning(webhook, attempt, timeout);
    match attempt.result {
        Ok(code) => shown.insert("status_code".to_owned(), json!(code)),
        Err(why) => {
            let error = ErrorView::with_detail(why, meaning.clone());
            shown.insert("error".to_owned(), json!(error))
        }
    };
    shown.insert("meaning".to_owned(), json!(meaning));
    shown.insert("latency_ms".to_owned(), json!(attempt.latency.as_millis()));
    if let Some(evidence) = &attempt.evidence {
        let view = EvidenceView::new(evidence, attempt.latency, code.is_some(), ShownUrl::Whole);
        if let Value::Object(fields) = json!(view) {
            shown.extend(fields);
        }
    }
    if code.is_some() {
        let body = ResponseBody::of(&attempt.body);
        let body = body.unwrap_or_else(|| ResponseBody::Text(String::new()));
        shown.insert("response".to_owned(), json!(body));
    }
    Value::Object(shown)
}

/// The meaning of the outcome. A timeout says so if the trial had less time than a delivery.
fn meaning(webhook: &Webhook, attempt: &Attempt, timeout: Duration) -> String {
    let is_shorter = timeout < webhook.settings.timeout_seconds.duration();
    if is_shorter && attempt.result == Err(NoResponse::TimeoutResponse) {
        return format!(
            "the receiver did not answer within {} s, the limit of a trial; a delivery waits for \
             timeout_seconds",
            timeout.as_secs()
        );
    }
    OutcomeExplanation::new(attempt.result, &webhook.settings.success_codes).to_string()
}
