//! Filters that write times, in the account's zone.

use jiff::Zoned;
use liquid_core::Value;

use super::call::Call;
use super::php_date;
use super::{Definition, filter};
use crate::compose::error::RenderFailure;
use crate::compose::{limits, times};

pub(super) const FILTERS: &[Definition] = &[
    filter("date_format", 1..=1, |call| {
        written(call, |format, time| Some(php_date::format(format, time)))
    }),
    filter("date", 1..=1, |call| {
        written(call, |format, time| jiff::fmt::strtime::format(format, time).ok())
    }),
];

/// The input as a time in this format. What is no time stays as it is, as in standard Liquid:
/// engines write `0000-00-00 00:00:00` for "never", and a delivery must not end because of it.
fn written(
    call: &Call<'_>,
    write: fn(&str, &Zoned) -> Option<String>,
) -> Result<Value, RenderFailure> {
    let format = call.text_argument(0)?;
    if format.len() > limits::DATE_FORMAT_BYTES {
        return Err(call.refuse("takes a format of at most 256 bytes"));
    }
    let text = call.text()?;
    let Some(time) = times::read(&text, call.zone(), call.now()) else {
        return call.cloned(call.input);
    };
    if format.is_empty() {
        return call.cloned(call.input);
    }
    let Some(text) = write(&format, &time) else {
        return Err(call.refuse("takes a format such as '%d/%m/%Y'"));
    };
    call.charge(text.len())?;
    Ok(Call::made(text))
}
