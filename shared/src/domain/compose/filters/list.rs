//! Filters that make, read or change lists.

use std::collections::BTreeSet;

use liquid_core::{Value, ValueView};
use rust_decimal::Decimal;

use super::call::Call;
use super::{Definition, filter, number};
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::raw_json;

type Outcome = Result<Value, RenderFailure>;

pub(super) const FILTERS: &[Definition] = &[
    filter("split", 1..=1, split),
    filter("join", 0..=1, join),
    filter("first", 0..=0, |call| element(call, 0)),
    filter("last", 0..=0, |call| element(call, -1)),
    filter("reverse", 0..=0, reverse),
    filter("sort", 0..=0, sort),
    filter("uniq", 0..=0, uniq),
    filter("compact", 0..=0, compact),
    filter("concat", 1..=1, concat),
];

/// Splits as Ruby does: an empty separator yields characters, a space yields words, and empty texts at
/// the end are dropped.
fn split(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    let separator = call.text_argument(0)?;
    let parts = || -> Box<dyn Iterator<Item = &str>> {
        match separator.as_str() {
            "" => Box::new(text.split("").filter(|part| !part.is_empty())),
            " " => Box::new(text.split_ascii_whitespace()),
            separator => Box::new(text.split(separator)),
        }
    };
    let kept = parts()
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .last()
        .map_or(0, |(last, _)| last + 1);
    call.charge_list(kept, text.len())?;
    Ok(Value::array(parts().take(kept).map(|part| Value::scalar(part.to_owned()))))
}

fn join(call: &Call<'_>) -> Outcome {
    let Some(list) = call.input.as_array() else {
        return call.copy(call.input);
    };
    let separator = if call.argument(0).is_some() { call.text_argument(0)? } else { " ".into() };
    let mut joined = String::new();
    for (i, value) in list.values().enumerate() {
        let between = if i == 0 { "" } else { separator.as_str() };
        let text = value.to_kstr();
        call.charge(between.len() + text.len())?;
        joined.push_str(between);
        joined.push_str(&text);
    }
    Ok(Call::charged_text(joined))
}

/// The first (0) or last (-1) element of a list; a single value is its own first and last.
fn element(call: &Call<'_>, index: i64) -> Outcome {
    match call.input.as_array() {
        None => call.copy(call.input),
        Some(list) => list.get(index).map_or(Ok(Value::Nil), |value| call.copy(value)),
    }
}

fn reverse(call: &Call<'_>) -> Outcome {
    let mut values = values(call)?;
    values.reverse();
    Ok(Value::Array(values))
}

/// Sorts by number if all values are numbers, else by text; nil comes last.
fn sort(call: &Call<'_>) -> Outcome {
    let mut values = values(call)?;
    call.charge_list(values.len(), 0)?;
    let numbers: Option<Vec<Decimal>> = values
        .iter()
        .map(|value| raw_json::leaf(value).and_then(|text| number::parse(&text)))
        .collect();
    if let Some(numbers) = numbers {
        let mut pairs: Vec<_> = numbers.into_iter().zip(values).collect();
        pairs.sort_by_key(|(number, _)| *number);
        return Ok(Value::array(pairs.into_iter().map(|(_, value)| value)));
    }
    values.sort_by(|a, b| {
        let order = a.is_nil().cmp(&b.is_nil());
        order.then_with(|| a.to_kstr().cmp(&b.to_kstr()))
    });
    Ok(Value::Array(values))
}

fn uniq(call: &Call<'_>) -> Outcome {
    let mut values = values(call)?;
    // `seen` borrows from `values`, so it is dropped before values are removed.
    let mut seen = BTreeSet::new();
    call.charge_list(values.len(), 0)?;
    let is_new: Vec<bool> = values.iter().map(|it| seen.insert(it.to_kstr())).collect();
    drop(seen);
    let mut is_new = is_new.into_iter();
    values.retain(|_| is_new.next().unwrap_or(true));
    Ok(Value::Array(values))
}

fn compact(call: &Call<'_>) -> Outcome {
    let mut values = values(call)?;
    values.retain(|value| !value.is_nil());
    Ok(Value::Array(values))
}

fn concat(call: &Call<'_>) -> Outcome {
    let mut all = values(call)?;
    let Some(more) = call.argument(0).and_then(|argument| argument.as_array()) else {
        return Err(call.failure("takes a list"));
    };
    for value in more.values() {
        all.push(call.copy(value)?);
    }
    Ok(Value::Array(all))
}

/// The input's values; a single value is a list of one, nil an empty list.
fn values(call: &Call<'_>) -> Result<Vec<Value>, RenderFailure> {
    match call.input.as_array() {
        Some(list) => list.values().map(|value| call.copy(value)).collect(),
        None if call.input.is_nil() => Ok(Vec::new()),
        None => Ok(vec![call.copy(call.input)?]),
    }
}
