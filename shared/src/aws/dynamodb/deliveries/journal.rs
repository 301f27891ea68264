//! The pages of the journal.
//!
//! | `pk` | `sk` | item |
//! |---|---|---|
//! | `JOURNAL#<account>#<day>#<shard>` | `<newest>.<written>.<key>` | a page: its day and `<newest>` are those of its newest report's receipt |
//! | `JOURNAL_LATE#<account>#<day>` | `<written>.<key>` | an entry of a late page, by the time of its write |
//!
//! Times are milliseconds since the epoch with 13 digits, days are in UTC.

mod rows;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::batch::{BatchRead, MAX_WRITES, batch_get, batch_put};
use super::super::item::{Item, corrupt, key, n, s, sort_key, unavailable};
use super::DeliveriesTable;
use super::item::readable;
use crate::domain::account::AccountId;
use crate::domain::journal::{self, LatePosition, PackedRows};
use crate::ports::store::{
    JournalReader, JournalWriter, LateEntry, NewPage, PageBatch, PageKey, PageQuery, StoreError,
    StoredPage,
};
use crate::runtime::telemetry::ErrorChain;

const WRITING: &str = "writing the journal";
const READING: &str = "reading the journal";
/// Partition prefix of pages.
const PAGES: &str = "JOURNAL#";
/// Partition prefix of the entries of late pages.
const LATE: &str = "JOURNAL_LATE#";
/// The attribute with the rows.
const ROWS: &str = "rows";
/// The attribute of a late page's entry that names the page.
const PAGE: &str = "page";
/// Entries of late pages that one query reads. For each, its page is read, and pages that may
/// repeat its rows.
const LATE_ENTRIES: i32 = 10;

/// The reason why an item is no page, or no entry of one.
#[derive(Debug, thiserror::Error)]
enum BadPage {
    #[error("the page has no rows")]
    Rows,
    #[error("the key has no time")]
    Times,
    #[error("the key has no day")]
    Day,
    #[error("the entry of a late page names no page")]
    Page,
}

impl JournalWriter for DeliveriesTable {
    async fn write_pages(&self, pages: &[NewPage]) -> Vec<Result<(), StoreError>> {
        let chunks = pages.chunks(MAX_WRITES).map(|pages| async move {
            let written = self.write_batch(pages).await;
            let reason = written.err().map(|error| ErrorChain(&error).to_string());
            let result = || match &reason {
                None => Ok(()),
                Some(reason) => {
                    Err(StoreError::Unavailable { action: WRITING, source: reason.clone().into() })
                }
            };
            pages.iter().map(|_| result()).collect::<Vec<_>>()
        });
        join_all(chunks).await.into_iter().flatten().collect()
    }
}

impl JournalReader for DeliveriesTable {
    async fn pages(&self, account: &AccountId, read: &PageQuery) -> Result<PageBatch, StoreError> {
        let pk = page_pk(account, read.day, read.shard);
        let (from, to) = read.newest;
        let start = read.after.as_ref().map(|sk| key(pk.clone(), sk.clone()));
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":from", s(digits(from)))
            // After every key of that millisecond.
            .expression_attribute_values(":to", s(format!("{}~", digits(to))))
            .scan_index_forward(!read.newest_first)
            .set_exclusive_start_key(start)
            .limit(read.limit)
            .consistent_read(read.consistent)
            .send()
            .await
            .map_err(unavailable(READING))?;
        let last = answer.last_evaluated_key.as_ref().map(|key| sort_key(key).to_owned());
        Ok(PageBatch { pages: stored_pages(answer.items.unwrap_or_default()), next: last })
    }

    async fn late_entries(
        &self,
        account: &AccountId,
        after: &LatePosition,
        until: Timestamp,
    ) -> Result<Vec<LateEntry>, StoreError> {
        let from = format!("{}.{}", digits(after.written_at), after.key);
        // Include a page of which only some rows were read.
        let from = if after.within.is_some() { from } else { format!("{from}!") };
        let to = format!("{}~", digits(until.as_millisecond()));
        if from > to {
            return Ok(Vec::new());
        }
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(late_pk(account, after.written_at)))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":to", s(to))
            .consistent_read(true)
            .limit(LATE_ENTRIES)
            .send()
            .await
            .map_err(unavailable(READING))?;
        let items = answer.items.unwrap_or_default();
        Ok(readable(items, |item| late_entry(&item)))
    }

    async fn pages_by_key(
        &self,
        account: &AccountId,
        keys: Vec<PageKey>,
    ) -> Result<Vec<StoredPage>, StoreError> {
        let keys = keys.into_iter().map(|page| page_key(account, &page)).collect();
        let read = BatchRead { keys, projection: None, consistent: true };
        Ok(stored_pages(batch_get(&self.client, &self.table, READING, read).await?))
    }
}

impl DeliveriesTable {
    async fn write_batch(&self, pages: &[NewPage]) -> Result<(), StoreError> {
        let (mut items, mut late) = (Vec::with_capacity(pages.len()), Vec::new());
        for new in pages {
            let unique = format!("{:016x}", fastrand::u64(..));
            let newest = new.page.newest.as_millisecond();
            let written_at = new.written_at.as_millisecond();
            let key = PageKey {
                day: day_of(newest),
                shard: fastrand::u8(..journal::SHARDS),
                sk: format!("{}.{}.{unique}", digits(newest), digits(written_at)),
            };
            let expires_at = new.retention.expiry(new.page.newest);
            let mut item = page_key(&new.account_id, &key);
            item.insert(ROWS.to_owned(), rows_attribute(&new.page.rows));
            item.insert("expires_at".to_owned(), n(expires_at));
            if journal::is_late(new.page.oldest, new.written_at) {
                item.insert("late".to_owned(), AttributeValue::Bool(true));
                let pk = late_pk(&new.account_id, written_at);
                let mut entry =
                    super::super::item::key(pk, format!("{}.{unique}", digits(written_at)));
                entry.insert(PAGE.to_owned(), s(format!("{}#{}#{}", key.day, key.shard, key.sk)));
                entry.insert("expires_at".to_owned(), n(expires_at));
                late.push(entry);
            }
            items.push(item);
        }
        // Entries first: without its entry, a late page is missed in the order of arrival.
        if !late.is_empty() {
            batch_put(&self.client, &self.table, WRITING, late).await?;
        }
        batch_put(&self.client, &self.table, WRITING, items).await
    }
}

/// Rows as an attribute.
fn rows_attribute(rows: &PackedRows) -> AttributeValue {
    match rows {
        PackedRows::Plain(json) => s(json.as_str()),
        PackedRows::Deflated(bytes) => AttributeValue::B(Blob::new(bytes.as_slice())),
    }
}

/// The unexpired pages of `items`: DynamoDB may take two days to delete an expired one.
fn stored_pages(items: Vec<Item>) -> Vec<StoredPage> {
    let now = Timestamp::now().as_second();
    let is_unexpired = |item: &Item| {
        let expires_at = item.get("expires_at").and_then(|at| at.as_n().ok());
        expires_at.and_then(|at| at.parse().ok()).is_none_or(|at: i64| at > now)
    };
    readable(items.into_iter().filter(is_unexpired), stored_page)
}

fn stored_page(mut item: Item) -> Result<StoredPage, StoreError> {
    let rows = match item.remove(ROWS) {
        Some(AttributeValue::S(json)) => PackedRows::Plain(json),
        Some(AttributeValue::B(bytes)) => PackedRows::Deflated(bytes.into_inner()),
        _ => return Err(corrupt(READING, BadPage::Rows)),
    };
    let key = page_key_of(&item)?;
    let mut times = key.sk.split('.').map(str::parse);
    let (Some(Ok(newest)), Some(Ok(written_at))) = (times.next(), times.next()) else {
        return Err(corrupt(READING, BadPage::Times));
    };
    let size = rows.len() + key.sk.len();
    Ok(StoredPage {
        key,
        newest,
        written_at,
        is_late: item.contains_key("late"),
        rows: rows.unpack().map_err(|error| corrupt(READING, error))?,
        size,
    })
}

fn late_entry(item: &Item) -> Result<LateEntry, StoreError> {
    let (written_at, key) = sort_key(item)
        .split_once('.')
        .and_then(|(written_at, key)| Some((written_at.parse().ok()?, key.to_owned())))
        .ok_or_else(|| corrupt(READING, BadPage::Times))?;
    let page = item.get(PAGE).and_then(|page| page.as_s().ok()).map_or("", String::as_str);
    let page = named_page(page).ok_or_else(|| corrupt(READING, BadPage::Page))?;
    Ok(LateEntry { position: LatePosition { written_at, key, within: None }, page })
}

fn named_page(text: &str) -> Option<PageKey> {
    let mut parts = text.splitn(3, '#');
    let (day, shard, sk) = (parts.next()?, parts.next()?, parts.next()?);
    Some(PageKey { day: day.parse().ok()?, shard: shard.parse().ok()?, sk: sk.to_owned() })
}

fn page_key_of(item: &Item) -> Result<PageKey, StoreError> {
    let pk = item.get("pk").and_then(|pk| pk.as_s().ok()).map_or("", String::as_str);
    let mut parts = pk.rsplitn(3, '#');
    let (shard, day) = (parts.next().map(str::parse), parts.next().map(str::parse));
    match (shard, day) {
        (Some(Ok(shard)), Some(Ok(day))) => {
            Ok(PageKey { day, shard, sk: sort_key(item).to_owned() })
        }
        _ => Err(corrupt(READING, BadPage::Day)),
    }
}

/// The key of a page's item.
fn page_key(account: &AccountId, page: &PageKey) -> Item {
    key(page_pk(account, page.day, page.shard), page.sk.clone())
}

fn page_pk(account: &AccountId, day: Date, shard: u8) -> String {
    format!("{PAGES}{account}#{day}#{shard}")
}

fn late_pk(account: &AccountId, written_at: i64) -> String {
    format!("{LATE}{account}#{}", day_of(written_at))
}

/// The partitions of an account with pages whose newest report was received on `day`, and with
/// entries of late pages that were written on `day`.
pub(super) fn partitions(account: &AccountId, day: Date) -> impl Iterator<Item = String> {
    let late = format!("{LATE}{account}#{day}");
    (0..journal::SHARDS).map(move |shard| page_pk(account, day, shard)).chain([late])
}

fn digits(millis: i64) -> String {
    format!("{:013}", millis.clamp(0, 9_999_999_999_999))
}

/// The day of a time, in UTC.
fn day_of(millis: i64) -> Date {
    let time = Timestamp::from_millisecond(millis).unwrap_or_default();
    time.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests;
