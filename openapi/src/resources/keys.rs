//! `/v1/accounts/{id}/keys` and `/v1/platform-keys`.

use callhook::domain::api_key::{ConsoleLink, KeyId, KeyRequest, StoredKey};
use callhook::domain::scope::Scope;
use http::StatusCode;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder};

use super::{Resource, page_of_stored};
use crate::examples::{accounts as examples, page};
use crate::parameters::{account_id, account_in_path, in_path, in_query, paging};
use crate::responses::{empty, json, location};
use crate::route::Route;
use crate::schema::{
    Describe as _, boolean, choice, closed, future_time, integer, list, named, object, or_null,
    string, text, time, uuid,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "keys",
        description: "API keys. Requires a platform key.",
        routes: vec![
            create(ACCOUNT_KEYS, "createAccountKey", "NewAccountKey", examples::key())
                .summary("Create a key of an account")
                .parameter(account_in_path())
                .problems(&[StatusCode::NOT_FOUND]),
            all(ACCOUNT_KEYS, "listAccountKeys", examples::key())
                .summary("List the keys of an account")
                .parameter(account_in_path())
                .problems(&[StatusCode::NOT_FOUND]),
            revoke("/v1/accounts/{id}/keys/{key_id}", "revokeAccountKey")
                .summary("Revoke a key of an account")
                .parameter(account_in_path())
                .parameter(id()),
            create_link(),
            create(PLATFORM_KEYS, "createPlatformKey", "NewPlatformKey", examples::platform_key())
                .summary("Create a platform key"),
            all(PLATFORM_KEYS, "listPlatformKeys", examples::platform_key())
                .summary("List platform keys"),
            revoke("/v1/platform-keys/{key_id}", "revokePlatformKey")
                .summary("Revoke a platform key")
                .parameter(id())
                .parameter(in_query("cascade", CASCADE, boolean()))
                .ok(json("With `cascade=true`.", named("RevokedKeys"), examples::revoked())),
        ],
        schemas: vec![
            ("NewAccountKey", of_account(request(Scope::of_accounts())).into()),
            ("NewPlatformKey", request(Scope::ALL.iter().copied()).into()),
            ("Key", key().into()),
            ("NewKey", created().into()),
            ("NewConsoleLink", link_request().into()),
            ("ConsoleLink", link().into()),
            ("KeyPage", page_of_stored("Key")),
            ("RevokedKeys", revoked().into()),
        ],
    }
}

const ACCOUNT_KEYS: &str = "/v1/accounts/{id}/keys";
const PLATFORM_KEYS: &str = "/v1/platform-keys";

fn create(path: &'static str, operation: &str, request: &str, key: Value) -> Route {
    let new = examples::new(&key);
    let created = json("Created.", named("NewKey"), examples::made(key));
    let created = created.header("location", location());
    Route::of_platform(HttpMethod::Post, path, operation)
        .body(named(request), new)
        .response(StatusCode::CREATED, created)
        .problems(&[StatusCode::CONFLICT])
}

fn create_link() -> Route {
    let created =
        json("Created.", named("ConsoleLink"), examples::link()).header("location", location());
    Route::of_platform(HttpMethod::Post, "/v1/accounts/{id}/console-links", "createConsoleLink")
        .summary("Create a link that opens the console for an account")
        .parameter(account_in_path())
        .body(named("NewConsoleLink"), examples::new_link())
        .response(StatusCode::CREATED, created)
        .problems(&[StatusCode::NOT_FOUND, StatusCode::CONFLICT])
}

fn all(path: &'static str, operation: &str, key: Value) -> Route {
    Route::of_platform(HttpMethod::Get, path, operation).parameters(paging()).ok(json(
        "A page of the list.",
        named("KeyPage"),
        page([key]),
    ))
}

fn revoke(path: &'static str, operation: &str) -> Route {
    Route::of_platform(HttpMethod::Delete, path, operation)
        .response(StatusCode::NO_CONTENT, empty("Revoked; it may work for another 60 s."))
        .problems(&[StatusCode::NOT_FOUND])
}

const CASCADE: &str = "Whether to revoke also the keys that it created, directly or through others. Works for a \
                       revoked key too.";

fn revoked() -> ObjectBuilder {
    object()
        .property("revoked", integer(0..=101).describe("Keys that this request revoked."))
        .property(
            "is_complete",
            boolean().describe("Whether all keys are revoked. If not, repeat the request."),
        )
        .required("revoked")
        .required("is_complete")
}

fn id() -> Parameter {
    in_path("key_id", "The key's id, which is part of the key.", key_id())
}

pub(super) fn key_id() -> ObjectBuilder {
    string().pattern(Some(format!("^[0-9a-f]{{{}}}$", KeyId::LEN)))
}

fn request(scopes: impl Iterator<Item = Scope>) -> ObjectBuilder {
    let scopes = list(choice(scopes.map(Scope::as_str))).min_items(Some(1)).describe(
        "No scope that the calling key lacks. If absent: all that it has and the owner may have.",
    );
    let days = integer(1..=u64::from(KeyRequest::MAX_DAYS));
    closed()
        .property("name", text(KeyRequest::MAX_NAME))
        .property("scopes", or_null(scopes))
        .property(
            "expires_at",
            or_null(
                future_time().describe("Expiry, RFC 3339. If absent: the latest that is allowed."),
            ),
        )
        .property(
            "expires_in_days",
            or_null(days.describe("Expiry in days from now, instead of `expires_at`.")),
        )
        .required("name")
}

/// Adds the field that only keys of accounts have.
fn of_account(request: ObjectBuilder) -> ObjectBuilder {
    let webhook =
        uuid().describe("The only webhook that the key may access. If absent: the whole account.");
    request.property("webhook_id", or_null(webhook))
}

fn link_request() -> ObjectBuilder {
    let scopes = list(choice(Scope::of_accounts().map(Scope::as_str))).min_items(Some(1)).describe(
        "Scopes of the link. If absent: `webhooks:read` and `deliveries:read`, as far as the calling key has them.",
    );
    let seconds = u64::from(ConsoleLink::MIN_SECONDS)..=u64::from(ConsoleLink::MAX_SECONDS);
    let request = closed()
        .property("name", or_null(text(KeyRequest::MAX_NAME)))
        .property("scopes", or_null(scopes))
        .property(
            "expires_in_seconds",
            or_null(
                integer(seconds)
                    .describe("Lifetime. If absent: an hour, or until the calling key expires."),
            ),
        );
    of_account(request)
}

fn created() -> ObjectBuilder {
    key().property("key", string().describe("The key, shown only here.")).required("key")
}

fn link() -> ObjectBuilder {
    created()
        .property(
            "url",
            string().describe("The URL that opens the console, with the key in its fragment."),
        )
        .required("url")
        .required("kind")
        .required("expires_at")
}

fn key() -> ObjectBuilder {
    object()
        .property("id", key_id())
        .property("account_id", account_id().describe("Absent for a platform key."))
        .property(
            "webhook_id",
            uuid().describe("The only webhook it may access; absent for all of the account."),
        )
        .property("name", text(KeyRequest::MAX_NAME))
        .property("kind", kind())
        .property("scopes", scopes())
        .property("created_at", time())
        .property(
            "created_by",
            key_id().describe("The platform key that created it; absent if the operator did."),
        )
        .property(
            "generation",
            integer(0..=u64::from(StoredKey::MAX_GENERATION))
                .describe("0 if the operator created it; else one more than its creator's."),
        )
        .property("expires_at", time().describe("Expiry."))
        .property("last_used_at", time().describe("The last use, accurate to the hour."))
        .property("prefix", string().describe("The beginning of the key."))
        .property("erasing", boolean().describe("Its account is being erased; absent otherwise."))
        .required("id")
        .required("prefix")
        .required("name")
        .required("scopes")
        .required("created_at")
}

pub(super) fn kind() -> ObjectBuilder {
    choice(["console_link"]).describe("`console_link` or absent.")
}

pub(super) fn scopes() -> ArrayBuilder {
    list(choice(Scope::ALL.iter().map(|scope| scope.as_str())))
}
