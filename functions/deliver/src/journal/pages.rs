//! The journal of accounts: a row for each report whose first attempts are made.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use callhook::account::{AccountId, Retention};
use callhook::delivery::{DeliveryKey, LogEntry};
use callhook::ids::WebhookId;
use callhook::journal::{JournalRow, pack};
use callhook::message::JournalMessage;
use callhook::queue::{MessageQueue, Outgoing};
use callhook::store::{DeliveryLog, JournalWriter, NewPage};
use callhook::telemetry::Causes;
use jiff::Timestamp;

use super::{Journal, Lost};
use crate::conclude::NOT_LOGGED_DELAY;
use crate::due::{Parcel, RecordIndex};

/// A report that the journal is to have.
pub(crate) struct Journaled {
    pub(crate) record: RecordIndex,
    pub(crate) parcel: Arc<Parcel>,
    /// Where it goes; none if no webhook wants it.
    pub(crate) webhook_ids: Vec<WebhookId>,
}

impl Journaled {
    /// Whether the log knows the report from another receipt, which the journal has: a caller handed it over twice.
    pub(crate) fn is_repeated(&self, logged: &HashMap<DeliveryKey, LogEntry>) -> bool {
        let report_id = self.parcel.accepted.id;
        let entries = self
            .webhook_ids
            .iter()
            .filter_map(|webhook| logged.get(&DeliveryKey { webhook_id: *webhook, report_id }));
        let first = entries.map(|entry| entry.received_at).min();
        first.is_some_and(|first| first != self.parcel.received_at)
    }
}

/// Rows whose page could not be written before.
pub(crate) struct Unwritten {
    pub(crate) record: RecordIndex,
    pub(crate) message: JournalMessage,
    pub(crate) retention: Retention,
    /// Whether the account has erased reports, so that some of these may be among them.
    pub(crate) has_erased_reports: bool,
}

/// The rows of an account in an event.
struct OfAccount {
    retention: Retention,
    records: HashSet<RecordIndex>,
    rows: Vec<JournalRow>,
    rounds: u32,
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
        let mut accounts: HashMap<AccountId, OfAccount> = HashMap::new();
        for Journaled { record, parcel, webhook_ids } in journaled {
            let row = JournalRow::new(
                parcel.accepted.id,
                parcel.received_at,
                &parcel.accepted.report,
                webhook_ids,
            );
            let retention = parcel.terms.retention;
            of_account(&mut accounts, &parcel.account_id, retention).add(record, [row], 0);
        }
        for Unwritten { record, message, retention, .. } in unwritten {
            let JournalMessage { account_id, rows, rounds } = message;
            of_account(&mut accounts, &account_id, retention).add(record, rows, rounds);
        }
        if accounts.is_empty() {
            return Lost::new();
        }
        let (mut pages, mut sources) = (Vec::new(), Vec::new());
        for (account_id, OfAccount { retention, records, rows, rounds }) in accounts {
            let source = Arc::new((records, rounds));
            for page in pack(rows) {
                let account_id = account_id.clone();
                pages.push(NewPage { account_id, page, written_at: now, retention });
                sources.push(Arc::clone(&source));
            }
        }
        let written = self.log.write_pages(&pages).await;
        let (mut again, mut records) = (Vec::new(), Vec::new());
        for ((page, source), written) in pages.iter().zip(sources).zip(written) {
            let Err(error) = written else { continue };
            tracing::error!(account_id = %page.account_id, error = %Causes(&error),
                "a page of the journal was not written");
            again.push((records.len(), queued_again(page, source.1)));
            records.push(source);
        }
        let queued = self.queue(again).await.into_iter().filter_map(Result::err);
        let lost = queued.filter_map(|place| records.get(place)).flat_map(|source| &source.0);
        lost.copied().collect()
    }
}

fn of_account<'a>(
    accounts: &'a mut HashMap<AccountId, OfAccount>,
    account: &AccountId,
    retention: Retention,
) -> &'a mut OfAccount {
    let none = || OfAccount { retention, records: HashSet::new(), rows: Vec::new(), rounds: 0 };
    accounts.entry(account.clone()).or_insert_with(none)
}

/// The message that has the rows of a page written in a minute.
fn queued_again(page: &NewPage, rounds: u32) -> Result<Outgoing, serde_json::Error> {
    let rows = page.page.rows.unpack().unwrap_or_default();
    let rounds = rounds.saturating_add(1);
    let message = JournalMessage { account_id: page.account_id.clone(), rows, rounds };
    let (body, account_id) = (message.to_json()?, page.account_id.clone());
    Ok(Outgoing { body, account_id, delay: NOT_LOGGED_DELAY })
}

impl OfAccount {
    fn add(
        &mut self,
        record: RecordIndex,
        rows: impl IntoIterator<Item = JournalRow>,
        rounds: u32,
    ) {
        self.records.insert(record);
        self.rows.extend(rows);
        self.rounds = self.rounds.max(rounds);
    }
}
