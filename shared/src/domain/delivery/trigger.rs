//! Triggers of attempts. A resend leaves the retry schedule alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use crate::domain::ids::{ReplayId, ResendId};

/// The trigger of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Trigger {
    /// The arrival of the report, and its retry schedule.
    #[default]
    Automatic,
    /// A resend of this delivery: one request without retries.
    Resend {
        /// Identifies the resend, so that a redelivered message does not repeat it.
        id: ResendId,
    },
    /// A replay of a range of time, which follows the retry schedule again.
    Replay {
        /// The replay.
        id: ReplayId,
        /// The deliveries it includes.
        only: ReplayScope,
    },
}

/// The deliveries of a range of time that a replay includes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum ReplayScope {
    /// Failed and skipped deliveries.
    #[default]
    Failed,
    /// Failed, skipped and delivered ones.
    All,
}

impl ReplayScope {
    /// Every scope.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

impl Trigger {
    /// The names in the API.
    pub const NAMES: [&str; 2] = ["automatic", "manual"];

    /// Whether it is the report's arrival or its retry schedule.
    pub fn is_automatic(&self) -> bool {
        matches!(self, Self::Automatic)
    }

    /// The name in the API: `automatic` or `manual`.
    pub fn name(&self) -> &'static str {
        if self.is_automatic() { "automatic" } else { "manual" }
    }

    /// Whether the retry schedule applies. A resend leaves it alone: no retry follows, its failure changes no
    /// state and is not announced, and it does not count as a scheduled attempt. Its caller sees the outcome.
    pub fn follows_schedule(&self) -> bool {
        !matches!(self, Self::Resend { .. })
    }

    /// Whether the attempt is made while the webhook's circuit is open: a resend is, since its caller asked for it.
    pub fn bypasses_breaker(&self) -> bool {
        matches!(self, Self::Resend { .. })
    }

    /// When its attempts began: with the report's arrival at `received_at`, or when the resend or the replay was
    /// requested.
    pub fn began_at(&self, received_at: Timestamp) -> Timestamp {
        match self {
            Self::Automatic => received_at,
            Self::Resend { id } => id.made_at(),
            Self::Replay { id, .. } => id.made_at(),
        }
    }

    /// The replay, if it is one.
    pub fn replay(&self) -> Option<ReplayId> {
        match self {
            Self::Replay { id, .. } => Some(*id),
            _ => None,
        }
    }
}
