//! Schemas of webhooks: for creating, changing and reading them.

use callhook::domain::compose::{BodyFormat, Method, limits};
use callhook::domain::delivery::SuccessCodes;
use callhook::domain::report::Mask;
use callhook::domain::retry::RetrySchedule;
use callhook::domain::signing::Overlap;
use callhook::domain::webhook::VerificationToken;
use callhook::domain::webhook::{
    AttemptTimeout, BearerSecret, DisabledReason, MaxPerSecond, WebhookSecrets, WebhookSettings,
    WebhookStatus,
};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema};

use crate::schema::{
    Describe as _, SECRET_NAME, SIGNING_SECRET, any_value, choice, choice_of, closed, count,
    formatted, integer, list, map_of, named, object, one_of, or_null, string, text, time, uuid,
};

pub(super) fn all() -> Vec<(&'static str, RefOr<Schema>)> {
    let [active, inactive, _] = WebhookStatus::NAMES;
    let new = settings(choice([active, inactive]))
        .property("secret", or_null(signing_secret()))
        .property("verification", or_null(verification()))
        .required("name")
        .required("url");
    let revealed = webhook().property("secret", signing_secret()).required("secret");
    let replaced = settings(choice(WebhookStatus::NAMES)).required("name").required("url");
    let changed = settings(choice(WebhookStatus::NAMES));
    vec![
        ("NewWebhook", new.into()),
        ("WebhookReplacement", replaced.into()),
        ("WebhookChange", changed.into()),
        ("WebhookBody", body().into()),
        ("RetrySchedule", retry().into()),
        ("SecretChange", secret_change().into()),
        ("Rotation", rotation().into()),
        ("Webhook", webhook().into()),
        ("WebhookHealth", health().into()),
        ("WebhookWithSecret", revealed.into()),
    ]
}

/// The settings in a request.
fn settings(status: ObjectBuilder) -> ObjectBuilder {
    let ignored = || any_value().describe("Set by the server; ignored.");
    let status = status.describe(
        "`active` or `inactive`. `disabled` is accepted only if the webhook is disabled.",
    );
    closed()
        .property("name", text(WebhookSettings::MAX_NAME))
        .property("url", url())
        .property("method", or_null(method()))
        .property("headers", or_null(headers()))
        .property("body", or_null(named("WebhookBody")))
        .property("secrets", or_null(secrets()))
        .property("bearer_secret", bearer_secret())
        .property("status", or_null(status))
        .property("description", or_null(text(WebhookSettings::MAX_DESCRIPTION)))
        .property("retry", or_null(named("RetrySchedule")))
        .property("timeout_seconds", or_null(timeout()))
        .property("success_codes", or_null(success_codes()))
        .property("max_per_second", or_null(max_per_second()))
        .property("mask", or_null(mask()))
        .property("signing", ignored())
        .property("id", ignored())
        .property("version", ignored())
        .property("created_at", ignored())
        .property("updated_at", ignored())
        .property("warnings", ignored())
        .property("summary", ignored())
        .property("disabled_reason", ignored())
        .property("disabled_at", ignored())
        .property("health", ignored())
}

/// A webhook in a response.
fn webhook() -> ObjectBuilder {
    let shown = || object().property("set_at", time()).required("set_at");
    let webhook = object()
        .property("id", uuid())
        .property("name", text(WebhookSettings::MAX_NAME))
        .property("method", method())
        .property("url", string())
        .property("headers", headers())
        .property("body", named("WebhookBody"))
        .property("status", choice(WebhookStatus::NAMES))
        .property("disabled_reason", choice_of(DisabledReason::ALL))
        .property("disabled_at", time())
        .property("description", text(WebhookSettings::MAX_DESCRIPTION))
        .property("retry", named("RetrySchedule"))
        .property("timeout_seconds", timeout())
        .property("success_codes", success_codes())
        .property("max_per_second", max_per_second())
        .property("mask", mask())
        .property("secrets", map_of(shown()).describe("When each was set, never its value."))
        .property("bearer_secret", shown())
        .property("signing", signing())
        .property("version", integer(1..=u64::from(u32::MAX)))
        .property("created_at", time())
        .property("updated_at", time())
        .property("summary", named("WebhookSummary"))
        .property("health", named("WebhookHealth"))
        .property(
            "warnings",
            list(named("FieldError")).describe("Possible mistakes, such as unknown variables."),
        );
    [
        "id",
        "name",
        "method",
        "url",
        "status",
        "retry",
        "timeout_seconds",
        "success_codes",
        "secrets",
        "signing",
        "version",
        "created_at",
        "updated_at",
    ]
    .into_iter()
    .fold(webhook, ObjectBuilder::required)
}

fn health() -> ObjectBuilder {
    let failure = object()
        .property("at", time())
        .property("status_code", integer(100..=999))
        .property("error", named("AttemptError"))
        .property("meaning", string().describe("Its meaning, as a sentence."))
        .required("at")
        .required("meaning");
    object()
        .describe("Health of deliveries to this version. Only in responses to `GET`.")
        .property("circuit", choice(["closed", "open", "half_open"]))
        .property("open_since", time().describe("Includes half-open times."))
        .property("next_probe_at", time().describe("While open: the next probe of the receiver."))
        .property("consecutive_failures", count())
        .property("failing_since", time().describe("The first of these failures."))
        .property("disable_at", time().describe("Failures from then on disable the webhook."))
        .property("last_failure", failure)
        .property("last_success_at", time().describe("The last success after a failure."))
        .required("circuit")
        .required("consecutive_failures")
}

fn url() -> ObjectBuilder {
    formatted("url-template").describe(
        "Absolute `https` or `http` URL without a fragment; path and query may contain expressions \
         `{{ … }}` and secrets `%name%`. User and password are shown as `•••`; sent back as `•••`, \
         they stay. Changing scheme, host or port requires all secrets in the same request.",
    )
}

fn method() -> ObjectBuilder {
    choice(Method::ALL.iter().map(|method| method.as_str()))
        .default(Some(Method::default().as_str().into()))
}

fn headers() -> ObjectBuilder {
    let value = formatted("template").max_length(Some(limits::HEADER_TEMPLATE_BYTES));
    map_of(value).max_properties(Some(limits::HEADERS)).describe(
        "Headers of the request by name; values are templates. Literal secrets are shown as \
             `•••`; sent back as `•••`, they stay.",
    )
}

fn body() -> ObjectBuilder {
    let template = any_value().describe(
        "A JSON value whose strings are templates; for forms, an object of strings and numbers.",
    );
    closed()
        .describe("The body of the request. Without it, the default payload is sent.")
        .property("format", choice(BodyFormat::ALL.iter().map(|format| format.as_str())))
        .property("template", template)
        .required("format")
        .required("template")
}

fn secrets() -> ObjectBuilder {
    map_of(named("SecretChange"))
        .property_names(Some(string().pattern(Some(SECRET_NAME))))
        .max_properties(Some(WebhookSecrets::MAX))
        .describe("Values of `%name%` in templates, by name; `null` removes a secret.")
}

fn signing_secret() -> ObjectBuilder {
    string()
        .pattern(Some(SIGNING_SECRET))
        .describe("`whsec_` and 24 to 64 bytes in base64; generated if absent.")
}

fn signing() -> ObjectBuilder {
    let earlier = object().property("until", time()).required("until");
    object()
        .describe("The signing secrets, without their values.")
        .property("set_at", time().describe("When the current secret was set."))
        .property(
            "earlier",
            list(earlier).describe("Earlier secrets, which also sign until the given time."),
        )
        .required("set_at")
        .required("earlier")
}

fn rotation() -> ObjectBuilder {
    let overlap = integer(0..=u64::from(Overlap::MAX_SECONDS))
        .describe("How long the previous secret also signs; a day by default.");
    closed()
        .property("secret", or_null(signing_secret()))
        .property("overlap_seconds", or_null(overlap))
}

fn verification() -> ObjectBuilder {
    closed()
        .describe("Asks the receiver for consent before the webhook is created.")
        .property("token", text(VerificationToken::MAX_CHARS))
        .required("token")
}

fn bearer_secret() -> utoipa::openapi::OneOfBuilder {
    let value = string()
        .max_length(Some(BearerSecret::MAX_BYTES))
        .pattern(Some("^[!-~]+$"))
        .describe("Sent as `Authorization: Bearer …`; `null` removes it.");
    let as_read = closed().property("set_at", any_value()).required("set_at");
    one_of([or_null(value), as_read.describe("The value as read: the secret stays.").into()])
}

fn mask() -> ArrayBuilder {
    list(choice(Mask::FIELDS))
        .describe("Phone numbers that requests contain with only the last four digits.")
}

fn secret_change() -> utoipa::openapi::OneOfBuilder {
    let value = string()
        .min_length(Some(1))
        .max_length(Some(WebhookSecrets::MAX_VALUE))
        .pattern(Some(r"^[^\x00-\x1f\x7f-\x9f]+$"));
    let as_read = closed().property("set_at", any_value()).required("set_at");
    one_of([or_null(value), as_read.describe("The value as read: the secret stays.").into()])
}

fn retry() -> ObjectBuilder {
    let waits = list(integer(1..=u64::from(RetrySchedule::MAX_SECONDS)))
        .max_items(Some(RetrySchedule::MAX_ENTRIES))
        .describe("Seconds to wait after the first, second, … failed attempt.");
    closed().property("schedule", waits).required("schedule")
}

fn timeout() -> ObjectBuilder {
    integer(1..=u64::from(AttemptTimeout::MAX_SECONDS)).describe("Seconds; 15 by default.")
}

fn success_codes() -> ArrayBuilder {
    let (from, to) = (*SuccessCodes::ALLOWED.start(), *SuccessCodes::ALLOWED.end());
    list(integer(u64::from(from)..=u64::from(to)))
        .min_items(Some(1))
        .max_items(Some(SuccessCodes::MAX_ENTRIES))
        .describe("Statuses that count as accepted; 200 and 202 by default.")
}

fn max_per_second() -> ObjectBuilder {
    integer(1..=u64::from(MaxPerSecond::MAX)).describe("The maximum number of requests a second.")
}
