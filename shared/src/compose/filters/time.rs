//! Filters that write times, in the account's zone.

use jiff::Zoned;
use liquid_core::Value;

use super::call::Call;
use super::{Definition, filter, php_date, strftime};
use crate::compose::error::RenderFailure;
use crate::compose::source::Mistake;
use crate::compose::{limits, times};

pub(super) const FILTERS: &[Definition] = &[
    filter("date_format", 1..=1, |call| written(call, php_date::format)),
    filter("date", 1..=1, |call| written(call, date)),
];

const TOO_LONG: &str = "takes a format of at most 256 bytes";

/// The input as a time in this format. What is no time stays as it is, as in standard Liquid:
/// engines write `0000-00-00 00:00:00` for "never", and a delivery must not end because of it.
fn written(call: &Call<'_>, write: fn(&str, &Zoned) -> String) -> Result<Value, RenderFailure> {
    let format = call.text_argument(0)?;
    if format.len() > limits::DATE_FORMAT_BYTES {
        return Err(call.refuse(TOO_LONG));
    }
    let text = call.text()?;
    let Some(time) = times::read(&text, call.zone(), call.now()) else {
        return call.cloned(call.input);
    };
    if format.is_empty() {
        return call.cloned(call.input);
    }
    // At most some 50 bytes for each of the format, so it can be charged afterwards.
    let text = write(&format, &time);
    call.charge(text.len())?;
    Ok(Call::made(text))
}

/// The time as Ruby's `strftime` writes it. A format with directives that Ruby does not know may have been saved
/// when this filter took jiff's, such as `%.3f`: it goes on as it was.
fn date(format: &str, time: &Zoned) -> String {
    if strftime::check(format).is_err()
        && let Ok(text) = jiff::fmt::strtime::format(format, time)
    {
        return text;
    }
    strftime::format(format, time)
}

/// The mistake in a format that stands in a template as text.
pub(in crate::compose) fn check_format(filter: &str, format: &str) -> Result<(), Mistake> {
    if format.len() > limits::DATE_FORMAT_BYTES {
        return Err(Mistake::new(0, format_args!("the filter `{filter}` {TOO_LONG}")));
    }
    if filter == "date" { strftime::check(format) } else { Ok(()) }
}

/// Why a format that stands in a template as text may be meant for another filter.
pub(in crate::compose) fn doubt_format(filter: &str, format: &str) -> Option<&'static str> {
    match filter {
        "date_format" => php_date::doubt(format),
        "date" if !format.is_empty() && !format.contains('%') => Some(
            "the format holds no `%`, so it stays as it is; `date` takes '%d/%m/%Y', \
             `date_format` takes 'd/m/Y'",
        ),
        _ => None,
    }
}
