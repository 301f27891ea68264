//! Replays: failed deliveries of a webhook in a range of time, or all of them, are sent again.
//!
//! A [`ReplayJob`] holds everything that a worker needs to continue after a crash. It is only updated
//! on condition that its [`ReplayJob::revision`] has not changed.

mod delivery_state;
mod request;
mod stage;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::delivery_state::ReplayDeliveryState;
pub use self::request::{ReplayRange, ReplayRequest};
pub use self::stage::{LogPosition, ReplayStage, Wave};
use crate::domain::account::{AccountId, Retention};
use crate::domain::delivery::{LoggedDelivery, ReplayScope, ReportTimes, Trigger};
use crate::domain::ids::{ReplayId, WebhookId};
use crate::domain::message::{DeliveryMessage, ReplayMessage, Wait};

/// One replay of a webhook's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayJob {
    /// Its id, which identifies its attempts.
    pub id: ReplayId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// The webhook whose deliveries are sent again.
    pub webhook_id: WebhookId,
    /// Which of its deliveries.
    pub scope: ReplayScope,
    /// The times of their reports.
    #[serde(flatten)]
    pub range: ReplayRange,
    /// The progress.
    #[serde(flatten)]
    pub stage: ReplayStage,
    /// The number of deliveries when they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The number of finished deliveries: sent, skipped, or delivered meanwhile.
    #[serde(default)]
    pub done: u64,
    /// The number of deliveries whose request never appeared in the log although they were queued
    /// twice, and of those that the log no longer holds.
    #[serde(default)]
    pub missing: u64,
    /// The end of the lease of the worker that changed the job last. No other worker continues
    /// before that.
    #[serde(rename = "held_until", default, skip_serializing_if = "Option::is_none")]
    pub leased_until: Option<Timestamp>,
    /// When it was requested.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes, from 1.
    pub revision: u64,
}

/// Selects the deliveries of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Which deliveries.
    pub scope: ReplayScope,
    /// The times of their reports.
    pub times: ReportTimes,
}

impl ReplayJob {
    /// The most jobs of a webhook that have not ended.
    pub const MAX_LIVE: usize = 3;
    /// How long a job may take. SQS deletes its message after 14 days, and a job without a message would never
    /// end.
    pub const MAX_AGE: SignedDuration = SignedDuration::from_hours(13 * 24);

    /// A new job.
    pub fn new(
        account_id: AccountId,
        webhook_id: WebhookId,
        request: ReplayRequest,
        now: Timestamp,
    ) -> Self {
        Self {
            id: ReplayId::generate(),
            account_id,
            webhook_id,
            scope: request.scope,
            range: request.range,
            stage: ReplayStage::Counting { position: LogPosition::default(), counted: 0 },
            total: None,
            done: 0,
            missing: 0,
            leased_until: None,
            created_at: now,
            updated_at: now,
            revision: 1,
        }
    }

    /// The job with its revision incremented and its change dated `now`.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self }
    }

    /// The cancelled job; `None` if it has ended.
    pub fn cancelled(&self, now: Timestamp) -> Option<Self> {
        let cancelled =
            || Self { stage: ReplayStage::Cancelled, leased_until: None, ..self.clone() };
        (!self.stage.is_over()).then(|| cancelled().changed(now))
    }

    /// Whether it exceeds [`ReplayJob::MAX_AGE`].
    pub fn is_too_old(&self, now: Timestamp) -> bool {
        now.duration_since(self.created_at) > Self::MAX_AGE
    }

    /// When its item expires, in seconds since the epoch.
    pub fn expires_at(&self) -> i64 {
        Retention::default().expiry(self.updated_at)
    }

    /// The deliveries it includes.
    pub fn selection(&self) -> Selection {
        Selection { webhook_id: self.webhook_id, scope: self.scope, times: self.range.times() }
    }

    /// The trigger of its attempts.
    pub fn trigger(&self) -> Trigger {
        Trigger::Replay { id: self.id, only: self.scope }
    }

    /// The job's queue message.
    pub fn message(&self) -> ReplayMessage {
        ReplayMessage {
            account_id: self.account_id.clone(),
            webhook_id: self.webhook_id,
            replay_id: self.id,
        }
    }

    /// The message that makes deliver send `logged` again.
    pub fn delivery(&self, logged: &LoggedDelivery, now: Timestamp) -> DeliveryMessage {
        let entry = &logged.entry;
        DeliveryMessage {
            account_id: entry.account_id.clone(),
            received_at: entry.received_at,
            webhook_id: entry.key.webhook_id,
            report_id: entry.key.report_id,
            report: std::sync::Arc::clone(&logged.report),
            trigger: self.trigger(),
            attempt: 1,
            due_at: now,
            wait: Wait::Schedule,
            times_queued: 0,
        }
    }

    /// The job as the API shows it.
    pub fn to_json(&self) -> Value {
        let queued = self.stage.queued();
        // Deliveries that ended after the count are sent as well.
        let total = self.total.map(|counted| counted.max(self.done + self.missing + queued));
        json!({
            "id": self.id,
            "webhook_id": self.webhook_id,
            "deliveries": self.scope,
            "from": self.range.from(),
            "to": self.range.to(),
            "status": self.stage.name(),
            "total": total,
            "queued": queued,
            "done": self.done,
            "missing": self.missing,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }
}

#[cfg(test)]
mod tests;
