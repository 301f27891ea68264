//! The operator's topic in SNS.

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

/// One topic.
#[derive(Clone)]
pub struct SnsTopic {
    client: Client,
    arn: String,
}

impl SnsTopic {
    /// The topic `arn`. Nothing is connected before the first alert: there are few.
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_secs(5)).build();
        let config = aws_sdk_sns::config::Builder::from(config)
            .behavior_version(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .build();
        Self { client: Client::from_conf(config), arn }
    }
}

impl OperatorAlerts for SnsTopic {
    async fn alert(
        &self,
        account: &AccountId,
        event: &OperationalEvent,
        at: Timestamp,
    ) -> Result<(), AlertError> {
        self.client
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
