//! `/v1/accounts/{id}/keys` and `/v1/platform-keys`.

use callhook::api_key::{ConsoleLink, KeyId, KeyRequest, StoredKey};
use callhook::scope::Scope;
use http::StatusCode;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder};

use super::{Resource, page_of_stored};
use crate::answers::{empty, json, location};
use crate::examples::{accounts as examples, page};
use crate::parameters::{account_id, account_in_path, in_path, in_query, paging};
use crate::route::Route;
use crate::schema::{
    Describe as _, boolean, choice, closed, future_time, integer, list, named, object, or_null,
    string, text, time, uuid,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "keys",
        about: "API keys. For keys of the platform only.",
        routes: vec![
            create(ACCOUNT_KEYS, "createAccountKey", "NewAccountKey", examples::key())
                .does("Make a key of an account")
                .with(account_in_path())
                .refuses(&[StatusCode::NOT_FOUND]),
            all(ACCOUNT_KEYS, "listAccountKeys", examples::key())
                .does("List the keys of an account")
                .with(account_in_path())
                .refuses(&[StatusCode::NOT_FOUND]),
            revoke("/v1/accounts/{id}/keys/{key_id}", "revokeAccountKey")
                .does("Revoke a key of an account")
                .with(account_in_path())
                .with(id()),
            create_link(),
            create(PLATFORM_KEYS, "createPlatformKey", "NewPlatformKey", examples::platform_key())
                .does("Make a key of the platform"),
            all(PLATFORM_KEYS, "listPlatformKeys", examples::platform_key())
                .does("List the keys of the platform"),
            revoke("/v1/platform-keys/{key_id}", "revokePlatformKey")
                .does("Revoke a key of the platform")
                .with(id())
                .with(in_query("cascade", CASCADE, boolean()))
                .answers(
                    StatusCode::OK,
                    json("With `cascade=true`.", named("RevokedKeys"), examples::revoked()),
                ),
        ],
        schemas: vec![
            ("NewAccountKey", of_account(request(Scope::of_accounts())).into()),
            ("NewPlatformKey", request(Scope::ALL.iter().copied()).into()),
            ("Key", record().into()),
            ("NewKey", made().into()),
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
    let asked_for = examples::new(&key);
    let made = json("It was made.", named("NewKey"), examples::made(key));
    let made = made.header("location", location());
    Route::of_platform(HttpMethod::Post, path, operation)
        .takes(named(request), asked_for)
        .answers(StatusCode::CREATED, made)
        .refuses(&[StatusCode::CONFLICT])
}

fn create_link() -> Route {
    let made =
        json("It was made.", named("ConsoleLink"), examples::link()).header("location", location());
    Route::of_platform(HttpMethod::Post, "/v1/accounts/{id}/console-links", "createConsoleLink")
        .does("Make a link that opens the console for an account")
        .with(account_in_path())
        .takes(named("NewConsoleLink"), examples::new_link())
        .answers(StatusCode::CREATED, made)
        .refuses(&[StatusCode::NOT_FOUND, StatusCode::CONFLICT])
}

fn all(path: &'static str, operation: &str, key: Value) -> Route {
    Route::of_platform(HttpMethod::Get, path, operation)
        .with_all(paging())
        .answers(StatusCode::OK, json("A page.", named("KeyPage"), page([key])))
}

fn revoke(path: &'static str, operation: &str) -> Route {
    Route::of_platform(HttpMethod::Delete, path, operation)
        .answers(StatusCode::NO_CONTENT, empty("It is revoked; it may get in for 60 s more."))
        .refuses(&[StatusCode::NOT_FOUND])
}

const CASCADE: &str = "Whether the keys that it made are revoked as well, and those that they made. Also of a key that was \
                       revoked before.";

fn revoked() -> ObjectBuilder {
    object()
        .property("revoked", integer(0..=101).describe("The keys that this request revoked."))
        .property(
            "is_complete",
            boolean().describe("Whether none is left; if not, the same request goes on."),
        )
        .required("revoked")
        .required("is_complete")
}

fn id() -> Parameter {
    in_path("key_id", "The part of the key that names it.", key_id())
}

pub(super) fn key_id() -> ObjectBuilder {
    string().pattern(Some(format!("^[0-9a-f]{{{}}}$", KeyId::LEN)))
}

fn request(scopes: impl Iterator<Item = Scope>) -> ObjectBuilder {
    let scopes = list(choice(scopes.map(Scope::as_str)))
        .min_items(Some(1))
        .describe("What it may do; all that its owner may and the calling key has, if absent. No scope that the calling key lacks.");
    let days = integer(1..=u64::from(KeyRequest::MAX_DAYS));
    closed()
        .property("name", text(KeyRequest::MAX_NAME))
        .property("scopes", or_null(scopes))
        .property(
            "expires_at",
            or_null(
                future_time()
                    .describe("From when on it is refused; RFC 3339. As late as may be if absent."),
            ),
        )
        .property(
            "expires_in_days",
            or_null(days.describe("The same, in days from now; instead of `expires_at`.")),
        )
        .required("name")
}

/// With the field of keys of an account.
fn of_account(request: ObjectBuilder) -> ObjectBuilder {
    let webhook =
        uuid().describe("The only webhook that it reaches; all of the account if absent.");
    request.property("webhook_id", or_null(webhook))
}

fn link_request() -> ObjectBuilder {
    let scopes = list(choice(Scope::of_accounts().map(Scope::as_str))).min_items(Some(1)).describe(
        "`webhooks:read` and `deliveries:read`, as far as the calling key has them, if absent.",
    );
    let seconds = u64::from(ConsoleLink::MIN_SECONDS)..=u64::from(ConsoleLink::MAX_SECONDS);
    let request = closed()
        .property("name", or_null(text(KeyRequest::MAX_NAME)))
        .property("scopes", or_null(scopes))
        .property(
            "expires_in_seconds",
            or_null(
                integer(seconds)
                    .describe("An hour, or as long as the calling key lasts, if absent."),
            ),
        );
    of_account(request)
}

fn made() -> ObjectBuilder {
    record().property("key", string().describe("The key. It is shown this once.")).required("key")
}

fn link() -> ObjectBuilder {
    made()
        .property(
            "url",
            string().describe("The URL that opens the console with the key in its fragment."),
        )
        .required("url")
        .required("kind")
        .required("expires_at")
}

fn record() -> ObjectBuilder {
    object()
        .property("id", key_id())
        .property("account_id", account_id().describe("Absent for a key of the platform."))
        .property(
            "webhook_id",
            uuid().describe("The only webhook that it reaches; absent for all of the account."),
        )
        .property("name", text(KeyRequest::MAX_NAME))
        .property("kind", kind())
        .property("scopes", scopes())
        .property("created_at", time())
        .property(
            "created_by",
            key_id().describe("The platform key that made it; absent if the operator did."),
        )
        .property(
            "generation",
            integer(0..=u64::from(StoredKey::MAX_GENERATION))
                .describe("How many keys lead from it to one that the operator made."),
        )
        .property("expires_at", time().describe("From when on it is refused."))
        .property("last_used_at", time().describe("To the hour."))
        .property("prefix", string().describe("How the key begins."))
        .property("erasing", boolean().describe("Its account is being erased; absent if not."))
        .required("id")
        .required("prefix")
        .required("name")
        .required("scopes")
        .required("created_at")
}

pub(super) fn kind() -> ObjectBuilder {
    choice(["console_link"]).describe("Of the key of a console link; absent for others.")
}

pub(super) fn scopes() -> ArrayBuilder {
    list(choice(Scope::ALL.iter().map(|scope| scope.as_str())))
}
