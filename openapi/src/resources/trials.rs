//! `/v1/webhooks/preview` and `/v1/webhooks/{id}/test`.

use callhook::domain::delivery::{HttpVersion, NoResponse, ResponseHeaders};
use callhook::domain::scope::Scope;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::{Resource, webhooks};
use crate::examples::webhooks as examples;
use crate::responses::json;
use crate::route::Route;
use crate::schema::{
    Describe as _, boolean, choice, closed, count, integer, list, map_of, named, object, one_of,
    or_null, string, text, time,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "trials",
        description: "Previews and trial requests of a webhook.",
        routes: vec![preview(), test()],
        schemas: vec![
            ("PreviewRequest", preview_request().into()),
            ("Preview", preview_answer().into()),
            ("TestRequest", with_report(closed()).into()),
            ("TestResult", test_result().into()),
            ("AttemptError", attempt_error().into()),
            ("ResponseBody", response_body()),
        ],
    }
}

fn preview() -> Route {
    Route::acting(Scope::WebhooksRead, HttpMethod::Post, "/v1/webhooks/preview", "previewWebhook")
        .summary("Render a webhook's request without sending it")
        .body(named("PreviewRequest"), examples::new_preview())
        .ok(json(
            "The request, with `•••` in place of secrets.",
            named("Preview"),
            examples::preview(),
        ))
}

fn test() -> Route {
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, "/v1/webhooks/{id}/test", "testWebhook")
        .summary("Send a trial request to a webhook")
        .description(
            "Sends the request immediately, and waits for the response: for the webhook's timeout, but at most \
             10 s (`TrialTimeoutSeconds`). It is neither queued nor retried. A `report` also needs the scope \
             `reports:write`. An account may run three trials at a time.",
        )
        .parameter(webhooks::id())
        .body(named("TestRequest"), examples::new_trial())
        .ok(json("The result.", named("TestResult"), examples::trial()))
}

fn preview_request() -> ObjectBuilder {
    let saved = text(64).describe("The id of a saved webhook.");
    let unsaved = object().describe(
        "Unsaved settings: those of a new webhook, or changes to the saved one (`WebhookChange`).",
    );
    with_report(closed())
        .property("webhook_id", or_null(saved))
        .property("webhook", or_null(unsaved))
}

fn with_report(request: ObjectBuilder) -> ObjectBuilder {
    let report = object().describe("The report to render (`Report`), instead of a sample.");
    request
        .property("report", or_null(report))
        .property("sample", or_null(choice(["OBD", "C2C"]).describe("A built-in sample report.")))
}

fn preview_answer() -> ObjectBuilder {
    object()
        .property("method", string())
        .property("url", string())
        .property("headers", map_of(string()))
        .property("body", or_null(string()))
        .property("warnings", list(named("FieldError")))
        .required("method")
        .required("url")
        .required("headers")
        .required("body")
        .required("warnings")
}

/// Adds the fields of an attempt's evidence.
pub(super) fn with_evidence(attempt: ObjectBuilder) -> ObjectBuilder {
    let request = object()
        .describe("The request. Lists omit it, and the response headers.")
        .property("method", choice(["POST", "PUT", "GET"]))
        .property("url", string().describe(
            "The URL as sent, its first 1 KiB, with `•••` for secrets, user and password. Without the scope \
             `webhooks:read`: only scheme, host and port.",
        ))
        .required("method")
        .required("url");
    let headers = map_of(string())
        .max_properties(Some(ResponseHeaders::MAX))
        .describe("Headers of the response, at most 2 KiB, by lower-case name, with `•••` for secrets and cookies.");
    attempt
        .property("sent_at", time().describe("The start of sending."))
        .property("ended_at", time().describe("The time of the response or the error."))
        .property("request", request)
        .property("address", string().describe("The receiver's IP address and port."))
        .property("http_version", choice(HttpVersion::NAMES))
        .property("response_bytes", count().describe("Bytes of the body that were read."))
        .property("response_headers", headers)
        .property(
            "omitted_headers",
            count().describe("Header values beyond the limit of `response_headers`."),
        )
}

fn test_result() -> ObjectBuilder {
    let result = object()
        .property(
            "id",
            string().describe("The `webhook-id` of the trial: random, with the prefix `test_`."),
        )
        .property("taken", boolean().describe("Whether the status is one of `success_codes`."))
        .property("meaning", string().describe("The outcome and its meaning, as a sentence."))
        .property("status_code", integer(100..=999))
        .property("error", named("AttemptError"))
        .property("latency_ms", count())
        .property("response", named("ResponseBody"))
        .required("id")
        .required("taken")
        .required("meaning")
        .required("latency_ms");
    with_evidence(result)
}

fn attempt_error() -> ObjectBuilder {
    let mut kinds: Vec<_> = NoResponse::ALL.iter().map(|why| why.kind()).collect();
    // The reasons of TLS share one kind.
    kinds.dedup();
    let reasons = NoResponse::ALL.iter().filter_map(|why| why.tls_reason());
    object()
        .describe("Why there was no response.")
        .property("type", choice(kinds))
        .property("reason", choice(reasons).describe("For `tls`: the reason."))
        .property("detail", string().describe("What happened and what to do, as a sentence."))
        .required("type")
        .required("detail")
}

fn response_body() -> RefOr<Schema> {
    let text = object().property("text", string()).required("text");
    let base64 = object().property("base64", string()).required("base64");
    one_of([text.into(), base64.into()])
        .description(Some("The first 1 KiB of the response; `base64` if it is not text."))
        .into()
}
