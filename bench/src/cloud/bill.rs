//! Billed usage of AWS.

use std::collections::BTreeMap;

/// Usage in billed units.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bill {
    /// Calls by `service.operation`.
    pub(crate) calls: BTreeMap<String, u64>,
    /// Read units: 4 KB of an item each, half of that for eventually consistent reads.
    pub(crate) read_units: f64,
    /// Write units: 1 KB of an item each, in the table and in each index.
    pub(crate) write_units: f64,
    /// Write units of pages of the journal.
    pub(crate) journal_units: f64,
    /// Requests of SQS: one for each 64 KB of a call.
    pub(crate) sqs_requests: u64,
    /// Messages sent to queues, and their size.
    pub(crate) sqs_messages: u64,
    pub(crate) sqs_bytes: u64,
}

impl Bill {
    pub(crate) fn call(&mut self, service: &str, operation: &str) {
        *self.calls.entry(format!("{service}.{operation}")).or_default() += 1;
    }

    /// All calls.
    pub(crate) fn total_calls(&self) -> u64 {
        self.calls.values().sum()
    }
}
