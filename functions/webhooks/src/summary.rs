//! `GET /v1/webhooks?include=summary`: the figures of the last 24 hours for each webhook of a page.

use std::collections::HashMap;

use callhook::domain::ids::WebhookId;
use callhook::domain::scope::Scope;
use callhook::domain::stats::{Hours, Summary};
use callhook::http_api::{Caller, Problem};
use callhook::input::fields::FieldErrors;
use callhook::input::page::{Listed, Page};
use callhook::ports::store::{OutcomesReader, StoreError};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The parameter that adds data to the webhooks.
pub(crate) const INCLUDE: &str = "include";
const SUMMARY: &str = "summary";
/// Reads in flight at the same time.
const CONCURRENT_READS: usize = 16;

/// Whether the query asks for summaries. They are figures, so the key needs their scope (403 without).
pub(crate) fn is_requested(
    query: &HashMap<String, String>,
    caller: &Caller,
) -> Result<bool, Problem> {
    match query.get(INCLUDE).map(String::as_str) {
        None => Ok(false),
        Some(SUMMARY) => {
            caller.require(Scope::DeliveriesRead)?;
            Ok(true)
        }
        Some(_) => {
            let message = format!("must be `{SUMMARY}`");
            Err(Problem::invalid_parameters(FieldErrors::of(INCLUDE, message)))
        }
    }
}

/// Adds `summary` to each readable webhook of `page`, with one read for each.
pub(crate) async fn add<F: OutcomesReader>(
    figures: &F,
    page: &mut Page<Listed<Value>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let hours = Hours::day_until(now);
    let ids: Vec<_> = page.data.iter().map(id_of).collect();
    let summaries = stream::iter(ids).map(|id| async move {
        let Some(id) = id else { return Ok(None) };
        let counted = figures.outcomes(id, hours).await?;
        Ok::<_, StoreError>(Some(Summary::new(hours, &counted)))
    });
    let summaries: Vec<_> = summaries.buffered(CONCURRENT_READS).try_collect().await?;
    for (listed, summary) in page.data.iter_mut().zip(summaries) {
        if let (Listed::Item(Value::Object(webhook)), Some(summary)) = (listed, summary) {
            webhook.insert(SUMMARY.to_owned(), json!(summary));
        }
    }
    Ok(())
}

fn id_of(listed: &Listed<Value>) -> Option<WebhookId> {
    match listed {
        Listed::Item(webhook) => webhook.get("id")?.as_str()?.parse().ok(),
        Listed::Unreadable { .. } => None,
    }
}
