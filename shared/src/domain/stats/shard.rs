//! Shards of DynamoDB Streams.

use std::fmt;
use std::str::FromStr;

/// The shard from which a batch of changes is read. Changes of one shard are ordered, whatever
/// partition of the table they belong to; changes of two shards are not.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Shard.html>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamShard(String);

/// The text is not the id of a shard.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be 1 to {} letters, digits, `_` or `-`", StreamShard::MAX_LEN)]
pub struct InvalidShard;

impl StreamShard {
    /// The longest id, in characters.
    pub const MAX_LEN: usize = 65;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StreamShard {
    type Err = InvalidShard;

    fn from_str(text: &str) -> Result<Self, InvalidShard> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=Self::MAX_LEN).contains(&text.len()) || !text.bytes().all(is_allowed) {
            return Err(InvalidShard);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for StreamShard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shards_id_is_validated() {
        let id = "shardId-00000001617985675000-4e7fd31c";
        assert_eq!(id.parse::<StreamShard>().map(|shard| shard.to_string()), Ok(id.to_owned()));
        let long = "s".repeat(StreamShard::MAX_LEN + 1);
        for bad in ["", "shard 1", "shard#1", "shärd", &long] {
            assert_eq!(bad.parse::<StreamShard>(), Err(InvalidShard), "{bad}");
        }
    }
}
