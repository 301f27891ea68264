//! Counting in memory, so that many changes of the log become one write per webhook and hour.

use std::collections::BTreeMap;

use super::{Hour, HourlyCounts, LogChange, Place};
use crate::ids::WebhookId;

/// What one change adds to the figures of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The change.
    pub place: Place,
    /// What it adds.
    pub counts: HourlyCounts,
}

/// What was noted and not written yet.
#[derive(Debug, Clone, Default)]
pub struct StatsTally {
    noted: BTreeMap<(WebhookId, Hour), Vec<Noted>>,
}

impl StatsTally {
    /// Notes what a change says, if that is something to be counted.
    pub fn note(&mut self, change: &LogChange) {
        let webhook = change.after.key.webhook_id;
        for (hour, counts) in change.counts() {
            let noted = Noted { place: change.place.clone(), counts };
            self.noted.entry((webhook, hour)).or_default().push(noted);
        }
    }

    /// What was noted, by webhook and hour, each once.
    pub fn into_notes(self) -> impl Iterator<Item = (WebhookId, Hour, Vec<Noted>)> {
        self.noted.into_iter().map(|((webhook, hour), noted)| (webhook, hour, noted))
    }
}
