//! What the operator is told. The implementation is in `sns`.

use std::future::Future;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::account::AccountId;
use crate::operational::OperationalEvent;

/// Telling the operator of the platform.
pub trait OperatorAlerts: Send + Sync + 'static {
    /// Tells of an event of an account.
    fn alert(
        &self,
        account: &AccountId,
        event: &OperationalEvent,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), AlertError>> + Send;
}

/// Why the operator was not told.
#[derive(Debug, thiserror::Error)]
#[error("the topic did not take the alert: {0}")]
pub struct AlertError(pub String);

/// What a subscriber of the operator's topic gets.
pub fn alert_body(account: &AccountId, event: &OperationalEvent, at: Timestamp) -> Value {
    json!({
        "type": event.name(), "timestamp": at, "account_id": account, "data": event.data(),
    })
}
