//! Key in, caller out.

use aws_lambda_events::apigw::{
    ApiGatewayV2CustomAuthorizerSimpleResponse as SimpleResponse,
    ApiGatewayV2CustomAuthorizerV2Request as AuthorizerRequest,
};
use callhook::api_key::{ApiKey, KeyRecord};
use callhook::store::{KeyLookup, StoreError};
use callhook::telemetry::Causes;
use serde::{Deserialize, Serialize};

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
    /// Scopes with spaces between.
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
}

/// Decides over callers.
pub(crate) struct Authorizer<S> {
    keys: S,
    remembered: Remembered,
}

impl<S: KeyLookup> Authorizer<S> {
    pub(crate) fn new(keys: S) -> Self {
        Self { keys, remembered: Remembered::default() }
    }

    /// Answers in the gateway's "simple response" format. An error (the gateway makes it a 500)
    /// means that nothing is known of the key and the table does not answer.
    pub(crate) async fn authorize(
        &self,
        request: AuthorizerRequest,
    ) -> Result<SimpleResponse<CallerContext>, StoreError> {
        let Some(key) = presented_key(&request) else {
            return Ok(refused());
        };
        let hash = key.hash();
        match self.keys.key(&hash).await {
            Ok(Some(record)) => {
                let answer = granted(&record);
                self.remembered.keep(hash, record);
                Ok(answer)
            }
            Ok(None) => {
                self.remembered.forget(&hash);
                Ok(refused())
            }
            // Reports are taken while DynamoDB is down, so known callers must get in.
            Err(error) => match self.remembered.get(&hash) {
                Some(record) => {
                    tracing::warn!(error = %Causes(&error), "a remembered key was let in");
                    Ok(granted(&record))
                }
                None => Err(error),
            },
        }
    }
}

/// The key in `Authorization: Bearer …`.
fn presented_key(request: &AuthorizerRequest) -> Option<ApiKey> {
    let header = request.identity_source.as_ref()?.first()?;
    let (scheme, key) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") { key.trim().parse().ok() } else { None }
}

fn granted(record: &KeyRecord) -> SimpleResponse<CallerContext> {
    answer(
        true,
        CallerContext {
            key_id: Some(record.id.to_string()),
            account_id: record.account_id.as_ref().map(ToString::to_string),
            scopes: Some(record.scopes.to_words()),
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
mod tests {
    use super::*;
    use callhook::api_key::{KeyHash, KeyOwner, KeyRequest};
    use callhook::store::{AccountAdmin, KeyAdmin};
    use callhook::testing::TestTables;
    use jiff::Timestamp;
    use serde_json::json;
    use std::sync::Mutex;

    fn request(header: &str) -> AuthorizerRequest {
        serde_json::from_value(json!({
            "version": "2.0", "type": "REQUEST", "identitySource": [header],
            "headers": {"authorization": header}, "requestContext": {"http": {"method": "GET"}},
        }))
        .unwrap()
    }

    fn key_for(owner: &KeyOwner) -> (ApiKey, KeyRecord) {
        let key = ApiKey::generate().unwrap();
        let request = json!({"name": "test"});
        let request = KeyRequest::parse(request.as_object().unwrap(), owner).unwrap();
        let record = request.record(&key, owner, Timestamp::UNIX_EPOCH);
        (key, record)
    }

    fn context_of(answer: &SimpleResponse<CallerContext>) -> serde_json::Value {
        serde_json::to_value(answer).unwrap()
    }

    #[tokio::test]
    async fn a_stored_key_gets_its_owner_and_scopes() {
        let table = TestTables::start().await.unwrap().config();
        let acme = json!({"id": "acme", "name": "Acme"});
        let account = callhook::account::Account::from_request(
            acme.as_object().unwrap(),
            Timestamp::UNIX_EPOCH,
        );
        table.create_account(&account.unwrap()).await.unwrap();
        let owner = KeyOwner::Account("acme".parse().unwrap());
        let (key, record) = key_for(&owner);
        table.create_key(&key.hash(), &record).await.unwrap();
        let authorizer = Authorizer::new(table);

        let answer = authorizer.authorize(request(&format!("Bearer {}", key.reveal()))).await;
        assert_eq!(
            context_of(&answer.unwrap()),
            json!({"isAuthorized": true, "context": {
                "key_id": key.id().to_string(), "account_id": "acme",
                "scopes": "webhooks:read webhooks:write reports:write deliveries:read deliveries:write \
                    reports:erase",
            }})
        );
        let lower = authorizer.authorize(request(&format!("bearer {}", key.reveal()))).await;
        assert!(lower.unwrap().is_authorized);
    }

    #[tokio::test]
    async fn the_sample_event_is_understood() {
        let event = include_str!("../../../infra/events/authorizer-request.json");
        let authorizer = Authorizer::new(TestTables::start().await.unwrap().config());
        let answer = authorizer.authorize(serde_json::from_str(event).unwrap()).await;
        assert!(!answer.unwrap().is_authorized, "its key is none");
    }

    #[tokio::test]
    async fn other_keys_are_refused() {
        let authorizer = Authorizer::new(TestTables::start().await.unwrap().config());
        let unknown = ApiKey::generate().unwrap();
        for header in [
            format!("Bearer {}", unknown.reveal()),
            unknown.reveal().to_owned(),
            format!("Basic {}", unknown.reveal()),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            String::new(),
        ] {
            let answer = authorizer.authorize(request(&header)).await.unwrap();
            assert_eq!(context_of(&answer), json!({"isAuthorized": false, "context": {}}));
        }
    }

    /// A table that fails when told to.
    struct Flaky {
        record: Mutex<Result<Option<KeyRecord>, ()>>,
    }

    impl KeyLookup for Flaky {
        async fn key(&self, _: &KeyHash) -> Result<Option<KeyRecord>, StoreError> {
            let record = self.record.lock().unwrap().clone();
            record.map_err(|()| StoreError::Unavailable { action: "test", source: "down".into() })
        }
    }

    #[tokio::test]
    async fn a_known_key_gets_in_while_the_table_is_down_unless_it_was_revoked() {
        let (key, record) = key_for(&KeyOwner::Platform);
        let authorizer = Authorizer::new(Flaky { record: Mutex::new(Err(())) });
        let set = |answer| *authorizer.keys.record.lock().unwrap() = answer;
        let header = format!("Bearer {}", key.reveal());
        let authorize = || authorizer.authorize(request(&header));

        assert!(authorize().await.is_err(), "nothing is known of the key yet");
        set(Ok(Some(record)));
        assert!(authorize().await.unwrap().is_authorized);
        set(Err(()));
        assert!(authorize().await.unwrap().is_authorized, "remembered");
        set(Ok(None));
        assert!(!authorize().await.unwrap().is_authorized, "revoked");
        set(Err(()));
        assert!(authorize().await.is_err(), "forgotten");
    }
}
