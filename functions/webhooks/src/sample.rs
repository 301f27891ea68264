//! The report of a preview or a trial: the caller's own, or a built-in sample.

use callhook::domain::report::{Report, ReportError};
use callhook::http_api::Problem;
use callhook::input::fields::{FieldErrors, Fields, kind_of};
use serde_json::{Map, Value};

/// The platform's documented samples, with digits filled in.
const OBD: &str = r#"{"bridge":918068280000,"from":918919520000,"to":918867130000,"source":"OBD","mid":"1234-1333-00001","flow_id":123,"start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23","status":"ANSWER","recording_url":"https://recordings.example.com/a.mp3"}"#;
const C2C: &str = r#"{"bridge":918068280000,"from":918919520000,"to":918867130000,"source":"C2C","start_at":"2021-04-09 16:27:39","end_at":"2021-04-09 16:27:55","duration":"23","billing":"23","status":"COMPLETED","status1":"RECEIVED","status2":"ANSWER","recording_url":"https://recordings.example.com/b.mp3","hangup_by":"caller"}"#;

/// Reads `report` (any report), or `sample` (`OBD`, the default, or `C2C`) of a request.
pub(crate) fn read(fields: &mut Fields<'_>) -> Option<Report> {
    let built_in = fields.parsed("sample", |name| match name.as_str() {
        Some("OBD") => Ok(OBD),
        Some("C2C") => Ok(C2C),
        _ => Err("must be `OBD` or `C2C`"),
    });
    let report = match fields.value("report") {
        Some(given) => parse(given),
        None => Report::parse(built_in.unwrap_or(OBD)).map_err(in_report),
    };
    report.map_err(|errors| fields.errors.extend(&errors)).ok()
}

fn parse(value: &Value) -> Result<Report, FieldErrors> {
    match value {
        Value::Object(_) => Report::parse(&value.to_string()).map_err(in_report),
        other => {
            let kind = kind_of(other);
            Err(FieldErrors::of("report", format_args!("must be an object, not {kind}")))
        }
    }
}

/// The errors of a report, as those of the field `report`.
fn in_report(error: ReportError) -> FieldErrors {
    let mut errors = FieldErrors::default();
    match error {
        ReportError::Invalid(inner) => {
            for error in inner.iter() {
                errors.add(format!("report.{}", error.field), &error.message);
            }
        }
        other => errors.add("report", format_args!("is not accepted: {other}")),
    }
    errors
}

/// Reads an optional object.
pub(crate) fn object<'a>(
    fields: &mut Fields<'a>,
    name: &'static str,
) -> Option<&'a Map<String, Value>> {
    fields.parsed(name, |value| {
        value.as_object().ok_or_else(|| format!("must be an object, not {}", kind_of(value)))
    })
}

/// The report, or 422 with all errors of the request.
pub(crate) fn complete(report: Option<Report>, fields: Fields<'_>) -> Result<Report, Problem> {
    let errors = fields.finish();
    match report {
        Some(report) => errors.into_result(report).map_err(Problem::invalid_fields),
        None => Err(Problem::invalid_fields(errors)),
    }
}

/// 422: the request cannot be rendered.
pub(crate) fn not_rendered(error: &callhook::domain::compose::RenderError) -> Problem {
    Problem::invalid_fields(FieldErrors::of(
        &error.field,
        format_args!("cannot be rendered for this report: {}", error.reason),
    ))
}
