//! Where a delivery stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

/// Where a delivery stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(tag = "status", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeliveryState {
    /// No request was sent so far, and one will be.
    Pending {
        /// When, at the earliest.
        next_attempt_at: Timestamp,
    },
    /// An attempt failed; another follows.
    Retrying {
        /// When, at the earliest.
        next_attempt_at: Timestamp,
    },
    /// The client took it.
    Delivered,
    /// No attempt is left, or none can be made.
    Failed {
        /// Why: a sentence without values of the report or secrets.
        reason: String,
    },
    /// It was not tried, or not again.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
}

impl DeliveryState {
    /// The names of all states, as they are stored and as clients see them.
    pub const NAMES: &'static [&'static str] = Self::VARIANTS;

    /// The state's name.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// When the next request goes out, at the earliest; `None` if nothing follows by itself.
    pub fn next_attempt_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { next_attempt_at } | Self::Retrying { next_attempt_at } => {
                Some(*next_attempt_at)
            }
            Self::Delivered | Self::Failed { .. } | Self::Skipped { .. } => None,
        }
    }

    /// Whether nothing follows by itself.
    pub fn has_ended(&self) -> bool {
        self.next_attempt_at().is_none()
    }
}

/// Why a delivery was not tried.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, VariantArray, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Its owner paused the webhook.
    #[error("the webhook is inactive")]
    WebhookInactive,
    /// Callhook deactivated the webhook.
    #[error("the webhook is disabled")]
    WebhookDisabled,
    /// There is no such webhook, or no longer.
    #[error("the webhook does not exist")]
    WebhookDeleted,
    /// It is older, or was tried more often, than any retry schedule allows.
    #[error("the delivery is older than any retry schedule allows")]
    Expired,
    /// The report named no webhook, and nobody subscribes to it.
    #[error("no webhook wants the report")]
    NoWebhook,
}

impl SkipReason {
    /// Every reason.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
