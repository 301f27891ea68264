//! A queue that keeps what is sent to it.

use std::sync::Mutex;
use std::time::Duration;

use crate::queue::{MessageQueue, MessageVisibility, Outgoing, QueueError};

/// A queue that keeps what is sent to it, and when receipts' messages come back.
#[derive(Default)]
pub struct KeptMessages {
    /// What was sent.
    pub sent: Mutex<Vec<Outgoing>>,
    /// Receipts, and after how long their messages come back.
    pub returned: Mutex<Vec<(String, Duration)>>,
    /// It takes nothing.
    pub fails: bool,
}

impl KeptMessages {
    /// One that takes nothing.
    pub fn failing() -> Self {
        Self { fails: true, ..Self::default() }
    }

    fn answer(&self) -> Result<(), QueueError> {
        if self.fails { Err(QueueError("down".to_owned())) } else { Ok(()) }
    }
}

#[expect(clippy::unwrap_used, reason = "for tests")]
impl MessageQueue for KeptMessages {
    async fn send(&self, messages: Vec<Outgoing>) -> Vec<Result<(), QueueError>> {
        let answers = messages.iter().map(|_| self.answer()).collect();
        if !self.fails {
            self.sent.lock().unwrap().extend(messages);
        }
        answers
    }
}

#[expect(clippy::unwrap_used, reason = "for tests")]
impl MessageVisibility for KeptMessages {
    async fn redeliver_after(&self, receipt: &str, wait: Duration) -> Result<(), QueueError> {
        self.answer()?;
        self.returned.lock().unwrap().push((receipt.to_owned(), wait));
        Ok(())
    }
}
