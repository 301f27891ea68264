//! Reading a list of items that share a partition and the beginning of their sort keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::ConfigTable;
use super::batch::projection;
use super::item::{Item, key, s, unavailable};
use crate::store::StoreError;

/// Which items, and in which order.
pub(super) struct ListQuery {
    /// The partition.
    pub pk: String,
    /// How their sort keys begin; empty for all.
    pub prefix: String,
    /// Only what comes after this sort key.
    pub after: Option<String>,
    /// From the last sort key to the first.
    pub newest_first: bool,
    /// Only items whose attribute contains the text.
    pub containing: Option<(&'static str, String)>,
    /// Only these attributes of them.
    pub only: Option<&'static [&'static str]>,
}

impl ConfigTable {
    /// Up to `most` items of this table.
    pub(super) async fn list(
        &self,
        action: &'static str,
        query: ListQuery,
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        list(&self.client, &self.table, action, query, most).await
    }
}

/// Up to `most` items. A page of DynamoDB may hold fewer than asked for (1 MB, or a filter
/// took some out): reading goes on until there are enough or there are no more.
pub(super) async fn list(
    client: &Client,
    table: &str,
    action: &'static str,
    query: ListQuery,
    most: usize,
) -> Result<Vec<Item>, StoreError> {
    let mut values = HashMap::from([(":pk".to_owned(), s(query.pk.as_str()))]);
    let mut condition = "pk = :pk".to_owned();
    if !query.prefix.is_empty() {
        condition.push_str(" AND begins_with(sk, :prefix)");
        values.insert(":prefix".to_owned(), s(query.prefix));
    }
    let (projection, mut names) = projection(query.only);
    let mut filter = None;
    if let Some((attribute, text)) = query.containing {
        names.get_or_insert_default().insert("#f".to_owned(), attribute.to_owned());
        filter = Some("contains(#f, :text)".to_owned());
        values.insert(":text".to_owned(), AttributeValue::S(text));
    }
    // With a filter, a small page would be mostly taken out again.
    let page_size = if filter.is_none() { i32::try_from(most).ok() } else { None };
    let mut start = query.after.map(|sk| key(query.pk.clone(), sk));
    let mut items = Vec::new();
    loop {
        let answer = client
            .query()
            .table_name(table)
            .key_condition_expression(&condition)
            .set_filter_expression(filter.clone())
            .set_projection_expression(projection.clone())
            .set_expression_attribute_names(names.clone())
            .set_expression_attribute_values(Some(values.clone()))
            // What was just written counts: a first subscription must not lose a report.
            .consistent_read(true)
            .scan_index_forward(!query.newest_first)
            .set_exclusive_start_key(start)
            .set_limit(page_size)
            .send()
            .await
            .map_err(unavailable(action))?;
        items.extend(answer.items.unwrap_or_default());
        start = answer.last_evaluated_key.filter(|key| !key.is_empty());
        if start.is_none() || items.len() >= most {
            items.truncate(most);
            return Ok(items);
        }
    }
}
