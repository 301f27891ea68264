//! `/v1/reports`.

mod search;

use callhook::domain::delivery::{DeliveryState, SkipReason};
use callhook::domain::report::{NUMBER_OR_TEXT, Report, TEXT};
use callhook::domain::scope::Scope;
use http::StatusCode;
use utoipa::openapi::path::{HttpMethod, Parameter};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, RefOr, Schema};

use super::Resource;
use super::subscriptions::event;
use crate::examples::deliveries as examples;
use crate::parameters::{header, uuid_in_path};
use crate::responses::{empty, json, json_without_example};
use crate::route::Route;
use crate::schema::{
    Describe as _, choice, choice_of, count, list, named, object, one_of, or_null, string, time,
    uuid,
};

pub(super) fn resource() -> Resource {
    Resource {
        name: "reports",
        description: "Reports of finished calls.",
        routes: vec![submit(), search::search(), read(), erase()],
        schemas: vec![
            ("Report", report().into()),
            ("AcceptedReport", accepted(object()).into()),
            ("AcceptedReports", accepted_reports().into()),
            ("ReportStatus", status().into()),
            ("ReportRow", search::row().into()),
            ("ReportPage", search::page()),
        ],
    }
}

fn submit() -> Route {
    let many = list(named("Report")).min_items(Some(1)).max_items(Some(Report::MAX_IN_REQUEST));
    let unavailable =
        batch(StatusCode::SERVICE_UNAVAILABLE, "None was queued; send the request again.")
            .header("retry-after", crate::responses::header("When to retry, in seconds.", count()));
    Route::acting(Scope::ReportsWrite, HttpMethod::Post, "/v1/reports", "handOverReports")
        .summary("Submit a report, or an array of reports")
        .description(
            "A report is accepted once it is queued. The same content always gets the same id; \
             `date`, `unixtime`, `webhook_id` and `webhook_ids` do not count.",
        )
        .parameter(idempotency_key())
        .body(one_of([named("Report"), many.into()]), examples::report())
        .response(
            StatusCode::ACCEPTED,
            json(
                "All were accepted.",
                one_of([named("AcceptedReport"), named("AcceptedReports")]),
                examples::accepted(),
            ),
        )
        .response(
            StatusCode::MULTI_STATUS,
            json("Some were accepted.", named("AcceptedReports"), examples::accepted_in_part()),
        )
        .response(
            StatusCode::UNPROCESSABLE_ENTITY,
            batch(StatusCode::UNPROCESSABLE_ENTITY, "All reports are invalid."),
        )
        .response(StatusCode::SERVICE_UNAVAILABLE, unavailable)
}

/// A response that is a problem for a single report, and lists the reports of an array.
fn batch(status: StatusCode, description: &str) -> ResponseBuilder {
    let mut shapes = vec![named("AcceptedReports")];
    if status == StatusCode::SERVICE_UNAVAILABLE {
        shapes.push(named("GatewayMessage"));
    }
    let problem = ContentBuilder::new().schema(Some(named("Problem"))).build();
    json_without_example(description, one_of(shapes)).content("application/problem+json", problem)
}

fn read() -> Route {
    Route::acting(Scope::DeliveriesRead, HttpMethod::Get, "/v1/reports/{id}", "readReport")
        .summary("Read a report and its deliveries")
        .parameter(id())
        .ok(json("The report.", named("ReportStatus"), examples::found()))
}

fn erase() -> Route {
    Route::acting(Scope::ReportsErase, HttpMethod::Delete, "/v1/reports/{id}", "eraseReport")
        .summary("Erase a report")
        .description(
            "Deletes the stored data of the report; pending deliveries are not sent. 404 means that no \
             data was stored; if the report is still queued, it is not sent either. An account may \
             erase 100 reports without stored data an hour.",
        )
        .parameter(id())
        .response(StatusCode::NO_CONTENT, empty("The report is erased."))
}

fn id() -> Parameter {
    uuid_in_path("id", "The report's id.")
}

fn idempotency_key() -> Parameter {
    header(
        "Idempotency-Key",
        "Determines the report's id instead of its content; for an array, together with the content.",
        string().pattern(Some("^[!-~]{1,255}$")),
    )
}

fn report() -> ObjectBuilder {
    let number_or_text = || {
        ObjectBuilder::new().schema_type(SchemaType::from_iter([
            Type::Number,
            Type::String,
            Type::Null,
        ]))
    };
    let mut report = object().describe(&format!(
        "A call report, with at least one of the documented fields, and any others. At most {} KiB, \
         {} values (without `webhook_ids`) and {} levels.",
        Report::MAX_BYTES / 1024,
        Report::MAX_VALUES,
        Report::MAX_DEPTH,
    ));
    for field in NUMBER_OR_TEXT {
        let mut shape = number_or_text();
        if field == "id" {
            shape = shape.min_length(Some(1)).max_length(Some(Report::MAX_ID_BYTES));
        }
        report = report.property(field, shape);
    }
    for field in TEXT {
        report = report.property(field, or_null(string()));
    }
    for field in Report::CALL_TIMES {
        let any = [Type::String, Type::Number, Type::Boolean, Type::Null];
        let any = ObjectBuilder::new().schema_type(SchemaType::from_iter(any));
        let meaning = "A time such as 2021-04-09 16:27:39. Another value is passed on unchanged and counts as absent.";
        report = report.property(field, any.describe(meaning));
    }
    let webhooks = list(uuid()).min_items(Some(1)).max_items(Some(Report::MAX_WEBHOOKS));
    report
        .property("event", or_null(event()))
        .property("webhook_id", or_null(uuid().describe("A webhook to deliver to.")))
        .property("webhook_ids", or_null(webhooks.describe("Webhooks to deliver to.")))
}

/// Adds the fields of an accepted report to `shape`.
fn accepted(shape: ObjectBuilder) -> ObjectBuilder {
    let warnings = list(named("FieldError")).describe(
        "Fields that are passed on unchanged and count as absent: a `start_at` or `end_at` that is \
         no date and time. Omitted if there are none.",
    );
    shape.property("id", uuid()).property("warnings", warnings).required("id")
}

fn accepted_reports() -> ObjectBuilder {
    let accepted = accepted(object().property("index", count()).required("index"));
    let refused = object()
        .property("index", count())
        .property("error", named("Problem"))
        .required("index")
        .required("error");
    object()
        .describe("The result of each report of an array.")
        .property("accepted", count())
        .property("refused", count())
        .property("reports", list(one_of([accepted.into(), refused.into()])))
        .required("accepted")
        .required("refused")
        .required("reports")
}

fn status() -> ObjectBuilder {
    let status = choice(DeliveryState::NAMES.iter().copied())
        .describe("The worst status of its deliveries; `skipped` without deliveries.");
    object()
        .property("id", uuid())
        .property("status", status)
        .property("reason", choice_of(&[SkipReason::NoWebhook]))
        .property("detail", string())
        .property("received_at", time())
        .property("report", sent())
        .property("deliveries", list(named("DeliverySummary")))
        .required("id")
        .required("status")
        .required("received_at")
        .required("report")
        .required("deliveries")
}

/// A report in a response.
pub(super) fn sent() -> RefOr<Schema> {
    object().describe("The report as it was submitted.").into()
}
