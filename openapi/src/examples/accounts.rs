//! Accounts and keys.

use serde_json::{Value, json};

use super::{with, without};

const KEY: &str = "0123456789ab";
const PLATFORM_KEY: &str = "fedcba987654";
/// The platform key that the operator created.
const FIRST_KEY: &str = "0f1e2d3c4b5a";
const CREATED_AT: &str = "2026-11-22T09:00:00Z";

/// The request that creates the account.
pub(crate) fn new_account() -> Value {
    json!({"name": "Acme", "time_zone": "Asia/Kolkata", "retention_days": 30, "id": "acme"})
}

/// The account in a response.
pub(crate) fn account() -> Value {
    json!({
        "id": "acme", "name": "Acme", "time_zone": "Asia/Kolkata", "retention_days": 30,
        "quotas": {"webhooks": 1_000, "subscriptions": 5_000}, "status": "active",
        "created_at": "2023-06-30T03:30:00Z",
    })
}

/// The account after its retention was changed.
pub(crate) fn changed() -> Value {
    with(account(), "retention_days", json!(90))
}

/// The account while it is being erased.
pub(crate) fn erasing() -> Value {
    with(account(), "status", json!("erasing"))
}

/// The key of a program, in a list.
pub(crate) fn key() -> Value {
    json!({
        "id": KEY, "prefix": format!("chk_{KEY}"), "account_id": "acme", "name": "CRM",
        "scopes": ["reports:write"], "created_at": CREATED_AT, "created_by": PLATFORM_KEY,
        "generation": 2, "expires_at": "2027-11-22T09:00:00Z",
        "last_used_at": "2026-11-22T22:04:43Z",
    })
}

/// A platform key, in a list.
pub(crate) fn platform_key() -> Value {
    let key = with(without(key(), "account_id"), "id", json!(PLATFORM_KEY));
    let key = with(key, "prefix", json!(format!("chk_{PLATFORM_KEY}")));
    let key = with(with(key, "created_by", json!(FIRST_KEY)), "generation", json!(1));
    let key = with(key, "name", json!("panel"));
    with(key, "scopes", json!(["webhooks:read", "webhooks:write", "deliveries:read", "platform"]))
}

/// The request that creates `key`.
pub(crate) fn new(key: &Value) -> Value {
    json!({"name": key.get("name"), "scopes": key.get("scopes"), "expires_in_days": 365})
}

/// The response with the created `key`.
pub(crate) fn made(key: Value) -> Value {
    let shown = format!("{}_…", key.get("prefix").and_then(Value::as_str).unwrap_or_default());
    with(without(key, "last_used_at"), "key", json!(shown))
}

/// The request that creates a console link.
pub(crate) fn new_link() -> Value {
    json!({"name": "panel, user 17", "expires_in_seconds": 900})
}

/// The response with the created console link.
pub(crate) fn link() -> Value {
    json!({
        "id": KEY, "prefix": format!("chk_{KEY}"), "account_id": "acme", "name": "panel, user 17",
        "kind": "console_link", "scopes": ["webhooks:read", "deliveries:read"],
        "created_at": CREATED_AT, "created_by": PLATFORM_KEY, "generation": 2,
        "expires_at": "2026-11-22T09:15:00Z", "key": format!("chk_{KEY}_…"),
        "url": format!("https://api.example.com/console/#key=chk_{KEY}_…"),
    })
}

/// The key of the console link, as it reads itself.
pub(crate) fn calling_key() -> Value {
    let key =
        ["account_id", "created_by", "generation", "key", "url"].into_iter().fold(link(), without);
    with(key, "account", account())
}

/// The response to a revocation with `cascade=true`.
pub(crate) fn revoked() -> Value {
    json!({"revoked": 7, "is_complete": true})
}
