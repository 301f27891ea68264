//! Two accounts with something of everything, and those who want to get at it.

use std::collections::HashMap;

use callhook_tests::api::Api;
use callhook_tests::cloud::{Account, logged, new_account, platform, setting, unique_id};
use callhook_tests::receiver::Receiver;
use callhook_tests::replay::the_day;
use callhook_tests::wait::SOON;
use serde_json::json;

use crate::{account_key, of_accounts, platform_key};

/// The ids of what an account has, by what they name in a path.
pub(crate) struct Ids(HashMap<&'static str, String>);

impl Ids {
    /// The id of a `kind` of thing.
    pub(crate) fn of(&self, kind: &str) -> &str {
        let id = self.0.get(kind);
        id.unwrap_or_else(|| panic!("the walk has no id of {kind}: make one in `Ids::make`"))
    }

    /// Has an account get something of everything that can be named.
    pub(crate) async fn make(account: &Account, receiver: &Receiver) -> Self {
        let webhook = account.webhook(&receiver.url("/")).await;
        // To a number of which no report comes: what others of the account get must not reach this webhook.
        let request = json!({"identity": "number:918068280000", "webhook_id": webhook});
        let subscription = account.api.post("/v1/subscriptions", &request).await.expect(201);
        let report = account.report(&json!({"id": unique_id(), "webhook_id": webhook})).await;
        logged(&webhook, &report, SOON, |entry| entry.state.has_ended()).await;
        let replays = format!("/v1/webhooks/{webhook}/replays");
        let replay = account.api.post(&replays, &the_day()).await.expect(202);
        let keys = format!("/v1/accounts/{}/keys", account.id);
        let key = platform().post(&keys, &json!({"name": "its own"})).await.expect(201);
        let platform_key = json!({"name": "walk", "scopes": ["webhooks:read"]});
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
    /// Checks that the account still has all that was made for it, as it was.
    pub(crate) async fn are_all_there(&self, account: &Account) {
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

    /// The ids of things that an account's own keys can see.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &str> {
        ["webhooks", "subscriptions", "reports", "deliveries", "replays"]
            .map(|kind| self.of(kind))
            .into_iter()
    }
}

/// An id of a `kind` of thing that nobody has.
pub(crate) fn unknown_id(kind: &str) -> String {
    match kind {
        "keys" | "platform-keys" => "0123456789ab".to_owned(),
        "deliveries" => format!("{}.{}", unique_id(), unique_id()),
        _ => unique_id(),
    }
}

/// Two accounts, and those who want to get at the first.
pub(crate) struct World {
    pub(crate) account: Account,
    pub(crate) own: Ids,
    pub(crate) other: Account,
    pub(crate) others: Ids,
    /// The first account, with a key that may do everything.
    pub(crate) api: Api,
    /// The first account, with keys of one scope each.
    pub(crate) scoped: Vec<(&'static str, Api)>,
    /// The platform, with all scopes but its own.
    pub(crate) without_platform: Api,
    /// The platform, with its own scope and no other.
    pub(crate) only_platform: Api,
    /// Those who have no key that is one.
    pub(crate) strangers: Vec<(&'static str, Api)>,
}

impl World {
    pub(crate) async fn make() -> Self {
        let receiver = Receiver::start().await;
        let (account, other) = (new_account().await, new_account().await);
        let own = Ids::make(&account, &receiver).await;
        let others = Ids::make(&other, &receiver).await;
        let mut scoped = Vec::new();
        for scope in of_accounts() {
            scoped.push((scope, account_key(&account.id, scope).await));
        }
        let api = account.api.clone();
        let strangers = strangers(&account).await;
        Self {
            account,
            own,
            other,
            others,
            api,
            scoped,
            without_platform: platform_key(&of_accounts()).await,
            only_platform: platform_key(&["platform"]).await,
            strangers,
        }
    }

    /// Checks that both accounts still have all that was made for them.
    pub(crate) async fn everything_is_there(&self) {
        for (account, ids) in [(&self.account, &self.own), (&self.other, &self.others)] {
            ids.are_all_there(account).await;
        }
    }
}

async fn strangers(account: &Account) -> Vec<(&'static str, Api)> {
    let anybody = account.api.with_headers(&[]);
    let with = |header: &str| anybody.with_headers(&[("authorization", header)]);
    let keys = format!("/v1/accounts/{}/keys", account.id);
    let revoked = platform().post(&keys, &json!({"name": "revoked"})).await.expect(201);
    let key = revoked["key"].as_str().unwrap();
    platform().delete(&format!("{keys}/{}", revoked["id"].as_str().unwrap())).await.expect(204);
    // A good key is needed to see what only its form keeps out.
    let good = setting("CALLHOOK_PLATFORM_KEY");
    let wrong = format!("{}{}", &good[..good.len() - 8], "AAAAAAAA");
    vec![
        ("nobody", anybody.clone()),
        ("a wrong key", with(&format!("Bearer {wrong}"))),
        ("a malformed key", with("Bearer chk_nonsense")),
        ("a key that is cut", with(&format!("Bearer {}", &good[..good.len() - 1]))),
        ("a key without a scheme", with(&good)),
        ("another scheme", with(&format!("Basic {good}"))),
        ("a revoked key", with(&format!("Bearer {key}"))),
    ]
}
