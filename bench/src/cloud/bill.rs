//! What AWS puts on the bill.

use std::collections::BTreeMap;

/// What was used, in the units that are paid for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bill {
    /// Calls by `service.operation`.
    pub(crate) calls: BTreeMap<String, u64>,
    /// Units of reading: 4 KB of an item, half of it if it may be a little old.
    pub(crate) read_units: f64,
    /// Units of writing: 1 KB of an item, in the table and in each index.
    pub(crate) write_units: f64,
    /// Those that pages of the journal consumed.
    pub(crate) journal_units: f64,
    /// Requests of SQS: each 64 KB of a call is one.
    pub(crate) sqs_requests: u64,
    /// Messages sent to queues, and their bytes.
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
