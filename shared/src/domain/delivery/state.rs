//! States of deliveries.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

/// The state of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(tag = "status", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeliveryState {
    /// No request was sent yet; one will be.
    Pending {
        /// The earliest time of the next attempt.
        next_attempt_at: Timestamp,
    },
    /// An attempt failed; another follows.
    Retrying {
        /// The earliest time of the next attempt.
        next_attempt_at: Timestamp,
    },
    /// The receiver accepted it.
    Delivered,
    /// No attempt is left, or none can be made.
    Failed {
        /// The reason, without values of the report or secrets.
        reason: String,
    },
    /// It was not tried, or not again.
    Skipped {
        /// The reason.
        reason: SkipReason,
    },
}

impl DeliveryState {
    /// The names of all states, as stored and as the API shows them.
    pub const NAMES: &'static [&'static str] = Self::VARIANTS;

    /// The state's name.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// The earliest time of the next attempt; `None` if no attempt follows by itself.
    pub fn next_attempt_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pending { next_attempt_at } | Self::Retrying { next_attempt_at } => {
                Some(*next_attempt_at)
            }
            Self::Delivered | Self::Failed { .. } | Self::Skipped { .. } => None,
        }
    }

    /// Whether no attempt follows by itself.
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
    /// The webhook's owner paused it.
    #[error("the webhook is inactive")]
    WebhookInactive,
    /// Callhook deactivated the webhook.
    #[error("the webhook is disabled")]
    WebhookDisabled,
    /// The webhook does not exist, or no longer.
    #[error("the webhook does not exist")]
    WebhookDeleted,
    /// The delivery is older, or was attempted more often, than any retry schedule allows.
    #[error("the delivery is older than any retry schedule allows")]
    Expired,
    /// The report named no webhook, and no webhook subscribes to it.
    #[error("no webhook wants the report")]
    NoWebhook,
}

impl SkipReason {
    /// Every reason.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
