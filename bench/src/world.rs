//! A cloud with an account, its webhooks and their receiver.

use std::path::{Path, PathBuf};
use std::time::Duration;

use callhook::domain::account::{Account, AccountId};
use callhook::domain::ids::WebhookId;
use callhook::domain::subscription::Subscription;
use callhook::ports::store::{AccountAdmin as _, SubscriptionAdmin as _, WebhookAdmin as _};
use callhook::testing::NewWebhook;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::cloud::Cloud;
use crate::events::{ACCOUNT, Numbers, bootstrap};
use crate::lambda::Instance;
use crate::receiver::Receiver;

/// The maximum of webhooks of any measurement.
const MAX_WEBHOOKS: usize = 10_000;

/// The environment of a measured function.
pub(crate) struct World {
    pub(crate) cloud: Cloud,
    pub(crate) receiver: Receiver,
    pub(crate) numbers: Numbers,
    account: AccountId,
    root: PathBuf,
}

impl World {
    /// A world with a receiver that accepts all requests immediately.
    pub(crate) async fn new(root: &Path) -> Result<Self, Failure> {
        Self::with(root, Receiver::start(Duration::ZERO, None).await?, Cloud::start(None).await?)
            .await
    }

    pub(crate) async fn with(
        root: &Path,
        receiver: Receiver,
        cloud: Cloud,
    ) -> Result<Self, Failure> {
        let root = root.to_owned();
        let account = ACCOUNT.parse()?;
        let mut world = Self { cloud, receiver, numbers: Numbers::default(), account, root };
        world.use_account(ACCOUNT).await?;
        Ok(world)
    }

    /// Creates an account, to which later webhooks and subscriptions belong.
    pub(crate) async fn use_account(&mut self, id: &str) -> Result<(), Failure> {
        let quotas = json!({"webhooks": MAX_WEBHOOKS, "subscriptions": MAX_WEBHOOKS});
        let request = json!({"id": id, "name": "Acme", "quotas": quotas});
        let created = Account::from_request(object(&request)?, Timestamp::now())?;
        self.cloud.tables.config().create_account(&created).await?;
        self.account = id.parse()?;
        Ok(())
    }

    /// Creates webhooks with the default payload and signature.
    pub(crate) async fn webhooks(&self, count: usize) -> Result<Vec<WebhookId>, Failure> {
        let mut webhooks = Vec::with_capacity(count);
        for number in 0..count {
            webhooks.push(self.webhook(self.new_webhook(number)).await?);
        }
        Ok(webhooks)
    }

    /// The settings of a webhook for this world's receiver, with short waits between attempts.
    pub(crate) fn new_webhook(&self, number: usize) -> NewWebhook {
        let webhook = NewWebhook::new(&self.receiver.url("hook")).with("name", number.to_string());
        webhook.retrying_after(&[1; 5])
    }

    /// Creates a webhook; returns its id.
    pub(crate) async fn webhook(&self, settings: NewWebhook) -> Result<WebhookId, Failure> {
        let webhook = settings.build(Timestamp::now());
        self.cloud.tables.config().create_webhook(&self.account, &webhook).await?;
        Ok(webhook.id)
    }

    /// Subscribes a webhook to all reports of the account.
    pub(crate) async fn subscribe(&self, webhook: WebhookId) -> Result<(), Failure> {
        let request = json!({"webhook_id": webhook});
        let subscription = Subscription::from_request(object(&request)?, Timestamp::now())?;
        self.cloud.tables.config().create_subscription(&self.account, &subscription).await?;
        Ok(())
    }

    /// Starts a function.
    pub(crate) async fn start(&self, function: &str) -> Result<Instance, Failure> {
        self.start_with(function, Vec::new()).await
    }

    /// Starts a function with additional variables.
    pub(crate) async fn start_with(
        &self,
        function: &str,
        settings: Vec<(&'static str, String)>,
    ) -> Result<Instance, Failure> {
        let mut environment = self.cloud.environment();
        environment.extend(settings);
        Instance::start(&bootstrap(&self.root, function), &environment).await
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>, Failure> {
    value.as_object().ok_or_else(|| "not an object".into())
}
