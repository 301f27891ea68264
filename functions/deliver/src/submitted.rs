//! Reports that producers send straight to the queue (`docs/direct-to-queue.md`). They bypass ingest, so
//! its check of the account is made here.

use std::collections::HashSet;

use callhook::domain::message::Message;
use callhook::ports::store::DeliveryConfig;

use crate::cache::ConfigCache;
use crate::event::Record;
use crate::pending::{FailedRecords, RecordIndex};

/// Removes submissions for accounts that do not exist or cannot be read. Gives their records, which
/// SQS redelivers until they are dead letters.
pub(crate) async fn refuse_unknown_accounts<C: DeliveryConfig>(
    messages: &mut Vec<(RecordIndex, Message)>,
    submitted: &HashSet<RecordIndex>,
    config: &ConfigCache<C>,
    records: &[Record],
) -> FailedRecords {
    let mut refused = FailedRecords::new();
    if submitted.is_empty() {
        return refused;
    }
    let account = |(index, message): &(RecordIndex, Message)| match message {
        Message::Reports(message) if submitted.contains(index) => Some(message.account_id.clone()),
        _ => None,
    };
    let terms = config.terms(messages.iter().filter_map(account).collect()).await;
    messages.retain(|message| {
        let Some(account_id) = account(message) else { return true };
        let Some(terms) = terms.get(&account_id) else {
            // The plan would read the account again, and treat a missing one as one without webhooks.
            refused.insert(message.0);
            return false;
        };
        let is_known = terms.exists || terms.is_erased;
        if !is_known {
            let message_id = records.get(message.0).and_then(|record| record.message_id.as_deref());
            tracing::error!(message_id, %account_id, error = "there is no such account",
                "a message cannot be read");
            refused.insert(message.0);
        }
        is_known
    });
    refused
}
