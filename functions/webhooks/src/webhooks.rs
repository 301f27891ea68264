//! `/v1/webhooks`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::address::AddressPolicy;
use callhook::domain::health::DisableAfter;
use callhook::domain::health::Health;
use callhook::domain::ids::WebhookId;
use callhook::domain::webhook::{Webhook, WebhookDraft, WebhookSettings};
use callhook::http_api::{
    ActingAccount, JsonObject, NarrowableAccount, Parameters, PermittedWebhook, Problem,
    ProblemKind, Reach, WebhooksRead, WebhooksWrite, created, json_reply, no_content,
};
use callhook::input::fields::{FieldError, FieldErrors};
use callhook::input::page::{ListTag, Listed, Page, PageRequest};
use callhook::outbound::Outbound;
use callhook::ports::store::{NewWebhookError, OutcomesReader, StoreError, WriteError};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::destination::checked;
use crate::etag::{IfMatch, with_etag};
use crate::health::with_health;
use crate::state::Store;
use crate::summary;
use crate::verification::verify;

pub(crate) async fn create<D: Store, O: Outbound>(
    account: ActingAccount<WebhooksWrite>,
    State(store): State<Arc<D>>,
    Extension(policy): Extension<AddressPolicy>,
    Extension(client): Extension<Arc<O>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let draft = WebhookDraft::create(&body, now);
    let mut draft = checked(draft, policy, &body, None).map_err(Problem::invalid_fields)?;
    let (warnings, verification) = (draft.warnings(), draft.verification.take());
    let webhook = Webhook::new(draft, now);
    if let Some(token) = verification {
        // An account that has reached its quota sends no challenge.
        if let Some(most) = store.exhausted_webhook_quota(&account.id).await? {
            return Err(Problem::quota_exceeded(most, "webhooks"));
        }
        verify(&*store, &*client, &account, &webhook, &token, now).await?;
    }
    let response = || {
        let location = format!("/v1/webhooks/{}", webhook.id);
        with_etag(created(&location, &revealed(&webhook, &warnings)), webhook.version)
    };
    match store.create_webhook(&account.id, &webhook).await {
        // New ids are unique. If the id exists, the SDK repeated a write whose response was lost.
        Ok(()) | Err(NewWebhookError::Exists) => Ok(response()),
        Err(NewWebhookError::TooMany(most)) => Err(Problem::quota_exceeded(most, "webhooks")),
        Err(NewWebhookError::Store(error)) => Err(error.into()),
    }
}

pub(crate) async fn read<D: Store>(
    account: NarrowableAccount<WebhooksRead>,
    State(store): State<Arc<D>>,
    disable_after: Option<Extension<DisableAfter>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let permitted = account.webhook(&id)?;
    let found = store.webhook_and_health(permitted.account(), permitted.id()).await?;
    let (webhook, health) = found.ok_or_else(|| Problem::no_such("webhook"))?;
    let Extension(disable_after) = disable_after.unwrap_or_default();
    let shown = with_health(&webhook, health.as_ref(), disable_after, Timestamp::now());
    Ok(with_etag(json_reply(StatusCode::OK, &shown), webhook.version))
}

/// The query parameters of the list.
pub(crate) struct ListParameters;

impl Parameters for ListParameters {
    const NAMES: &'static [&'static str] = &["limit", "cursor", "name", summary::INCLUDE];
}

pub(crate) async fn list<D: Store, F: OutcomesReader>(
    account: NarrowableAccount<WebhooksRead, ListParameters>,
    State(store): State<Arc<D>>,
    Extension(figures): Extension<Arc<F>>,
    disable_after: Option<Extension<DisableAfter>>,
) -> Result<Response, Problem> {
    let query = &account.query;
    let with_summary = summary::is_requested(query, &account.caller)?;
    let (account_id, _) = account.reach().parts();
    let list = ListTag::new("webhooks", account_id.as_str(), query);
    let page = PageRequest::from_query(query, &list).map_err(Problem::invalid_parameters)?;
    let name = query.get("name").map(String::as_str).filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > WebhookSettings::MAX_NAME) {
        let most = WebhookSettings::MAX_NAME;
        let message = format_args!("must be at most {most} characters");
        return Err(Problem::invalid_parameters(FieldErrors::of("name", message)));
    }
    let page = match account.reach() {
        Reach::Whole(account_id) => store.webhooks(account_id, &page, name).await?,
        Reach::Only(webhook) => list_of_one(&*store, webhook, name).await?,
    };
    let health = health_of(&*store, account_id, &page).await?;
    let Extension(disable_after) = disable_after.unwrap_or_default();
    let now = Timestamp::now();
    let show =
        |webhook: &Webhook| with_health(webhook, health.get(&webhook.id), disable_after, now);
    let mut page = within_response_size(page, show);
    if with_summary {
        summary::add(&*figures, &mut page, now).await?;
    }
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

/// The health of the webhooks of a page, in one read.
async fn health_of<D: Store>(
    store: &D,
    account: &AccountId,
    page: &Page<Listed<Webhook>>,
) -> Result<HashMap<WebhookId, Health>, StoreError> {
    let id = |listed: &Listed<Webhook>| match listed {
        Listed::Item(webhook) => Some(webhook.id),
        Listed::Unreadable { .. } => None,
    };
    let ids: Vec<_> = page.data.iter().filter_map(id).collect();
    store.health_of(account, &ids).await
}

/// The list for a key of one webhook: that webhook, unless it was deleted or does not match `name`.
async fn list_of_one<D: Store>(
    store: &D,
    webhook: PermittedWebhook<'_>,
    name: Option<&str>,
) -> Result<Page<Listed<Webhook>>, StoreError> {
    let found = store.webhook(webhook.account(), webhook.id()).await?;
    let is_named = |webhook: &Webhook| {
        name.is_none_or(|name| webhook.settings.name.to_lowercase().contains(&name.to_lowercase()))
    };
    let data = found.filter(is_named).map(Listed::Item).into_iter().collect();
    Ok(Page { data, next_cursor: None })
}

/// The largest page, in bytes: Lambda limits responses to 6 MB.
const MAX_PAGE_BYTES: usize = 4 * 1024 * 1024;

/// A page as JSON, cut before it would exceed [`MAX_PAGE_BYTES`].
fn within_response_size(
    page: Page<Listed<Webhook>>,
    show: impl Fn(&Webhook) -> Value,
) -> Page<Listed<Value>> {
    let mut data = Vec::with_capacity(page.data.len());
    let mut bytes = 0;
    let mut last = None;
    for webhook in page.data {
        let id = match &webhook {
            Listed::Item(webhook) => webhook.id.to_string(),
            Listed::Unreadable { id } => id.clone(),
        };
        let shown = webhook.map(|webhook| show(&webhook));
        if let Listed::Item(shown) = &shown {
            bytes += shown.to_string().len();
        }
        if bytes > MAX_PAGE_BYTES && last.is_some() {
            return Page { data, next_cursor: last };
        }
        last = Some(id);
        data.push(shown);
    }
    Page { data, next_cursor: page.next_cursor }
}

pub(crate) async fn replace<D: Store>(
    account: NarrowableAccount<WebhooksWrite>,
    if_match: IfMatch,
    State(store): State<Arc<D>>,
    Extension(policy): Extension<AddressPolicy>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let replaced = |current: &Webhook, now| {
        let draft = WebhookDraft::replace(current, &body, now);
        Change::to(current, checked(draft, policy, &body, Some(current)), now)
    };
    Ok(changed_reply(&change(&*store, account.webhook(&id)?, &if_match, replaced).await?))
}

pub(crate) async fn patch<D: Store>(
    account: NarrowableAccount<WebhooksWrite>,
    if_match: IfMatch,
    State(store): State<Arc<D>>,
    Extension(policy): Extension<AddressPolicy>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let patched = |current: &Webhook, now| {
        let draft = WebhookDraft::patch(current, &body, now);
        Change::to(current, checked(draft, policy, &body, Some(current)), now)
    };
    Ok(changed_reply(&change(&*store, account.webhook(&id)?, &if_match, patched).await?))
}

pub(crate) async fn delete<D: Store>(
    account: NarrowableAccount<WebhooksWrite>,
    if_match: IfMatch,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let webhook = account.webhook(&id)?;
    let (account, id) = (webhook.account(), webhook.id());
    for _ in 0..MAX_TRIES {
        let Some(current) = store.webhook(account, id).await? else { break };
        if_match.check(current.version)?;
        match store.delete_webhook(account, id, current.version).await {
            // The webhook first: a crash in between leaves subscriptions without a webhook, which
            // deliver ignores, and not a webhook without its subscriptions.
            Ok(()) => {
                store.delete_subscriptions_of(account, id).await?;
                return Ok(no_content());
            }
            Err(WriteError::Condition) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
    }
    if store.webhook(account, id).await?.is_some() {
        return Err(concurrent_changes());
    }
    // Completes a deletion that crashed.
    store.delete_subscriptions_of(account, id).await?;
    Err(Problem::no_such("webhook"))
}

/// Tries of a change of a webhook that other requests change at the same time.
const MAX_TRIES: usize = 3;

/// A changed webhook, and warnings about its settings.
pub(crate) struct Change {
    pub(crate) webhook: Webhook,
    pub(crate) warnings: Vec<FieldError>,
}

impl Change {
    fn to(
        current: &Webhook,
        draft: Result<WebhookDraft, FieldErrors>,
        now: Timestamp,
    ) -> Result<Option<Self>, Problem> {
        let draft = draft.map_err(Problem::invalid_fields)?;
        let warnings = draft.warnings();
        Ok(Some(Self { webhook: current.changed(draft, now), warnings }))
    }
}

/// Reads, changes and writes a webhook, and repeats that if the webhook was changed in between, so
/// that a patch never undoes another. `changed` returns `None` if the webhook needs no change: an
/// earlier copy of the request made it, and succeeds whatever `If-Match` says (RFC 9110, 13.1.1).
pub(crate) async fn change<D: Store>(
    store: &D,
    webhook: PermittedWebhook<'_>,
    if_match: &IfMatch,
    changed: impl Fn(&Webhook, Timestamp) -> Result<Option<Change>, Problem>,
) -> Result<Change, Problem> {
    let mut tried: Option<Change> = None;
    for _ in 0..MAX_TRIES {
        let current = existing(store, webhook).await?;
        // The SDK repeated a write whose response was lost.
        if let Some(tried) = tried.filter(|tried| tried.webhook == current) {
            return Ok(tried);
        }
        let Some(change) = changed(&current, Timestamp::now())? else {
            return Ok(Change { webhook: current, warnings: Vec::new() });
        };
        if_match.check(current.version)?;
        match store.replace_webhook(webhook.account(), &change.webhook).await {
            Ok(()) => return Ok(change),
            Err(WriteError::Condition) => tried = Some(change),
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
    }
    Err(concurrent_changes())
}

fn changed_reply(Change { webhook, warnings }: &Change) -> Response {
    with_etag(json_reply(StatusCode::OK, &shown(webhook, warnings)), webhook.version)
}

/// A webhook with its signing secret, for the response that created or rotated it.
pub(crate) fn revealed(webhook: &Webhook, warnings: &[FieldError]) -> Value {
    let mut json = shown(webhook, warnings);
    if let Some(object) = json.as_object_mut() {
        object.insert("secret".to_owned(), webhook.signing.current().reveal().into());
    }
    json
}

/// A webhook with the warnings about its settings.
fn shown(webhook: &Webhook, warnings: &[FieldError]) -> Value {
    let mut json = webhook.to_json();
    if let (Some(object), false) = (json.as_object_mut(), warnings.is_empty()) {
        object.insert("warnings".to_owned(), serde_json::json!(warnings));
    }
    json
}

fn concurrent_changes() -> Problem {
    let detail = "Other requests are changing the webhook at the same time. Try again.";
    Problem::new(ProblemKind::Conflict, detail)
}

/// The webhook, if it exists.
pub(crate) async fn existing<D: Store>(
    store: &D,
    webhook: PermittedWebhook<'_>,
) -> Result<Webhook, Problem> {
    let found = store.webhook(webhook.account(), webhook.id()).await?;
    found.ok_or_else(|| Problem::no_such("webhook"))
}
