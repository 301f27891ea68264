//! Tests of the caller and of the account it acts for.

use super::*;

fn caller(owner: KeyOwner, scopes: &[Scope]) -> Caller {
    Caller { key_id: None, owner, scopes: Scopes::new(scopes.iter().copied()), only: None }
}

fn headers(account: Option<&str>) -> HeaderMap {
    account
        .map(|id| (http::HeaderName::from_static(ACCOUNT_HEADER), id.parse().unwrap()))
        .into_iter()
        .collect()
}

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

#[test]
fn an_account_key_acts_for_its_own_account_only() {
    let caller = caller(KeyOwner::Account(acme()), &[Scope::WebhooksRead]);
    let acting = |named| caller.acting_for(&headers(named), Scope::WebhooksRead);
    assert_eq!(acting(None).unwrap(), ActingFor::Own(acme()));
    assert_eq!(acting(Some("acme")).unwrap(), ActingFor::Own(acme()));
    assert_eq!(acting(Some("other")).unwrap_err().to_value()["status"], 403);
}

#[test]
fn a_platform_key_must_name_an_account() {
    let caller = caller(KeyOwner::Platform, &[Scope::Platform, Scope::WebhooksRead]);
    let acting = |named| caller.acting_for(&headers(named), Scope::WebhooksRead);
    assert_eq!(acting(Some("acme")).unwrap(), ActingFor::Named(acme()));
    assert_eq!(acting(None).unwrap_err().to_value()["status"], 400);
    assert_eq!(acting(Some("a b")).unwrap_err().to_value()["status"], 400);
}

#[test]
fn a_key_without_the_scope_gets_no_account() {
    for (owner, has) in [
        (KeyOwner::Account(acme()), vec![Scope::WebhooksRead, Scope::ReportsWrite]),
        (KeyOwner::Platform, vec![Scope::Platform]),
        // A platform key without the scope `platform`.
        (KeyOwner::Platform, vec![Scope::WebhooksWrite]),
    ] {
        let caller = caller(owner, &has);
        let error = caller.acting_for(&headers(Some("acme")), Scope::WebhooksWrite);
        assert_eq!(error.unwrap_err().to_value()["status"], 403, "{has:?}");
    }
}

#[test]
fn an_account_key_with_all_scopes_is_no_platform_key() {
    let status = |owner, scopes: &[Scope]| {
        let refused = caller(owner, scopes).require_platform().err();
        refused.map(|problem| problem.to_value()["status"].clone())
    };
    assert_eq!(status(KeyOwner::Platform, &[Scope::Platform]), None);
    assert_eq!(status(KeyOwner::Platform, &[Scope::WebhooksRead]), Some(403.into()));
    assert_eq!(status(KeyOwner::Account(acme()), Scope::ALL), Some(403.into()));
}

#[test]
fn an_invalid_account_id_is_not_the_platform() {
    for account in [Value::Null, 5.into(), "a b".into(), "".into()] {
        let authorizer = serde_json::json!({"account_id": account, "scopes": "platform"});
        let context = serde_json::json!({
            "http": {"method": "GET"}, "timeEpoch": 0, "authorizer": {"lambda": authorizer},
        });
        let context = serde_json::from_value(context).unwrap();
        let mut extensions = Extensions::new();
        extensions.insert(RequestContext::ApiGatewayV2(context));
        let error = Caller::from_extensions(&extensions).unwrap_err();
        assert_eq!(error.to_value()["status"], 401, "{account}");
    }
}

#[test]
fn a_key_of_an_account_being_erased_is_refused_with_the_reason() {
    let context = serde_json::json!({
        "http": {"method": "GET"}, "timeEpoch": 0, "authorizer": {"lambda": {
            "account_id": "acme", "scopes": "webhooks:read", "account_status": "erasing",
        }},
    });
    let mut extensions = Extensions::new();
    let context = serde_json::from_value(context).unwrap();
    extensions.insert(RequestContext::ApiGatewayV2(context));
    let problem = Caller::from_extensions(&extensions).unwrap_err().to_value();
    assert_eq!(problem["type"], "urn:callhook:problem:account-erasing");
    assert_eq!(problem["status"], 403);
    assert!(problem["detail"].as_str().unwrap().starts_with("The account `acme` is being erased"));
}

#[test]
fn a_request_without_an_authorizer_has_no_caller() {
    let error = Caller::from_extensions(&Extensions::new()).unwrap_err();
    assert_eq!(error.to_value()["status"], 401);
}

/// The caller of a request with this authorizer context.
fn caller_from(context: &Value) -> Result<Caller, Problem> {
    let context = serde_json::json!({
        "http": {"method": "GET"}, "timeEpoch": 0, "authorizer": {"lambda": context},
    });
    let mut extensions = Extensions::new();
    let context = serde_json::from_value(context).unwrap();
    extensions.insert(RequestContext::ApiGatewayV2(context));
    Caller::from_extensions(&extensions)
}

#[test]
fn a_key_of_one_webhook_does_not_act_for_its_whole_account() {
    let webhook = "01890a5d-ac96-774b-bcce-b302099a8057";
    let caller = caller_from(&serde_json::json!({
        "account_id": "acme", "scopes": "webhooks:read", "webhook_id": webhook,
    }));
    let caller = caller.unwrap();
    for named in [None, Some("acme")] {
        let refused = caller.acting_for(&headers(named), Scope::WebhooksRead).unwrap_err();
        assert_eq!(refused.to_value()["status"], 403);
        assert!(refused.to_value()["detail"].as_str().unwrap().contains("one webhook"));
        let (acting, only) = caller.acting_within(&headers(named), Scope::WebhooksRead).unwrap();
        assert_eq!((acting, only), (ActingFor::Own(acme()), Some(webhook.parse().unwrap())));
    }
    assert!(caller.acting_within(&headers(None), Scope::WebhooksWrite).is_err());
    assert!(caller.acting_within(&headers(Some("other")), Scope::WebhooksRead).is_err());
}

#[test]
fn an_invalid_webhook_limit_is_refused() {
    let own = serde_json::json!("01890a5d-ac96-774b-bcce-b302099a8057");
    for (account, webhook) in [
        (Some("acme"), Value::Null),
        (Some("acme"), 5.into()),
        (Some("acme"), "".into()),
        (Some("acme"), "x".into()),
        // A platform key has no such limit.
        (None, own),
    ] {
        let mut context = serde_json::json!({"scopes": "webhooks:read", "webhook_id": webhook});
        if let Some(account) = account {
            context["account_id"] = account.into();
        }
        let error = caller_from(&context).unwrap_err();
        assert_eq!(error.to_value()["status"], 401, "{webhook}");
    }
}
