//! `/v1/accounts`.

use callhook::domain::account::{Account, AccountStatus, Retention};
use callhook::domain::quota::{DeliveriesPerSecond, Quotas, ReportsPerSecond};
use http::StatusCode;
use serde_json::json;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::{Resource, page_of_stored};
use crate::examples::{accounts, page};
use crate::parameters::{account_id, account_in_path, paging, required_in_query};
use crate::responses::{json, location};
use crate::route::Route;
use crate::schema::{
    Describe as _, any_value, choice_of, closed, formatted, integer, named, object, or_null, text,
    time, uuid,
};

pub(super) fn resource() -> Resource {
    let ignored = || any_value().describe("Set at creation; ignored.");
    let account =
        ["quotas", "status", "created_at"].into_iter().fold(shown(), ObjectBuilder::required);
    let id = account_id().describe("The account's id, if the platform chooses it.");
    let new = settings(closed(), or_null)
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
        description: "Accounts, one for each customer of the platform. Requires a platform key.",
        routes: vec![create(), list(), read(), change(), erase()],
        schemas: vec![
            ("NewAccount", new.into()),
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
    let created =
        json("Created.", named("Account"), accounts::account()).header("location", location());
    Route::of_platform(HttpMethod::Post, ALL, "createAccount")
        .summary("Create an account")
        .body(named("NewAccount"), accounts::new_account())
        .response(StatusCode::CREATED, created)
        .problems(&[StatusCode::CONFLICT])
}

fn list() -> Route {
    Route::of_platform(HttpMethod::Get, ALL, "listAccounts")
        .summary("List accounts, by id")
        .parameters(paging())
        .ok(json("A page of the list.", named("AccountPage"), page([accounts::account()])))
}

fn read() -> Route {
    Route::of_platform(HttpMethod::Get, ONE, "readAccount")
        .summary("Read an account")
        .parameter(account_in_path())
        .ok(json("The account.", named("Account"), accounts::account()))
        .problems(&[StatusCode::NOT_FOUND])
}

fn change() -> Route {
    Route::of_platform(HttpMethod::Patch, ONE, "changeAccount")
        .summary("Change some settings of an account")
        .description("`null` resets a setting to its default.")
        .parameter(account_in_path())
        .body(named("AccountChange"), json!({"retention_days": 90}))
        .ok(json("The changed account.", named("Account"), accounts::changed()))
        .problems(&[StatusCode::NOT_FOUND])
}

fn erase() -> Route {
    let begun = json("Erasing has begun.", named("Account"), accounts::erasing())
        .header("location", location());
    let confirm = required_in_query(
        "confirm",
        "The account's id once more, as a confirmation.",
        account_id(),
    );
    Route::of_platform(HttpMethod::Delete, ONE, "eraseAccount")
        .summary("Erase an account and all its data")
        .description(
            "Its keys stop working, and the other data is deleted within minutes. Its id cannot be used \
             again.",
        )
        .parameter(account_in_path())
        .parameter(confirm)
        .response(StatusCode::ACCEPTED, begun)
        .problems(&[StatusCode::NOT_FOUND])
}

/// An account in a response. Required are only the fields that every key gets.
pub(super) fn shown() -> ObjectBuilder {
    let account = settings(object(), Into::into)
        .property(OPERATIONAL, operational())
        .property("id", account_id())
        .property("quotas", shown_quotas())
        .property("status", choice_of(AccountStatus::ALL))
        .property("created_at", time());
    ["id", "name", "time_zone", "retention_days"].into_iter().fold(account, ObjectBuilder::required)
}

fn shown_quotas() -> ObjectBuilder {
    quotas(object(), Into::into).required("webhooks").required("subscriptions")
}

fn quotas(
    quotas: ObjectBuilder,
    optional: impl Fn(ObjectBuilder) -> RefOr<Schema>,
) -> ObjectBuilder {
    let count = || integer(0..=u64::from(Quotas::MAX));
    let rate = |most: u16| {
        integer(1..=u64::from(most)).describe("If absent: the default of the deployment.")
    };
    quotas
        .describe("Quotas of the account.")
        .property("webhooks", optional(count()))
        .property("subscriptions", optional(count()))
        .property("reports_per_second", optional(rate(ReportsPerSecond::MAX)))
        .property("deliveries_per_second", optional(rate(DeliveriesPerSecond::MAX)))
}

/// Adds the settings that the platform chooses. In a request, all but the name are optional.
fn settings(
    account: ObjectBuilder,
    optional: impl Fn(ObjectBuilder) -> RefOr<Schema>,
) -> ObjectBuilder {
    let zone = formatted("iana-time-zone")
        .describe("The IANA name of the time zone of its reports, whose times have none.");
    let days = integer(1..=u64::from(Retention::MAX_DAYS))
        .describe("How many days its deliveries are stored; 30 by default.");
    account
        .property("name", text(Account::MAX_NAME))
        .property("time_zone", optional(zone))
        .property("retention_days", optional(days))
}

const OPERATIONAL: &str = "operational_webhook_id";

fn operational() -> ObjectBuilder {
    uuid().describe(
        "An active webhook of the account that gets operational events about its webhooks.",
    )
}
