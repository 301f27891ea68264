//! Tests of requests for console links.

use serde_json::json;

use super::*;
use crate::domain::api_key::{ApiKey, StoredKey};

const NOW: Timestamp = Timestamp::constant(1_764_205_483, 0);
const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn acme() -> AccountId {
    "acme".parse().unwrap()
}

fn seconds(seconds: i64) -> Timestamp {
    NOW + SignedDuration::from_secs(seconds)
}

/// The key of the requested link within `grant`, or the error.
fn link(grant: &Grant, request: &Value) -> Result<StoredKey, String> {
    let request = ConsoleLink::parse(request.as_object().unwrap(), &acme(), grant, NOW);
    let request = request.map_err(|errors| errors.to_string())?;
    Ok(request.into_stored_key(&ApiKey::generate().unwrap(), &KeyOwner::Account(acme()), NOW))
}

fn all() -> Grant {
    Grant::of_operator(Scopes::all())
}

#[test]
fn by_default_a_link_reads_for_an_hour() {
    let link = link(&all(), &json!({})).unwrap();
    assert_eq!(link.scopes, Scopes::new([Scope::WebhooksRead, Scope::DeliveriesRead]));
    assert_eq!(link.expires_at, Some(seconds(3_600)));
    assert_eq!((link.name.as_str(), link.webhook_id), ("Console link", None));
    assert_eq!((link.kind, link.account_id), (KeyKind::ConsoleLink, Some(acme())));
}

#[test]
fn a_link_has_the_requested_settings() {
    let request = json!({
        "name": "Panel of Ann", "scopes": ["deliveries:write", "webhooks:read"],
        "webhook_id": WEBHOOK, "expires_in_seconds": 60,
    });
    let link = link(&all(), &request).unwrap();
    assert_eq!(link.scopes, Scopes::new([Scope::WebhooksRead, Scope::DeliveriesWrite]));
    assert_eq!(link.webhook_id, Some(WEBHOOK.parse().unwrap()));
    assert_eq!((link.name.as_str(), link.expires_at), ("Panel of Ann", Some(seconds(60))));
}

#[test]
fn a_link_lasts_a_minute_to_a_day() {
    for (asked, ends) in [
        (json!(60), Some(60)),
        (json!(86_400), Some(86_400)),
        (json!(59), None),
        (json!(86_401), None),
        (json!(-60), None),
        (json!(90.5), None),
        (json!("60"), None),
        (json!(1e300), None),
    ] {
        let made = link(&all(), &json!({"expires_in_seconds": asked}));
        match ends {
            Some(ends) => assert_eq!(made.unwrap().expires_at, Some(seconds(ends)), "{asked}"),
            None => assert!(made.unwrap_err().contains("seconds from 60 to 86400"), "{asked}"),
        }
    }
}

#[test]
fn a_link_gets_no_scope_that_the_calling_key_lacks_and_never_platform() {
    let of = |scopes: &[Scope]| Grant::of_operator(Scopes::new(scopes.iter().copied()));
    for (own, asked, made) in [
        (Scope::ALL, json!(["platform"]), None),
        (Scope::ALL, json!(["webhooks:read", "platform"]), None),
        (Scope::ALL, json!([]), None),
        (Scope::ALL, json!("webhooks:read"), None),
        (&[Scope::Platform, Scope::WebhooksRead], json!(["webhooks:write"]), None),
        (&[Scope::Platform, Scope::WebhooksRead], json!(null), Some(vec![Scope::WebhooksRead])),
        // Scopes to write are granted only on request.
        (&[Scope::Platform, Scope::WebhooksWrite], json!(null), None),
        (
            &[Scope::Platform, Scope::WebhooksWrite],
            json!(["webhooks:write"]),
            Some(vec![Scope::WebhooksWrite]),
        ),
        (&[Scope::Platform], json!(null), None),
    ] {
        let link = link(&of(own), &json!({"scopes": asked}));
        assert_eq!(link.ok().map(|link| link.scopes), made.map(Scopes::new), "{own:?} {asked}");
    }
}

#[test]
fn a_link_ends_no_later_than_the_calling_key() {
    let grant = Grant { expires_by: Some(seconds(600)), ..all() };
    assert_eq!(link(&grant, &json!({})).unwrap().expires_at, Some(seconds(600)), "cut");
    let shorter = link(&grant, &json!({"expires_in_seconds": 300})).unwrap();
    assert_eq!(shorter.expires_at, Some(seconds(300)));
    let late = link(&grant, &json!({"expires_in_seconds": 601})).unwrap_err();
    assert!(late.contains("at the latest"), "{late}");
    let long = Grant { expires_by: Some(seconds(7_200)), ..all() };
    assert_eq!(link(&long, &json!({})).unwrap().expires_at, Some(seconds(3_600)));
}

#[test]
fn unknown_and_invalid_fields_of_a_link_are_refused() {
    for (field, value) in [
        ("expires_at", json!("2999-01-01T00:00:00Z")),
        ("expires_in_days", json!(1)),
        ("kind", json!("program")),
        ("webhook_id", json!("x")),
        ("webhook_id", json!([WEBHOOK])),
        ("name", json!("x".repeat(101))),
        ("name", json!("")),
    ] {
        let refused = link(&all(), &json!({field: value})).unwrap_err();
        assert!(refused.starts_with(&format!("`{field}`")), "{refused}");
    }
}
