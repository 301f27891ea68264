//! How far a replay is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::ids::ReportId;

/// Where the work of a replay stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantNames)]
#[serde(tag = "status", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReplayStage {
    /// Its deliveries are counted.
    Counting {
        /// Where counting goes on.
        #[serde(rename = "place")]
        position: LogPosition,
        /// How many were found before that.
        counted: u64,
    },
    /// Its deliveries are sent, wave by wave.
    Sending {
        /// Where the next wave begins; `None` if this is the last.
        #[serde(rename = "place")]
        position: Option<LogPosition>,
        /// What is being sent.
        wave: Wave,
    },
    /// Every delivery was sent once.
    Completed,
    /// Its owner stopped it.
    Cancelled,
    /// It took longer than [`crate::replay::ReplayJob::MAX_AGE`].
    Expired,
}

/// A position in the log of a webhook: the shards follow each other, and within a shard the ids of
/// the reports. The first by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LogPosition {
    /// The shard.
    pub shard: u8,
    /// Behind this report; `None` for the shard's beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ReportId>,
}

/// Deliveries that are sent together. The next wave begins when nothing is left of this one, so
/// a webhook that takes no more reports pauses its replay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wave {
    /// Those to be queued.
    #[serde(default)]
    pub unsent: Vec<ReportId>,
    /// Those that are queued and that the log does not show as done.
    #[serde(default)]
    pub sent: Vec<ReportId>,
    /// When something of it was last queued or done.
    pub moved_at: Timestamp,
    /// Whether what was queued has been queued a second time.
    #[serde(default)]
    pub is_repeated: bool,
}

impl ReplayStage {
    /// The names that clients see.
    pub const NAMES: &'static [&'static str] = Self::VARIANTS;

    /// The name that clients see.
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// Whether nothing follows.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Counting { .. } | Self::Sending { .. })
    }

    /// How many deliveries wait for their request.
    pub(super) fn queued(&self) -> u64 {
        match self {
            Self::Sending { wave, .. } => (wave.unsent.len() + wave.sent.len()) as u64,
            _ => 0,
        }
    }
}

impl Wave {
    /// The most deliveries of a wave: what still goes out after a replay was cancelled, and what
    /// a job's item holds (some 40 KB of ids).
    pub const MAX: usize = 1_000;

    /// A wave of these deliveries.
    pub fn new(unsent: Vec<ReportId>, now: Timestamp) -> Self {
        Self { unsent, sent: Vec::new(), moved_at: now, is_repeated: false }
    }

    /// Everything that is queued is to be queued again.
    pub fn repeat(&mut self, now: Timestamp) {
        self.unsent.append(&mut self.sent);
        self.is_repeated = true;
        self.moved_at = now;
    }
}
