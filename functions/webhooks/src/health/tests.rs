use callhook::domain::delivery::NoResponse;
use callhook::domain::health::OpenCircuit;
use callhook::domain::webhook::DisabledReason;
use callhook::testing::NewWebhook;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn webhook(version: u64, status: WebhookStatus) -> Webhook {
    let mut webhook = NewWebhook::new("https://crm.example/").build(at(0));
    webhook.version = version;
    webhook.settings.status = status;
    webhook
}

fn failing() -> Health {
    Health {
        version: 3,
        failing_since: Some(at(100)),
        failures: 12,
        last_failure: Some(LastFailure::new(at(200), Ok(503))),
        last_success_at: Some(at(50)),
        circuit: Some(OpenCircuit::opening(at(200), None)),
        ..Health::default()
    }
}

/// The health at `now` of a webhook that is deactivated after an hour.
fn shown(webhook: &Webhook, health: &Health, now: i64) -> Value {
    let hour = (1.0 / 24.0).to_string().parse().unwrap();
    with_health(webhook, Some(health), hour, at(now))["health"].take()
}

#[test]
fn an_open_circuit_shows_its_next_probe_and_the_last_failure() {
    let active = webhook(3, WebhookStatus::Active);
    let open = json!({
        "circuit": "open",
        "open_since": at(200),
        "next_probe_at": at(230),
        "consecutive_failures": 12,
        "failing_since": at(100),
        "disable_at": at(3_700),
        "last_failure": {
            "at": at(200),
            "status_code": 503,
            "meaning": OutcomeExplanation::new(Ok(503), &active.settings.success_codes).to_string(),
        },
        "last_success_at": at(50),
    });
    assert_eq!(shown(&active, &failing(), 229), open);
    let half_open = shown(&active, &failing(), 230);
    assert_eq!(
        (&half_open["circuit"], &half_open["next_probe_at"]),
        (&json!("half_open"), &Value::Null)
    );
    let probed = OpenCircuit { probe_until: Some(at(300)), ..OpenCircuit::opening(at(200), None) };
    let probed = Health { circuit: Some(probed), ..failing() };
    assert_eq!(shown(&active, &probed, 240)["circuit"], "half_open");
    let closed = Health { circuit: None, ..failing() };
    assert_eq!(shown(&active, &closed, 240)["circuit"], "closed");
}

#[test]
fn an_attempt_without_an_answer_shows_its_error() {
    let last = LastFailure::new(at(200), Err(NoResponse::TlsExpired));
    let health = Health { last_failure: Some(last), ..failing() };
    let shown = shown(&webhook(3, WebhookStatus::Active), &health, 240);
    let error = json!({
        "type": "tls", "reason": "expired", "detail": NoResponse::TlsExpired.to_string(),
    });
    assert_eq!(shown["last_failure"]["error"], error);
    assert_eq!(shown["last_failure"]["status_code"], Value::Null);
}

#[test]
fn health_belongs_to_a_version() {
    let well = json!({"circuit": "closed", "consecutive_failures": 0});
    let disabled =
        WebhookStatus::Disabled { disabled_reason: DisabledReason::Failing, disabled_at: at(300) };
    for (version, status, is_known) in [
        (2, WebhookStatus::Active, false),
        (3, WebhookStatus::Active, true),
        (4, WebhookStatus::Active, false),
        (4, WebhookStatus::Inactive, false),
        (4, disabled, true),
        (5, disabled, false),
    ] {
        let shown = shown(&webhook(version, status), &failing(), 210);
        assert_eq!(shown != well, is_known, "{version} {status:?}: {shown}");
    }
    let none =
        with_health(&webhook(1, WebhookStatus::Active), None, DisableAfter::default(), at(0));
    assert_eq!(none["health"], well);
}

#[test]
fn a_deactivated_webhook_shows_its_failures_and_no_circuit() {
    let disabled =
        WebhookStatus::Disabled { disabled_reason: DisabledReason::Failing, disabled_at: at(300) };
    let shown = shown(&webhook(4, disabled), &failing(), 210);
    assert_eq!(shown["circuit"], "closed");
    assert_eq!((&shown["next_probe_at"], &shown["disable_at"]), (&Value::Null, &Value::Null));
    assert_eq!(shown["consecutive_failures"], 12);
    assert_eq!(shown["last_failure"]["status_code"], 503);
}
