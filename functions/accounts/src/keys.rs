//! `/v1/accounts/{id}/keys` and `/v1/platform-keys`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use callhook::api_key::{ApiKey, KeyOwner, KeyRecord, KeyRequest};
use callhook::http_api::{
    JsonObject, Paging, PlatformCaller, Problem, ProblemKind, created, json_reply, no_content,
};
use callhook::page::{ListTag, PageRequest};
use callhook::store::WriteError;
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::accounts::existing;
use crate::app::Store;

type Params = HashMap<String, String>;

pub(crate) async fn create_for_account<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?;
    let path = format!("/v1/accounts/{}/keys", account.id);
    create(&*store, &KeyOwner::Account(account.id), &path, &body).await
}

pub(crate) async fn create_for_platform<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    create(&*store, &KeyOwner::Platform, "/v1/platform-keys", &body).await
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
    revoke(&*store, &KeyOwner::Account(account.id), &key_id).await
}

pub(crate) async fn revoke_of_platform<D: Store>(
    _: PlatformCaller,
    State(store): State<Arc<D>>,
    Path(key_id): Path<String>,
) -> Result<Response, Problem> {
    revoke(&*store, &KeyOwner::Platform, &key_id).await
}

/// A key as reads show it: by its beginning only.
#[derive(Serialize)]
struct ShownKey {
    #[serde(flatten)]
    record: KeyRecord,
    prefix: String,
}

impl ShownKey {
    fn new(record: KeyRecord) -> Self {
        let prefix = record.id.prefix();
        Self { record, prefix }
    }
}

/// The one answer that shows a key.
#[derive(Serialize)]
struct NewKey<'a> {
    #[serde(flatten)]
    shown: ShownKey,
    key: &'a str,
}

async fn create<D: Store>(
    store: &D,
    owner: &KeyOwner,
    path: &str,
    body: &Map<String, Value>,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    let request = KeyRequest::parse(body, owner, now).map_err(Problem::invalid_fields)?;
    let key = ApiKey::generate()
        .map_err(|error| Problem::new(ProblemKind::Unavailable, format!("No key: {error}.")))?;
    let record = request.record(&key, owner, now);
    match store.create_key(&key.hash(), &record).await {
        Ok(()) => {
            let path = format!("{path}/{}", record.id);
            let shown = NewKey { shown: ShownKey::new(record), key: key.reveal() };
            Ok(created(&path, &shown))
        }
        // The id was drawn before, or the client of the store wrote twice and lost the first
        // answer, and with it the right to show the key.
        Err(WriteError::Condition) => {
            Err(Problem::new(ProblemKind::Conflict, "The key could not be made. Try again."))
        }
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

async fn list<D: Store>(store: &D, owner: &KeyOwner, query: &Params) -> Result<Response, Problem> {
    let account = match owner {
        KeyOwner::Account(id) => id.as_str(),
        KeyOwner::Platform => "",
    };
    let list = ListTag::new("keys", account, query);
    let page = PageRequest::from_query(query, &list).map_err(Problem::invalid_parameters)?;
    let page = store.keys(owner, &page).await?.map_readable(ShownKey::new);
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

async fn revoke<D: Store>(store: &D, owner: &KeyOwner, id: &str) -> Result<Response, Problem> {
    let none = || Problem::new(ProblemKind::NotFound, "There is no such key.");
    let id = id.parse().map_err(|_| none())?;
    if store.revoke_key(owner, &id).await? { Ok(no_content()) } else { Err(none()) }
}
