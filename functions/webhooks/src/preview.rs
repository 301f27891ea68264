//! `POST /v1/webhooks/preview`: renders the request of a webhook without sending it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::address::AddressPolicy;
use callhook::domain::ids::ReportId;
use callhook::domain::redaction::HIDDEN;
use callhook::domain::report::DefaultPayload;
use callhook::domain::request::{
    ReportView, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, WEBHOOK_URL_SIGNATURE,
};
use callhook::domain::webhook::{Webhook, WebhookDraft};
use callhook::http_api::{
    JsonObject, NarrowableAccount, PermittedWebhook, Problem, WebhooksRead, json_reply,
};
use callhook::input::fields::Fields;
use http::StatusCode;
use http::header::AUTHORIZATION;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::destination::checked;
use crate::sample::{self, complete, not_rendered, object};
use crate::state::Store;
use crate::webhooks::existing;

/// `webhook_id` names a saved webhook, `webhook` has unsaved settings (complete ones, or changes of
/// the saved webhook); the request is rendered for `report` or `sample`.
pub(crate) async fn preview<D: Store>(
    account: NarrowableAccount<WebhooksRead>,
    State(store): State<Arc<D>>,
    Extension(policy): Extension<AddressPolicy>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let mut fields = Fields::new(&body);
    let saved = fields.text("webhook_id", 64);
    let settings = object(&mut fields, "webhook");
    if saved.is_none() && settings.is_none() {
        fields.errors.add("webhook", "is required, unless `webhook_id` names a saved one");
    }
    let report = sample::read(&mut fields);
    let report = complete(report, fields)?;

    let saved = saved.map(|id| account.webhook(id)).transpose()?;
    let (webhook, draft) = drafted(&*store, saved, settings, policy, now).await?;
    let (account_id, _) = account.reach().parts();
    let zone = zone_of(&*store, account_id).await?;
    // A delivery of the report has the report's id.
    let id = ReportId::derive(account_id, &report, None, now);
    let view = ReportView { id: id.into(), report: &report, zone: &zone };
    let preview = draft
        .composer
        .preview(&view.variables(&webhook, now))
        .map_err(|error| not_rendered(&error))?;
    let default_payload = || {
        let mask = webhook.settings.mask;
        let payload = DefaultPayload::new(&report, now).for_webhook(webhook.id, mask);
        String::from_utf8_lossy(&payload).into_owned()
    };
    let body = match preview.body {
        None if preview.method == "GET" => None,
        body => Some(body.unwrap_or_else(default_payload)),
    };
    let bearer = webhook.secrets.bearer().map(|_| (AUTHORIZATION, format!("Bearer {HIDDEN}")));
    let signed = [
        (WEBHOOK_ID, id.to_string()),
        (WEBHOOK_TIMESTAMP, now.as_second().to_string()),
        (WEBHOOK_SIGNATURE, format!("v1,{HIDDEN}")),
    ];
    let url = (WEBHOOK_URL_SIGNATURE, format!("v1,{HIDDEN}"));
    let signed = signed.into_iter().chain(draft.composer.signs_url().then_some(url));
    let added = bearer.into_iter().chain(signed).map(|(name, value)| (name.to_string(), value));
    let headers = preview.headers.into_iter().chain(added);
    let headers: Map<_, _> = headers.map(|(name, value)| (name, Value::from(value))).collect();
    Ok(json_reply(
        StatusCode::OK,
        &json!({
            "method": preview.method, "url": preview.url, "headers": headers, "body": body,
            "warnings": draft.warnings(),
        }),
    ))
}

/// The webhook with its unsaved settings, and its compiled templates.
async fn drafted<D: Store>(
    store: &D,
    saved: Option<PermittedWebhook<'_>>,
    settings: Option<&Map<String, Value>>,
    policy: AddressPolicy,
    now: Timestamp,
) -> Result<(Webhook, WebhookDraft), Problem> {
    let empty = Map::new();
    if let Some(saved) = saved {
        let webhook = existing(store, saved).await?;
        let changes = settings.unwrap_or(&empty);
        let read = || {
            let draft = WebhookDraft::patch(&webhook, changes, now);
            checked(draft, policy, changes, None).map_err(Problem::invalid_fields)
        };
        return Ok((webhook.changed(read()?, now), read()?));
    }
    // An unsaved webhook may have no name yet.
    let mut settings = settings.unwrap_or(&empty).clone();
    settings.entry("name").or_insert_with(|| Value::from("preview"));
    let read = || {
        let draft = WebhookDraft::create(&settings, now);
        checked(draft, policy, &settings, None).map_err(Problem::invalid_fields)
    };
    Ok((Webhook::new(read()?, now), read()?))
}

/// The time zone of an account's reports.
pub(crate) async fn zone_of<D: Store>(store: &D, account: &AccountId) -> Result<TimeZone, Problem> {
    let account = store.account(account).await?;
    Ok(account.map_or(TimeZone::UTC, |account| account.time_zone.zone().clone()))
}
