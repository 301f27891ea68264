//! Key in, caller out.

use std::sync::Arc;

use aws_lambda_events::apigw::{
    ApiGatewayV2CustomAuthorizerSimpleResponse as SimpleResponse,
    ApiGatewayV2CustomAuthorizerV2Request as AuthorizerRequest,
};
use callhook::api_key::{ApiKey, KeyHash, StoredKey};
use callhook::store::{KeyLookup, KeyUseMarker, StoreError};
use callhook::telemetry::ErrorChain;
use callhook::telemetry::metrics::{Counter, Metrics};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::remembered::Remembered;

/// What the functions behind the gateway get to know of the caller.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallerContext {
    /// The key's id, for logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    /// The account it belongs to; absent for a key of the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    /// The only webhook that the key reaches; absent for a key of a whole account.
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<String>,
    /// Scopes with spaces between.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
    /// [`StoredKey::ERASING`] if the account is being erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_status: Option<String>,
}

/// Decides over callers.
pub(crate) struct Authorizer<S> {
    keys: Arc<S>,
    remembered: Remembered,
    noting: Arc<Semaphore>,
    metrics: Metrics,
}

/// Uses of keys that are being noted at the same time. Those beyond are noted another time.
const MAX_NOTES: usize = 8;

impl<S: KeyLookup + KeyUseMarker + 'static> Authorizer<S> {
    pub(crate) fn new(keys: S, metrics: Metrics) -> Self {
        let noting = Arc::new(Semaphore::new(MAX_NOTES));
        Self { keys: Arc::new(keys), remembered: Remembered::default(), noting, metrics }
    }

    /// Answers in the gateway's "simple response" format. An error (the gateway makes it a 500)
    /// means that nothing is known of the key and the table does not answer.
    pub(crate) async fn authorize(
        &self,
        request: AuthorizerRequest,
        now: Timestamp,
    ) -> Result<SimpleResponse<CallerContext>, StoreError> {
        let answer = self.decide(request, now).await?;
        self.metrics.count(if answer.is_authorized {
            Counter::KeysAccepted
        } else {
            Counter::KeysRefused
        });
        Ok(answer)
    }

    async fn decide(
        &self,
        request: AuthorizerRequest,
        now: Timestamp,
    ) -> Result<SimpleResponse<CallerContext>, StoreError> {
        let Some(key) = presented_key(&request) else {
            return Ok(refused());
        };
        let hash = key.hash();
        match self.keys.key(&hash).await {
            Ok(Some(record)) if record.is_expired(now) => {
                self.remembered.forget(&hash);
                Ok(refused())
            }
            Ok(Some(record)) => {
                let answer = granted(&record);
                if record.needs_use_update(now) {
                    self.mark_used(hash.clone(), now);
                }
                self.remembered.keep(hash, record, now);
                Ok(answer)
            }
            Ok(None) => {
                self.remembered.forget(&hash);
                Ok(refused())
            }
            // Reports are taken while DynamoDB is down, so known callers must get in.
            Err(error @ StoreError::Unavailable { .. }) => match self.remembered.get(&hash, now) {
                Some(record) if record.is_expired(now) => Ok(refused()),
                Some(record) => {
                    tracing::warn!(error = %ErrorChain(&error), "a remembered key was let in");
                    Ok(granted(&record))
                }
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Has the use noted beside the answer, which does not wait for it. Lambda freezes an instance
    /// only when the runtime has handed over the answer and asks for the next event; the request
    /// to the table is on its way by then, and whether its answer is read does not matter. What
    /// does get lost is noted with the key's next use.
    fn mark_used(&self, hash: KeyHash, at: Timestamp) {
        let Ok(permit) = Arc::clone(&self.noting).try_acquire_owned() else { return };
        let keys = Arc::clone(&self.keys);
        tokio::spawn(async move {
            if let Err(error) = keys.mark_used(&hash, at).await {
                tracing::info!(error = %ErrorChain(&error), "the use of a key was not noted");
            }
            drop(permit);
        });
    }
}

/// The key in `Authorization: Bearer …`.
fn presented_key(request: &AuthorizerRequest) -> Option<ApiKey> {
    let header = request.identity_source.as_ref()?.first()?;
    let (scheme, key) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { key.trim().parse().ok() } else { None }
}

fn granted(record: &StoredKey) -> SimpleResponse<CallerContext> {
    answer(
        true,
        CallerContext {
            key_id: Some(record.id.to_string()),
            account_id: record.account_id.as_ref().map(ToString::to_string),
            webhook_id: record.webhook_id.map(|id| id.to_string()),
            scopes: Some(record.scopes.to_words()),
            account_status: record.erasing.then(|| StoredKey::ERASING.to_owned()),
        },
    )
}

fn refused() -> SimpleResponse<CallerContext> {
    answer(false, CallerContext::default())
}

fn answer(is_authorized: bool, context: CallerContext) -> SimpleResponse<CallerContext> {
    let mut answer = SimpleResponse::default();
    answer.is_authorized = is_authorized;
    answer.context = context;
    answer
}

#[cfg(test)]
mod tests;
