//! `/v1/key`.

use callhook::api_key::KeyRequest;
use http::StatusCode;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::HttpMethod;

use super::{Resource, accounts, keys};
use crate::answers::json;
use crate::examples;
use crate::route::Route;
use crate::schema::{Describe as _, named, object, or_null, string, text, time, uuid};

pub(super) fn resource() -> Resource {
    Resource {
        name: "key",
        about: "The calling key.",
        routes: vec![read()],
        schemas: vec![
            ("CallingKey", calling_key().into()),
            ("AccountOfKey", accounts::shown().describe(ACCOUNT).into()),
        ],
    }
}

const ACCOUNT: &str = "The account of a key. A key that is limited to one webhook sees `id`, `name`, `time_zone` and `retention_days` \
                       only.";

fn read() -> Route {
    Route::of_any_key(HttpMethod::Get, "/v1/key", "readKey")
        .does("See what the calling key is, and its account")
        .says("It takes no scope. A key of the platform gets the account that `X-Account-Id` names, with the scope `platform`.")
        .answers(StatusCode::OK, json("The key.", named("CallingKey"), examples::accounts::calling_key()))
}

fn calling_key() -> ObjectBuilder {
    let webhook = "The only webhook that it reaches; absent for all of the account.";
    object()
        .property("id", keys::key_id())
        .property("prefix", string().describe("How the key begins."))
        .property("name", text(KeyRequest::MAX_NAME))
        .property("kind", keys::kind())
        .property("scopes", keys::scopes())
        .property("webhook_id", uuid().describe(webhook))
        .property("created_at", time())
        .property("expires_at", time().describe("From when on it is refused."))
        .property("account", or_null(named("AccountOfKey")))
        .required("id")
        .required("prefix")
        .required("name")
        .required("scopes")
        .required("created_at")
        .required("account")
}
