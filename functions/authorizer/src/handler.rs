//! Decides whether an API key is accepted.

use std::sync::Arc;

use aws_lambda_events::apigw::{
    ApiGatewayV2CustomAuthorizerSimpleResponse as SimpleResponse,
    ApiGatewayV2CustomAuthorizerV2Request as AuthorizerRequest,
};
use callhook::domain::api_key::{ApiKey, KeyHash, StoredKey};
use callhook::ports::store::{KeyLookup, KeyUseMarker, StoreError};
use callhook::runtime::telemetry::ErrorChain;
use callhook::runtime::telemetry::metrics::{Counter, Metrics};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::key_cache::KeyCache;

/// The authorizer context that the functions behind the gateway receive.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallerContext {
    /// The key's id, for logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    /// The account of the key; absent for a platform key.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    /// The only webhook that the key may use; absent for a key of a whole account.
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<String>,
    /// Scopes, separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
    /// [`StoredKey::ERASING`] if the account is being erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_status: Option<String>,
}

/// Accepts or refuses API keys.
pub(crate) struct Authorizer<S> {
    keys: Arc<S>,
    cache: KeyCache,
    use_writes: Arc<Semaphore>,
    metrics: Metrics,
}

/// Writes of key uses in flight at the same time. Beyond that, a use is not recorded.
const MAX_USE_WRITES: usize = 8;

impl<S: KeyLookup + KeyUseMarker + 'static> Authorizer<S> {
    pub(crate) fn new(keys: S, metrics: Metrics) -> Self {
        let use_writes = Arc::new(Semaphore::new(MAX_USE_WRITES));
        Self { keys: Arc::new(keys), cache: KeyCache::default(), use_writes, metrics }
    }

    /// Answers in the gateway's "simple response" format. Fails if DynamoDB is unavailable and the
    /// key is not cached, or if its item is corrupt; the gateway answers 500.
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
                self.cache.remove(&hash);
                Ok(refused())
            }
            Ok(Some(record)) => {
                let answer = granted(&record);
                if record.needs_use_update(now) {
                    self.record_use(hash.clone(), now);
                }
                self.cache.insert(hash, record, now);
                Ok(answer)
            }
            Ok(None) => {
                self.cache.remove(&hash);
                Ok(refused())
            }
            // Ingest accepts reports while DynamoDB is down, so their callers must be authorized.
            Err(error @ StoreError::Unavailable { .. }) => match self.cache.get(&hash, now) {
                Some(record) if record.is_expired(now) => Ok(refused()),
                Some(record) => {
                    tracing::warn!(error = %ErrorChain(&error), "authorized from stale cache");
                    Ok(granted(&record))
                }
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Records the use in a spawned task, so that the answer does not wait for it. Lambda freezes an
    /// instance only when the runtime has sent the answer and asks for the next event; by then
    /// the request to DynamoDB is sent, and its response does not matter. A use that is not
    /// recorded is recorded with the key's next one.
    fn record_use(&self, hash: KeyHash, at: Timestamp) {
        let Ok(permit) = Arc::clone(&self.use_writes).try_acquire_owned() else { return };
        let keys = Arc::clone(&self.keys);
        tokio::spawn(async move {
            if let Err(error) = keys.mark_used(&hash, at).await {
                tracing::info!(error = %ErrorChain(&error), "failed to record the use of a key");
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
