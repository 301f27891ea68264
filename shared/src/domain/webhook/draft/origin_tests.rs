//! Secrets are sent only to the origin that they were given for.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

const AT: &str = "https://crm.example/hook?to={{to}}";

fn webhook(more: &Value) -> Webhook {
    let mut settings = json!({"name": "CRM", "url": AT});
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let draft = WebhookDraft::create(settings.as_object().unwrap(), Timestamp::UNIX_EPOCH);
    Webhook::new(draft.unwrap(), Timestamp::UNIX_EPOCH)
}

/// The fields that a `PATCH` and a `PUT` with `change` report as wrong.
fn wrong(webhook: &Webhook, change: &Value) -> [Vec<String>; 2] {
    let now = Timestamp::UNIX_EPOCH;
    let patch = change.as_object().unwrap();
    let mut put = webhook.to_json().as_object().unwrap().clone();
    put.extend(patch.clone());
    let fields = |draft: Result<WebhookDraft, FieldErrors>| {
        let errors = draft.err().unwrap_or_default();
        errors.iter().map(|error| error.field.clone()).collect()
    };
    [WebhookDraft::patch(webhook, patch, now), WebhookDraft::replace(webhook, &put, now)]
        .map(fields)
}

fn secret() -> Webhook {
    webhook(
        &json!({"secrets": {"used": "hush", "unused": "hush"}, "headers": {"X-Key": "%used%"}, "bearer_secret": "hush"}),
    )
}

#[test]
fn another_origin_needs_every_secret_again() {
    for url in [
        "https://evil.example/hook",
        "https://crm.example:8443/hook",
        "http://crm.example/hook",
        "http://crm.example:443/hook",
        "https://crm.example./hook",
        "https://a.crm.example/hook",
        "https://crm.example@evil.example/hook",
    ] {
        // A user beside `bearer_secret` is refused as well.
        let expected = ["secrets.unused", "secrets.used", "bearer_secret"];
        for wrong in wrong(&secret(), &json!({"url": url})) {
            assert_eq!(wrong[..3], expected, "{url}");
        }
    }
    let error = WebhookDraft::patch(
        &webhook(&json!({"secrets": {"token": "hush"}})),
        json!({"url": "https://evil.example/"}).as_object().unwrap(),
        Timestamp::UNIX_EPOCH,
    );
    assert_eq!(
        error.unwrap_err().to_string(),
        "`secrets.token` must be given again in the request that changes scheme, host or port of `url`, or be removed \
         with `null`"
    );
}

#[test]
fn the_same_origin_keeps_the_secrets() {
    for change in [
        json!({"url": "https://crm.example/other?a={{id}}&k=%unused%"}),
        json!({"url": "HTTPS://CRM.example:443"}),
        json!({"method": "GET"}),
        json!({"headers": {"X-Key": "%used%", "X-Too": "%unused%"}}),
        json!({"status": "inactive"}),
    ] {
        assert_eq!(wrong(&secret(), &change), [const { Vec::<String>::new() }; 2], "{change}");
    }
    let none = webhook(&json!({}));
    assert_eq!(
        wrong(&none, &json!({"url": "http://other.example/"})),
        [const { Vec::<String>::new() }; 2]
    );
}

#[test]
fn a_secret_can_be_given_again_replaced_or_removed_with_the_origin() {
    let url = "https://new.example/";
    let given =
        json!({"url": url, "secrets": {"used": "hush", "unused": "new"}, "bearer_secret": "new"});
    let removed = json!({
        "url": url, "secrets": {"used": "hush", "unused": null}, "bearer_secret": null,
    });
    let all_removed = json!({"url": url, "secrets": null, "bearer_secret": null, "headers": null});
    for change in [given, removed, all_removed] {
        assert_eq!(wrong(&secret(), &change), [const { Vec::<String>::new() }; 2], "{change}");
    }
    let as_read = json!({"set_at": Timestamp::UNIX_EPOCH});
    for (change, field) in [
        (
            json!({"secrets": {"used": "hush", "unused": as_read}, "bearer_secret": "hush"}),
            "secrets.unused",
        ),
        (
            json!({"secrets": {"used": "hush", "unused": "hush"}, "bearer_secret": as_read}),
            "bearer_secret",
        ),
        (json!({"secrets": {"used": "hush", "unused": "hush"}}), "bearer_secret"),
    ] {
        let mut change = change;
        change["url"] = json!(url);
        for wrong in wrong(&secret(), &change) {
            assert_eq!(wrong, [field], "{change}");
        }
    }
}

#[test]
fn literal_secrets_are_hidden_and_restored_at_the_same_origin() {
    let saved = webhook(
        &json!({"headers": {"Authorization": "Bearer abc {{id}}", "X-Api-Key": "abc", "X-A": "a"}}),
    );
    let shown = saved.to_json();
    assert_eq!(
        shown["headers"],
        json!({"Authorization": "Bearer •••{{id}}", "X-Api-Key": "•••", "X-A": "a"})
    );
    let back = |change: &Value| {
        let mut put = shown.as_object().unwrap().clone();
        put.extend(change.as_object().unwrap().clone());
        WebhookDraft::replace(&saved, &put, Timestamp::UNIX_EPOCH)
    };
    assert_eq!(back(&json!({})).unwrap().settings, saved.settings);
    let other_path = back(&json!({"url": "https://crm.example/"})).unwrap();
    assert_eq!(other_path.settings.request.headers, saved.settings.request.headers);
    let renamed = back(&json!({"headers": {"x-api-key": "•••"}})).unwrap();
    assert_eq!(renamed.settings.request.headers, [("x-api-key".to_owned(), "abc".to_owned())]);
    for headers in [
        json!({"X-Secret": "•••"}),
        json!({"X-Api-Key": "Bearer •••"}),
        json!({"Authorization": "Bearer •••"}),
        json!({"Authorization": "•••{{id}}"}),
    ] {
        let error = back(&json!({"headers": headers})).unwrap_err().to_string();
        assert!(error.contains("has `•••` for a secret, but no such value is saved"), "{error}");
    }
    for wrong in wrong(&saved, &json!({"url": "https://evil.example/"})) {
        assert_eq!(wrong, ["headers.Authorization", "headers.X-Api-Key"]);
    }
    let given = json!({"url": "https://new.example/", "headers": {"X-Api-Key": "abc"}});
    assert_eq!(wrong(&saved, &given), [const { Vec::<String>::new() }; 2]);
}

#[test]
fn an_error_beside_a_literal_secret_does_not_quote_it() {
    let long = format!("X-{}-Token", "a".repeat(65));
    for name in ["X-Api-Key", &long] {
        let saved = webhook(&json!({"secrets": {"k": "1"}, "headers": {name: "hush%k%"}}));
        let change = json!({"secrets": {"k": null}});
        let change = change.as_object().unwrap();
        let error =
            WebhookDraft::patch(&saved, change, Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(error.contains(" line 1, column 5: the webhook has no secret"), "{error}");
        assert!(!error.contains("hush"), "{error}");
    }
}

#[test]
fn literal_secrets_and_unsigned_content_are_warnings() {
    let warnings = |more: &Value| {
        let mut settings = json!({"name": "n", "url": "https://a.example/"});
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let draft =
            WebhookDraft::create(settings.as_object().unwrap(), Timestamp::UNIX_EPOCH).unwrap();
        draft
            .warnings()
            .into_iter()
            .map(|warning| (warning.field, warning.message))
            .collect::<Vec<_>>()
    };
    for (more, field, says) in [
        (
            json!({"headers": {"Authorization": "Bearer x"}}),
            "headers.Authorization",
            "put it in `secrets`",
        ),
        (json!({"url": "https://u:p@a.example/"}), "url", "or use `bearer_secret`"),
        (json!({"url": "https://u@a.example/"}), "url", "holds a user or password"),
        (
            json!({"url": "https://a.example/?token=x"}),
            "url",
            "with `token` seems to hold a literal secret",
        ),
        (
            json!({"body": {"format": "json", "template": {"a": [{"password": "x"}]}}}),
            "body.template.a[0].password",
            "reads show",
        ),
        (
            json!({"body": {"format": "form", "template": {"api_key": "x"}}}),
            "body.template.api_key",
            "reads show",
        ),
        (json!({"method": "GET"}), "method", "`webhook-url-signature`"),
        (json!({"url": "https://a.example/?to={{to}}"}), "url", "`webhook-url-signature`"),
    ] {
        let warnings = warnings(&more);
        assert_eq!(warnings.len(), 1, "{more}: {warnings:?}");
        assert_eq!(warnings[0].0, field, "{more}");
        assert!(warnings[0].1.contains(says), "{more}: {warnings:?}");
    }
    for none in [
        json!({}),
        json!({"headers": {"Authorization": "Bearer %t%"}, "secrets": {"t": "x"}, "url": "https://a.example/?token=%t%"}),
        json!({"body": {"format": "json", "template": {"key": "name", "token": "{{id}}", "password": ""}}}),
    ] {
        assert_eq!(warnings(&none), [], "{none}");
    }
}
