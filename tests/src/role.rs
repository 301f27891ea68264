//! The calls of AWS that the role of a function allows.

mod calls;

use strum::VariantArray;

use crate::cloud::setting;
use crate::process::Instance;

/// The partition of the log of a webhook that does not exist.
const LOG: &str = "00000000-0000-7000-8000-000000000000#0";
/// The partition of the figures of the same webhook.
const STATS: &str = "STATS#00000000-0000-7000-8000-000000000000";
/// A partition of the journal of an account that does not exist.
const PAGES: &str = "JOURNAL#x#2026-11-22#0";
/// The partition of the late pages of the same account.
const LATE_PAGES: &str = "JOURNAL_LATE#x#2026-11-22";

/// A call of AWS that some function has to make, or that none may make. Read calls come first, so that
/// a role with too many rights does the least harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
#[allow(missing_docs, reason = "each is named after its operation and its item")]
pub enum Action {
    ReadKey,
    ReadAccount,
    ReadDelivery,
    ReadReplay,
    ReadWebhookStatus,
    BatchReadKeys,
    BatchReadWebhooks,
    BatchReadWebhookStatuses,
    BatchReadErasures,
    BatchReadDeliveries,
    QueryDeliveries,
    BatchReadJournalPages,
    QueryJournal,
    QueryLatePages,
    QueryStats,
    QueryWebhookCounts,
    QueryAccountCounts,
    UpdateStats,
    QueryKeys,
    QueryWebhooks,
    QueryWebhookIds,
    QueryWebhookSecrets,
    QueryAccounts,
    PutKey,
    PutAccount,
    UpdateFailures,
    UpdateAddress,
    UpdateKeyUse,
    UpdateWebhookCount,
    ReserveTrialSlot,
    UpdateRateLimit,
    ReserveSendTime,
    PutDelivery,
    PutJournalPage,
    PutLatePage,
    UpdateJournalPage,
    UpdateAndReadJournalPage,
    UpdateJournalPageExpiry,
    PutReplay,
    SendReport,
    SendRetry,
    SendReplay,
    SendErasure,
    PutTombstone,
    PutErasure,
    DeleteDelivery,
    DeleteJournalPage,
    DeleteKey,
    DeleteWebhook,
    BatchDeleteKeys,
    BatchDeleteWebhooks,
    BatchPutWebhooks,
    DeleteTable,
}

impl Action {
    /// All actions, in the order in which they are tried.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}

/// Clients with the credentials of a function's role.
pub struct Role {
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
}

impl Role {
    /// The role of a running instance of `function`.
    pub fn of(function: &str) -> Self {
        let instances = Instance::all_of(function);
        let instance = instances.first().unwrap_or_else(|| panic!("{function} is not running"));
        let aws = instance.aws();
        Self {
            dynamodb: callhook::aws::dynamodb::client(&aws),
            sqs: callhook::aws::sqs::client(&aws),
        }
    }

    /// The actions that the role allows.
    pub async fn allowed(&self) -> Vec<Action> {
        let mut allowed = Vec::new();
        for action in Action::ALL {
            if self.allows(*action).await {
                allowed.push(*action);
            }
        }
        allowed
    }

    async fn allows(&self, action: Action) -> bool {
        let config = setting("CALLHOOK_CONFIG_TABLE");
        let deliveries = setting("CALLHOOK_DELIVERIES_TABLE");
        let refusal = match action {
            Action::ReadKey => self.get(&config, "KEY#x").await,
            Action::ReadAccount => self.get(&config, "ACCT#x").await,
            Action::ReadWebhookStatus => self.get_named(&config, "ACCT#x", "status").await,
            Action::BatchReadWebhookStatuses => {
                self.batch_get_named(&config, "ACCT#x", "status").await
            }
            Action::BatchReadErasures => self.batch_get_named(&config, "ACCT#x", "asked_at").await,
            Action::QueryWebhookIds => self.query_named(&config, "ACCT#x", "sk").await,
            Action::QueryWebhookSecrets => self.query_named(&config, "ACCT#x", "secrets").await,
            Action::BatchReadKeys => self.batch_get(&config, "KEY#x").await,
            Action::BatchReadWebhooks => self.batch_get(&config, "ACCT#x").await,
            Action::BatchReadDeliveries => self.batch_get(&deliveries, LOG).await,
            Action::QueryDeliveries => self.query(&deliveries, LOG).await,
            Action::BatchReadJournalPages => self.batch_get(&deliveries, PAGES).await,
            Action::QueryJournal => self.query(&deliveries, PAGES).await,
            Action::QueryLatePages => self.query(&deliveries, LATE_PAGES).await,
            Action::PutJournalPage => self.batch_put(&deliveries, PAGES).await,
            Action::PutLatePage => self.batch_put(&deliveries, LATE_PAGES).await,
            Action::UpdateJournalPage => self.update_quietly(&deliveries, PAGES, "rows").await,
            Action::UpdateAndReadJournalPage => {
                self.update_and_read(&deliveries, PAGES, "rows").await
            }
            Action::UpdateJournalPageExpiry => {
                self.update_quietly(&deliveries, PAGES, "expires_at").await
            }
            Action::DeleteJournalPage => self.delete(&deliveries, PAGES).await,
            Action::QueryStats => self.query(&deliveries, "STATS#x").await,
            Action::QueryWebhookCounts => self.query_named(&deliveries, STATS, "delivered").await,
            Action::QueryAccountCounts => {
                self.query_named(&deliveries, "STATS#ACCOUNTS#x", "delivered").await
            }
            Action::UpdateStats => self.update(&deliveries, "STATS#x", "delivered").await,
            Action::QueryKeys => self.query(&config, "KEY#x").await,
            Action::QueryWebhooks => self.query(&config, "ACCT#x").await,
            Action::QueryAccounts => self.query(&config, "ACCOUNTS").await,
            Action::PutKey => self.put(&config, "KEY#x").await,
            Action::PutAccount => self.put(&config, "ACCT#x").await,
            Action::UpdateFailures => self.update(&config, "ACCT#x", "failures").await,
            Action::UpdateAddress => self.update(&config, "ACCT#x", "address").await,
            Action::ReadDelivery => self.get(&deliveries, LOG).await,
            Action::ReadReplay => self.get(&deliveries, "REPLAYS#x").await,
            Action::PutReplay => self.put(&deliveries, "REPLAYS#x").await,
            Action::PutDelivery => self.put(&deliveries, LOG).await,
            Action::SendReport => self.send("CALLHOOK_REPORTS_QUEUE_URL").await,
            Action::SendRetry => self.send("CALLHOOK_RETRIES_QUEUE_URL").await,
            Action::SendReplay => self.send("CALLHOOK_REPLAYS_QUEUE_URL").await,
            Action::UpdateKeyUse => self.update(&config, "KEY#x", "last_used_at").await,
            Action::UpdateWebhookCount => self.update(&config, "ACCT#x", "webhooks").await,
            Action::ReserveTrialSlot => self.update(&config, "ACCT#x", "slot_0").await,
            Action::UpdateRateLimit => self.update_and_read(&config, "RATE#x", "next_free").await,
            Action::ReserveSendTime => self.update(&config, "ACCT#x", "next_send").await,
            Action::SendErasure => self.send("CALLHOOK_ERASURES_QUEUE_URL").await,
            Action::PutTombstone => self.put(&deliveries, "ERASED#x").await,
            Action::PutErasure => self.put(&config, "ERASURES#x").await,
            Action::DeleteDelivery => self.delete(&deliveries, LOG).await,
            Action::DeleteKey => self.delete(&config, "KEY#x").await,
            Action::DeleteWebhook => self.delete(&config, "ACCT#x").await,
            Action::BatchDeleteKeys => self.batch_delete(&config, "KEY#x").await,
            Action::BatchDeleteWebhooks => self.batch_delete(&config, "ACCT#x").await,
            Action::BatchPutWebhooks => self.batch_put(&config, "ACCT#x").await,
            Action::DeleteTable => self.delete_table(&deliveries).await,
        };
        match refusal {
            None => true,
            Some(error) if error.contains("AccessDenied") => false,
            Some(error) => panic!("{action:?}: failed with another error: {error}"),
        }
    }
}
