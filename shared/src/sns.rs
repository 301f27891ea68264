//! The operator's topic in SNS.

use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_sns::Client;
use aws_sdk_sns::config::BehaviorVersion;
use aws_sdk_sns::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use jiff::Timestamp;

use crate::account::AccountId;
use crate::alerts::{AlertError, OperatorAlerts, alert_body};
use crate::operational::OperationalEvent;
use crate::telemetry::Causes;

/// One topic. Its client is made by the first alert: most instances send none, and a client takes a
/// good part of a cold start.
pub struct SnsTopic {
    config: SdkConfig,
    client: OnceLock<Client>,
    arn: String,
}

impl SnsTopic {
    /// The topic `arn`.
    pub fn new(config: SdkConfig, arn: String) -> Self {
        Self { config, client: OnceLock::new(), arn }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let timeouts =
                TimeoutConfig::builder().operation_timeout(Duration::from_secs(5)).build();
            let config = aws_sdk_sns::config::Builder::from(&self.config)
                .behavior_version(BehaviorVersion::latest())
                .timeout_config(timeouts)
                .build();
            Client::from_conf(config)
        })
    }
}

impl OperatorAlerts for SnsTopic {
    async fn alert(
        &self,
        account: &AccountId,
        event: &OperationalEvent,
        at: Timestamp,
    ) -> Result<(), AlertError> {
        self.client()
            .publish()
            .topic_arn(&self.arn)
            .subject(format!("Callhook: {}", event.name()))
            .message(alert_body(account, event, at).to_string())
            .send()
            .await
            .map(|_| ())
            .map_err(|error| AlertError(Causes(&error).to_string()))
    }
}
