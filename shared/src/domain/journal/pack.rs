//! Packs rows into pages: JSON, with DEFLATE (RFC 1951) where that saves space.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::Timestamp;

use super::{JournalRow, PAGE_SPAN};

/// Rows of one page, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedPage {
    /// When the oldest of its reports was received.
    pub oldest: Timestamp,
    /// When the newest was; at most [`PAGE_SPAN`] later.
    pub newest: Timestamp,
    /// The rows.
    pub rows: PackedRows,
}

/// Rows as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackedRows {
    /// JSON.
    Plain(String),
    /// JSON, deflated.
    Deflated(Vec<u8>),
}

/// Why stored rows cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// Not valid DEFLATE, or larger than a page may be.
    #[error("the rows of a page cannot be inflated: {0}")]
    Inflate(#[from] std::io::Error),
    /// Not rows.
    #[error("the rows of a page cannot be read: {0}")]
    Malformed(#[from] serde_json::Error),
}

/// The JSON of a page, in bytes. DynamoDB stores 400 KB in an item, SQS 1 MiB in a message.
const MAX_BYTES: usize = 128 * 1024;
/// The longest JSON that is stored without DEFLATE, which takes 10 µs or more: with its key it is well within a write
/// unit of 1 KiB.
const MAX_PLAIN: usize = 700;
/// The fastest level: the best one saves a tenth more, in twice the time.
const LEVEL: u32 = 1;

/// Packs rows of one account into pages; the receipts of a page lie within [`PAGE_SPAN`].
pub fn pack(mut rows: Vec<JournalRow>) -> Vec<PackedPage> {
    // Rows usually arrive sorted by receipt; then nothing is moved.
    rows.sort_by_key(|row| row.received_at);
    let mut pages: Vec<Draft> = Vec::new();
    for row in rows {
        let Ok(json) = serde_json::to_string(&row) else { continue };
        match pages.last_mut() {
            Some(page) if page.fits(&row, &json) => page.add(&row, &json),
            _ => pages.push(Draft::with(&row, &json)),
        }
    }
    pages.into_iter().map(Draft::packed).collect()
}

/// A page that is not full yet.
struct Draft {
    oldest: Timestamp,
    newest: Timestamp,
    json: String,
}

impl Draft {
    fn with(row: &JournalRow, json: &str) -> Self {
        Self { oldest: row.received_at, newest: row.received_at, json: format!("[{json}") }
    }

    fn fits(&self, row: &JournalRow, json: &str) -> bool {
        row.received_at.duration_since(self.oldest) <= PAGE_SPAN
            && self.json.len() + json.len() + 2 <= MAX_BYTES
    }

    fn add(&mut self, row: &JournalRow, json: &str) {
        self.newest = row.received_at;
        self.json.push(',');
        self.json.push_str(json);
    }

    fn packed(mut self) -> PackedPage {
        self.json.push(']');
        let Self { oldest, newest, json } = self;
        PackedPage { oldest, newest, rows: PackedRows::of(json) }
    }
}

impl PackedRows {
    fn of(json: String) -> Self {
        if json.len() <= MAX_PLAIN {
            return Self::Plain(json);
        }
        let mut encoder =
            DeflateEncoder::new(Vec::with_capacity(json.len() / 2), Compression::new(LEVEL));
        let deflated = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish());
        // Writing to memory does not fail.
        deflated.map_or(Self::Plain(json), Self::Deflated)
    }

    /// The rows.
    pub fn unpack(&self) -> Result<Vec<JournalRow>, UnpackError> {
        match self {
            Self::Plain(json) => Ok(serde_json::from_str(json)?),
            Self::Deflated(bytes) => {
                let mut json = Vec::with_capacity(bytes.len() * 4);
                // Bounds the memory of a forged page.
                DeflateDecoder::new(bytes.as_slice())
                    .take(MAX_BYTES as u64)
                    .read_to_end(&mut json)?;
                Ok(serde_json::from_slice(&json)?)
            }
        }
    }

    /// The stored size, in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Plain(json) => json.len(),
            Self::Deflated(bytes) => bytes.len(),
        }
    }

    /// Whether the stored size is 0.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests;
