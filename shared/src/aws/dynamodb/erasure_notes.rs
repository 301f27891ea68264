//! Notes that make deliver look for tombstones of reports. They have a partition of their own, so
//! that a role that writes them can change nothing else of an account.

use jiff::Timestamp;
use serde::Serialize;

use super::ConfigTable;
use super::item::{Item, is_written, key, n, to_item};
use crate::domain::account::AccountId;
use crate::domain::erasure::Tombstone;
use crate::ports::store::{ErasureMarker, StoreError};

const PREFIX: &str = "ERASURES#";
const REPORTS: &str = "REPORTS";

#[derive(Serialize)]
struct Stored {
    /// Seconds since the epoch; DynamoDB deletes the item then.
    forget_at: i64,
}

/// The key of an account's note.
pub(super) fn note_key(account: &AccountId) -> Item {
    key(partition(account), REPORTS.to_owned())
}

/// Whether an item is a note.
pub(super) fn is_note(item: &Item) -> bool {
    let pk = item.get("pk").and_then(|pk| pk.as_s().ok());
    pk.is_some_and(|pk| pk.starts_with(PREFIX))
}

fn partition(account: &AccountId) -> String {
    format!("{PREFIX}{account}")
}

impl ErasureMarker for ConfigTable {
    async fn mark_erasures(
        &self,
        account: &AccountId,
        asked_at: Timestamp,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "writing the note of erased reports";
        let stored = Stored { forget_at: Tombstone::expires_at(asked_at) };
        let forget_at = n(stored.forget_at);
        let item = to_item(ACTION, partition(account), REPORTS.to_owned(), &stored)?;
        // The note of a later erasure stays.
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR forget_at < :forget_at")
            .expression_attribute_values(":forget_at", forget_at);
        is_written(ACTION, put.send().await).map(drop)
    }
}

#[cfg(test)]
#[cfg(feature = "testing")]
mod tests {
    use super::*;
    use crate::ports::store::DeliveryConfig;
    use crate::testing::TestTables;

    #[tokio::test]
    async fn a_note_is_read_and_lives_as_long_as_the_last_tombstone() {
        let tables = TestTables::start().await.unwrap();
        let (table, account): (_, AccountId) = (tables.config(), "acme".parse().unwrap());
        assert!(!table.account_terms(&account).await.unwrap().has_erased_reports);
        for second in [1_700_000_000, 1_600_000_000] {
            let asked_at = Timestamp::from_second(second).unwrap();
            table.mark_erasures(&account, asked_at).await.unwrap();
        }
        assert!(table.account_terms(&account).await.unwrap().has_erased_reports);
        let get = tables.client.get_item().table_name(&table.table);
        let item = get.set_key(Some(note_key(&account))).send().await.unwrap().item.unwrap();
        let last = Tombstone::expires_at(Timestamp::from_second(1_700_000_000).unwrap());
        assert_eq!(item["forget_at"], n(last));
        let neighbour = "acme2".parse().unwrap();
        assert!(!table.account_terms(&neighbour).await.unwrap().has_erased_reports);
    }
}
