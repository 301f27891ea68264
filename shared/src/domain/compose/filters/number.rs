//! Filters that calculate, in decimal: 0.1 and 0.2 make 0.3, and phone numbers keep every digit.
//!
//! A text of digits is a number; nil and an empty text are 0. At most 28 digits. As in standard Liquid,
//! a number is whole or decimal by how it was written or made, not by its value: `3.0` is decimal.

use liquid_core::{Value, ValueView};
use rust_decimal::{Decimal, RoundingStrategy};

use super::call::Call;
use super::{Definition, filter};
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::{limits, raw_json};

type Outcome = Result<Value, RenderFailure>;

pub(super) const FILTERS: &[Definition] = &[
    filter("plus", 1..=1, |call| calculate(call, Decimal::checked_add)),
    filter("minus", 1..=1, |call| calculate(call, Decimal::checked_sub)),
    filter("times", 1..=1, |call| calculate(call, Decimal::checked_mul)),
    filter("divided_by", 1..=1, divided_by),
    filter("modulo", 1..=1, modulo),
    filter("at_least", 1..=1, |call| choose(call, |input, least| input < least)),
    filter("at_most", 1..=1, |call| choose(call, |input, most| input > most)),
    filter("abs", 0..=0, |call| {
        let number = input(call)?;
        Ok(to_value(Number { value: number.value.abs(), ..number }))
    }),
    filter("ceil", 0..=0, |call| Ok(to_value(Number::whole(input(call)?.value.ceil())))),
    filter("floor", 0..=0, |call| Ok(to_value(Number::whole(input(call)?.value.floor())))),
    filter("round", 0..=1, round),
];

const TOO_LONG: &str = "takes numbers of at most 28 digits";

/// A number, whole or decimal.
#[derive(Clone, Copy)]
struct Number {
    value: Decimal,
    is_decimal: bool,
}

impl Number {
    fn whole(value: Decimal) -> Self {
        Self { value, is_decimal: false }
    }
}

/// Parses a decimal number, such as `-1.5` or `1e3`.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    // No number is longer; skips the parsing of long texts.
    if text.len() > limits::NUMBER_BYTES {
        return None;
    }
    let text = text.trim();
    // The crate would accept `1_000`.
    if !has_number_characters(text) {
        return None;
    }
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// Whether all characters of `text` may occur in a number.
fn has_number_characters(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
}

/// `value` as a number, or the failure `not_a_number`.
fn number(
    call: &Call<'_>,
    value: &dyn ValueView,
    not_a_number: &'static str,
) -> Result<Number, RenderFailure> {
    if value.is_nil() {
        return Ok(Number::whole(Decimal::ZERO));
    }
    let text = raw_json::leaf(value).ok_or_else(|| call.failure(not_a_number))?;
    if text.len() <= limits::NUMBER_BYTES && text.trim().is_empty() {
        return Ok(Number::whole(Decimal::ZERO));
    }
    let Some(number) = parse(&text) else {
        let has_digit = text.bytes().any(|b| b.is_ascii_digit());
        call.charge_reading(text.len())?;
        let is_too_long = has_digit && has_number_characters(text.trim());
        return Err(call.failure(if is_too_long { TOO_LONG } else { not_a_number }));
    };
    // The literal `5.0` of a template prints as `5`.
    let is_float = value.type_name() == "fractional number";
    Ok(Number { value: number, is_decimal: is_float || text.contains(['.', 'e', 'E']) })
}

fn input(call: &Call<'_>) -> Result<Number, RenderFailure> {
    number(call, call.input, "needs a number, but its input is not one")
}

fn operand(call: &Call<'_>) -> Result<Number, RenderFailure> {
    let zero = Ok(Number::whole(Decimal::ZERO));
    call.argument(0).map_or(zero, |argument| {
        number(call, argument, "needs a number, but its argument is not one")
    })
}

fn calculate(call: &Call<'_>, operation: fn(Decimal, Decimal) -> Option<Decimal>) -> Outcome {
    let (a, b) = (input(call)?, operand(call)?);
    let is_decimal = a.is_decimal || b.is_decimal;
    let result = operation(a.value, b.value);
    let result = result.map(|value| to_value(Number { value, is_decimal }));
    result.ok_or_else(|| call.failure("would make a number of more than 28 digits"))
}

/// The argument if `wins(input, argument)`, else the input.
fn choose(call: &Call<'_>, wins: fn(Decimal, Decimal) -> bool) -> Outcome {
    let (a, b) = (input(call)?, operand(call)?);
    Ok(to_value(if wins(a.value, b.value) { b } else { a }))
}

/// Divides whole numbers to a whole number, rounded down, as in standard Liquid. If either is decimal,
/// the result is.
fn divided_by(call: &Call<'_>) -> Outcome {
    let (a, b) = (input(call)?, operand(call)?);
    if b.value.is_zero() {
        return Err(call.failure("cannot divide by zero"));
    }
    if a.is_decimal || b.is_decimal {
        return calculate(call, |a, b| a.checked_div(b).map(rounded_like_float));
    }
    calculate(call, |a, b| {
        // In `i128`, since a quotient of `Decimal` with 28 digits could be rounded up.
        let (a, b) = (whole(a)?, whole(b)?);
        let (quotient, remainder) = (a.checked_div(b)?, a.checked_rem(b)?);
        let is_above = remainder != 0 && (remainder < 0) != (b < 0);
        Decimal::try_from_i128_with_scale(quotient - i128::from(is_above), 0).ok()
    })
}

fn whole(number: Decimal) -> Option<i128> {
    let number = number.normalize();
    (number.scale() == 0).then(|| number.mantissa())
}

/// Rounds a quotient to the digits that a 64-bit float prints, as in standard Liquid. Whole quotients
/// and those with fewer digits stay exact.
fn rounded_like_float(quotient: Decimal) -> Decimal {
    const EXACT: u128 = 10_u128.pow(17);
    let quotient = quotient.normalize();
    if quotient.scale() == 0 || quotient.mantissa().unsigned_abs() < EXACT {
        return quotient;
    }
    let float: Option<f64> = quotient.to_string().parse().ok();
    float.and_then(|float| parse(&float.to_string())).unwrap_or(quotient)
}

/// The remainder has the divisor's sign, as in standard Liquid.
fn modulo(call: &Call<'_>) -> Outcome {
    if operand(call)?.value.is_zero() {
        return Err(call.failure("cannot divide by zero"));
    }
    calculate(call, |a, b| {
        let remainder = a.checked_rem(b)?;
        let other_sign = remainder.is_sign_negative() != b.is_sign_negative();
        if remainder.is_zero() || !other_sign { Some(remainder) } else { remainder.checked_add(b) }
    })
}

/// Rounds to the given count of decimal places, or to a whole number without one; `-2` rounds to
/// hundreds. Rounds halves away from zero.
fn round(call: &Call<'_>) -> Outcome {
    let number = input(call)?;
    let places = call.whole_argument(0)?.unwrap_or(0).clamp(-28, 28);
    let digits = u32::try_from(places.unsigned_abs()).unwrap_or(0);
    let rounded = |value: Decimal, digits| {
        value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
    };
    if places >= 0 {
        let is_decimal = number.is_decimal && places > 0;
        return Ok(to_value(Number { value: rounded(number.value, digits), is_decimal }));
    }
    let value = Decimal::try_from_i128_with_scale(10_i128.pow(digits), 0)
        .ok()
        .and_then(|unit| rounded(number.value.checked_div(unit)?, 0).checked_mul(unit));
    let value = value.ok_or_else(|| call.failure("would make a number of more than 28 digits"))?;
    Ok(to_value(Number { value, ..number }))
}

fn to_value(number: Number) -> Value {
    let mut text = number.value.normalize().to_string();
    if number.is_decimal && !text.contains('.') {
        text.push_str(".0");
    }
    raw_json::wrap_number(text)
}
