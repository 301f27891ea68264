//! Shared parameters.

use callhook::domain::account::AccountId;
use callhook::input::page::{ListTag, PageRequest};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};

use crate::schema::{ACCOUNT_ID, integer, request_time, string, uuid};

/// A path parameter.
pub(crate) fn in_path(name: &str, description: &str, shape: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Path, name, description, shape).required(Required::True).build()
}

/// A path parameter that is a UUID.
pub(crate) fn uuid_in_path(name: &str, description: &str) -> Parameter {
    in_path(name, description, uuid())
}

/// The account's id in the path.
pub(crate) fn account_in_path() -> Parameter {
    in_path("id", "The account's id.", account_id())
}

/// An optional query parameter.
pub(crate) fn in_query(
    name: &str,
    description: &str,
    shape: impl Into<RefOr<Schema>>,
) -> Parameter {
    parameter(ParameterIn::Query, name, description, shape).required(Required::False).build()
}

/// A required query parameter.
pub(crate) fn required_in_query(
    name: &str,
    description: &str,
    shape: impl Into<RefOr<Schema>>,
) -> Parameter {
    parameter(ParameterIn::Query, name, description, shape).required(Required::True).build()
}

/// An optional header.
pub(crate) fn header(name: &str, description: &str, shape: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Header, name, description, shape).required(Required::False).build()
}

/// The account that a platform key acts for.
pub(crate) fn account_header() -> Parameter {
    header(
        "X-Account-Id",
        "The account to act for. Required with a platform key; with an account's key, only its own \
         account is allowed.",
        account_id(),
    )
}

/// `limit` and `cursor` of a list.
pub(crate) fn paging() -> [Parameter; 2] {
    let (max, default) =
        (PageRequest::<AccountId>::MAX_LIMIT, PageRequest::<AccountId>::DEFAULT_LIMIT);
    let limit = integer(1..=max as u64).default(Some(default.into()));
    let cursor = string().pattern(Some(format!(r"^.+\.[A-Za-z0-9_-]{{{}}}$", ListTag::LEN)));
    [
        in_query("limit", "The maximum number of items in the page.", limit),
        in_query("cursor", "The `next_cursor` of the previous page of the same list.", cursor),
    ]
}

/// `from` and `to`, for a time range of `of`.
pub(crate) fn times(of: &str) -> [Parameter; 2] {
    [
        in_query("from", &format!("The first time of {of}."), request_time()),
        in_query("to", &format!("The end of the times of {of}, excluded."), request_time()),
    ]
}

/// The id of an account.
pub(crate) fn account_id() -> utoipa::openapi::ObjectBuilder {
    string().min_length(Some(1)).max_length(Some(AccountId::MAX_LEN)).pattern(Some(ACCOUNT_ID))
}

fn parameter(
    location: ParameterIn,
    name: &str,
    description: &str,
    shape: impl Into<RefOr<Schema>>,
) -> ParameterBuilder {
    let parameter = ParameterBuilder::new().name(name).parameter_in(location);
    parameter.description(Some(description)).schema(Some(shape))
}
