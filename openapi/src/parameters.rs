//! Parameters that many operations share.

use callhook::account::AccountId;
use callhook::page::{ListTag, PageRequest};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};

use crate::schema::{ACCOUNT_ID, integer, named_time, string, uuid};

/// A part of the path.
pub(crate) fn in_path(name: &str, says: &str, shape: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Path, name, says, shape).required(Required::True).build()
}

/// A UUID as a part of the path.
pub(crate) fn uuid_in_path(name: &str, says: &str) -> Parameter {
    in_path(name, says, uuid())
}

/// The account as a part of the path.
pub(crate) fn account_in_path() -> Parameter {
    in_path("id", "The account.", account_id())
}

/// An optional parameter of the query.
pub(crate) fn in_query(name: &str, says: &str, shape: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Query, name, says, shape).required(Required::False).build()
}

/// A parameter of the query that has to be there.
pub(crate) fn needed_in_query(
    name: &str,
    says: &str,
    shape: impl Into<RefOr<Schema>>,
) -> Parameter {
    parameter(ParameterIn::Query, name, says, shape).required(Required::True).build()
}

/// An optional header.
pub(crate) fn header(name: &str, says: &str, shape: impl Into<RefOr<Schema>>) -> Parameter {
    parameter(ParameterIn::Header, name, says, shape).required(Required::False).build()
}

/// The account that a key of the platform acts for.
pub(crate) fn account_header() -> Parameter {
    header(
        "X-Account-Id",
        "The account that a key of the platform acts for; needed with such a key. A key of an \
         account may name its own.",
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
        in_query("limit", "The most items that the page may hold.", limit),
        in_query("cursor", "The `next_cursor` of the page before, of the same list.", cursor),
    ]
}

/// `from` and `to`.
pub(crate) fn times(of: &str) -> [Parameter; 2] {
    [
        in_query("from", &format!("The first time of {of}."), named_time()),
        in_query("to", &format!("The end of the times of {of}, not included."), named_time()),
    ]
}

/// The id of an account.
pub(crate) fn account_id() -> utoipa::openapi::ObjectBuilder {
    string().min_length(Some(1)).max_length(Some(AccountId::MAX_LEN)).pattern(Some(ACCOUNT_ID))
}

fn parameter(
    place: ParameterIn,
    name: &str,
    says: &str,
    shape: impl Into<RefOr<Schema>>,
) -> ParameterBuilder {
    let parameter = ParameterBuilder::new().name(name).parameter_in(place);
    parameter.description(Some(says)).schema(Some(shape))
}
