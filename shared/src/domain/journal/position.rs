//! Positions in the journal, as cursors name them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::domain::ids::ReportId;

/// A row's position in the order of receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowPosition {
    /// When ingest accepted the report, in milliseconds since the epoch.
    #[serde(rename = "r")]
    pub received_at: i64,
    /// The report.
    #[serde(rename = "i")]
    pub report_id: ReportId,
}

impl RowPosition {
    /// The position before every row received at `millis` or later.
    pub fn before(millis: i64) -> Self {
        Self { received_at: millis, report_id: ReportId::lowest_at(0) }
    }

    /// The position after every row received at `millis` or earlier.
    pub fn after(millis: i64) -> Self {
        Self { received_at: millis, report_id: ReportId::upper_bound() }
    }
}

/// A position in an account's index of late pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LatePosition {
    /// When the writing of the page began, in milliseconds since the epoch.
    #[serde(rename = "t")]
    pub written_at: i64,
    /// Distinguishes pages of the same time.
    #[serde(rename = "k")]
    pub key: String,
    /// The last row that was read of the page; `None` if all rows were read.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub within: Option<RowPosition>,
}

impl LatePosition {
    /// The length of a key, in hexadecimal digits.
    pub const KEY_LEN: usize = 16;
}

/// The position of a reader in the order of arrival.
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
    /// The position before every report received at `millis` or later.
    pub fn beginning(millis: i64) -> Self {
        let late = LatePosition { written_at: millis, key: String::new(), within: None };
        Self { in_time: RowPosition::before(millis), late }
    }

    /// The later of this position and the beginning at `millis`: a caller's cursor may name any time.
    #[must_use]
    pub fn no_earlier_than(self, millis: i64) -> Self {
        let beginning = Self::beginning(millis);
        let in_time = self.in_time.max(beginning.in_time);
        let late = if self.late.written_at < millis { beginning.late } else { self.late };
        Self { in_time, late }
    }
}

/// The text is not a position.
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
        // It becomes a part of a sort key, which has 1,024 bytes at most in DynamoDB.
        let key = &position.late.key;
        let is_key =
            key.len() <= LatePosition::KEY_LEN && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_key { Ok(position) } else { Err(InvalidPosition) }
    }
}
