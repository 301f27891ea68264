//! Writes rows to the journal of accounts, in pages.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callhook::domain::account::{AccountId, Retention};
use callhook::domain::journal::{JournalRow, UnpackError, pack};
use callhook::domain::message::JournalMessage;
use callhook::ports::queue::{MessageQueue, Outgoing};
use callhook::ports::store::{DeliveryLog, JournalWriter, NewPage};
use callhook::runtime::telemetry::ErrorChain;
use jiff::Timestamp;

use super::OutcomeWriter;
use crate::journal_rows::{QueuedRows, ReportRow};
use crate::outcome_write::NOT_LOGGED_DELAY;
use crate::pending::{FailedRecords, RecordIndex};

/// The rows of an account in a batch.
#[derive(Default)]
struct AccountRows {
    retention: Retention,
    records: HashSet<RecordIndex>,
    rows: Vec<JournalRow>,
    times_queued: u32,
}

/// The origin of a page's rows.
struct Source {
    records: HashSet<RecordIndex>,
    /// How often the rows were queued.
    times_queued: u32,
}

impl<Q: MessageQueue, L: DeliveryLog + JournalWriter> OutcomeWriter<Q, L> {
    /// Writes rows, packed into pages by account. Pages that cannot be written are queued for later; if that
    /// fails as well, so do their records.
    pub(crate) async fn write_rows(
        &self,
        rows: Vec<ReportRow>,
        queued_rows: Vec<QueuedRows>,
        now: Timestamp,
    ) -> FailedRecords {
        let accounts = by_account(rows, queued_rows);
        if accounts.is_empty() {
            return FailedRecords::new();
        }
        let (mut pages, mut sources, mut later) = (Vec::new(), Vec::new(), Vec::new());
        for ((account_id, may_be_erased), account) in accounts {
            let AccountRows { retention, records, rows, times_queued } = account;
            let source = Arc::new(Source { records, times_queued });
            for page in pack(rows) {
                let account_id = account_id.clone();
                let page = NewPage { account_id, page, written_at: now, retention };
                if may_be_erased {
                    later.push((page, Arc::clone(&source)));
                } else {
                    pages.push(page);
                    sources.push(Arc::clone(&source));
                }
            }
        }
        let written =
            if pages.is_empty() { Vec::new() } else { self.log.write_pages(&pages).await };
        for ((page, source), written) in pages.into_iter().zip(sources).zip(written) {
            if let Err(error) = written {
                tracing::error!(account_id = %page.account_id, error = %ErrorChain(&error),
                    "failed to write a journal page");
                later.push((page, source));
            }
        }
        self.queue_pages(later).await
    }

    /// Queues pages to be written in a minute. Gives the records of those that could not be queued.
    async fn queue_pages(&self, pages: Vec<(NewPage, Arc<Source>)>) -> FailedRecords {
        let messages = pages.iter().enumerate();
        let messages = messages
            .map(|(index, (page, source))| (index, page_message(page, source.times_queued)));
        let failed = self.queue(messages.collect()).await.into_iter().filter_map(Result::err);
        let records =
            failed.filter_map(|index| pages.get(index)).flat_map(|(_, source)| &source.records);
        records.copied().collect()
    }
}

/// The rows of each account. Rows that may be erased are apart, because they wait.
fn by_account(
    rows: Vec<ReportRow>,
    queued_rows: Vec<QueuedRows>,
) -> HashMap<(AccountId, bool), AccountRows> {
    let mut accounts: HashMap<(AccountId, bool), AccountRows> = HashMap::new();
    for ReportRow { record, report, received_at, webhook_ids, may_be_erased } in rows {
        let (id, content) = (report.accepted.id, &report.accepted.report);
        let row = JournalRow::new(id, received_at, content, webhook_ids);
        let account = accounts.entry((report.account_id.clone(), may_be_erased));
        let new = || AccountRows { retention: report.terms.retention, ..AccountRows::default() };
        account.or_insert_with(new).add(record, [row], 0);
    }
    for QueuedRows { record, message, retention, may_be_erased, .. } in queued_rows {
        let JournalMessage { account_id, rows, times_queued } = message;
        let account = accounts.entry((account_id, may_be_erased));
        let new = || AccountRows { retention, ..AccountRows::default() };
        account.or_insert_with(new).add(record, rows, times_queued);
    }
    accounts
}

/// The message that writes the rows of a page in a minute.
fn page_message(page: &NewPage, times_queued: u32) -> Result<Outgoing, serde_json::Error> {
    let rows = page.page.rows.unpack().map_err(|error| match error {
        UnpackError::Malformed(error) => error,
        UnpackError::Inflate(error) => serde::ser::Error::custom(error),
    })?;
    let times_queued = times_queued.saturating_add(1);
    let message = JournalMessage { account_id: page.account_id.clone(), rows, times_queued };
    let (body, account_id) = (message.to_json()?, page.account_id.clone());
    Ok(Outgoing { body, account_id, delay: NOT_LOGGED_DELAY })
}

impl AccountRows {
    fn add(
        &mut self,
        record: RecordIndex,
        rows: impl IntoIterator<Item = JournalRow>,
        times_queued: u32,
    ) {
        self.records.insert(record);
        self.rows.extend(rows);
        self.times_queued = self.times_queued.max(times_queued);
    }
}
