//! A queue in memory.

use std::sync::Mutex;
use std::time::Duration;

use crate::ports::queue::{MessageQueue, MessageVisibility, Outgoing, QueueError};

/// A queue that records the messages sent and the visibility timeouts set.
#[derive(Default)]
pub struct RecordingQueue {
    /// The messages sent.
    pub sent: Mutex<Vec<Outgoing>>,
    /// Receipts, and the visibility timeouts of their messages.
    pub returned: Mutex<Vec<(String, Duration)>>,
    /// Whether every call fails.
    pub fails: bool,
}

impl RecordingQueue {
    /// A queue whose every call fails.
    pub fn failing() -> Self {
        Self { fails: true, ..Self::default() }
    }

    fn answer(&self) -> Result<(), QueueError> {
        if self.fails { Err(QueueError("down".to_owned())) } else { Ok(()) }
    }
}

#[expect(clippy::unwrap_used, reason = "for tests")]
impl MessageQueue for RecordingQueue {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let answers = messages.iter().map(|_| self.answer()).collect();
        if !self.fails {
            self.sent.lock().unwrap().extend(messages);
        }
        answers
    }
}

#[expect(clippy::unwrap_used, reason = "for tests")]
impl MessageVisibility for RecordingQueue {
    async fn redeliver_after(&self, receipt: &str, wait: Duration) -> Result<(), QueueError> {
        self.answer()?;
        self.returned.lock().unwrap().push((receipt.to_owned(), wait));
        Ok(())
    }
}
