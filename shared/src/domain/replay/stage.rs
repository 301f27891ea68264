//! Progress of replays.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::domain::ids::ReportId;

/// The stage of a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(tag = "status", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReplayStage {
    /// Its deliveries are being counted.
    Counting {
        /// Where counting continues.
        #[serde(rename = "place")]
        position: LogPosition,
        /// How many were counted so far.
        counted: u64,
    },
    /// Its deliveries are being sent, wave by wave.
    Sending {
        /// Where the next wave begins; `None` if this is the last wave.
        #[serde(rename = "place")]
        position: Option<LogPosition>,
        /// The current wave.
        wave: Wave,
    },
    /// Every delivery was sent once.
    Completed,
    /// Its owner cancelled it.
    Cancelled,
    /// It took longer than [`crate::domain::replay::ReplayJob::MAX_AGE`].
    Expired,
}

/// A position in the log of a webhook, which is ordered by shard and then by report id. The default is the
/// beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogPosition {
    /// The shard.
    pub shard: u8,
    /// After this report; `None` for the beginning of the shard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ReportId>,
}

/// Deliveries that are sent together. The next wave begins when this one is done, so a webhook that
/// accepts no more reports pauses its replay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wave {
    /// Deliveries to be queued.
    #[serde(default)]
    pub unsent: Vec<ReportId>,
    /// Queued deliveries that the log does not show as done.
    #[serde(default)]
    pub sent: Vec<ReportId>,
    /// When a delivery of it was last queued or done.
    pub moved_at: Timestamp,
    /// Whether its deliveries were queued a second time.
    #[serde(default)]
    pub is_repeated: bool,
}

impl ReplayStage {
    /// The names in the API.
    pub const NAMES: &'static [&'static str] = Self::VARIANTS;

    /// The name in the API.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether the replay has ended.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Counting { .. } | Self::Sending { .. })
    }

    /// The number of deliveries that wait for their request.
    pub(super) fn queued(&self) -> u64 {
        match self {
            Self::Sending { wave, .. } => (wave.unsent.len() + wave.sent.len()) as u64,
            _ => 0,
        }
    }
}

impl Wave {
    /// The most deliveries of a wave. It bounds how many are still sent after a replay was cancelled, and the
    /// size of a job's item (some 40 KB of ids).
    pub const MAX: usize = 1_000;

    /// A wave of these deliveries.
    pub fn new(unsent: Vec<ReportId>, now: Timestamp) -> Self {
        Self { unsent, sent: Vec::new(), moved_at: now, is_repeated: false }
    }

    /// Marks all queued deliveries to be queued again.
    pub fn repeat(&mut self, now: Timestamp) {
        self.unsent.append(&mut self.sent);
        self.is_repeated = true;
        self.moved_at = now;
    }
}
