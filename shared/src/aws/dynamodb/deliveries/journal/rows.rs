//! Removes the rows of an erased report from the journal.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;

use super::super::super::batch::{BatchRead, batch_get};
use super::super::super::item::{Item, is_written, too_many_conflicts};
use super::super::DeliveriesTable;
use super::{READING, ROWS, page_key, rows_attribute, stored_page};
use crate::domain::account::AccountId;
use crate::domain::ids::ReportId;
use crate::domain::journal::pack;
use crate::domain::report::ReportKey;
use crate::ports::journal::feed;
use crate::ports::journal::scan::{Scan, ScanRequest};
use crate::ports::store::{PageKey, StoreError, StoredPage};

const ERASING: &str = "erasing a report from the journal";
/// The time around a known receipt in which other rows of the report are searched: a caller sends
/// it again within minutes, and SQS redelivers it within these if deliver is killed.
const AROUND_MS: i64 = 15 * 60 * 1_000;
/// The most tries to write a page while others change it.
const MAX_CONFLICTS: u32 = 20;

impl DeliveriesTable {
    /// Removes the rows of `report` from the pages around its `receipts`.
    pub(in super::super) async fn erase_rows(
        &self,
        report: &ReportKey,
        receipts: BTreeSet<Timestamp>,
    ) -> Result<(), StoreError> {
        let around = receipts.iter().map(|receipt| {
            let at = receipt.as_millisecond();
            (at - AROUND_MS, at + AROUND_MS)
        });
        for (from, to) in feed::spans(around) {
            let request =
                ScanRequest { newest_first: false, from, to, consistent: true, with_late: true };
            let mut pages = Vec::new();
            let collect = |page: StoredPage| {
                if page.rows.iter().any(|row| row.report_id == report.report_id) {
                    pages.push(page.key);
                }
            };
            Scan::new(self, &report.account_id, request).each_page(collect).await?;
            for page in pages {
                self.erase_from_page(&report.account_id, &page, report.report_id).await?;
            }
        }
        Ok(())
    }

    async fn erase_from_page(
        &self,
        account: &AccountId,
        page: &PageKey,
        report: ReportId,
    ) -> Result<(), StoreError> {
        for _ in 0..MAX_CONFLICTS {
            let keys = vec![page_key(account, page)];
            let read = BatchRead { keys, projection: None, consistent: true };
            let items = batch_get(&self.client, &self.table, READING, read).await?;
            let Some(item) = items.into_iter().next() else { return Ok(()) };
            if self.remove_rows(account, page, report, item).await? {
                return Ok(());
            }
        }
        Err(too_many_conflicts(ERASING, MAX_CONFLICTS))
    }

    /// Removes the rows of a report from a page; `false` if the page was changed meanwhile.
    async fn remove_rows(
        &self,
        account: &AccountId,
        page: &PageKey,
        report: ReportId,
        item: Item,
    ) -> Result<bool, StoreError> {
        let Some(before) = item.get(ROWS).cloned() else { return Ok(true) };
        let mut rows = stored_page(item)?.rows;
        rows.retain(|row| row.report_id != report);
        // Fewer rows fit into one page.
        match pack(rows).into_iter().next() {
            Some(left) => {
                let after = rows_attribute(&left.rows);
                self.replace_rows(account, page, before, after).await
            }
            None => self.delete_page(account, page, before).await,
        }
    }

    async fn replace_rows(
        &self,
        account: &AccountId,
        page: &PageKey,
        before: AttributeValue,
        after: AttributeValue,
    ) -> Result<bool, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(page_key(account, page)))
            .update_expression("SET #rows = :after")
            .condition_expression("#rows = :before")
            .expression_attribute_names("#rows", ROWS)
            .expression_attribute_values(":before", before)
            .expression_attribute_values(":after", after)
            // The role must not have anything else returned.
            .return_values(ReturnValue::None);
        is_written(ERASING, update.send().await)
    }

    async fn delete_page(
        &self,
        account: &AccountId,
        page: &PageKey,
        before: AttributeValue,
    ) -> Result<bool, StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(page_key(account, page)))
            .condition_expression("#rows = :before")
            .expression_attribute_names("#rows", ROWS)
            .expression_attribute_values(":before", before);
        is_written(ERASING, delete.send().await)
    }
}
