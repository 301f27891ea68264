//! The response codes that count as delivered.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::fields::whole_number;

/// The response codes that count as delivered: 200 and 202 by default, others within 200–399. (A
/// receiver may answer a processed request with a redirect; redirects are never followed.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SuccessCodes(Vec<u16>);

/// Completes "`success_codes` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be an array of 1 to {} codes from 200 to 399", SuccessCodes::MAX_ENTRIES)]
pub struct InvalidSuccessCodes;

impl SuccessCodes {
    /// The most codes.
    pub const MAX_ENTRIES: usize = 20;
    /// The range of codes.
    pub const ALLOWED: RangeInclusive<u16> = 200..=399;

    /// Reads the codes from a request's field.
    pub fn from_json(value: &Value) -> Result<Self, InvalidSuccessCodes> {
        let list = value.as_array().ok_or(InvalidSuccessCodes)?;
        if list.is_empty() || list.len() > Self::MAX_ENTRIES {
            return Err(InvalidSuccessCodes);
        }
        let code = |item: &Value| {
            let code = whole_number(item).and_then(|code| u16::try_from(code).ok());
            code.filter(|code| Self::ALLOWED.contains(code)).ok_or(InvalidSuccessCodes)
        };
        let mut codes = list.iter().map(code).collect::<Result<Vec<_>, _>>()?;
        codes.sort_unstable();
        codes.dedup();
        Ok(Self(codes))
    }

    /// Whether a response with `code` counts as delivered.
    pub fn contain(&self, code: u16) -> bool {
        self.0.contains(&code)
    }
}

/// Writes the codes in ascending order: `200, 202`.
impl fmt::Display for SuccessCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, code) in self.0.iter().enumerate() {
            write!(f, "{}{code}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl Default for SuccessCodes {
    fn default() -> Self {
        Self(vec![200, 202])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn by_default_only_200_and_202_count_as_delivered() {
        let default = SuccessCodes::default();
        let delivered: Vec<u16> = (100..600).filter(|code| default.contain(*code)).collect();
        assert_eq!(delivered, [200, 202]);
        let widened = SuccessCodes::from_json(&json!([204, 200, 204])).unwrap();
        assert_eq!(widened, SuccessCodes(vec![200, 204]));
    }

    #[test]
    fn only_codes_from_200_to_399_are_accepted() {
        let all = SuccessCodes::from_json(&json!([399, 200, 302, 299, 300])).unwrap();
        assert_eq!(all.to_string(), "200, 299, 300, 302, 399");
        for bad in [
            json!([]),
            json!([199]),
            json!([400]),
            json!([404]),
            json!([500]),
            json!(200),
            json!(["200"]),
            json!([65_736]),
        ] {
            assert_eq!(SuccessCodes::from_json(&bad), Err(InvalidSuccessCodes), "{bad}");
        }
    }
}
