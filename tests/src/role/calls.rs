//! Calls of AWS with the credentials of a role. Each returns the error, if it failed.

use std::collections::HashMap;
use std::fmt::Debug;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, ReturnValue, WriteRequest,
};

use super::Role;
use crate::cloud::setting;

type CallError = Option<String>;

async fn error_of<T, E: Debug>(call: impl Future<Output = Result<T, E>>) -> CallError {
    call.await.err().map(|error| format!("{error:?}"))
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn key(pk: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s("x"))])
}

impl Role {
    pub(super) async fn get(&self, table: &str, pk: &str) -> CallError {
        let get = self.dynamodb.get_item().table_name(table);
        error_of(get.set_key(Some(key(pk))).send()).await
    }

    /// Reads one attribute of an item.
    pub(super) async fn get_named(&self, table: &str, pk: &str, attribute: &str) -> CallError {
        let get = self.dynamodb.get_item().table_name(table).set_key(Some(key(pk)));
        let get = get.projection_expression("#a").expression_attribute_names("#a", attribute);
        error_of(get.send()).await
    }

    pub(super) async fn batch_get(&self, table: &str, pk: &str) -> CallError {
        let keys = KeysAndAttributes::builder().keys(key(pk)).build().expect("a key");
        error_of(self.dynamodb.batch_get_item().request_items(table, keys).send()).await
    }

    /// Reads one attribute of an item.
    pub(super) async fn batch_get_named(
        &self,
        table: &str,
        pk: &str,
        attribute: &str,
    ) -> CallError {
        let keys = KeysAndAttributes::builder().keys(key(pk)).projection_expression("#a");
        let keys = keys.expression_attribute_names("#a", attribute).build().expect("a key");
        error_of(self.dynamodb.batch_get_item().request_items(table, keys).send()).await
    }

    pub(super) async fn query(&self, table: &str, pk: &str) -> CallError {
        let query = self.dynamodb.query().table_name(table).key_condition_expression("pk = :pk");
        error_of(query.expression_attribute_values(":pk", s(pk)).send()).await
    }

    /// Reads one attribute of the items.
    pub(super) async fn query_named(&self, table: &str, pk: &str, attribute: &str) -> CallError {
        let query = self.dynamodb.query().table_name(table).key_condition_expression("pk = :pk");
        let query = query.projection_expression("#a").expression_attribute_names("#a", attribute);
        error_of(query.expression_attribute_values(":pk", s(pk)).send()).await
    }

    pub(super) async fn put(&self, table: &str, pk: &str) -> CallError {
        let put = self.dynamodb.put_item().table_name(table);
        error_of(put.set_item(Some(key(pk))).send()).await
    }

    pub(super) async fn update(&self, table: &str, pk: &str, attribute: &str) -> CallError {
        error_of(self.updating(table, pk, attribute).send()).await
    }

    /// An update that asks for no values in the answer.
    pub(super) async fn update_quietly(&self, table: &str, pk: &str, attribute: &str) -> CallError {
        let update = self.updating(table, pk, attribute);
        error_of(update.return_values(ReturnValue::None).send()).await
    }

    /// An update that asks for the new values.
    pub(super) async fn update_and_read(
        &self,
        table: &str,
        pk: &str,
        attribute: &str,
    ) -> CallError {
        let update = self.updating(table, pk, attribute);
        error_of(update.return_values(ReturnValue::UpdatedNew).send()).await
    }

    fn updating(&self, table: &str, pk: &str, attribute: &str) -> UpdateItemFluentBuilder {
        let update = self.dynamodb.update_item().table_name(table).set_key(Some(key(pk)));
        let update = update.update_expression("SET #a = :x");
        let update = update.expression_attribute_names("#a", attribute);
        update.expression_attribute_values(":x", s("x"))
    }

    pub(super) async fn delete(&self, table: &str, pk: &str) -> CallError {
        let delete = self.dynamodb.delete_item().table_name(table);
        error_of(delete.set_key(Some(key(pk))).send()).await
    }

    pub(super) async fn batch_delete(&self, table: &str, pk: &str) -> CallError {
        let delete = DeleteRequest::builder().set_key(Some(key(pk))).build().expect("a key");
        self.batch_write(table, WriteRequest::builder().delete_request(delete).build()).await
    }

    /// Puts an item that has a URL.
    pub(super) async fn batch_put(&self, table: &str, pk: &str) -> CallError {
        let put = PutRequest::builder().set_item(Some(key(pk))).item("url", s("x"));
        let put = put.build().expect("an item");
        self.batch_write(table, WriteRequest::builder().put_request(put).build()).await
    }

    async fn batch_write(&self, table: &str, write: WriteRequest) -> CallError {
        error_of(self.dynamodb.batch_write_item().request_items(table, vec![write]).send()).await
    }

    pub(super) async fn delete_table(&self, table: &str) -> CallError {
        error_of(self.dynamodb.delete_table().table_name(table).send()).await
    }

    /// Sends a message to the queue whose URL is the setting `queue`.
    pub(super) async fn send(&self, queue: &str) -> CallError {
        let message = self.sqs.send_message().queue_url(setting(queue));
        // The delay is longer than any test, so that no function receives the message.
        error_of(message.message_body("{}").delay_seconds(900).send()).await
    }
}
