//! The journal of accounts: a row for each report whose first attempts are made.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callhook::account::{AccountId, Retention};
use callhook::delivery::{DeliveryKey, LogEntry};
use callhook::ids::WebhookId;
use callhook::journal::{JournalRow, UnpackError, pack};
use callhook::message::JournalMessage;
use callhook::queue::{MessageQueue, Outgoing};
use callhook::store::{AccountTerms, DeliveryLog, JournalWriter, NewPage};
use callhook::telemetry::ErrorChain;
use jiff::Timestamp;

use super::{Journal, Lost};
use crate::conclude::NOT_LOGGED_DELAY;
use crate::due::{InFlightReport, RecordIndex};

/// A report that the journal is to have.
pub(crate) struct Journaled {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<InFlightReport>,
    /// The receipt that the journal knows the report by.
    pub(crate) received_at: Timestamp,
    /// Where it goes; none if no webhook wants it.
    pub(crate) webhook_ids: Vec<WebhookId>,
    /// Tombstones could not be looked for, and there may be one: the row waits until they can be.
    pub(crate) is_unsure: bool,
}

impl Journaled {
    pub(crate) fn new(
        record: RecordIndex,
        parcel: Arc<InFlightReport>,
        webhook_ids: Vec<WebhookId>,
    ) -> Self {
        let received_at = parcel.received_at;
        Self { record, parcel, received_at, webhook_ids, is_unsure: false }
    }
}

impl Journaled {
    /// What the journal is to have beside what it has by what the log knows. A caller may have handed the report over
    /// before: the row of its first receipt is there, and lacks webhooks that subscribed since.
    pub(crate) fn beside(self, logged: &HashMap<DeliveryKey, LogEntry>) -> Option<Self> {
        let report_id = self.parcel.accepted.id;
        let entry =
            |webhook: &WebhookId| logged.get(&DeliveryKey { webhook_id: *webhook, report_id });
        let entries = self.webhook_ids.iter().filter_map(entry);
        let first = entries.map(|entry| entry.received_at).min();
        let Some(first) = first.filter(|first| *first != self.received_at) else {
            return Some(self);
        };
        let is_complete = self.webhook_ids.iter().all(|webhook| entry(webhook).is_some());
        (!is_complete).then_some(Self { received_at: first, ..self })
    }
}

/// Rows whose page could not be written before.
pub(crate) struct Unwritten {
    pub(crate) record: RecordIndex,
    pub(crate) message: JournalMessage,
    pub(crate) retention: Retention,
    /// Whether the account has erased reports, so that some of these may be among them.
    pub(crate) has_erased_reports: bool,
    /// As of [`Journaled`].
    pub(crate) is_unsure: bool,
}

/// The rows of an account in an event.
#[derive(Default)]
struct OfAccount {
    retention: Retention,
    records: HashSet<RecordIndex>,
    rows: Vec<JournalRow>,
    times_queued: u32,
}

impl<Q: MessageQueue, L: DeliveryLog + JournalWriter> Journal<Q, L> {
    /// Writes the rows of reports, packed by account. Rows that cannot be written are queued for later; if that fails as
    /// well, their records come back.
    pub(crate) async fn keep_rows(
        &self,
        journaled: Vec<Journaled>,
        unwritten: Vec<Unwritten>,
        now: Timestamp,
    ) -> Lost {
        let mut accounts: HashMap<(AccountId, bool), OfAccount> = HashMap::new();
        for journaled in journaled {
            let Journaled { record, parcel, received_at, webhook_ids, is_unsure } = journaled;
            let (id, report) = (parcel.accepted.id, &parcel.accepted.report);
            let row = JournalRow::new(id, received_at, report, webhook_ids);
            let key = (parcel.account_id.clone(), is_unsure);
            let account = accounts.entry(key).or_insert_with(|| OfAccount::of(&parcel.terms));
            account.add(record, [row], 0);
        }
        for Unwritten { record, message, retention, is_unsure, .. } in unwritten {
            let JournalMessage { account_id, rows, times_queued } = message;
            let account = accounts.entry((account_id, is_unsure));
            let none = || OfAccount { retention, ..OfAccount::default() };
            account.or_insert_with(none).add(record, rows, times_queued);
        }
        if accounts.is_empty() {
            return Lost::new();
        }
        let (mut pages, mut sources, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for ((account_id, is_unsure), OfAccount { retention, records, rows, times_queued }) in
            accounts
        {
            let source = Arc::new(Source { records, times_queued });
            for page in pack(rows) {
                let account_id = account_id.clone();
                let page = NewPage { account_id, page, written_at: now, retention };
                if is_unsure {
                    again.push((page, Arc::clone(&source)));
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
                    "a page of the journal was not written");
                again.push((page, source));
            }
        }
        self.queue_pages(again).await
    }

    /// Has pages written in a minute. Gives the records of those that could not be queued.
    async fn queue_pages(&self, pages: Vec<(NewPage, Arc<Source>)>) -> Lost {
        let messages = pages.iter().enumerate();
        let messages = messages
            .map(|(place, (page, source))| (place, queued_again(page, source.times_queued)));
        let queued = self.queue(messages.collect()).await.into_iter().filter_map(Result::err);
        let lost =
            queued.filter_map(|place| pages.get(place)).flat_map(|(_, source)| &source.records);
        lost.copied().collect()
    }
}

/// What a page is made from.
struct Source {
    records: HashSet<RecordIndex>,
    /// How often its rows were queued.
    times_queued: u32,
}

/// The message that has the rows of a page written in a minute.
fn queued_again(page: &NewPage, times_queued: u32) -> Result<Outgoing, serde_json::Error> {
    let rows = page.page.rows.unpack().map_err(|error| match error {
        UnpackError::Malformed(error) => error,
        UnpackError::Inflate(error) => serde::ser::Error::custom(error),
    })?;
    let times_queued = times_queued.saturating_add(1);
    let message = JournalMessage { account_id: page.account_id.clone(), rows, times_queued };
    let (body, account_id) = (message.to_json()?, page.account_id.clone());
    Ok(Outgoing { body, account_id, delay: NOT_LOGGED_DELAY })
}

impl OfAccount {
    fn of(terms: &AccountTerms) -> Self {
        Self { retention: terms.retention, ..Self::default() }
    }

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
