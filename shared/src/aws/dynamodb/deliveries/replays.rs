//! Replay jobs: `pk = REPLAYS#<webhook>`, `sk = <replay>`.

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::super::calls::{IS_NEW, get};
use super::super::item::{Item, from_item, key, read_or_log, to_item, to_page, write_error};
use super::super::query::{ListQuery, list};
use super::DeliveriesTable;
use crate::domain::ids::{ReplayId, WebhookId};
use crate::domain::replay::ReplayJob;
use crate::input::page::{Listed, Page, PageRequest};
use crate::ports::store::{ReplayAdmin, ReplayJobs, StoreError, WriteError};

const WRITING: &str = "writing a replay";
const LISTING: &str = "listing replays";

/// The partition of a webhook's replays.
pub(super) fn replays_pk(webhook: WebhookId) -> String {
    format!("REPLAYS#{webhook}")
}

impl ReplayJobs for DeliveriesTable {
    async fn replay(
        &self,
        webhook: WebhookId,
        id: ReplayId,
    ) -> Result<Option<ReplayJob>, StoreError> {
        const ACTION: &str = "reading a replay";
        let key = key(replays_pk(webhook), id.to_string());
        let item = get(&self.client, &self.table, ACTION, key).await?;
        item.map(|item| from_item(ACTION, item)).transpose()
    }

    async fn replace_replay(&self, job: &ReplayJob) -> Result<(), WriteError> {
        let before = AttributeValue::N(job.revision.saturating_sub(1).to_string());
        self.put_replay(job)?
            .condition_expression("revision = :before")
            .expression_attribute_values(":before", before)
            .send()
            .await
            .map_err(write_error(WRITING))?;
        Ok(())
    }
}

impl ReplayAdmin for DeliveriesTable {
    async fn create_replay(&self, job: &ReplayJob) -> Result<(), WriteError> {
        let put = self.put_replay(job)?.condition_expression(IS_NEW);
        put.send().await.map_err(write_error(WRITING))?;
        Ok(())
    }

    async fn replays(
        &self,
        webhook: WebhookId,
        page: &PageRequest<ReplayId>,
    ) -> Result<Page<Listed<ReplayJob>>, StoreError> {
        let items = self.list_replays(webhook, page.after, page.limit + 1).await?;
        Ok(to_page(items, page.limit, "", |item| from_item(LISTING, item)))
    }

    async fn live_replays(&self, webhook: WebhookId) -> Result<Vec<ReplayJob>, StoreError> {
        // Jobs expire, so a webhook has few, and ended ones are small.
        let items = self.list_replays(webhook, None, usize::MAX).await?;
        // An unreadable job does no work, and must not block new ones.
        let read = |item| read_or_log(item, |item| from_item(LISTING, item));
        let jobs = items.into_iter().filter_map(read);
        Ok(jobs.filter(|job: &ReplayJob| !job.stage.is_over()).collect())
    }
}

impl DeliveriesTable {
    async fn list_replays(
        &self,
        webhook: WebhookId,
        after: Option<ReplayId>,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let query = ListQuery {
            pk: replays_pk(webhook),
            prefix: String::new(),
            after: after.map(|id| id.to_string()),
            newest_first: true,
            containing: None,
            only: None,
        };
        list(&self.client, &self.table, LISTING, query, limit).await
    }

    fn put_replay(&self, job: &ReplayJob) -> Result<PutItemFluentBuilder, StoreError> {
        let pk = replays_pk(job.webhook_id);
        let mut item = to_item(WRITING, pk, job.id.to_string(), job)?;
        let expires_at = AttributeValue::N(job.expires_at().to_string());
        item.insert("expires_at".to_owned(), expires_at);
        Ok(self.client.put_item().table_name(&self.table).set_item(Some(item)))
    }
}
