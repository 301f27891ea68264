//! Filters that measure or shorten texts and lists. They count characters, not bytes.

use liquid_core::Value;
use serde_json::{Map, Value as Json};

use super::call::Call;
use super::{Definition, filter};
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::raw_json;

type Outcome = Result<Value, RenderFailure>;

pub(super) const FILTERS: &[Definition] = &[
    filter("size", 0..=0, size),
    filter("slice", 1..=2, slice),
    filter("truncate", 0..=2, truncate),
    filter("truncatewords", 0..=2, truncatewords),
];

fn size(call: &Call<'_>) -> Outcome {
    let size = if let Some(array) = call.input.as_array() {
        array.size()
    } else if let Some(json) = raw_json::text(call.input).filter(|json| json.starts_with('{')) {
        call.charge(json.len())?;
        members(&json)
    } else {
        i64::try_from(call.text()?.chars().count()).unwrap_or(i64::MAX)
    };
    Ok(Value::scalar(size))
}

/// The count of a JSON object's members. Reports have few, so parsing them is cheap.
fn members(json: &str) -> i64 {
    let members: Map<String, Json> = serde_json::from_str(json).unwrap_or_default();
    i64::try_from(members.len()).unwrap_or(i64::MAX)
}

/// Slices as PHP does: a negative offset counts from the end, a negative length leaves that many off at
/// the end, and without a length the rest is kept.
fn slice(call: &Call<'_>) -> Outcome {
    let offset = call.whole_argument(0)?.unwrap_or(0);
    let length = call.whole_argument(1)?;
    if let Some(array) = call.input.as_array() {
        let size = usize::try_from(array.size()).unwrap_or(0);
        let (skip, take) = window(size, offset, length);
        let kept = array.values().skip(skip).take(take);
        return Ok(Value::Array(kept.map(|value| call.copy(value)).collect::<Result<_, _>>()?));
    }
    let text = call.text()?;
    let (skip, take) = window(text.chars().count(), offset, length);
    let from_skip = text.get(byte_of(&text, skip)..).unwrap_or_default();
    let kept = from_skip.get(..byte_of(from_skip, take));
    call.copy_text(kept.unwrap_or_default())
}

/// How many of `size` elements to skip, and how many to take after that.
fn window(size: usize, offset: i64, length: Option<i64>) -> (usize, usize) {
    let from_end = |n: i64| size.saturating_sub(usize::try_from(n.unsigned_abs()).unwrap_or(size));
    let start = if offset < 0 {
        from_end(offset)
    } else {
        usize::try_from(offset).unwrap_or(size).min(size)
    };
    let end = match length {
        None => size,
        Some(length) if length < 0 => from_end(length),
        Some(length) => start.saturating_add(usize::try_from(length).unwrap_or(size)).min(size),
    };
    (start, end.saturating_sub(start))
}

/// The byte offset of the character at `index`, or of the end.
fn byte_of(text: &str, index: usize) -> usize {
    text.char_indices().nth(index).map_or(text.len(), |(offset, _)| offset)
}

/// Truncates to a count of characters, including the ellipsis; 50 by default.
fn truncate(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    let max = count(call, 50)?;
    if text.chars().count() <= max {
        return call.copy_text(&text);
    }
    let ellipsis = ellipsis(call)?;
    let kept = max.saturating_sub(ellipsis.chars().count());
    let kept = text.get(..byte_of(&text, kept)).unwrap_or_default();
    call.charge(kept.len() + ellipsis.len())?;
    Ok(Call::charged_text([kept, &ellipsis].concat()))
}

fn truncatewords(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    let max = count(call, 15)?.max(1);
    let mut words = text.split_whitespace();
    let mut kept = String::new();
    call.charge(text.len())?;
    for word in words.by_ref().take(max) {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if words.next().is_none() {
        return Ok(Call::charged_text(text.to_string()));
    }
    let ellipsis = ellipsis(call)?;
    call.charge(ellipsis.len())?;
    kept.push_str(&ellipsis);
    Ok(Call::charged_text(kept))
}

/// The first argument as a count, or `default`.
fn count(call: &Call<'_>, default: usize) -> Result<usize, RenderFailure> {
    let count = call.whole_argument(0)?;
    Ok(count.map_or(default, |count| usize::try_from(count).unwrap_or(0)))
}

fn ellipsis(call: &Call<'_>) -> Result<String, RenderFailure> {
    if call.argument(1).is_none() {
        return Ok("...".to_owned());
    }
    let ellipsis = call.text_argument(1)?;
    call.charge(ellipsis.len())?;
    Ok(ellipsis.to_string())
}
