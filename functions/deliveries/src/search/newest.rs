//! The newest reports first.

use std::time::Instant;

use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::journal::RowPosition;
use callhook::http_api::{Problem, json_reply};
use callhook::input::page::{Page, PageRequest};
use callhook::ports::journal::scan::{Scan, ScanRequest, Step};
use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use super::rows::Rows;
use super::{MAX_BYTES, MAX_TIME, Search};
use crate::state::Log;

/// A page of the list.
#[derive(Serialize)]
struct SearchPage<T> {
    #[serde(flatten)]
    page: T,
    /// Every matching report that was received later is on this page or an earlier one; `null` on the last page.
    searched_to: Option<Timestamp>,
}

pub(super) async fn page<L: Log>(
    log: &L,
    account: &AccountId,
    search: &Search,
) -> Result<Response, Problem> {
    let page: PageRequest<RowPosition> = PageRequest::from_query(&search.query, &search.list)
        .map_err(Problem::invalid_parameters)?;
    let (from, to) = search.bounds();
    let to = page.after.map_or(to, |after| to.min(after.received_at));
    let request = ScanRequest { newest_first: true, from, to, consistent: false, with_late: true };
    let mut scan = Scan::new(log, account, request);
    if let Some(after) = page.after {
        scan.skip_to(after);
    }
    let began = Instant::now();
    let mut rows = Rows::new(log, account, search.filter.status, page.limit);
    let next = loop {
        match scan.step().await? {
            Step::Row(row) if search.filter.matches(&row) => {
                if rows.add(row.within(search.only)).await?.is_full() {
                    break Some(scan.complete());
                }
            }
            Step::Read if scan.bytes() > MAX_BYTES || began.elapsed() > MAX_TIME => {
                // The page must advance, or the next one would begin at the same position.
                if page.after.is_none_or(|after| scan.complete() < after) {
                    break Some(scan.complete());
                }
            }
            Step::Row(_) | Step::Read => {}
            Step::End => break None,
        }
    };
    let searched_to = next.and_then(|next| Timestamp::from_millisecond(next.received_at).ok());
    let data = rows.finish().await?;
    let page = Page { data, next_cursor: next.map(|next| next.to_string()) };
    let page = SearchPage { page: page.shown(&search.list), searched_to };
    Ok(json_reply(StatusCode::OK, &page))
}
