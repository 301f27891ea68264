//! `/v1/key`.

use callhook::domain::api_key::KeyRequest;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::path::HttpMethod;

use super::{Resource, accounts, keys};
use crate::examples;
use crate::responses::json;
use crate::route::Route;
use crate::schema::{Describe as _, named, object, or_null, string, text, time, uuid};

pub(super) fn resource() -> Resource {
    Resource {
        name: "key",
        description: "The calling key.",
        routes: vec![read()],
        schemas: vec![
            ("CallingKey", calling_key().into()),
            ("AccountOfKey", accounts::shown().describe(ACCOUNT).into()),
        ],
    }
}

const ACCOUNT: &str = "The account of a key. A key that is limited to one webhook gets only `id`, `name`, `time_zone` and \
                       `retention_days`.";

fn read() -> Route {
    Route::of_any_key(HttpMethod::Get, "/v1/key", "readKey")
        .summary("Read the calling key and its account")
        .description("Needs no scope. A platform key with the scope `platform` gets the account in `X-Account-Id`.")
        .ok(json("The key.", named("CallingKey"), examples::accounts::calling_key()))
}

fn calling_key() -> ObjectBuilder {
    let webhook = "The only webhook that the key may access; absent for the whole account.";
    object()
        .property("id", keys::key_id())
        .property("prefix", string().describe("The beginning of the key."))
        .property("name", text(KeyRequest::MAX_NAME))
        .property("kind", keys::kind())
        .property("scopes", keys::scopes())
        .property("webhook_id", uuid().describe(webhook))
        .property("created_at", time())
        .property("expires_at", time().describe("Expiry."))
        .property("account", or_null(named("AccountOfKey")))
        .required("id")
        .required("prefix")
        .required("name")
        .required("scopes")
        .required("created_at")
        .required("account")
}
