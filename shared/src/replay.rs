//! Replays: what failed of a webhook in a range of time, or everything, is sent again.
//!
//! A [`ReplayJob`] holds all that the work needs to go on after a crash. It is only changed under
//! the condition that nobody else changed it meanwhile ([`ReplayJob::revision`]).

mod delivery_state;
mod request;
mod stage;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::delivery_state::ReplayDeliveryState;
pub use self::request::{ReplayRange, ReplayRequest};
pub use self::stage::{LogPosition, ReplayStage, Wave};
use crate::account::{AccountId, Retention};
use crate::delivery::{LoggedDelivery, ReplayScope, ReportTimes, Trigger};
use crate::ids::{ReplayId, WebhookId};
use crate::message::{DeliveryMessage, ReplayMessage, Wait};

/// One replay of a webhook's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayJob {
    /// Its id; tells its attempts from those of another replay.
    pub id: ReplayId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Whose deliveries are sent again.
    pub webhook_id: WebhookId,
    /// Which of them.
    pub scope: ReplayScope,
    /// The times of their reports.
    #[serde(flatten)]
    pub range: ReplayRange,
    /// Where the work stands.
    #[serde(flatten)]
    pub stage: ReplayStage,
    /// How many there were when they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Those that nothing is left to do for: sent, skipped, or taken meanwhile.
    #[serde(default)]
    pub done: u64,
    /// Those whose request the log never showed, although they were queued twice, and those that
    /// the log no longer holds.
    #[serde(default)]
    pub missing: u64,
    /// Until when the worker that changed this last may be at work. Nobody else goes on before
    /// that; a worker that crashed has ended by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes, from 1.
    pub revision: u64,
}

/// Which deliveries of the log a replay is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// To this webhook.
    pub webhook_id: WebhookId,
    /// Those that ended so.
    pub scope: ReplayScope,
    /// Of reports of these times.
    pub times: ReportTimes,
}

impl ReplayJob {
    /// The most jobs of a webhook that are not over.
    pub const MAX_LIVE: usize = 3;
    /// How long a job may take. Its message would be gone after 14 days, the most that SQS keeps
    /// one, and a job without a message would look alive for ever.
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
            held_until: None,
            created_at: now,
            updated_at: now,
            revision: 1,
        }
    }

    /// The job with one more change, made now.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self }
    }

    /// The job, cancelled; `None` if it is over.
    pub fn cancelled(&self, now: Timestamp) -> Option<Self> {
        let cancelled = || Self { stage: ReplayStage::Cancelled, held_until: None, ..self.clone() };
        (!self.stage.is_over()).then(|| cancelled().changed(now))
    }

    /// Whether it takes longer than any job may.
    pub fn is_too_old(&self, now: Timestamp) -> bool {
        now.duration_since(self.created_at) > Self::MAX_AGE
    }

    /// When it may be forgotten, in seconds since the epoch.
    pub fn expires_at(&self) -> i64 {
        Retention::default().expiry(self.updated_at)
    }

    /// The deliveries it is for.
    pub fn selection(&self) -> Selection {
        Selection { webhook_id: self.webhook_id, scope: self.scope, times: self.range.times() }
    }

    /// What makes its requests go out.
    pub fn trigger(&self) -> Trigger {
        Trigger::Replay { id: self.id, only: self.scope }
    }

    /// The message that brings the job to a worker.
    pub fn message(&self) -> ReplayMessage {
        ReplayMessage {
            account_id: self.account_id.clone(),
            webhook_id: self.webhook_id,
            replay_id: self.id,
        }
    }

    /// The message that sends `logged` again.
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

    /// The job as clients see it.
    pub fn to_json(&self) -> Value {
        let queued = self.stage.queued();
        // What ended after it was counted is sent as well.
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
