//! `/v1/accounts`.

use callhook::account::{Account, AccountStatus, Retention};
use callhook::quota::{DeliveriesPerSecond, Quotas, ReportsPerSecond};
use http::StatusCode;
use serde_json::json;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::{Resource, page_of_stored};
use crate::answers::{json, location};
use crate::examples::{accounts, page};
use crate::parameters::{account_id, account_in_path, needed_in_query, paging};
use crate::route::Route;
use crate::schema::{
    Describe as _, anything, choice_of, closed, formatted, integer, named, object, or_null, text,
    time, uuid,
};

pub(super) fn resource() -> Resource {
    let ignored = || anything().describe("Set when it was made; ignored.");
    let account =
        ["quotas", "status", "created_at"].into_iter().fold(shown(), ObjectBuilder::required);
    let id = account_id().describe("Its id, if the platform chooses it.");
    let made = settings(closed(), or_null)
        .property("id", or_null(id))
        .property("quotas", or_null(named("QuotaChange")))
        .required("name");
    let changed = settings(closed(), or_null)
        .property(OPERATIONAL, or_null(operational()))
        .property("quotas", or_null(named("QuotaChange")))
        .property("id", ignored())
        .property("status", ignored())
        .property("created_at", ignored());
    Resource {
        name: "accounts",
        about: "The tenants, each one client of the platform. For keys of the platform only.",
        routes: vec![create(), list(), read(), change(), erase()],
        schemas: vec![
            ("NewAccount", made.into()),
            ("AccountChange", changed.into()),
            ("QuotaChange", quotas(closed(), or_null).into()),
            ("Account", account.into()),
            ("AccountPage", page_of_stored("Account")),
        ],
    }
}

const ALL: &str = "/v1/accounts";
const ONE: &str = "/v1/accounts/{id}";

fn create() -> Route {
    let made =
        json("It was made.", named("Account"), accounts::account()).header("location", location());
    Route::of_platform(HttpMethod::Post, ALL, "createAccount")
        .does("Make an account")
        .takes(named("NewAccount"), accounts::new_account())
        .answers(StatusCode::CREATED, made)
        .refuses(&[StatusCode::CONFLICT])
}

fn list() -> Route {
    Route::of_platform(HttpMethod::Get, ALL, "listAccounts")
        .does("List accounts, by id")
        .with_all(paging())
        .answers(StatusCode::OK, json("A page.", named("AccountPage"), page([accounts::account()])))
}

fn read() -> Route {
    Route::of_platform(HttpMethod::Get, ONE, "readAccount")
        .does("Read an account")
        .with(account_in_path())
        .answers(StatusCode::OK, json("The account.", named("Account"), accounts::account()))
        .refuses(&[StatusCode::NOT_FOUND])
}

fn change() -> Route {
    Route::of_platform(HttpMethod::Patch, ONE, "changeAccount")
        .does("Change the named settings of an account")
        .says("`null` takes a setting back to its default.")
        .with(account_in_path())
        .takes(named("AccountChange"), json!({"retention_days": 90}))
        .answers(StatusCode::OK, json("As it is now.", named("Account"), accounts::changed()))
        .refuses(&[StatusCode::NOT_FOUND])
}

fn erase() -> Route {
    let begun =
        json("It has begun.", named("Account"), accounts::erasing()).header("location", location());
    let confirm = needed_in_query(
        "confirm",
        "The id of the account once more; without it nothing is \
        erased.",
        account_id(),
    );
    Route::of_platform(HttpMethod::Delete, ONE, "eraseAccount")
        .does("Erase an account and all that is stored of it")
        .says(
            "Its keys can do nothing from then on; the rest follows within minutes. Its id is not \
             given again.",
        )
        .with(account_in_path())
        .with(confirm)
        .answers(StatusCode::ACCEPTED, begun)
        .refuses(&[StatusCode::NOT_FOUND])
}

/// What any key that sees an account sees of it is required, and the rest is not.
pub(super) fn shown() -> ObjectBuilder {
    let account = settings(object(), Into::into)
        .property(OPERATIONAL, operational())
        .property("id", account_id())
        .property("quotas", held_quotas())
        .property("status", choice_of(AccountStatus::ALL))
        .property("created_at", time());
    ["id", "name", "time_zone", "retention_days"].into_iter().fold(account, ObjectBuilder::required)
}

fn held_quotas() -> ObjectBuilder {
    quotas(object(), Into::into).required("webhooks").required("subscriptions")
}

fn quotas(
    quotas: ObjectBuilder,
    optional: impl Fn(ObjectBuilder) -> RefOr<Schema>,
) -> ObjectBuilder {
    let count = || integer(0..=u64::from(Quotas::MAX));
    let rate =
        |most: u16| integer(1..=u64::from(most)).describe("What the deployment says if absent.");
    quotas
        .describe("How much the account may have.")
        .property("webhooks", optional(count()))
        .property("subscriptions", optional(count()))
        .property("reports_per_second", optional(rate(ReportsPerSecond::MAX)))
        .property("deliveries_per_second", optional(rate(DeliveriesPerSecond::MAX)))
}

/// What the platform chooses; all but the name may be left out of a request.
fn settings(
    account: ObjectBuilder,
    optional: impl Fn(ObjectBuilder) -> RefOr<Schema>,
) -> ObjectBuilder {
    let zone = formatted("iana-time-zone")
        .describe("An IANA name: the zone of the times in its reports, which carry none.");
    let days = integer(1..=u64::from(Retention::MAX_DAYS))
        .describe("How long its deliveries are kept; 30 by default.");
    account
        .property("name", text(Account::MAX_NAME))
        .property("time_zone", optional(zone))
        .property("retention_days", optional(days))
}

const OPERATIONAL: &str = "operational_webhook_id";

fn operational() -> ObjectBuilder {
    uuid().describe("An active webhook of it that is told of what happens to its webhooks.")
}
