//! Compares the table of limits in `docs/api.md` with the code. Tests of the limits are with their code.

#![cfg(feature = "http-api")]
#![allow(clippy::indexing_slicing, clippy::expect_used, reason = "the helpers of a test fail it")]

use callhook::domain::account::{Account, AccountId, Retention};
use callhook::domain::address::WebhookUrl;
use callhook::domain::api_key::KeyRequest;
use callhook::domain::compose::limits as compose;
use callhook::domain::delivery::SuccessCodes;
use callhook::domain::erasure::UNKNOWN_PER_HOUR;
use callhook::domain::ids::WebhookId;
use callhook::domain::quota::{DeliveriesPerSecond, Quotas, ReportsPerSecond};
use callhook::domain::replay::{ReplayJob, ReplayRange};
use callhook::domain::report::Report;
use callhook::domain::report::id::IdempotencyKey;
use callhook::domain::retry::RetrySchedule;
use callhook::domain::stats::Hours;
use callhook::domain::webhook::{AttemptTimeout, MaxPerSecond, WebhookSecrets, WebhookSettings};
use callhook::http_api::JsonObject;
use callhook::input::fields::FieldErrors;
use callhook::input::page::PageRequest;
use callhook::ports::store::TRIAL_SLOTS;

const PAGE: &str = include_str!("../../docs/api.md");

/// A number with thousands separators, as on the page.
fn n(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().ok().expect("a size").to_string();
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = vec![&digits[..first]];
    groups.extend((first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    groups.retain(|group| !group.is_empty());
    groups.join(",")
}

fn up_to(max: impl TryInto<u64>) -> String {
    format!("1–{}", n(max))
}

fn bytes(size: usize) -> String {
    format!("{} bytes", n(size))
}

fn characters(length: usize) -> String {
    format!("1–{} characters", n(length))
}

/// The limited value, its limit, and the status beyond it.
fn limits() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("path, query and headers together", bytes(10_240), "API Gateway"),
        ("a body, but for `POST /v1/reports`", bytes(JsonObject::MAX_BYTES), "413"),
        ("values in it", n(JsonObject::MAX_VALUES), "413"),
        ("levels of any JSON", n(127_u64), "400"),
        ("`limit` of a list", up_to(PageRequest::<WebhookId>::MAX_LIMIT), "400"),
        ("`name` of a search", characters(WebhookSettings::MAX_NAME), "400"),
        ("`If-Match`", bytes(1_024), "400"),
        ("`X-Account-Id`", characters(AccountId::MAX_LEN), "400"),
        ("wrong fields that an answer lists", n(FieldErrors::MAX), "—"),
        ("body of `POST /v1/reports`", bytes(Report::MAX_REQUEST_BYTES), "413"),
        ("reports in it", up_to(Report::MAX_IN_REQUEST), "400"),
        ("different webhooks that they name", n(Report::MAX_WEBHOOKS), "400"),
        ("`Idempotency-Key`", characters(IdempotencyKey::MAX_LEN), "400"),
        ("a report", bytes(Report::MAX_BYTES), "413"),
        ("values in it, `webhook_ids` aside", n(Report::MAX_VALUES), "413"),
        ("levels in it", n(Report::MAX_DEPTH), "413"),
        ("its `id`", format!("1–{}", bytes(Report::MAX_ID_BYTES)), "422"),
        ("its `webhook_ids`", up_to(Report::MAX_WEBHOOKS), "422"),
        ("`name` of a webhook", characters(WebhookSettings::MAX_NAME), "422"),
        ("`description`", characters(WebhookSettings::MAX_DESCRIPTION), "422"),
        ("`url`", bytes(WebhookUrl::MAX_LEN), "422"),
        ("`headers`", n(compose::HEADERS), "422"),
        ("a header's template", bytes(compose::HEADER_TEMPLATE_BYTES), "422"),
        ("all of them", bytes(compose::ALL_HEADER_TEMPLATES_BYTES), "422"),
        ("a body's template", bytes(compose::BODY_TEMPLATE_BYTES), "422"),
        ("levels in it", n(compose::BODY_DEPTH), "422"),
        ("expressions and secrets in the templates", n(compose::EXPRESSIONS), "422"),
        ("an expression", bytes(compose::EXPRESSION_BYTES), "422"),
        ("all of them", bytes(compose::ALL_EXPRESSIONS_BYTES), "422"),
        ("filters of an expression", n(compose::FILTERS), "422"),
        ("`secrets`", n(WebhookSecrets::MAX), "422"),
        ("a secret", bytes(WebhookSecrets::MAX_VALUE), "422"),
        ("all of them", bytes(WebhookSecrets::MAX_BYTES), "422"),
        ("`retry`: waits", format!("0–{}", n(RetrySchedule::MAX_ENTRIES)), "422"),
        ("`retry`: a wait", format!("{} s", up_to(RetrySchedule::MAX_SECONDS)), "422"),
        ("`timeout_seconds`", up_to(AttemptTimeout::MAX_SECONDS), "422"),
        ("`success_codes`", up_to(SuccessCodes::MAX_ENTRIES), "422"),
        ("`max_per_second`", up_to(MaxPerSecond::MAX), "422"),
        ("`name` of an account", characters(Account::MAX_NAME), "422"),
        ("`id` of an account", characters(AccountId::MAX_LEN), "422"),
        ("`retention_days`", up_to(Retention::MAX_DAYS), "422"),
        ("`name` of a key", characters(KeyRequest::MAX_NAME), "422"),
        ("`expires_in_days`", up_to(KeyRequest::MAX_DAYS), "422"),
        (
            "webhooks of an account, if the platform says nothing",
            n(Quotas::DEFAULT_WEBHOOKS),
            "429",
        ),
        ("subscriptions", n(Quotas::DEFAULT_SUBSCRIPTIONS), "429"),
        ("either, at the platform's choice", format!("0–{}", n(Quotas::MAX)), "422"),
        ("`reports_per_second`", up_to(ReportsPerSecond::MAX), "422"),
        ("`deliveries_per_second`", up_to(DeliveriesPerSecond::MAX), "422"),
        ("trials and verifications of an account at a time", n(TRIAL_SLOTS), "429"),
        ("the range of a replay", format!("{} days", ReplayRange::MAX.as_hours() / 24), "422"),
        ("replays of a webhook in progress", n(ReplayJob::MAX_LIVE), "409"),
        ("the range of figures", format!("{} days", Hours::MAX_DAYS), "400"),
        ("erasures of reports of which nothing is stored, an hour", n(UNKNOWN_PER_HOUR), "429"),
    ]
}

#[test]
fn the_page_lists_every_limit() {
    let section = PAGE.split_once("\n## Limits\n").expect("the section").1;
    let section = section.split("\n## ").next().expect("its text");
    let documented: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| what |"))
        .collect();
    let expected: Vec<String> = limits()
        .into_iter()
        .map(|(value, limit, status)| format!("| {value} | {limit} | {status} |"))
        .collect();
    assert_eq!(documented, expected, "\n{}\n", expected.join("\n"));
}
