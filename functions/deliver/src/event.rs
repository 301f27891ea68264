//! What deliver reads of an event of SQS. The rest, twice as much, is passed over.

use serde::Deserialize;

/// Up to ten messages.
#[derive(Deserialize)]
pub(crate) struct Event {
    #[serde(rename = "Records")]
    pub(crate) records: Vec<Record>,
}

/// A message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) message_id: Option<String>,
    pub(crate) body: Option<String>,
    attributes: Option<Attributes>,
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(rename = "ApproximateReceiveCount")]
    times_received: Option<String>,
}

impl Record {
    /// How often SQS has handed it out, this time included.
    pub(crate) fn times_received(&self) -> Option<u32> {
        self.attributes.as_ref()?.times_received.as_ref()?.parse().ok()
    }
}
