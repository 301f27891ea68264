//! Filters that format times, in the account's time zone.

use jiff::Zoned;
use liquid_core::Value;

use super::call::Call;
use super::{Definition, filter, php_date, strftime};
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::mistake::Mistake;
use crate::domain::compose::{limits, times};

pub(super) const FILTERS: &[Definition] = &[
    filter("date_format", 1..=1, |call| format_time(call, php_date::format)),
    filter("date", 1..=1, |call| format_time(call, date)),
];

const TOO_LONG: &str = "takes a format of at most 256 bytes";

/// Formats the input by the argument. An input that is not a time is returned unchanged, as in standard
/// Liquid: platforms write `0000-00-00 00:00:00` for "never", and a delivery must not fail because of
/// it.
fn format_time(call: &Call<'_>, write: fn(&str, &Zoned) -> String) -> Result<Value, RenderFailure> {
    let format = call.text_argument(0)?;
    if format.len() > limits::DATE_FORMAT_BYTES {
        return Err(call.failure(TOO_LONG));
    }
    let text = call.text()?;
    let Some(time) = times::parse(&text, call.zone(), call.now()) else {
        return call.copy(call.input);
    };
    if format.is_empty() {
        return call.copy(call.input);
    }
    // At most about 50 bytes for each byte of the format, so it can be charged afterwards.
    let text = write(&format, &time);
    call.charge(text.len())?;
    Ok(Call::charged_text(text))
}

/// Formats a time as Ruby's `strftime`. A format with directives that Ruby does not know, such as
/// `%.3f`, was saved when this filter used jiff's directives: it keeps its meaning.
fn date(format: &str, time: &Zoned) -> String {
    if strftime::check(format).is_err()
        && let Ok(text) = jiff::fmt::strtime::format(format, time)
    {
        return text;
    }
    strftime::format(format, time)
}

/// Checks a format that is literal text of a template.
pub(in crate::domain::compose) fn check_format(filter: &str, format: &str) -> Result<(), Mistake> {
    if format.len() > limits::DATE_FORMAT_BYTES {
        return Err(Mistake::new(0, format_args!("the filter `{filter}` {TOO_LONG}")));
    }
    if filter == "date" { strftime::check(format) } else { Ok(()) }
}

/// The warning about a literal format that seems to be meant for another filter.
pub(in crate::domain::compose) fn format_warning(
    filter: &str,
    format: &str,
) -> Option<&'static str> {
    match filter {
        "date_format" => php_date::warning(format),
        "date" if !format.is_empty() && !format.contains('%') => Some(
            "the format has no `%`, so it is printed as it is; `date` takes '%d/%m/%Y', \
             `date_format` takes 'd/m/Y'",
        ),
        _ => None,
    }
}
