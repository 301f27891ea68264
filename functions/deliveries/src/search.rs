//! `GET /v1/reports`: searches the account's journal of reports. By default the newest come first; with
//! `order=arrival` the list is a feed that a program follows.

mod arrival;
mod newest;
mod rows;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use callhook::domain::account::Retention;
use callhook::domain::ids::WebhookId;
use callhook::domain::journal::JournalFilter;
use callhook::http_api::{DeliveriesRead, NarrowableAccount, Parameters, Problem};
use callhook::input::fields::FieldErrors;
use callhook::input::page::ListTag;
use jiff::{SignedDuration, Timestamp};

use crate::state::{Config, Log};
use crate::zone;

/// The query parameters of the search.
pub(crate) struct SearchParameters;

impl Parameters for SearchParameters {
    const NAMES: &'static [&'static str] = &[
        "from",
        "to",
        "number",
        "mid",
        "call_id",
        "flow_id",
        "source",
        "call_status",
        "webhook_id",
        "status",
        "order",
        "limit",
        "cursor",
        "after",
    ];
}

/// Bytes read from the table after which a page ends early.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Time after which a page ends early.
const MAX_TIME: Duration = Duration::from_secs(2);

/// A request for a page.
struct Search {
    filter: JournalFilter,
    /// The webhook that the key is limited to.
    only: Option<WebhookId>,
    list: ListTag,
    query: HashMap<String, String>,
    /// How long the account keeps its reports.
    retention: Retention,
    now: Timestamp,
}

impl Search {
    /// The first and the last millisecond of receipt that the search reads: the retention of the account, and a minute
    /// on each side for clocks that differ.
    fn bounds(&self) -> (i64, i64) {
        let kept = self.retention.expiry(Timestamp::UNIX_EPOCH);
        let oldest = self.now - SignedDuration::from_secs(kept) - SignedDuration::from_mins(1);
        let newest = self.now + SignedDuration::from_mins(1);
        let range = &self.filter.received;
        let from = range.from().unwrap_or(i64::MIN).max(oldest.as_millisecond());
        let to = range.to().map_or(i64::MAX, |to| to.saturating_sub(1));
        (from, to.min(newest.as_millisecond()))
    }
}

pub(crate) async fn list<C: Config, L: Log>(
    account: NarrowableAccount<DeliveriesRead, SearchParameters>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
) -> Result<Response, Problem> {
    let (account_id, only) = account.reach().parts();
    let mut query = account.query.clone();
    let is_feed = is_feed(&mut query).map_err(Problem::invalid_parameters)?;
    let zone = zone::for_query(&*config, account_id, &query).await?;
    let filter = JournalFilter::from_query(&query, zone.zone());
    let filter = filter.map_err(Problem::invalid_parameters)?.within(only);
    let list = ListTag::new("reports", "", &query);
    let retention = config.account_retention(account_id).await?.unwrap_or_default();
    let search = Search { filter, only, list, query, retention, now: Timestamp::now() };
    if is_feed {
        arrival::page(&*log, account_id, &search).await
    } else {
        newest::page(&*log, account_id, &search).await
    }
}

/// Whether the request is for the feed. Renames its cursor, `after`, to the usual `cursor`.
fn is_feed(query: &mut HashMap<String, String>) -> Result<bool, FieldErrors> {
    let mut errors = FieldErrors::default();
    let is_feed = match query.get("order").map(String::as_str) {
        None | Some("newest") => false,
        Some("arrival") => true,
        Some(_) => {
            errors.add("order", "must be `newest` (the default) or `arrival`");
            false
        }
    };
    if is_feed && query.contains_key("cursor") {
        errors.add("cursor", "must be sent as `after` with `order=arrival`");
    }
    if is_feed && query.contains_key("status") {
        errors.add(
            "status",
            "cannot be combined with `order=arrival`: it changes after a report has arrived",
        );
    }
    match query.remove("after") {
        Some(after) if is_feed => {
            query.insert("cursor".to_owned(), after);
        }
        Some(_) => errors.add("after", "needs `order=arrival`; without it, send `cursor`"),
        None => {}
    }
    errors.into_result(is_feed)
}
