//! Phone numbers as people type them.

use std::str::FromStr;

/// The digits that a phone number ends with, at least [`NumberPattern::MIN_DIGITS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPattern(String);

/// Completes "`number` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "must be a phone number or its last digits, {min} to {max} of them; spaces, `+`, `-`, `.`, `(` and `)` do not count",
    min = NumberPattern::MIN_DIGITS, max = NumberPattern::MAX_DIGITS
)]
pub struct InvalidNumber;

impl NumberPattern {
    /// The fewest digits.
    pub const MIN_DIGITS: usize = 4;
    /// The most digits: E.164 has 15, and some engines write a prefix before them.
    pub const MAX_DIGITS: usize = 20;

    /// Whether `field`, as a report has it, is the number or ends with its digits.
    pub fn matches(&self, field: &str) -> bool {
        let mut digits = field.bytes().rev().filter(|byte| !is_separator(*byte));
        self.0.bytes().rev().all(|wanted| digits.next() == Some(wanted))
    }
}

impl FromStr for NumberPattern {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let digits: String =
            text.chars().filter(|c| !c.is_ascii() || !is_separator(*c as u8)).collect();
        // Leading zeros are an international or trunk prefix, which reports leave out.
        let number = digits.trim_start_matches('0');
        let number = if number.len() < Self::MIN_DIGITS { digits.as_str() } else { number };
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let is_of_length = (Self::MIN_DIGITS..=Self::MAX_DIGITS).contains(&number.len());
        (is_number && is_of_length).then(|| Self(number.to_owned())).ok_or(InvalidNumber)
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'+' | b'-' | b'.' | b'(' | b')' | b'/' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_people_write_them() {
        for (pattern, field, found) in [
            ("918867130000", "918867130000", true),
            ("+91 88671 30000", "918867130000", true),
            ("918867130000", "+91 (88671)-30.000", true),
            ("00918867130000", "918867130000", true),
            ("08867130000", "918867130000", true),
            ("8867130000", "918867130000", true),
            ("0000", "918867130000", true),
            ("0000", "918867130001", false),
            ("13000", "918867130000", false),
            ("918867130000", "8867130000", false),
            ("4321", "91806828XXXX", false),
            ("6828", "91806828XXXX", false),
            ("4321", "", false),
            ("4321", "sip:4321@pbx", false),
            ("4321", "sip:4321", true),
            ("4321", "४३२१", false),
        ] {
            let pattern: NumberPattern = pattern.parse().unwrap();
            assert_eq!(pattern.matches(field), found, "{pattern:?} {field}");
        }
    }

    #[test]
    fn malformed_numbers_are_refused() {
        for bad in ["", "123", "+1-2 3", "12345678901234567890123", "12a45", "४३२१", "*", "91 88x"]
        {
            assert_eq!(bad.parse::<NumberPattern>(), Err(InvalidNumber), "{bad}");
        }
    }
}
