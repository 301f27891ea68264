//! Two accounts with a resource of each kind, and callers with and without rights to the first.

use std::collections::HashMap;

use callhook_tests::api::Api;
use callhook_tests::cloud::{Account, logged, new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::replay::day_of_reports;
use callhook_tests::wait::SOON;
use serde_json::json;

use crate::{account_key, of_accounts, platform_key};

/// The ids of an account's resources, by kind as in paths.
pub(crate) struct Ids(HashMap<&'static str, String>);

impl Ids {
    /// The id of the resource of this kind.
    pub(crate) fn of(&self, kind: &str) -> &str {
        let id = self.0.get(kind);
        id.unwrap_or_else(|| panic!("no id of {kind}: create one in `Ids::create`"))
    }

    /// Creates a resource of each kind.
    pub(crate) async fn create(account: &Account, receiver: &Receiver) -> Self {
        let webhook = account.webhook(&receiver.url("/")).await;
        // For a number without reports: this webhook must not get the reports of the account's other webhooks.
        let request = json!({"identity": "number:918068280000", "webhook_id": webhook});
        let subscription = account.api.post("/v1/subscriptions", &request).await.expect(201);
        let report = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
        logged(&webhook, &report, SOON, |entry| entry.state.has_ended()).await;
        let replays = format!("/v1/webhooks/{webhook}/replays");
        let replay = account.api.post(&replays, &day_of_reports()).await.expect(202);
        let keys = format!("/v1/accounts/{}/keys", account.id);
        let key = platform().post(&keys, &json!({"name": "own"})).await.expect(201);
        let platform_key = json!({"name": "authorization", "scopes": ["webhooks:read"]});
        let platform_key = platform().post("/v1/platform-keys", &platform_key).await.expect(201);
        let text = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
        Self(HashMap::from([
            ("accounts", account.id.clone()),
            ("deliveries", format!("{webhook}.{report}")),
            ("keys", text(&key)),
            ("platform-keys", text(&platform_key)),
            ("replays", text(&replay)),
            ("reports", report),
            ("subscriptions", text(&subscription)),
            ("webhooks", webhook),
        ]))
    }
}

impl Ids {
    /// Asserts that the account's resources exist and are unchanged.
    pub(crate) async fn assert_unchanged(&self, account: &Account) {
        for kind in ["webhooks", "subscriptions", "reports", "deliveries"] {
            account.api.get(&format!("/v1/{kind}/{}", self.of(kind))).await.expect(200);
        }
        let webhook = account.api.get(&format!("/v1/webhooks/{}", self.of("webhooks"))).await;
        assert_eq!(webhook.expect(200)["version"], 1, "it was changed");
        let keys = platform().get(&format!("/v1/accounts/{}/keys", account.id)).await;
        let keys = keys.expect(200);
        let mut listed = keys["data"].as_array().unwrap().iter();
        assert!(listed.any(|key| key["id"] == self.of("keys")), "{keys}");
    }

    /// The ids of the resources that keys of the account can read.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &str> {
        ["webhooks", "subscriptions", "reports", "deliveries", "replays"]
            .map(|kind| self.of(kind))
            .into_iter()
    }
}

/// An id of this kind that does not exist.
pub(crate) fn unknown_id(kind: &str) -> String {
    match kind {
        "keys" | "platform-keys" => "0123456789ab".to_owned(),
        "deliveries" => format!("{}.{}", unique_id(), unique_id()),
        _ => unique_id(),
    }
}

/// Two accounts, and callers of the first.
pub(crate) struct World {
    pub(crate) account: Account,
    pub(crate) own: Ids,
    pub(crate) other: Account,
    pub(crate) others: Ids,
    /// The API with a key of the first account that has all scopes.
    pub(crate) api: Api,
    /// The API with keys of the first account that have one scope each.
    pub(crate) scoped: Vec<(&'static str, Api)>,
    /// The API with a platform key that has all scopes but `platform`.
    pub(crate) without_platform: Api,
    /// The API with a platform key that has only the scope `platform`.
    pub(crate) only_platform: Api,
    /// The API without a key, and with invalid ones.
    pub(crate) invalid_keys: Vec<(&'static str, Api)>,
}

impl World {
    pub(crate) async fn create() -> Self {
        let receiver = Receiver::start().await;
        let (account, other) = (new_account().await, new_account().await);
        let own = Ids::create(&account, &receiver).await;
        let others = Ids::create(&other, &receiver).await;
        let mut scoped = Vec::new();
        for scope in of_accounts() {
            scoped.push((scope, account_key(&account.id, scope).await));
        }
        let api = account.api.clone();
        let invalid_keys = invalid_keys(&account).await;
        Self {
            account,
            own,
            other,
            others,
            api,
            scoped,
            without_platform: platform_key(&of_accounts()).await,
            only_platform: platform_key(&["platform"]).await,
            invalid_keys,
        }
    }

    /// Asserts that the resources of both accounts exist and are unchanged.
    pub(crate) async fn assert_unchanged(&self) {
        for (account, ids) in [(&self.account, &self.own), (&self.other, &self.others)] {
            ids.assert_unchanged(account).await;
        }
    }
}

async fn invalid_keys(account: &Account) -> Vec<(&'static str, Api)> {
    let no_key = account.api.with_headers(&[]);
    let with = |header: &str| no_key.with_headers(&[("authorization", header)]);
    let keys = format!("/v1/accounts/{}/keys", account.id);
    let revoked = platform().post(&keys, &json!({"name": "revoked"})).await.expect(201);
    let key = revoked["key"].as_str().unwrap();
    platform().delete(&format!("{keys}/{}", revoked["id"].as_str().unwrap())).await.expect(204);
    // A valid key, so that only its form is the reason for a refusal.
    let good = setting("CALLHOOK_PLATFORM_KEY");
    let wrong = format!("{}{}", &good[..good.len() - 8], "AAAAAAAA");
    vec![
        ("no key", no_key.clone()),
        ("a wrong key", with(&format!("Bearer {wrong}"))),
        ("a malformed key", with("Bearer chk_nonsense")),
        ("a key that is cut", with(&format!("Bearer {}", &good[..good.len() - 1]))),
        ("a key without a scheme", with(&good)),
        ("another scheme", with(&format!("Basic {good}"))),
        ("a revoked key", with(&format!("Bearer {key}"))),
    ]
}
