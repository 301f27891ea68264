//! Taking the rows of an erased report out of the journal.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::Timestamp;

use super::super::super::batch::{BatchRead, batch_get};
use super::super::super::item::{Item, unavailable};
use super::super::DeliveriesTable;
use super::{READING, ROWS, page_key, rows_attribute, stored_page};
use crate::account::AccountId;
use crate::erasure::ReportKey;
use crate::ids::ReportId;
use crate::journal::scan::{Scan, ScanRequest};
use crate::journal::{feed, pack};
use crate::store::{PageKey, StoreError, StoredPage};

const ERASING: &str = "erasing a report from the journal";
/// How far around a known receipt is looked for others of the same report: a caller hands it over again within minutes,
/// and one that deliver was killed over comes back within these.
const AROUND_MS: i64 = 15 * 60 * 1_000;
/// How often a page is written again that others change at the same time.
const MAX_CONFLICTS: u32 = 20;

impl DeliveriesTable {
    /// Takes the rows of `report` out of the pages around its `receipts`.
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
            let mut holding = Vec::new();
            let note = |page: StoredPage| {
                if page.rows.iter().any(|row| row.report_id == report.report_id) {
                    holding.push(page.key);
                }
            };
            Scan::new(self, &report.account_id, request).each_page(note).await?;
            for page in holding {
                self.erase_row(&report.account_id, &page, report.report_id).await?;
            }
        }
        Ok(())
    }

    async fn erase_row(
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
            if self.write_without(account, page, report, item).await? {
                return Ok(());
            }
        }
        let source = format!("changed {MAX_CONFLICTS} times in a row by others").into();
        Err(StoreError::Unavailable { action: ERASING, source })
    }

    /// Writes a page without the rows of a report; `false` if it was changed meanwhile.
    async fn write_without(
        &self,
        account: &AccountId,
        page: &PageKey,
        report: ReportId,
        item: Item,
    ) -> Result<bool, StoreError> {
        let Some(before) = item.get(ROWS).cloned() else { return Ok(true) };
        let mut rows = stored_page(item)?.rows;
        rows.retain(|row| row.report_id != report);
        // What is left fits where it was.
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
            // The role may have nothing else returned.
            .return_values(ReturnValue::None);
        match update.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(unavailable(ERASING)(error)),
            },
        }
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
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(DeleteItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(unavailable(ERASING)(error)),
            },
        }
    }
}
