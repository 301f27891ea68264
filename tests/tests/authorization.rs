//! Every operation of the API, called by everybody who may not.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it"
)]

mod world;

use std::collections::BTreeSet;
use std::time::Duration;

use callhook::scope::Scope;
use callhook_tests::api::Api;
use callhook_tests::cloud::{new_account, platform, setting};
use callhook_tests::document::{Operation, operations};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::until;
use serde_json::json;

use crate::world::{Ids, World, unknown_id};

/// What everybody may call. Whatever else the document says is walked through.
const PUBLIC: [&str; 2] = ["/openapi.json", "/healthz"];

/// What any key may do, whatever its scopes.
const OF_ANY_KEY: [&str; 1] = ["GET /v1/key"];

/// The scopes that a key of an account may have.
fn of_accounts() -> Vec<&'static str> {
    Scope::of_accounts().map(Scope::as_str).collect()
}

/// Somebody, and whose things they name in the path.
struct Attempt<'a> {
    who: String,
    api: Api,
    ids: Vec<&'a Ids>,
}

impl<'a> Attempt<'a> {
    fn new(who: impl Into<String>, api: &Api, ids: &'a Ids) -> Self {
        Self { who: who.into(), api: api.clone(), ids: vec![ids] }
    }
}

#[tokio::test]
async fn nobody_gets_in_who_may_not() {
    let operations = operations().await;
    let (public, keyed): (Vec<_>, Vec<_>) =
        operations.iter().partition(|operation| operation.is_public);
    let open: Vec<_> = public.iter().map(|operation| operation.path.as_str()).collect();
    assert_eq!(open, PUBLIC, "what needs no key");
    let of_any_key = keyed.iter().filter(|keyed| keyed.scope.is_none());
    let of_any_key: Vec<_> = of_any_key.map(|keyed| keyed.key()).collect();
    assert_eq!(of_any_key, OF_ANY_KEY, "what any key may do");
    let scopes: BTreeSet<_> = keyed.iter().filter_map(|keyed| keyed.scope.as_deref()).collect();
    assert_eq!(scopes, Scope::ALL.iter().map(|scope| scope.as_str()).collect(), "what is walked");

    let world = World::make().await;
    let mut requests = 0;
    for operation in &keyed {
        for attempt in attempts(&world, operation) {
            let last = attempt.ids.len() - 1;
            let path =
                operation.path_with(|place, kind| attempt.ids[place.min(last)].of(kind).to_owned());
            let reply = send(&attempt.api, operation, &path).await;
            let refused = matches!(reply.status, 401 | 403 | 404);
            assert!(refused, "{} {path} by {}: {reply:?}", operation.method, attempt.who);
            requests += 1;
        }
    }
    // Nothing was done meanwhile, to either of them.
    world.everything_is_there().await;
    println!(
        "\nauthorization: {} routes × up to {} callers, {requests} requests, all refused \
         ({} routes are public)",
        keyed.len(),
        keyed.iter().map(|operation| attempts(&world, operation).len()).max().unwrap_or_default(),
        public.len(),
    );
}

/// A walk in which all are refused shows little if nobody gets in.
#[tokio::test]
async fn the_scope_that_the_document_names_suffices() {
    let account = new_account().await;
    for operation in operations().await {
        let Some(scope) = &operation.scope else { continue };
        let api = if operation.is_of_platform() {
            platform_key(&[scope]).await
        } else {
            account_key(&account.id, scope).await
        };
        // An id of nothing, so that nothing happens.
        let reply = send(&api, &operation, &operation.path_with(|_, kind| unknown_id(kind))).await;
        let got_in = !matches!(reply.status, 401 | 403) && reply.status < 500;
        assert!(got_in, "{} {} with {scope}: {reply:?}", operation.method, operation.path);
    }
}

/// A key of one scope is walked through above; this is a key of all scopes but one, of an account and of the platform.
#[tokio::test]
async fn a_key_that_lacks_one_scope_gets_into_all_routes_but_those_of_that_scope() {
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
            narrowed.push((lacking.as_str(), made(&path, &scopes).await, false));
        }
    }
    let mut requests = 0;
    for operation in operations().await {
        let Some(scope) = &operation.scope else { continue };
        for (lacking, api, is_platform) in &narrowed {
            // A platform key without the scope `platform` acts for no account.
            let may = scope != lacking
                && if *is_platform { *lacking != "platform" } else { !operation.is_of_platform() };
            // An id of nothing, so that nothing happens.
            let path = operation.path_with(|_, kind| unknown_id(kind));
            let reply = send(api, &operation, &path).await;
            let got_in = !matches!(reply.status, 401 | 403);
            let whose = if *is_platform { "the platform" } else { "an account" };
            let what =
                format!("{} {path} by {whose} without {lacking}: {reply:?}", operation.method);
            assert!(got_in == may && reply.status < 500, "{what}");
            requests += 1;
        }
    }
    println!("\nauthorization: {requests} requests by {} keys that lack one scope", narrowed.len());
}

/// The routes that take a key of the whole account. All others take one that is limited to a webhook.
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
    let own = Ids::make(&account, &receiver).await;
    let sibling = Ids::make(&account, &receiver).await;
    let limited = |path: &str| {
        let path = format!("/v1/accounts/{}/{path}", account.id);
        let limits =
            json!({"name": "walk", "scopes": of_accounts(), "webhook_id": own.of("webhooks")});
        async move { platform().post(&path, &limits).await.expect(201) }
    };
    let (key, link) = (limited("keys").await, limited("console-links").await);
    let opened =
        format!("{}/console/#key={}", setting("CALLHOOK_URL"), link["key"].as_str().unwrap());
    assert_eq!(link["url"], opened);

    let mut operations = operations().await;
    operations.retain(|operation| !operation.is_public);
    // What a request deletes, no later one finds; with the webhook its subscriptions go.
    operations.sort_by_key(|operation| (operation.method == "DELETE", operation.names().count()));
    operations.sort_by_key(|operation| operation.key() == "DELETE /v1/webhooks/{id}");
    let mut requests = 0;
    for made in [&key, &link] {
        let api = Api::new(&setting("CALLHOOK_URL"), made["key"].as_str().unwrap());
        for operation in &operations {
            let is_whole = OF_WHOLE_ACCOUNTS.contains(&operation.key().as_str());
            let is_refused = operation.is_of_platform() || is_whole;
            let path = operation.path_with(|_, kind| sibling.of(kind).to_owned());
            let reply = send(&api, operation, &path).await;
            let expected: &[u16] = if is_refused {
                &[403]
            } else if operation.names().next().is_some() {
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
    sibling.are_all_there(&account).await;
    own.are_all_there(&account).await;

    let api = Api::new(&setting("CALLHOOK_URL"), key["key"].as_str().unwrap());
    for operation in &operations {
        if operation.is_of_platform() || OF_WHOLE_ACCOUNTS.contains(&operation.key().as_str()) {
            continue;
        }
        let path = operation.path_with(|_, kind| own.of(kind).to_owned());
        let reply = send(&api, operation, &path).await;
        let what = format!("{} {path}: {reply:?}", operation.method);
        let got_in = !matches!(reply.status, 401 | 403 | 404) && reply.status < 500;
        assert!(got_in, "{what}");
        assert!(sibling.visible().all(|id| !reply.body.contains(id)), "{what}");
        requests += 1;
    }
    sibling.are_all_there(&account).await;
    println!("\nauthorization: {requests} requests by keys that are limited to one webhook");
}

/// Keys that keys make, in chains: platform → narrowed platform → account or platform.
#[tokio::test]
async fn a_key_that_a_key_made_can_do_no_more_than_its_maker() {
    let account = new_account().await;
    let url = setting("CALLHOOK_URL");
    let mut asked = 0;
    for held in Scope::ALL {
        let maker = json!({"name": "maker", "scopes": BTreeSet::from(["platform", held.as_str()])});
        let maker = platform().post("/v1/platform-keys", &maker).await.expect(201);
        let (id, api) = (maker["id"].as_str().unwrap(), maker["key"].as_str().unwrap());
        let api = Api::new(&url, api);
        for path in ["/v1/platform-keys".to_owned(), format!("/v1/accounts/{}/keys", account.id)] {
            let is_platform = path == "/v1/platform-keys";
            for scope in Scope::ALL {
                let request = json!({"name": "made", "scopes": [scope.as_str()]});
                let reply = api.post(&path, &request).await;
                let may = (*scope == *held || *scope == Scope::Platform)
                    && (is_platform || scope.is_of_accounts());
                assert_eq!(reply.status, if may { 201 } else { 422 }, "{held:?} {path} {scope:?}");
                asked += 1;
                if may {
                    assert_eq!(reply.expect(201)["created_by"], id);
                }
            }
        }
        // The next in the chain: what it makes without saying which scopes is no more than its maker has.
        let next = api.post("/v1/platform-keys", &json!({"name": "next"})).await.expect(201);
        let next = Api::new(&url, next["key"].as_str().unwrap());
        let last = next.post("/v1/platform-keys", &json!({"name": "last"})).await.expect(201);
        assert_eq!(last["scopes"], maker["scopes"]);
        let revoked = platform().delete(&format!("/v1/platform-keys/{id}?cascade=true")).await;
        let revoked = revoked.expect(200);
        assert_eq!(revoked["is_complete"], true, "{revoked}");
        let last = Api::new(&url, last["key"].as_str().unwrap());
        assert_eq!(last.get("/v1/accounts").await.status, 403, "it went with the first");
    }
    let left = platform().get(&format!("/v1/accounts/{}/keys", account.id)).await.expect(200);
    assert_eq!(left["data"].as_array().unwrap().len(), 1, "the account's own: {left}");
    println!("\nauthorization: {asked} keys asked for by {} keys of one scope", Scope::ALL.len());
}

/// API Gateway keeps what the authorizer said for a minute.
#[tokio::test]
async fn a_key_in_use_is_refused_within_a_minute_of_its_revocation() {
    let account = new_account().await;
    let keys = format!("/v1/accounts/{}/keys", account.id);
    let made = platform().post(&keys, &json!({"name": "in use"})).await.expect(201);
    let api = Api::new(&setting("CALLHOOK_URL"), made["key"].as_str().unwrap());
    api.get("/v1/webhooks").await.expect(200);
    platform().delete(&format!("{keys}/{}", made["id"].as_str().unwrap())).await.expect(204);
    until(Duration::from_secs(75), "the end of a revoked key", async || {
        let reply = api.get("/v1/webhooks").await;
        assert!(matches!(reply.status, 200 | 403), "{reply:?}");
        (reply.status == 403).then_some(())
    })
    .await;
}

/// Everybody who may not call `operation`.
fn attempts<'a>(world: &'a World, operation: &Operation) -> Vec<Attempt<'a>> {
    let mut attempts: Vec<_> =
        world.strangers.iter().map(|(who, api)| Attempt::new(*who, api, &world.own)).collect();
    if operation.is_of_platform() {
        attempts.extend(not_the_platform(world));
    } else {
        attempts.extend(without_the_right(world, operation));
    }
    // One's own and then another's: the key of another account, the replay of another webhook.
    if operation.names().count() > 1 {
        let api = if operation.is_of_platform() { platform() } else { world.api.clone() };
        for ids in [vec![&world.own, &world.others], vec![&world.others, &world.own]] {
            attempts.push(Attempt { who: "one who mixes ids".to_owned(), api: api.clone(), ids });
        }
    }
    attempts
}

fn not_the_platform(world: &World) -> Vec<Attempt<'_>> {
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

fn without_the_right<'a>(world: &'a World, operation: &Operation) -> Vec<Attempt<'a>> {
    let other = world.api.and_header("x-account-id", &world.other.id);
    let no_platform = world.without_platform.and_header("x-account-id", &world.account.id);
    let only_platform = world.only_platform.and_header("x-account-id", &world.account.id);
    let mut attempts = vec![
        Attempt::new("an account in the name of another", &other, &world.others),
        Attempt::new("a platform key without the scope platform", &no_platform, &world.own),
    ];
    let Some(needed) = operation.scope.as_deref() else { return attempts };
    let who = "a platform key with the scope platform only";
    attempts.push(Attempt::new(who, &only_platform, &world.own));
    for (scope, api) in &world.scoped {
        if *scope != needed {
            attempts.push(Attempt::new(format!("an account with {scope} only"), api, &world.own));
        }
    }
    if operation.names().next().is_some() {
        attempts.push(Attempt::new("another account", &world.api, &world.others));
    }
    attempts
}

async fn send(api: &Api, operation: &Operation, path: &str) -> callhook_tests::api::Reply {
    let body = if operation.takes_body { "{}" } else { "" };
    api.send(operation.method.clone(), path, body.to_owned()).await
}

/// The API, called with a key of an account that has one scope.
async fn account_key(account: &str, scope: &str) -> Api {
    let path = format!("/v1/accounts/{account}/keys");
    made(&path, &[scope]).await
}

/// The API, called with a key of the platform that has these scopes.
async fn platform_key(scopes: &[&str]) -> Api {
    made("/v1/platform-keys", scopes).await
}

async fn made(path: &str, scopes: &[&str]) -> Api {
    let request = json!({"name": "walk", "scopes": scopes});
    let made = platform().post(path, &request).await.expect(201);
    Api::new(&setting("CALLHOOK_URL"), made["key"].as_str().unwrap())
}
