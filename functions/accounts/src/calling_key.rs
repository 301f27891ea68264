//! `GET /v1/key`: the calling key and its account.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use callhook::domain::account::{Account, AccountId, AccountZone, Retention};
use callhook::domain::api_key::{KeyId, KeyKind, StoredKey};
use callhook::domain::ids::WebhookId;
use callhook::domain::scope::Scopes;
use callhook::http_api::{CallingKey, Problem, json_reply};
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use crate::keys::live;
use crate::state::Store;

pub(crate) async fn read<D: Store>(
    calling: CallingKey,
    State(store): State<Arc<D>>,
) -> Result<Response, Problem> {
    let record = live(&*store, &calling.owner, &calling.id).await?;
    if let (true, Some(account)) = (record.erasing, &record.account_id) {
        return Err(Problem::account_erasing(account));
    }
    let account = calling.account(&*store).await?;
    Ok(json_reply(StatusCode::OK, &CallingKeyView::new(record, account)))
}

/// The calling key without its maker and its last use, which only the platform sees.
#[derive(Serialize)]
struct CallingKeyView {
    id: KeyId,
    prefix: String,
    name: String,
    #[serde(skip_serializing_if = "KeyKind::is_program")]
    kind: KeyKind,
    scopes: Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<WebhookId>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    account: Option<AccountView>,
}

/// The part of an account that the calling key sees.
#[derive(Serialize)]
#[serde(untagged)]
enum AccountView {
    Whole(Account),
    /// For a key that is limited to one webhook: the fields that apply to that webhook's reports. Quotas concern the whole
    /// account, and its operational webhook may be another.
    OfOneWebhook {
        id: AccountId,
        name: String,
        time_zone: AccountZone,
        retention_days: Retention,
    },
}

impl CallingKeyView {
    fn new(record: StoredKey, account: Option<Account>) -> Self {
        let is_limited = record.webhook_id.is_some();
        Self {
            prefix: record.id.prefix(),
            id: record.id,
            name: record.name,
            kind: record.kind,
            scopes: record.scopes,
            webhook_id: record.webhook_id,
            created_at: record.created_at,
            expires_at: record.expires_at,
            account: account.map(|account| AccountView::new(account, is_limited)),
        }
    }
}

impl AccountView {
    fn new(account: Account, is_limited: bool) -> Self {
        if !is_limited {
            return Self::Whole(account);
        }
        let Account { id, name, time_zone, retention_days, .. } = account;
        Self::OfOneWebhook { id, name, time_zone, retention_days }
    }
}

#[cfg(test)]
mod tests;
