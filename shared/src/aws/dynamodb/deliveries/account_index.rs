//! The sparse index of an account's undelivered deliveries: its keys.

use std::fmt;
use std::str::FromStr;

use crate::domain::account::AccountId;
use crate::domain::delivery::DeliveryKey;
use crate::domain::ids::{InvalidId, ReportId, WebhookId};

/// The partition key of the sparse index of an account's deliveries, which has the same name.
pub(super) const UNDELIVERED_OF: &str = "undelivered_of";
/// The sort key of that index.
pub(super) const UNDELIVERED_ID: &str = "undelivered_id";

/// Partitions of the index for an account's deliveries.
pub(super) const ACCOUNT_SHARDS: u8 = 16;

/// The partition of the index that lists a delivery.
pub(super) fn account_shard(account: &AccountId, delivery: DeliveryKey) -> String {
    let last = |bytes: &[u8; 16]| bytes.last().copied().unwrap_or_default();
    // The last bytes are random: of a report's id a hash's, of a webhook's a UUIDv7's.
    let (webhook, report) =
        (last(delivery.webhook_id.as_bytes()), last(delivery.report_id.as_bytes()));
    shard_name(account, webhook.wrapping_add(report) % ACCOUNT_SHARDS)
}

/// The name of a partition of the index.
pub(super) fn shard_name(account: &AccountId, shard: u8) -> String {
    format!("ACCT#{account}#{shard}")
}

/// A position in the list: by report, then by webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    report_id: ReportId,
    webhook_id: WebhookId,
}

impl Position {
    /// The position of a delivery.
    pub(super) fn of(delivery: DeliveryKey) -> Self {
        let DeliveryKey { webhook_id, report_id } = delivery;
        Self { report_id, webhook_id }
    }

    /// The position below all deliveries of a report.
    pub(super) fn below(report_id: ReportId) -> Self {
        Self { report_id, webhook_id: WebhookId::lowest() }
    }

    /// The delivery that would be at this position.
    pub(super) fn delivery(self) -> DeliveryKey {
        DeliveryKey { webhook_id: self.webhook_id, report_id: self.report_id }
    }

    /// The highest position below this one at which a delivery of the same report may be.
    pub(super) fn predecessor(self) -> Self {
        let webhook_id = self.webhook_id.predecessor().unwrap_or(self.webhook_id);
        Self { webhook_id, ..self }
    }
}

/// The sort key of the index.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.report_id, self.webhook_id)
    }
}

impl FromStr for Position {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (report, webhook) = text.split_once('#').ok_or(InvalidId)?;
        Ok(Self { report_id: report.parse()?, webhook_id: webhook.parse()? })
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::testing::log::{CALL_END, key, report_id};

    #[test]
    fn deliveries_of_one_report_and_of_one_webhook_are_spread_over_all_shards() {
        let account = "acme".parse().unwrap();
        let (webhook, report) = (WebhookId::generate(), report_id(CALL_END, 0));
        let of_webhook = (0..64).map(|n| key(webhook, report_id(CALL_END, n)));
        let webhooks = (0..64).map(|n| format!("01890a5d-ac96-774b-bcce-b302099a80{n:02x}"));
        let of_report = webhooks.map(|webhook| key(webhook.parse().unwrap(), report));
        for keys in [of_webhook.collect::<Vec<_>>(), of_report.collect()] {
            let shards: HashSet<_> =
                keys.into_iter().map(|key| account_shard(&account, key)).collect();
            assert_eq!(shards.len(), usize::from(ACCOUNT_SHARDS));
        }
    }
}
