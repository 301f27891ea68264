//! What the role of a function is allowed to do.

mod calls;

use crate::cloud::setting;
use crate::process::Instance;

/// The log of a webhook that nobody has made: its deliveries are kept under such keys.
const LOG: &str = "00000000-0000-7000-8000-000000000000#0";
/// The figures of the same.
const FIGURES: &str = "STATS#00000000-0000-7000-8000-000000000000";
/// Pages of the journal of an account that does not exist.
const PAGES: &str = "JOURNAL#x#2026-11-22#0";
/// The line of its late pages.
const LATE_PAGES: &str = "JOURNAL_LATE#x#2026-11-22";

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
        let config = setting("CALLHOOK_CONFIG_TABLE");
        let deliveries = setting("CALLHOOK_DELIVERIES_TABLE");
        let refusal = match deed {
            "read a key" => self.get(&config, "KEY#x").await,
            "read an account" => self.get(&config, "ACCT#x").await,
            "read a status" => self.get_named(&config, "ACCT#x", "status").await,
            "look up statuses" => self.batch_get_named(&config, "ACCT#x", "status").await,
            "look up erasures" => self.batch_get_named(&config, "ACCT#x", "asked_at").await,
            "list ids of webhooks" => self.query_named(&config, "ACCT#x", "sk").await,
            "list secrets" => self.query_named(&config, "ACCT#x", "secrets").await,
            "look up keys" => self.batch_get(&config, "KEY#x").await,
            "look up webhooks" => self.batch_get(&config, "ACCT#x").await,
            "look up deliveries" => self.batch_get(&deliveries, LOG).await,
            "list deliveries" => self.query(&deliveries, LOG).await,
            "look up pages of the journal" => self.batch_get(&deliveries, PAGES).await,
            "list the journal" => self.query(&deliveries, PAGES).await,
            "list late pages" => self.query(&deliveries, LATE_PAGES).await,
            "write a page" => self.batch_put(&deliveries, PAGES).await,
            "note a late page" => self.batch_put(&deliveries, LATE_PAGES).await,
            "change a page" => self.update_quietly(&deliveries, PAGES, "rows").await,
            "change a page and read it" => self.update_and_read(&deliveries, PAGES, "rows").await,
            "change the end of a page" => {
                self.update_quietly(&deliveries, PAGES, "expires_at").await
            }
            "erase a page" => self.erase(&deliveries, PAGES).await,
            "read figures" => self.query(&deliveries, "STATS#x").await,
            "sum up a webhook" => self.query_named(&deliveries, FIGURES, "delivered").await,
            "sum up an account" => {
                self.query_named(&deliveries, "STATS#ACCOUNTS#x", "delivered").await
            }
            "write figures" => self.update(&deliveries, "STATS#x", "delivered").await,
            "list keys" => self.query(&config, "KEY#x").await,
            "list webhooks" => self.query(&config, "ACCT#x").await,
            "list accounts" => self.query(&config, "ACCOUNTS").await,
            "write a key" => self.put(&config, "KEY#x").await,
            "write an account" => self.put(&config, "ACCT#x").await,
            "note a failure" => self.update(&config, "ACCT#x", "failures").await,
            "change an address" => self.update(&config, "ACCT#x", "address").await,
            "read a delivery" => self.get(&deliveries, LOG).await,
            "read a replay" => self.get(&deliveries, "REPLAYS#x").await,
            "write a replay" => self.put(&deliveries, "REPLAYS#x").await,
            "write a delivery" => self.put(&deliveries, LOG).await,
            "send a report" => self.send("CALLHOOK_REPORTS_QUEUE_URL").await,
            "send a retry" => self.send("CALLHOOK_RETRIES_QUEUE_URL").await,
            "send a replay" => self.send("CALLHOOK_REPLAYS_QUEUE_URL").await,
            "note the use of a key" => self.update(&config, "KEY#x", "last_used_at").await,
            "count webhooks" => self.update(&config, "ACCT#x", "webhooks").await,
            "take a slot for a trial" => self.update(&config, "ACCT#x", "slot_0").await,
            "take a place" => self.update_and_read(&config, "RATE#x", "next_free").await,
            "take a send time" => self.update(&config, "ACCT#x", "next_send").await,
            "send an erasure" => self.send("CALLHOOK_ERASURES_QUEUE_URL").await,
            "put up a tombstone" => self.put(&deliveries, "ERASED#x").await,
            "note an erasure" => self.put(&config, "ERASURES#x").await,
            "erase a delivery" => self.erase(&deliveries, LOG).await,
            "erase a key" => self.erase(&config, "KEY#x").await,
            "erase a webhook" => self.erase(&config, "ACCT#x").await,
            "erase keys in a batch" => self.batch_erase(&config, "KEY#x").await,
            "erase webhooks in a batch" => self.batch_erase(&config, "ACCT#x").await,
            "write webhooks in a batch" => self.batch_put(&config, "ACCT#x").await,
            "drop a table" => self.drop_table(&deliveries).await,
            other => panic!("no such deed: {other}"),
        };
        match refusal {
            None => true,
            Some(error) if error.contains("AccessDenied") => false,
            Some(error) => panic!("{deed}: failed for another reason: {error}"),
        }
    }
}

/// Ordered so that the harmless come first, should a role be wrong.
pub const DEEDS: [&str; 53] = [
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
    "look up pages of the journal",
    "list the journal",
    "list late pages",
    "read figures",
    "sum up a webhook",
    "sum up an account",
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
    "write a page",
    "note a late page",
    "change a page",
    "change a page and read it",
    "change the end of a page",
    "write a replay",
    "send a report",
    "send a retry",
    "send a replay",
    "send an erasure",
    "put up a tombstone",
    "note an erasure",
    "erase a delivery",
    "erase a page",
    "erase a key",
    "erase a webhook",
    "erase keys in a batch",
    "erase webhooks in a batch",
    "write webhooks in a batch",
    "drop a table",
];
