//! Lists of items that share a partition and a prefix of their sort keys.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::ConfigTable;
use super::batch::projection;
use super::item::{Item, key, s, unavailable};
use crate::ports::store::StoreError;

/// A query for a list of items.
pub(super) struct ListQuery {
    /// The partition.
    pub pk: String,
    /// Prefix of the sort keys; empty for all.
    pub prefix: String,
    /// Sort key after which the list begins.
    pub after: Option<String>,
    /// Whether sort keys descend.
    pub newest_first: bool,
    /// Filter: an attribute, and a text that it contains.
    pub containing: Option<(&'static str, String)>,
    /// Attributes to read; `None` for all.
    pub only: Option<&'static [&'static str]>,
}

impl ConfigTable {
    /// Up to `limit` items of this table.
    pub(super) async fn list(
        &self,
        action: &'static str,
        query: ListQuery,
        limit: usize,
    ) -> Result<Vec<Item>, StoreError> {
        list(&self.client, &self.table, action, query, limit).await
    }
}

/// Up to `limit` items. A page of DynamoDB may hold fewer (1 MB, or a filter removed some), so
/// pages are read until there are enough items or no more.
pub(super) async fn list(
    client: &Client,
    table: &str,
    action: &'static str,
    query: ListQuery,
    limit: usize,
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
    // A filter would leave little of a small page.
    let page_size = if filter.is_none() { i32::try_from(limit).ok() } else { None };
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
            // Consistent: a report right after the first subscription must find it.
            .consistent_read(true)
            .scan_index_forward(!query.newest_first)
            .set_exclusive_start_key(start)
            .set_limit(page_size)
            .send()
            .await
            .map_err(unavailable(action))?;
        items.extend(answer.items.unwrap_or_default());
        start = answer.last_evaluated_key.filter(|key| !key.is_empty());
        if start.is_none() || items.len() >= limit {
            items.truncate(limit);
            return Ok(items);
        }
    }
}
