//! Filters that make JSON: `json` and `number`.

use std::io::{self, Write};

use liquid_core::{Value, ValueView};

use super::call::Call;
use super::{Definition, filter};
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::raw_json::{self, ChargedWriter};

type Outcome = Result<Value, RenderFailure>;

pub(super) const FILTERS: &[Definition] =
    &[filter("json", 0..=0, json), filter("number", 0..=0, number)];

/// The input as JSON: a number with all digits, a text in quotes, nil as `null`.
fn json(call: &Call<'_>) -> Outcome {
    let mut out = ChargedWriter::new(|bytes| call.charge(bytes));
    let written = write(call.input, &mut out);
    Ok(Call::charged_text(out.finish(written)?))
}

fn write(value: &dyn ValueView, out: &mut impl Write) -> io::Result<()> {
    if let Some(list) = value.as_array() {
        out.write_all(b"[")?;
        for (i, value) in list.values().enumerate() {
            out.write_all(if i == 0 { b"" } else { b"," })?;
            write(value, out)?;
        }
        return out.write_all(b"]");
    }
    if let Some(json) = raw_json::text(value) {
        return out.write_all(json.as_bytes());
    }
    let Some(scalar) = value.as_scalar() else {
        let json: &[u8] = if value.is_nil() { b"null" } else { b"\"\"" };
        return out.write_all(json);
    };
    match scalar.type_name() {
        "boolean" | "whole number" => out.write_all(scalar.to_kstr().as_bytes()),
        // A literal of the template. Rust prints `5.0` as `5`, and a number of 400 digits as `inf`.
        "fractional number" => match scalar.to_float().filter(|number| number.is_finite()) {
            Some(number) if number.fract() == 0.0 => write!(out, "{number:.1}"),
            Some(number) => write!(out, "{number}"),
            None => out.write_all(b"null"),
        },
        _ => Ok(serde_json::to_writer(out, scalar.to_kstr().as_str())?),
    }
}

/// The input as a JSON number with all digits.
fn number(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    let text = text.trim();
    if !is_json_number(text) {
        return Err(call.failure(if text.is_empty() {
            "needs a number, but the input is empty; `| default: 0 | number` sends 0 instead"
        } else {
            "needs a JSON number: digits without a leading `0` or `+`"
        }));
    }
    call.charge(text.len() + raw_json::OVERHEAD)?;
    Ok(raw_json::wrap_number(text.to_owned()))
}

/// Whether `text` is a number as defined in RFC 8259, section 6.
fn is_json_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits(text);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => digits(rest),
        None => ("0", rest),
    };
    let exponent = match rest.strip_prefix(['e', 'E']) {
        Some(rest) => {
            let (exponent, rest) = digits(rest.strip_prefix(['+', '-']).unwrap_or(rest));
            !exponent.is_empty() && rest.is_empty()
        }
        None => rest.is_empty(),
    };
    let is_whole = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
    is_whole && !fraction.is_empty() && exponent
}

/// Splits `text` after the digits at its beginning.
fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_numbers_are_numbers() {
        let yes = ["0", "-0", "7", "918867130000", "1.50", "-0.5", "1e3", "1E+3", "2.5e-10"];
        for text in yes {
            assert!(is_json_number(text), "{text}");
            assert!(serde_json::from_str::<serde_json::Number>(text).is_ok(), "{text}");
        }
        let no = [
            "", "-", "+1", "01", "00", ".5", "5.", "1e", "1e+", "1 2", "1,5", "0x1", "inf", "NaN",
            "--1", "1.5.2", "1e1e1", "12a", "٣",
        ];
        for text in no {
            assert!(!is_json_number(text), "{text}");
        }
    }
}
