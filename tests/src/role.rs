//! What the role of a function is allowed to do.

use std::collections::HashMap;
use std::fmt::Debug;

use aws_sdk_dynamodb::types::{
    AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest,
};

use crate::cloud::setting;
use crate::process::Instance;

/// The log of a webhook that nobody has made: its deliveries are kept under such keys.
const LOG: &str = "00000000-0000-7000-8000-000000000000#0";

/// Tries what a function might want with the credentials of its role.
pub struct Role {
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
}

impl Role {
    /// The role of a function that is running.
    pub fn of(function: &str) -> Self {
        let instances = Instance::all_of(function);
        let instance = instances.first().unwrap_or_else(|| panic!("{function} is not running"));
        let aws = instance.aws();
        Self { dynamodb: callhook::dynamodb::client(&aws), sqs: callhook::sqs::client(&aws) }
    }

    /// What of [`DEEDS`] the role is allowed to do.
    pub async fn allowed(&self) -> Vec<&'static str> {
        let mut allowed = Vec::new();
        for deed in DEEDS {
            if self.may(deed).await {
                allowed.push(deed);
            }
        }
        allowed
    }

    async fn may(&self, deed: &str) -> bool {
        let s = |text: &str| AttributeValue::S(text.to_owned());
        let config = setting("CALLHOOK_CONFIG_TABLE");
        let deliveries = setting("CALLHOOK_DELIVERIES_TABLE");
        let get = |table: &str, pk: &str| {
            let get = self.dynamodb.get_item().table_name(table);
            refusal_of(get.key("pk", s(pk)).key("sk", s("x")).send())
        };
        let get_named = |table: &str, pk: &str, attribute: &str| {
            let get = self.dynamodb.get_item().table_name(table);
            let get = get.projection_expression("#a").expression_attribute_names("#a", attribute);
            refusal_of(get.key("pk", s(pk)).key("sk", s("x")).send())
        };
        let put = |table: &str, pk: &str| {
            let put = self.dynamodb.put_item().table_name(table);
            refusal_of(put.item("pk", s(pk)).item("sk", s("x")).send())
        };
        let erase = |table: &str, pk: &str| {
            let delete = self.dynamodb.delete_item().table_name(table);
            refusal_of(delete.key("pk", s(pk)).key("sk", s("x")).send())
        };
        let send = |queue: &str| {
            let message = self.sqs.send_message().queue_url(setting(queue));
            // Never seen by a test: the queue keeps it back for longer than any runs.
            refusal_of(message.message_body("{}").delay_seconds(900).send())
        };
        let batch_get = |table: &str, pk: &str| {
            let key = HashMap::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s("x"))]);
            let keys = KeysAndAttributes::builder().keys(key).build().expect("a key");
            refusal_of(self.dynamodb.batch_get_item().request_items(table, keys).send())
        };
        let batch_get_named = |table: &str, pk: &str, attribute: &str| {
            let key = HashMap::from([("pk".to_owned(), s(pk)), ("sk".to_owned(), s("x"))]);
            let keys = KeysAndAttributes::builder().keys(key).projection_expression("#a");
            let keys = keys.expression_attribute_names("#a", attribute).build().expect("a key");
            refusal_of(self.dynamodb.batch_get_item().request_items(table, keys).send())
        };
        let batch_write = |table: &str, write: WriteRequest| {
            refusal_of(self.dynamodb.batch_write_item().request_items(table, vec![write]).send())
        };
        let batch_erase = |table: &str, pk: &str| {
            let delete = DeleteRequest::builder().key("pk", s(pk)).key("sk", s("x"));
            let delete = delete.build().expect("a key");
            batch_write(table, WriteRequest::builder().delete_request(delete).build())
        };
        let batch_put = |table: &str, pk: &str| {
            let put =
                PutRequest::builder().item("pk", s(pk)).item("sk", s("x")).item("url", s("x"));
            let put = put.build().expect("an item");
            batch_write(table, WriteRequest::builder().put_request(put).build())
        };
        let query_named = |table: &str, pk: &str, attribute: &str| {
            let query =
                self.dynamodb.query().table_name(table).key_condition_expression("pk = :pk");
            let query =
                query.projection_expression("#a").expression_attribute_names("#a", attribute);
            refusal_of(query.expression_attribute_values(":pk", s(pk)).send())
        };
        let query = |table: &str, pk: &str| {
            let query =
                self.dynamodb.query().table_name(table).key_condition_expression("pk = :pk");
            refusal_of(query.expression_attribute_values(":pk", s(pk)).send())
        };
        let update = |table: &str, pk: &str, attribute: &str| {
            let update = self.dynamodb.update_item().table_name(table);
            let update = update.key("pk", s(pk)).key("sk", s("x"));
            let update = update.update_expression(format!("SET {attribute} = :x"));
            refusal_of(update.expression_attribute_values(":x", s("x")).send())
        };
        let refusal = match deed {
            "read a key" => get(&config, "KEY#x").await,
            "read an account" => get(&config, "ACCT#x").await,
            "read a status" => get_named(&config, "ACCT#x", "status").await,
            "look up statuses" => batch_get_named(&config, "ACCT#x", "status").await,
            "look up erasures" => batch_get_named(&config, "ACCT#x", "asked_at").await,
            "list ids of webhooks" => query_named(&config, "ACCT#x", "sk").await,
            "list secrets" => query_named(&config, "ACCT#x", "secrets").await,
            "look up keys" => batch_get(&config, "KEY#x").await,
            "look up webhooks" => batch_get(&config, "ACCT#x").await,
            "look up deliveries" => batch_get(&deliveries, LOG).await,
            "list deliveries" => query(&deliveries, LOG).await,
            "read figures" => query(&deliveries, "STATS#x").await,
            "write figures" => update(&deliveries, "STATS#x", "delivered").await,
            "list keys" => query(&config, "KEY#x").await,
            "list webhooks" => query(&config, "ACCT#x").await,
            "list accounts" => query(&config, "ACCOUNTS").await,
            "write a key" => put(&config, "KEY#x").await,
            "write an account" => put(&config, "ACCT#x").await,
            "note a failure" => update(&config, "ACCT#x", "failures").await,
            "change an address" => update(&config, "ACCT#x", "address").await,
            "read a delivery" => get(&deliveries, LOG).await,
            "read a replay" => get(&deliveries, "REPLAYS#x").await,
            "write a replay" => put(&deliveries, "REPLAYS#x").await,
            "write a delivery" => put(&deliveries, LOG).await,
            "send a report" => send("CALLHOOK_REPORTS_QUEUE_URL").await,
            "send a retry" => send("CALLHOOK_RETRIES_QUEUE_URL").await,
            "send a replay" => send("CALLHOOK_REPLAYS_QUEUE_URL").await,
            "note the use of a key" => update(&config, "KEY#x", "last_used_at").await,
            "count webhooks" => update(&config, "ACCT#x", "webhooks").await,
            "take a slot for a trial" => update(&config, "ACCT#x", "slot_0").await,
            "take a place" => update(&config, "RATE#x", "next_free").await,
            "take a send time" => update(&config, "ACCT#x", "next_send").await,
            "send an erasure" => send("CALLHOOK_ERASURES_QUEUE_URL").await,
            "put up a tombstone" => put(&deliveries, "ERASED#x").await,
            "note an erasure" => put(&config, "ERASURES#x").await,
            "erase a delivery" => erase(&deliveries, LOG).await,
            "erase a key" => erase(&config, "KEY#x").await,
            "erase a webhook" => erase(&config, "ACCT#x").await,
            "erase keys in a batch" => batch_erase(&config, "KEY#x").await,
            "erase webhooks in a batch" => batch_erase(&config, "ACCT#x").await,
            "write webhooks in a batch" => batch_put(&config, "ACCT#x").await,
            "drop a table" => {
                refusal_of(self.dynamodb.delete_table().table_name(&deliveries).send()).await
            }
            other => panic!("no such deed: {other}"),
        };
        match refusal {
            None => true,
            Some(error) if error.contains("AccessDenied") => false,
            Some(error) => panic!("{deed}: failed for another reason: {error}"),
        }
    }
}

/// What a call was refused with, if it was.
async fn refusal_of<T, E: Debug>(call: impl Future<Output = Result<T, E>>) -> Option<String> {
    call.await.err().map(|error| format!("{error:?}"))
}

/// Ordered so that the harmless come first, should a role be wrong.
pub const DEEDS: [&str; 42] = [
    "read a key",
    "read an account",
    "read a delivery",
    "read a replay",
    "read a status",
    "look up keys",
    "look up webhooks",
    "look up statuses",
    "look up erasures",
    "look up deliveries",
    "list deliveries",
    "read figures",
    "write figures",
    "list keys",
    "list webhooks",
    "list ids of webhooks",
    "list secrets",
    "list accounts",
    "write a key",
    "write an account",
    "note a failure",
    "change an address",
    "note the use of a key",
    "count webhooks",
    "take a slot for a trial",
    "take a place",
    "take a send time",
    "write a delivery",
    "write a replay",
    "send a report",
    "send a retry",
    "send a replay",
    "send an erasure",
    "put up a tombstone",
    "note an erasure",
    "erase a delivery",
    "erase a key",
    "erase a webhook",
    "erase keys in a batch",
    "erase webhooks in a batch",
    "write webhooks in a batch",
    "drop a table",
];
