//! Every operation of the API, called with and without the right to.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it"
)]

mod world;

use std::collections::BTreeSet;
use std::time::Duration;

use callhook::domain::scope::Scope;
use callhook_tests::api::Api;
use callhook_tests::cloud::{new_account, platform, setting};
use callhook_tests::document::{Operation, operations};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::until;
use serde_json::json;

use crate::world::{Ids, World, unknown_id};

/// The paths that need no key. The tests call all others.
const PUBLIC: [&str; 2] = ["/openapi.json", "/healthz"];

/// The routes that need a key, but no scope.
const OF_ANY_KEY: [&str; 1] = ["GET /v1/key"];

/// The scopes that a key of an account may have.
fn of_accounts() -> Vec<&'static str> {
    Scope::of_accounts().map(Scope::as_str).collect()
}

/// A caller, and whose ids are in the path.
struct Attempt<'a> {
    caller: String,
    api: Api,
    ids: Vec<&'a Ids>,
}

impl<'a> Attempt<'a> {
    fn new(caller: impl Into<String>, api: &Api, ids: &'a Ids) -> Self {
        Self { caller: caller.into(), api: api.clone(), ids: vec![ids] }
    }
}

#[tokio::test]
async fn every_route_refuses_unauthorized_callers() {
    let operations = operations().await;
    let (public, keyed): (Vec<_>, Vec<_>) =
        operations.iter().partition(|operation| operation.is_public);
    let public_paths: Vec<_> = public.iter().map(|operation| operation.path.as_str()).collect();
    assert_eq!(public_paths, PUBLIC, "paths without a key");
    let of_any_key = keyed.iter().filter(|keyed| keyed.scope.is_none());
    let of_any_key: Vec<_> = of_any_key.map(|keyed| keyed.key()).collect();
    assert_eq!(of_any_key, OF_ANY_KEY, "routes without a scope");
    let scopes: BTreeSet<_> = keyed.iter().filter_map(|keyed| keyed.scope.as_deref()).collect();
    assert_eq!(
        scopes,
        Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
        "scopes of the document"
    );

    let world = World::create().await;
    let mut requests = 0;
    for operation in &keyed {
        for attempt in attempts(&world, operation) {
            let last = attempt.ids.len() - 1;
            let path = operation
                .path_with(|position, kind| attempt.ids[position.min(last)].of(kind).to_owned());
            let reply = send(&attempt.api, operation, &path).await;
            let refused = matches!(reply.status, 401 | 403 | 404);
            assert!(refused, "{} {path} by {}: {reply:?}", operation.method, attempt.caller);
            requests += 1;
        }
    }
    // No request had an effect.
    world.assert_unchanged().await;
    println!(
        "\nauthorization: {} routes × up to {} callers, {requests} requests, all refused \
         ({} routes are public)",
        keyed.len(),
        keyed.iter().map(|operation| attempts(&world, operation).len()).max().unwrap_or_default(),
        public.len(),
    );
}

/// Refusals say little unless a caller with the right is accepted.
#[tokio::test]
async fn the_documented_scope_suffices() {
    let account = new_account().await;
    for operation in operations().await {
        let Some(scope) = &operation.scope else { continue };
        let api = if operation.is_platform_only() {
            platform_key(&[scope]).await
        } else {
            account_key(&account.id, scope).await
        };
        // Unknown ids, so that requests have no effect.
        let reply = send(&api, &operation, &operation.path_with(|_, kind| unknown_id(kind))).await;
        let is_accepted = !matches!(reply.status, 401 | 403) && reply.status < 500;
        assert!(is_accepted, "{} {} with {scope}: {reply:?}", operation.method, operation.path);
    }
}

/// The first test uses keys of one scope; this one uses keys of all scopes but one, of an account and of the platform.
#[tokio::test]
async fn a_key_that_lacks_one_scope_reaches_all_other_routes() {
    let account = new_account().await;
    let mut narrowed = Vec::new();
    for lacking in Scope::ALL {
        let others = |scopes: &[Scope]| -> Vec<_> {
            let others = scopes.iter().filter(|scope| *scope != lacking);
            others.map(|scope| scope.as_str()).collect()
        };
        let of_platform = platform_key(&others(Scope::ALL)).await;
        let acting = of_platform.and_header("x-account-id", &account.id);
        narrowed.push((lacking.as_str(), acting, true));
        if lacking.is_of_accounts() {
            let scopes = others(&Scope::of_accounts().collect::<Vec<_>>());
            let path = format!("/v1/accounts/{}/keys", account.id);
            narrowed.push((lacking.as_str(), create_key(&path, &scopes).await, false));
        }
    }
    let mut requests = 0;
    for operation in operations().await {
        let Some(scope) = &operation.scope else { continue };
        for (lacking, api, is_platform) in &narrowed {
            // A platform key without the scope `platform` acts for no account.
            let is_allowed = scope != lacking
                && if *is_platform {
                    *lacking != "platform"
                } else {
                    !operation.is_platform_only()
                };
            // Unknown ids, so that requests have no effect.
            let path = operation.path_with(|_, kind| unknown_id(kind));
            let reply = send(api, &operation, &path).await;
            let is_accepted = !matches!(reply.status, 401 | 403);
            let owner = if *is_platform { "the platform" } else { "an account" };
            let what =
                format!("{} {path} by {owner} without {lacking}: {reply:?}", operation.method);
            assert!(is_accepted == is_allowed && reply.status < 500, "{what}");
            requests += 1;
        }
    }
    println!("\nauthorization: {requests} requests by {} keys that lack one scope", narrowed.len());
}

/// The routes that refuse keys limited to a webhook.
const OF_WHOLE_ACCOUNTS: [&str; 5] = [
    "POST /v1/webhooks",
    "POST /v1/subscriptions",
    "POST /v1/reports",
    "DELETE /v1/reports/{id}",
    "GET /v1/stats",
];

#[tokio::test]
async fn a_key_of_one_webhook_reaches_that_webhook_and_no_other() {
    let (account, receiver) = (new_account().await, Receiver::start().await);
    let own = Ids::create(&account, &receiver).await;
    let sibling = Ids::create(&account, &receiver).await;
    let limited = |path: &str| {
        let path = format!("/v1/accounts/{}/{path}", account.id);
        let limits = json!({"name": "authorization", "scopes": of_accounts(), "webhook_id": own.of("webhooks")});
        async move { platform().post(&path, &limits).await.expect(201) }
    };
    let (key, link) = (limited("keys").await, limited("console-links").await);
    let opened =
        format!("{}/console/#key={}", setting("CALLHOOK_URL"), link["key"].as_str().unwrap());
    assert_eq!(link["url"], opened);

    let mut operations = operations().await;
    operations.retain(|operation| !operation.is_public);
    // Deletions come last, and the webhook's is the very last, as it deletes subscriptions.
    operations.sort_by_key(|operation| {
        (operation.method == "DELETE", operation.parameter_kinds().count())
    });
    operations.sort_by_key(|operation| operation.key() == "DELETE /v1/webhooks/{id}");
    let mut requests = 0;
    for created in [&key, &link] {
        let api = Api::new(&setting("CALLHOOK_URL"), created["key"].as_str().unwrap());
        for operation in &operations {
            let is_whole = OF_WHOLE_ACCOUNTS.contains(&operation.key().as_str());
            let is_refused = operation.is_platform_only() || is_whole;
            let path = operation.path_with(|_, kind| sibling.of(kind).to_owned());
            let reply = send(&api, operation, &path).await;
            let expected: &[u16] = if is_refused {
                &[403]
            } else if operation.parameter_kinds().next().is_some() {
                &[404]
            } else {
                &[200, 422]
            };
            let what = format!("{} {path}: {reply:?}", operation.method);
            assert!(expected.contains(&reply.status), "{what}");
            assert!(sibling.visible().all(|id| !reply.body.contains(id)), "{what}");
            requests += 1;
        }
    }
    sibling.assert_unchanged(&account).await;
    own.assert_unchanged(&account).await;

    let api = Api::new(&setting("CALLHOOK_URL"), key["key"].as_str().unwrap());
    for operation in &operations {
        if operation.is_platform_only() || OF_WHOLE_ACCOUNTS.contains(&operation.key().as_str()) {
            continue;
        }
        let path = operation.path_with(|_, kind| own.of(kind).to_owned());
        let reply = send(&api, operation, &path).await;
        let what = format!("{} {path}: {reply:?}", operation.method);
        let is_accepted = !matches!(reply.status, 401 | 403 | 404) && reply.status < 500;
        assert!(is_accepted, "{what}");
        assert!(sibling.visible().all(|id| !reply.body.contains(id)), "{what}");
        requests += 1;
    }
    sibling.assert_unchanged(&account).await;
    println!("\nauthorization: {requests} requests by keys that are limited to one webhook");
}

/// Chains of keys: the platform's key creates a narrower one, which creates keys of an account or the platform.
#[tokio::test]
async fn a_created_key_has_no_more_rights_than_its_creator() {
    let account = new_account().await;
    let url = setting("CALLHOOK_URL");
    let mut asked = 0;
    for own_scope in Scope::ALL {
        let creator =
            json!({"name": "creator", "scopes": BTreeSet::from(["platform", own_scope.as_str()])});
        let creator = platform().post("/v1/platform-keys", &creator).await.expect(201);
        let (id, api) = (creator["id"].as_str().unwrap(), creator["key"].as_str().unwrap());
        let api = Api::new(&url, api);
        for path in ["/v1/platform-keys".to_owned(), format!("/v1/accounts/{}/keys", account.id)] {
            let is_platform = path == "/v1/platform-keys";
            for scope in Scope::ALL {
                let request = json!({"name": "made", "scopes": [scope.as_str()]});
                let reply = api.post(&path, &request).await;
                let is_allowed = (*scope == *own_scope || *scope == Scope::Platform)
                    && (is_platform || scope.is_of_accounts());
                assert_eq!(
                    reply.status,
                    if is_allowed { 201 } else { 422 },
                    "{own_scope:?} {path} {scope:?}"
                );
                asked += 1;
                if is_allowed {
                    assert_eq!(reply.expect(201)["created_by"], id);
                }
            }
        }
        // A key that is created without `scopes` gets those of its creator.
        let next = api.post("/v1/platform-keys", &json!({"name": "next"})).await.expect(201);
        let next = Api::new(&url, next["key"].as_str().unwrap());
        let last = next.post("/v1/platform-keys", &json!({"name": "last"})).await.expect(201);
        assert_eq!(last["scopes"], creator["scopes"]);
        let revoked = platform().delete(&format!("/v1/platform-keys/{id}?cascade=true")).await;
        let revoked = revoked.expect(200);
        assert_eq!(revoked["is_complete"], true, "{revoked}");
        let last = Api::new(&url, last["key"].as_str().unwrap());
        assert_eq!(last.get("/v1/accounts").await.status, 403, "it was revoked with its creator");
    }
    let left = platform().get(&format!("/v1/accounts/{}/keys", account.id)).await.expect(200);
    assert_eq!(left["data"].as_array().unwrap().len(), 1, "the account's own: {left}");
    println!("\nauthorization: {asked} keys asked for by {} keys of one scope", Scope::ALL.len());
}

/// API Gateway caches the authorizer's answer for a minute.
#[tokio::test]
async fn a_key_in_use_is_refused_within_a_minute_of_its_revocation() {
    let account = new_account().await;
    let keys = format!("/v1/accounts/{}/keys", account.id);
    let created = platform().post(&keys, &json!({"name": "in use"})).await.expect(201);
    let api = Api::new(&setting("CALLHOOK_URL"), created["key"].as_str().unwrap());
    api.get("/v1/webhooks").await.expect(200);
    platform().delete(&format!("{keys}/{}", created["id"].as_str().unwrap())).await.expect(204);
    until(Duration::from_secs(75), "refusal of a revoked key", async || {
        let reply = api.get("/v1/webhooks").await;
        assert!(matches!(reply.status, 200 | 403), "{reply:?}");
        (reply.status == 403).then_some(())
    })
    .await;
}

/// The callers that `operation` must refuse.
fn attempts<'a>(world: &'a World, operation: &Operation) -> Vec<Attempt<'a>> {
    let mut attempts: Vec<_> = world
        .invalid_keys
        .iter()
        .map(|(caller, api)| Attempt::new(*caller, api, &world.own))
        .collect();
    if operation.is_platform_only() {
        attempts.extend(without_platform_scope(world));
    } else {
        attempts.extend(without_account_scope(world, operation));
    }
    // The key of another account, and the replay of another webhook.
    if operation.parameter_kinds().count() > 1 {
        let api = if operation.is_platform_only() { platform() } else { world.api.clone() };
        for ids in [vec![&world.own, &world.others], vec![&world.others, &world.own]] {
            attempts.push(Attempt {
                caller: "ids of both accounts".to_owned(),
                api: api.clone(),
                ids,
            });
        }
    }
    attempts
}

fn without_platform_scope(world: &World) -> Vec<Attempt<'_>> {
    let mut attempts = vec![
        Attempt::new("an account", &world.api, &world.own),
        Attempt::new("an account, of another", &world.api, &world.others),
        Attempt::new("a platform key without the scope", &world.without_platform, &world.own),
    ];
    for (scope, api) in &world.scoped {
        attempts.push(Attempt::new(format!("an account with {scope} only"), api, &world.own));
    }
    attempts
}

fn without_account_scope<'a>(world: &'a World, operation: &Operation) -> Vec<Attempt<'a>> {
    let other = world.api.and_header("x-account-id", &world.other.id);
    let no_platform = world.without_platform.and_header("x-account-id", &world.account.id);
    let only_platform = world.only_platform.and_header("x-account-id", &world.account.id);
    let mut attempts = vec![
        Attempt::new("an account in the name of another", &other, &world.others),
        Attempt::new("a platform key without the scope platform", &no_platform, &world.own),
    ];
    let Some(needed) = operation.scope.as_deref() else { return attempts };
    let caller = "a platform key with the scope platform only";
    attempts.push(Attempt::new(caller, &only_platform, &world.own));
    for (scope, api) in &world.scoped {
        if *scope != needed {
            attempts.push(Attempt::new(format!("an account with {scope} only"), api, &world.own));
        }
    }
    if operation.parameter_kinds().next().is_some() {
        attempts.push(Attempt::new("another account", &world.api, &world.others));
    }
    attempts
}

async fn send(api: &Api, operation: &Operation, path: &str) -> callhook_tests::api::Reply {
    let body = if operation.has_body { "{}" } else { "" };
    api.send(operation.method.clone(), path, body.to_owned()).await
}

/// The API, called with a key of an account that has one scope.
async fn account_key(account: &str, scope: &str) -> Api {
    let path = format!("/v1/accounts/{account}/keys");
    create_key(&path, &[scope]).await
}

/// The API, called with a key of the platform that has these scopes.
async fn platform_key(scopes: &[&str]) -> Api {
    create_key("/v1/platform-keys", scopes).await
}

async fn create_key(path: &str, scopes: &[&str]) -> Api {
    let request = json!({"name": "authorization", "scopes": scopes});
    let created = platform().post(path, &request).await.expect(201);
    Api::new(&setting("CALLHOOK_URL"), created["key"].as_str().unwrap())
}
