//! Identities of subscriptions and reports, in one normal form.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::report::Report;

/// The reports of an event that a subscription selects, in normal form, as people and engines write the
/// same number in many ways.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Identity {
    /// All reports of the account.
    All,
    /// Reports of one `bridge` number.
    Number(Normalized),
    /// Reports of one `flow_id`.
    Flow(Normalized),
    /// Reports of one `source`: `OBD` or `C2C`.
    Source(Normalized),
}

/// The value of an identity in normal form: 1 to 64 visible ASCII characters without `#`, which
/// separates the parts of a key in DynamoDB.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Normalized(String);

/// Completes "`identity` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "must be `all`, `number:<bridge>`, `flow:<flow_id>` or `source:<OBD or C2C>`, \
     with 1 to 64 printable characters after the colon"
)]
pub struct InvalidIdentity;

impl Identity {
    /// The identities that `report` matches: at most one of each kind.
    pub fn matching(report: &Report) -> Vec<Self> {
        let value_of = |field| report.value(field).and_then(spelling);
        let mut identities = vec![Self::All];
        identities.extend(
            value_of("bridge").and_then(|text| Normalized::number(&text)).map(Self::Number),
        );
        identities
            .extend(value_of("flow_id").and_then(|text| Normalized::flow(&text)).map(Self::Flow));
        identities.extend(
            value_of("source").and_then(|text| Normalized::source(&text)).map(Self::Source),
        );
        identities
    }
}

/// The text of a report's field. A whole JSON number is written without point and exponent, as engines
/// with floating point only send `918068280000.0` or `9.1806828E11`.
pub(super) fn spelling(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => {
            let text = number.to_string();
            Some(Cow::Owned(whole(&text).unwrap_or(text)))
        }
        _ => None,
    }
}

/// The digits of a JSON number, if it is whole, not negative, and has at most [`Normalized::MAX_LEN`].
fn whole(number: &str) -> Option<String> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let zeros = exponent.parse::<usize>().ok()?.checked_sub(fraction.len())?;
    let mut digits = format!("{integer}{fraction}");
    if !is_digits(&digits) || digits.len().checked_add(zeros)? > Normalized::MAX_LEN {
        return None;
    }
    digits.extend(std::iter::repeat_n('0', zeros));
    let significant = digits.trim_start_matches('0');
    Some(if significant.is_empty() { "0".to_owned() } else { significant.to_owned() })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Normalized {
    /// The longest value, in characters.
    pub const MAX_LEN: usize = 64;

    /// A phone number without spacing, `+` and the international prefix `00`. A text that is not a
    /// number after that, such as a masked one, stays unchanged. No prefix is added: whether `080…` and
    /// `9180…` are the same number depends on the country's numbering plan.
    fn number(text: &str) -> Option<Self> {
        let spaced = without_zero_fraction(text);
        let plain: String = spaced.chars().filter(|c| !is_spacing(*c)).collect();
        let plain = plain.strip_prefix('+').unwrap_or(&plain);
        let mut plain = plain;
        // Repeated, so that normalizing is idempotent.
        while let Some(rest) = plain.strip_prefix("00").filter(|rest| !rest.is_empty()) {
            plain = rest;
        }
        if is_digits(plain) { Self::checked(plain) } else { Self::checked(text) }
    }

    fn flow(text: &str) -> Option<Self> {
        Self::checked(without_zero_fraction(text.trim()))
    }

    fn source(text: &str) -> Option<Self> {
        Self::checked(&text.trim().to_ascii_uppercase())
    }

    /// The value as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `text`, if it is a valid value.
    pub(super) fn checked(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
        let fits = (1..=Self::MAX_LEN).contains(&text.len()) && text.bytes().all(allowed);
        fits.then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Normalized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether people write the character between the digits of a phone number. Text copied from documents
/// and address books has typographic and invisible ones.
fn is_spacing(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// Removes the fraction of `918068280000.0`, a number that went through floating point. Dots between
/// groups of digits stay.
fn without_zero_fraction(text: &str) -> &str {
    match text.trim().split_once('.') {
        Some((integer, fraction))
            if !fraction.is_empty()
                && fraction.bytes().all(|byte| byte == b'0')
                && is_digits(integer.strip_prefix('+').unwrap_or(integer)) =>
        {
            integer
        }
        _ => text,
    }
}

impl FromStr for Identity {
    type Err = InvalidIdentity;

    fn from_str(text: &str) -> Result<Self, InvalidIdentity> {
        if text == "all" {
            return Ok(Self::All);
        }
        let (kind, value) = text.split_once(':').ok_or(InvalidIdentity)?;
        let identity = match kind {
            "number" => Normalized::number(value).map(Self::Number),
            "flow" => Normalized::flow(value).map(Self::Flow),
            "source" => Normalized::source(value).map(Self::Source),
            _ => None,
        };
        identity.ok_or(InvalidIdentity)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Number(value) => write!(f, "number:{value}"),
            Self::Flow(value) => write!(f, "flow:{value}"),
            Self::Source(value) => write!(f, "source:{value}"),
        }
    }
}

impl TryFrom<String> for Identity {
    type Error = InvalidIdentity;

    fn try_from(text: String) -> Result<Self, InvalidIdentity> {
        text.parse()
    }
}

impl From<Identity> for String {
    fn from(identity: Identity) -> Self {
        identity.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        text.parse::<Identity>().unwrap().to_string()
    }

    /// The identity of `kind` of a report whose `field` has this JSON.
    fn of_report(kind: &str, field: &str, json: &str) -> Option<String> {
        let report = Report::parse(&format!("{{\"{field}\": {json}}}")).unwrap();
        let identities = Identity::matching(&report).into_iter().map(|found| found.to_string());
        identities.filter(|found| found.starts_with(kind)).max_by_key(String::len)
    }

    #[test]
    fn spellings_of_a_number_have_one_normal_form() {
        for text in [
            "918068280000",
            "+918068280000",
            "00918068280000",
            "+91 80682 80000",
            "+91-80-6828-0000",
            "(+91) 80.6828.0000",
            " 91 8068280000 ",
            "+91\u{a0}80682\u{202f}80000",
            "+91\u{2011}8068280000",
            "\u{202a}+918068280000\u{202c}",
            "918068280000.0",
            "+918068280000.00",
        ] {
            assert_eq!(normal(&format!("number:{text}")), "number:918068280000", "{text}");
            let json = Value::from(text).to_string();
            let found = of_report("number", "bridge", &json);
            assert_eq!(found.as_deref(), Some("number:918068280000"), "{text}");
        }
        for json in
            ["918068280000", "918068280000.0", "9.1806828E11", "91806828e4", "918068280000.00e0"]
        {
            let found = of_report("number", "bridge", json);
            assert_eq!(found.as_deref(), Some("number:918068280000"), "{json}");
        }
    }

    #[test]
    fn numbers_that_may_differ_have_different_normal_forms() {
        for (text, kept) in [
            ("08068280000", "08068280000"),
            ("0918068280000", "0918068280000"),
            ("080-6828 0000", "08068280000"),
            ("0", "0"),
            ("00", "00"),
            ("+", "+"),
            ("91.80.00", "918000"),
            ("555.0100", "5550100"),
            // Masked numbers and names match as they are.
            ("91806828XXXX", "91806828XXXX"),
            ("+91806828XXXX", "+91806828XXXX"),
            ("91-806828-****", "91-806828-****"),
            ("sip:100@pbx.example", "sip:100@pbx.example"),
            ("1.5.0x", "1.5.0x"),
            ("1e3", "1e3"),
        ] {
            assert_eq!(normal(&format!("number:{text}")), format!("number:{kept}"), "{text}");
        }
        for json in ["-918068280000", "0.5", "1.5", "1e64", "1e-1"] {
            assert_ne!(of_report("number", "bridge", json).as_deref(), Some("number:1"), "{json}");
        }
        assert_eq!(of_report("number", "bridge", "\"9180#6\"").as_deref(), None);
        assert_eq!(of_report("number", "bridge", "\"\"").as_deref(), None);
        assert_eq!(of_report("number", "bridge", "null").as_deref(), None);
    }

    #[test]
    fn a_flow_has_one_normal_form_as_number_and_as_string() {
        for text in ["123", " 123 ", "123.0"] {
            assert_eq!(normal(&format!("flow:{text}")), "flow:123", "{text}");
        }
        for json in ["123", "123.0", "1.23e2", "\"123\"", "\"123.0\"", "\" 123\""] {
            assert_eq!(of_report("flow", "flow_id", json).as_deref(), Some("flow:123"), "{json}");
        }
        for other in ["0123", "12.3", "1e3", "a-1", "+123"] {
            assert_eq!(normal(&format!("flow:{other}")), format!("flow:{other}"));
        }
    }

    #[test]
    fn a_source_has_one_normal_form_in_any_case() {
        for text in ["OBD", "obd", "Obd", " obd "] {
            assert_eq!(normal(&format!("source:{text}")), "source:OBD", "{text}");
            let json = Value::from(text).to_string();
            assert_eq!(of_report("source", "source", &json).as_deref(), Some("source:OBD"));
        }
    }

    #[test]
    fn identities_read_back_what_they_write() {
        for text in ["all", "number:918068280000", "number:91806828XXXX", "flow:123", "source:OBD"]
        {
            assert_eq!(normal(text), text);
        }
        for bad in [
            "",
            "All",
            "number:",
            "number",
            "colour:red",
            "flow:a#b",
            "flow:a b",
            "source:ü",
            "number: ",
            "number:a b",
            &format!("number:{}", "1".repeat(65)),
        ] {
            assert_eq!(bad.parse::<Identity>(), Err(InvalidIdentity), "{bad}");
        }
    }
}
