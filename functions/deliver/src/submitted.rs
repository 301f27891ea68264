//! Reports that producers send straight to the queue (`docs/direct-to-queue.md`). ingest has not seen them, so what it
//! looks up before it accepts a report is looked up here.

use std::collections::HashSet;

use callhook::message::Message;
use callhook::store::DeliveryConfig;

use crate::cache::ConfigCache;
use crate::due::RecordIndex;
use crate::event::Record;

/// Takes out submissions for accounts that do not exist, or that cannot be read, and gives their records, which come back
/// until they are dead letters.
pub(crate) async fn refuse_unknown_accounts<C: DeliveryConfig>(
    due: &mut Vec<(RecordIndex, Message)>,
    submitted: &HashSet<RecordIndex>,
    config: &ConfigCache<C>,
    records: &[Record],
) -> HashSet<RecordIndex> {
    let mut refused = HashSet::new();
    if submitted.is_empty() {
        return refused;
    }
    let account = |(index, message): &(RecordIndex, Message)| match message {
        Message::Reports(message) if submitted.contains(index) => Some(message.account_id.clone()),
        _ => None,
    };
    let terms = config.terms(due.iter().filter_map(account).collect()).await;
    due.retain(|message| {
        let Some(account_id) = account(message) else { return true };
        let Some(terms) = terms.get(&account_id) else {
            // The plan would read it again, and take a missing account for one without webhooks.
            refused.insert(message.0);
            return false;
        };
        let is_there = terms.exists || terms.is_erased;
        if !is_there {
            let message_id = records.get(message.0).and_then(|record| record.message_id.as_deref());
            tracing::error!(message_id, %account_id, error = "there is no such account",
                "a message cannot be read");
            refused.insert(message.0);
        }
        is_there
    });
    refused
}
