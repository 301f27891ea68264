//! Places in the journal, as cursors name them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::ids::ReportId;

/// A row's position in the order of receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowPosition {
    /// When ingest took the report, in milliseconds since the epoch.
    #[serde(rename = "r")]
    pub received_at: i64,
    /// Which report.
    #[serde(rename = "i")]
    pub report_id: ReportId,
}

impl RowPosition {
    /// Before every row that was received at `millis` or later.
    pub fn before(millis: i64) -> Self {
        Self { received_at: millis, report_id: ReportId::lowest_at(0) }
    }

    /// After every row that was received at `millis` or earlier.
    pub fn after(millis: i64) -> Self {
        Self { received_at: millis, report_id: ReportId::upper_bound() }
    }
}

/// A position in an account's line of late pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LatePosition {
    /// When the writing of the page began, in milliseconds since the epoch.
    #[serde(rename = "t")]
    pub written_at: i64,
    /// What tells it from others of that time.
    #[serde(rename = "k")]
    pub key: String,
    /// The last row of the page that was read; `None` if all of them were.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub within: Option<RowPosition>,
}

impl LatePosition {
    /// The length of a key, in hexadecimal digits.
    pub const KEY_LEN: usize = 16;
}

/// How far a reader in the order of arrival is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedPosition {
    /// The last row of the pages that were written in time.
    #[serde(rename = "m")]
    pub in_time: RowPosition,
    /// The last of the late pages.
    #[serde(rename = "l")]
    pub late: LatePosition,
}

impl FeedPosition {
    /// Before every report that was received at `millis` or later.
    pub fn beginning(millis: i64) -> Self {
        let late = LatePosition { written_at: millis, key: String::new(), within: None };
        Self { in_time: RowPosition::before(millis), late }
    }

    /// The same position, or the beginning at `millis` if that is later: a cursor from outside may name any time.
    #[must_use]
    pub fn no_earlier_than(self, millis: i64) -> Self {
        let beginning = Self::beginning(millis);
        let in_time = self.in_time.max(beginning.in_time);
        let late = if self.late.written_at < millis { beginning.late } else { self.late };
        Self { in_time, late }
    }
}

/// A text that names no position.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be the `next_cursor` of the page before")]
pub struct InvalidPosition;

impl fmt::Display for RowPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.received_at, self.report_id)
    }
}

impl FromStr for RowPosition {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let (millis, id) = text.split_once('_').ok_or(InvalidPosition)?;
        let received_at = millis.parse().map_err(|_| InvalidPosition)?;
        let report_id = id.parse().map_err(|_| InvalidPosition)?;
        Ok(Self { received_at, report_id })
    }
}

impl fmt::Display for FeedPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for FeedPosition {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidPosition)?;
        let position: Self = serde_json::from_slice(&json).map_err(|_| InvalidPosition)?;
        // It becomes a part of a key, of which DynamoDB takes 1,024 bytes.
        let key = &position.late.key;
        let is_key =
            key.len() <= LatePosition::KEY_LEN && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_key { Ok(position) } else { Err(InvalidPosition) }
    }
}
