//! Filters that calculate, in decimal: 0.1 and 0.2 are 0.3, and phone numbers stay whole.
//!
//! A text of digits is a number, nothing and an empty text are 0. At most 28 digits.

use liquid_core::{Value, ValueView};
use rust_decimal::{Decimal, RoundingStrategy};

use super::call::Call;
use super::{Definition, filter};
use crate::compose::error::RenderFailure;

type Outcome = Result<Value, RenderFailure>;

pub(super) const FILTERS: &[Definition] = &[
    filter("plus", 1..=1, |call| two(call, Decimal::checked_add)),
    filter("minus", 1..=1, |call| two(call, Decimal::checked_sub)),
    filter("times", 1..=1, |call| two(call, Decimal::checked_mul)),
    filter("divided_by", 1..=1, divided_by),
    filter("modulo", 1..=1, modulo),
    filter("at_least", 1..=1, |call| two(call, |a, b| Some(a.max(b)))),
    filter("at_most", 1..=1, |call| two(call, |a, b| Some(a.min(b)))),
    filter("abs", 0..=0, |call| Ok(shown(input(call)?.abs()))),
    filter("ceil", 0..=0, |call| Ok(shown(input(call)?.ceil()))),
    filter("floor", 0..=0, |call| Ok(shown(input(call)?.floor()))),
    filter("round", 0..=1, round),
];

/// The longest text that is read as a number, in bytes.
pub(super) const MAX_TEXT: usize = 64;

/// The number that a text is.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    // Longer texts are no numbers, and need not be looked at.
    if text.len() > MAX_TEXT {
        return None;
    }
    let text = text.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    // The crate would take `1_000`.
    if !digits {
        return None;
    }
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

fn number(call: &Call<'_>, value: &dyn ValueView) -> Result<Decimal, RenderFailure> {
    if value.is_nil() {
        return Ok(Decimal::ZERO);
    }
    let refused = || call.refuse("takes numbers of at most 28 digits");
    let scalar = value.as_scalar().ok_or_else(refused)?;
    let text = scalar.to_kstr();
    if text.len() <= MAX_TEXT && text.trim().is_empty() {
        return Ok(Decimal::ZERO);
    }
    let mut number = parse(&text).ok_or_else(refused)?;
    // The template's `5.0` comes as a float, which prints as `5`.
    if number.scale() == 0 && scalar.type_name() == "fractional number" {
        number.rescale(1);
    }
    Ok(number)
}

fn input(call: &Call<'_>) -> Result<Decimal, RenderFailure> {
    number(call, call.input)
}

fn operand(call: &Call<'_>) -> Result<Decimal, RenderFailure> {
    call.argument(0).map_or(Ok(Decimal::ZERO), |argument| number(call, argument))
}

fn two(call: &Call<'_>, calculate: fn(Decimal, Decimal) -> Option<Decimal>) -> Outcome {
    let result = calculate(input(call)?, operand(call)?);
    result.map(shown).ok_or_else(|| call.refuse("would make a number of more than 28 digits"))
}

/// Whole numbers are divided to a whole number (rounded down), as in standard Liquid; a
/// decimal point in either asks for decimals.
fn divided_by(call: &Call<'_>) -> Outcome {
    if operand(call)?.is_zero() {
        return Err(call.refuse("cannot divide by zero"));
    }
    two(call, |a, b| {
        let quotient = a.checked_div(b)?;
        let whole = a.scale() == 0 && b.scale() == 0;
        Some(if whole { quotient.floor() } else { quotient })
    })
}

/// The remainder has the divisor's sign, as in standard Liquid.
fn modulo(call: &Call<'_>) -> Outcome {
    if operand(call)?.is_zero() {
        return Err(call.refuse("cannot divide by zero"));
    }
    two(call, |a, b| {
        let remainder = a.checked_rem(b)?;
        let other_sign = remainder.is_sign_negative() != b.is_sign_negative();
        if remainder.is_zero() || !other_sign { Some(remainder) } else { remainder.checked_add(b) }
    })
}

fn round(call: &Call<'_>) -> Outcome {
    let places = call.whole_argument(0)?.unwrap_or(0).clamp(0, 28);
    let places = u32::try_from(places).unwrap_or(0);
    let rounded =
        input(call)?.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    Ok(shown(rounded))
}

fn shown(number: Decimal) -> Value {
    Value::scalar(number.normalize().to_string())
}
