//! Reports in the order of arrival.

use std::time::Instant;

use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::journal::FeedPosition;
use callhook::http_api::{Problem, json_reply};
use callhook::input::fields::FieldErrors;
use callhook::input::page::{Page, PageRequest};
use callhook::ports::journal::feed::{self, FeedLimits};
use http::StatusCode;
use serde::Serialize;

use super::rows::{MAX_DELIVERIES, Rows};
use super::{MAX_BYTES, MAX_TIME, Search};
use crate::state::Log;

/// A page of the feed.
#[derive(Serialize)]
struct ArrivalPage<T> {
    #[serde(flatten)]
    page: T,
    /// Whether the page ends with the latest report that has arrived.
    is_up_to_date: bool,
}

pub(super) async fn page<L: Log>(
    log: &L,
    account: &AccountId,
    search: &Search,
) -> Result<Response, Problem> {
    let page: PageRequest<FeedPosition> = PageRequest::from_query(&search.query, &search.list)
        .map_err(|errors| Problem::invalid_parameters(naming_after(&errors)))?;
    let (from, _) = search.bounds();
    let after = page.after.unwrap_or_else(|| FeedPosition::beginning(from)).no_earlier_than(from);
    let end_by = Instant::now() + MAX_TIME;
    let limits =
        FeedLimits { rows: page.limit, deliveries: MAX_DELIVERIES, bytes: MAX_BYTES, end_by };
    let matches = |row: &_| search.filter.matches(row);
    let found = feed::read(log, account, after, limits, search.now, matches).await?;
    let mut rows = Rows::new(log, account, None, usize::MAX);
    for row in found.rows {
        rows.add(row.within(search.only)).await?;
    }
    let data = rows.finish().await?;
    let page = Page { data, next_cursor: Some(found.next.to_string()) };
    let page = ArrivalPage { page: page.shown(&search.list), is_up_to_date: found.is_up_to_date };
    Ok(json_reply(StatusCode::OK, &page))
}

/// Renames the field `cursor` of errors to `after`, the parameter that the caller sent.
fn naming_after(errors: &FieldErrors) -> FieldErrors {
    let mut named = FieldErrors::default();
    for error in errors.iter() {
        let field = if error.field == "cursor" { "after" } else { &error.field };
        named.add(field, &error.message);
    }
    named
}
