//! `/v1/webhooks/preview` and `/v1/webhooks/{id}/test`.

use callhook::delivery::{HttpVersion, NoResponse, ResponseHeaders};
use callhook::scope::Scope;
use http::StatusCode;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};

use super::{Resource, webhooks};
use crate::answers::json;
use crate::examples::webhooks as examples;
use crate::route::Route;
use crate::schema::{
    Describe as _, boolean, choice, closed, count, integer, list, map_of, named, object, one_of,
    or_null, string, text, time,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "trying it out",
        about: "What a webhook would send, and sending it once.",
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
        .does("Render a webhook's request without sending it")
        .takes(named("PreviewRequest"), examples::new_preview())
        .answers(
            StatusCode::OK,
            json(
                "The request, with `•••` for every secret.",
                named("Preview"),
                examples::preview(),
            ),
        )
}

fn test() -> Route {
    Route::acting(Scope::WebhooksWrite, HttpMethod::Post, "/v1/webhooks/{id}/test", "testWebhook")
        .does("Send a report to a webhook now")
        .says(
            "It waits for the webhook's timeout or 10 s (`TrialTimeoutSeconds`), whichever is less. Nothing is \
             queued or retried. A `report` needs the scope `reports:write` as well. An account has three trials \
             at a time.",
        )
        .with(webhooks::id())
        .takes(named("TestRequest"), examples::new_trial())
        .answers(StatusCode::OK, json("What came of it.", named("TestResult"), examples::trial()))
}

fn preview_request() -> ObjectBuilder {
    let saved = text(64).describe("A saved webhook.");
    let unsaved = object().describe(
        "Settings that are not saved: of their own, or changes of the saved webhook \
         (`WebhookChange`).",
    );
    with_report(closed())
        .property("webhook_id", or_null(saved))
        .property("webhook", or_null(unsaved))
}

fn with_report(request: ObjectBuilder) -> ObjectBuilder {
    let report = object().describe("What it is rendered for (`Report`), instead of a sample.");
    request
        .property("report", or_null(report))
        .property("sample", or_null(choice(["OBD", "C2C"]).describe("A built-in report.")))
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

/// The fields that tell of a request beside its outcome.
pub(super) fn with_evidence(attempt: ObjectBuilder) -> ObjectBuilder {
    let request = object()
        .describe("The request. Lists do not have it, nor the headers.")
        .property("method", choice(["POST", "PUT", "GET"]))
        .property("url", string().describe(
            "As it was sent, its first 1 KiB, with `•••` for secrets, user and password. Without the scope \
             `webhooks:read`: scheme, host and port.",
        ))
        .required("method")
        .required("url");
    let headers = map_of(string())
        .max_properties(Some(ResponseHeaders::MAX))
        .describe("Of the response, at most 2 KiB, by name in lower case, with `•••` for secrets and cookies.");
    attempt
        .property("sent_at", time().describe("When sending began."))
        .property("ended_at", time().describe("When the response or the error was there."))
        .property("request", request)
        .property(
            "address",
            string().describe("The receiver's IP address and port that were connected to."),
        )
        .property("http_version", choice(HttpVersion::NAMES))
        .property("response_bytes", count().describe("The bytes of the body that were read."))
        .property("response_headers", headers)
        .property(
            "omitted_headers",
            count().describe("Values that `response_headers` has no room for."),
        )
}

fn test_result() -> ObjectBuilder {
    let result = object()
        .property(
            "id",
            string().describe("The trial's `webhook-id`, random, with the prefix `test_`."),
        )
        .property("taken", boolean().describe("Whether the code is one of `success_codes`."))
        .property("meaning", string().describe("The outcome and what it means, as a sentence."))
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
    // All of TLS are one.
    kinds.dedup();
    let reasons = NoResponse::ALL.iter().filter_map(|why| why.tls_reason());
    object()
        .describe("Why there was no response.")
        .property("type", choice(kinds))
        .property("reason", choice(reasons).describe("Of `tls`: why it failed."))
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
