//! The operators' topic in SNS.

use std::sync::OnceLock;
use std::time::Duration;

use aws_sdk_sns::Client;
use aws_sdk_sns::config::BehaviorVersion;
use aws_sdk_sns::config::timeout::TimeoutConfig;
use aws_sdk_sns::types::MessageAttributeValue;
use aws_types::SdkConfig;
use jiff::Timestamp;
use serde_json::json;

use crate::domain::account::AccountId;
use crate::domain::operational::OperationalEvent;
use crate::ports::alerts::{AlertError, OperatorAlerts, alert_body, alert_subject, alert_text};
use crate::runtime::telemetry::ErrorChain;

/// A topic. The first alert makes its client: most instances send none, and a client takes a good
/// part of a cold start.
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
            .subject(alert_subject(account, event))
            // People read e-mails; programs read the other protocols.
            .message_structure("json")
            .message(
                json!({
                    "default": alert_body(account, event, at).to_string(),
                    "email": alert_text(account, event, at),
                })
                .to_string(),
            )
            .message_attributes("type", attribute(event.name())?)
            .message_attributes("account_id", attribute(account.as_str())?)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| AlertError(ErrorChain(&error).to_string()))
    }
}

/// An attribute for the filter policies of subscriptions.
fn attribute(text: &str) -> Result<MessageAttributeValue, AlertError> {
    let attribute = MessageAttributeValue::builder().data_type("String").string_value(text).build();
    attribute.map_err(|error| AlertError(ErrorChain(&error).to_string()))
}
