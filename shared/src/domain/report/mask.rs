//! Masks of phone numbers.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The phone numbers that are masked in requests to a webhook. The stored report is not masked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<&'static str>")]
pub struct Mask([bool; Mask::FIELDS.len()]);

/// Completes "`mask` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be an array of `bridge`, `from` and `to`, or some of them")]
pub struct InvalidMask;

impl Mask {
    /// The fields of a report that hold phone numbers.
    pub const FIELDS: [&str; 3] = ["bridge", "from", "to"];
    /// How many digits of a number stay visible.
    const SHOWN: usize = 4;

    /// Reads a mask from a request's field.
    pub fn from_json(value: &Value) -> Result<Self, InvalidMask> {
        let names = value.as_array().ok_or(InvalidMask)?;
        Self::of(names.iter().map(Value::as_str))
    }

    fn of<'n>(names: impl Iterator<Item = Option<&'n str>>) -> Result<Self, InvalidMask> {
        let mut mask = Self::default();
        for name in names {
            *Self::index(name).and_then(|index| mask.0.get_mut(index)).ok_or(InvalidMask)? = true;
        }
        Ok(mask)
    }

    fn index(name: Option<&str>) -> Option<usize> {
        Self::FIELDS.iter().position(|field| Some(*field) == name)
    }

    /// Whether it masks this field.
    pub fn hides(self, field: &str) -> bool {
        Self::index(Some(field)).and_then(|index| self.0.get(index).copied()).unwrap_or_default()
    }

    /// Whether it masks nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A number with `X` for each digit but the last four. Other characters stay.
    pub fn masked(number: &str) -> String {
        let digits = number.chars().filter(|c| c.is_numeric()).count();
        let mut hidden = digits.saturating_sub(Self::SHOWN);
        let mask = |c: char| {
            if c.is_numeric() && hidden > 0 {
                hidden -= 1;
                'X'
            } else {
                c
            }
        };
        number.chars().map(mask).collect()
    }
}

impl TryFrom<Vec<String>> for Mask {
    type Error = InvalidMask;

    fn try_from(names: Vec<String>) -> Result<Self, InvalidMask> {
        Self::of(names.iter().map(|name| Some(name.as_str())))
    }
}

impl From<Mask> for Vec<&'static str> {
    fn from(mask: Mask) -> Self {
        Mask::FIELDS.into_iter().filter(|field| mask.hides(field)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn any_of_the_phone_fields_can_be_masked() {
        let mask = Mask::from_json(&json!(["to", "from", "to"])).unwrap();
        assert_eq!(json!(mask), json!(["from", "to"]));
        assert_eq!(serde_json::from_value::<Mask>(json!(mask)).unwrap(), mask);
        assert!(mask.hides("from") && mask.hides("to") && !mask.hides("bridge"));
        assert!(!mask.hides("status") && !mask.is_empty());
        assert!(Mask::from_json(&json!([])).unwrap().is_empty());
        for bad in [json!("from"), json!(["mid"]), json!([7]), json!({"from": true}), json!(["To"])]
        {
            assert_eq!(Mask::from_json(&bad), Err(InvalidMask), "{bad}");
        }
    }

    #[test]
    fn the_last_four_digits_stay() {
        for (number, masked) in [
            ("918919520000", "XXXXXXXX0000"),
            ("+91 8919-520001", "+XX XXXX-XX0001"),
            ("0080123456", "XXXXXX3456"),
            ("91806828XXXX", "XXXX6828XXXX"),
            ("12345", "X2345"),
            ("1001", "1001"),
            ("", ""),
            ("sip:anna@pbx", "sip:anna@pbx"),
            ("٩١٨٩١٩٥٢٠", "XXXXX٩٥٢٠"),
        ] {
            assert_eq!(Mask::masked(number), masked);
        }
    }

    proptest! {
        #[test]
        fn never_more_than_four_digits_stay(number in "\\PC{0,40}|[0-9+() -]{0,20}") {
            let masked = Mask::masked(&number);
            prop_assert_eq!(masked.chars().count(), number.chars().count());
            let shown: String = masked.chars().filter(|c| c.is_numeric()).collect();
            prop_assert!(shown.chars().count() <= 4, "{}", masked);
            let digits: String = number.chars().filter(|c| c.is_numeric()).collect();
            prop_assert!(digits.ends_with(&shown));
        }
    }
}
