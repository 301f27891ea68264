//! `/v1/accounts/{id}/keys` and `/v1/platform-keys`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::api_key::{
    ApiKey, Grant, KeyId, KeyLifetime, KeyOwner, KeyRequest, StoredKey,
};
use callhook::http_api::{
    Caller, JsonObject, Paging, Parameters, PlatformCaller, Problem, ProblemKind, created,
    json_reply, no_content,
};
use callhook::input::fields::FieldErrors;
use callhook::input::page::{ListTag, Listed, PageRequest};
use callhook::ports::store::WriteError;
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::accounts::existing;
use crate::revocation::{revoke, revoke_created_by};
use crate::state::Store;

type Params = HashMap<String, String>;

pub(crate) async fn create_for_account<D: Store>(
    platform: PlatformCaller,
    State(store): State<Arc<D>>,
    Extension(lifetime): Extension<KeyLifetime>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?;
    let path = format!("/v1/accounts/{}/keys", account.id);
    let grant = grant_of(&*store, &platform.caller).await?;
    create(&*store, &KeyOwner::Account(account.id), grant, lifetime, &path, &body).await
}

pub(crate) async fn create_for_platform<D: Store>(
    platform: PlatformCaller,
    State(store): State<Arc<D>>,
    Extension(lifetime): Extension<KeyLifetime>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let grant = grant_of(&*store, &platform.caller).await?;
    create(&*store, &KeyOwner::Platform, grant, lifetime, "/v1/platform-keys", &body).await
}

/// The rights that the calling key may give to keys that it creates.
pub(crate) async fn grant_of<D: Store>(store: &D, caller: &Caller) -> Result<Grant, Problem> {
    if caller.is_operator() {
        return Ok(Grant::of_operator(caller.scopes().clone()));
    }
    let id: Option<KeyId> = caller.key_id().and_then(|id| id.parse().ok());
    let maker = live(store, &KeyOwner::Platform, &id.ok_or_else(no_longer_valid)?).await?;
    if maker.generation >= StoredKey::MAX_GENERATION {
        let detail = "The key is the last of a chain of keys that created each other. Create the new one with an earlier key.";
        return Err(Problem::new(ProblemKind::Forbidden, detail));
    }
    Ok(Grant::of(&maker))
}

/// The stored record of the calling key; 401 if it is revoked or expired. API Gateway caches authorizations, so it lets
/// such a key in for up to a minute.
pub(crate) async fn live<D: Store>(
    store: &D,
    owner: &KeyOwner,
    id: &KeyId,
) -> Result<StoredKey, Problem> {
    let key = store.stored_key(owner, id).await?;
    key.filter(|key| !key.is_expired(Timestamp::now())).ok_or_else(no_longer_valid)
}

fn no_longer_valid() -> Problem {
    let detail = "The key was revoked or has expired. Send another one.";
    Problem::new(ProblemKind::Unauthorized, detail)
}

pub(crate) async fn list_of_account<D: Store>(
    PlatformCaller { query, .. }: PlatformCaller<Paging>,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?;
    list(&*store, &KeyOwner::Account(account.id), &query).await
}

pub(crate) async fn list_of_platform<D: Store>(
    PlatformCaller { query, .. }: PlatformCaller<Paging>,
    State(store): State<Arc<D>>,
) -> Result<Response, Problem> {
    list(&*store, &KeyOwner::Platform, &query).await
}

pub(crate) async fn revoke_of_account<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    Path((id, key_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?;
    let id = key_id.parse().map_err(|_| no_such_key())?;
    let revoked = revoke(&*store, &KeyOwner::Account(account.id), &id).await?;
    if revoked { Ok(no_content()) } else { Err(no_such_key()) }
}

/// The parameter of a revocation that includes the keys that the key created.
pub(crate) struct Cascade;

impl Parameters for Cascade {
    const NAMES: &'static [&'static str] = &["cascade"];
}

pub(crate) async fn revoke_of_platform<D: Store>(
    PlatformCaller { query, .. }: PlatformCaller<Cascade>,
    State(store): State<Arc<D>>,
    Path(key_id): Path<String>,
) -> Result<Response, Problem> {
    let is_cascade = match query.get("cascade").map(String::as_str) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            let errors = FieldErrors::of("cascade", "must be `true` or `false`");
            return Err(Problem::invalid_parameters(errors));
        }
    };
    let id = key_id.parse().map_err(|_| no_such_key())?;
    // The key first, so that it creates no more keys.
    let is_revoked = revoke(&*store, &KeyOwner::Platform, &id).await?;
    if !is_cascade {
        return if is_revoked { Ok(no_content()) } else { Err(no_such_key()) };
    }
    let created = revoke_created_by(&*store, &id).await?;
    if !is_revoked && created.seen == 0 {
        return Err(no_such_key());
    }
    Ok(json_reply(
        StatusCode::OK,
        &json!({"revoked": created.revoked + usize::from(is_revoked), "is_complete": created.is_complete}),
    ))
}

/// A key as reads show it: only its first part.
#[derive(Serialize)]
struct ShownKey {
    #[serde(flatten)]
    record: StoredKey,
    prefix: String,
}

impl ShownKey {
    fn new(record: StoredKey) -> Self {
        let prefix = record.id.prefix();
        Self { record, prefix }
    }
}

/// A new key with its secret, which no other response shows.
#[derive(Serialize)]
pub(crate) struct NewKey<'a> {
    #[serde(flatten)]
    shown: ShownKey,
    key: &'a str,
    /// The URL of a console link.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl<'a> NewKey<'a> {
    fn new(record: StoredKey, key: &'a ApiKey) -> Self {
        Self { shown: ShownKey::new(record), key: key.reveal(), url: None }
    }

    /// The key of a console link, with the link's URL.
    pub(crate) fn of_link(record: StoredKey, key: &'a ApiKey, url: String) -> Self {
        Self { url: Some(url), ..Self::new(record, key) }
    }
}

async fn create<D: Store>(
    store: &D,
    owner: &KeyOwner,
    grant: Grant,
    lifetime: KeyLifetime,
    path: &str,
    body: &Map<String, Value>,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let grant = grant.limited(lifetime, now);
    let request = KeyRequest::parse(body, owner, &grant, now).map_err(Problem::invalid_fields)?;
    if let KeyOwner::Account(account) = owner {
        check_webhook(store, account, &request).await?;
    }
    let key = generated()?;
    let record = request.into_stored_key(&key, owner, now);
    match store.create_key(&key.hash(), &record).await {
        Ok(()) => {
            let path = format!("{path}/{}", record.id);
            Ok(created(&path, &NewKey::new(record, &key)))
        }
        Err(error) => Err(not_stored(error)),
    }
}

pub(crate) fn generated() -> Result<ApiKey, Problem> {
    ApiKey::generate().map_err(|error| {
        Problem::new(ProblemKind::Unavailable, format!("No key was created: {error}."))
    })
}

/// 422 unless the webhook that the key is limited to belongs to the account.
pub(crate) async fn check_webhook<D: Store>(
    store: &D,
    account: &AccountId,
    request: &KeyRequest,
) -> Result<(), Problem> {
    let Some(webhook) = request.webhook_id() else { return Ok(()) };
    if store.webhook_status(account, webhook).await?.is_some() {
        return Ok(());
    }
    let errors = FieldErrors::of("webhook_id", "names no webhook of this account");
    Err(Problem::invalid_fields(errors))
}

/// The response if a key was not stored.
pub(crate) fn not_stored(error: WriteError) -> Problem {
    match error {
        // The id exists; or the SDK repeated a write whose response was lost, which looks the same, so
        // the key must not be shown.
        WriteError::Condition => {
            Problem::new(ProblemKind::Conflict, "The key could not be created. Try again.")
        }
        WriteError::Store(error) => error.into(),
    }
}

async fn list<D: Store>(store: &D, owner: &KeyOwner, query: &Params) -> Result<Response, Problem> {
    let account = match owner {
        KeyOwner::Account(id) => id.as_str(),
        KeyOwner::Platform => "",
    };
    let list = ListTag::new("keys", account, query);
    let page = PageRequest::from_query(query, &list).map_err(Problem::invalid_parameters)?;
    let mut page = store.keys(owner, &page).await?;
    let now = Timestamp::now();
    page.data.retain(|key| !matches!(key, Listed::Item(key) if key.is_expired_link(now)));
    let page = page.map_readable(ShownKey::new);
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

fn no_such_key() -> Problem {
    Problem::new(ProblemKind::NotFound, "There is no such key.")
}
