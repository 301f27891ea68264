//! `Accept-Encoding` (RFC 9110, 12.5.3).

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// The content coding of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// The value of `Content-Encoding`; `None` for the identity.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The weight of each coding in `Accept-Encoding`, in thousandths; `None` if it is not listed.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    any: Option<u16>,
}

impl Weights {
    /// The weights of a request. Ignores invalid members of the list.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut weights = Self::default();
        let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
        for member in lists.flat_map(|list| list.split(',')) {
            let (coding, parameters) = member.split_once(';').unwrap_or((member, ""));
            let Some(weight) = weight(parameters) else { continue };
            let of_coding = match coding.trim().to_ascii_lowercase().as_str() {
                "br" => &mut weights.brotli,
                "gzip" | "x-gzip" => &mut weights.gzip,
                "identity" => &mut weights.identity,
                "*" => &mut weights.any,
                _ => continue,
            };
            *of_coding = Some(weight);
        }
        weights
    }

    /// The weight of a coding: 0 if it is not listed.
    pub(crate) fn of_coding(&self, coding: Coding) -> u16 {
        let own = match coding {
            Coding::Brotli => self.brotli,
            Coding::Gzip => self.gzip,
            Coding::Identity => self.identity,
        };
        own.or(self.any).unwrap_or(0)
    }

    /// Whether the caller accepts this coding. The identity is served even to a caller that refuses it.
    pub(crate) fn accept(&self, coding: Coding) -> bool {
        coding == Coding::Identity || self.of_coding(coding) > 0
    }
}

/// The weight that the parameters of a member give it, such as `q=0.5`.
fn weight(parameters: &str) -> Option<u16> {
    const WHOLE: u16 = 1000;
    let parameters = parameters.trim();
    if parameters.is_empty() {
        return Some(WHOLE);
    }
    let value = parameters.strip_prefix("q=").or_else(|| parameters.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_fraction = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !matches!(whole, "0" | "1") || !is_fraction {
        return None;
    }
    let thousandths: u16 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (thousandths <= WHOLE).then_some(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_has_at_most_three_decimals_and_is_at_most_1() {
        for (parameters, expected) in [
            ("", Some(1000)),
            (" q=1", Some(1000)),
            ("q=1.000", Some(1000)),
            ("q=0", Some(0)),
            ("q=0.", Some(0)),
            ("Q=0.5", Some(500)),
            ("q=0.001", Some(1)),
            ("q=1.001", None),
            ("q=2", None),
            ("q=0.0001", None),
            ("q=-1", None),
            ("q=nan", None),
            ("q=.5", None),
            ("q=", None),
            ("level=1", None),
        ] {
            assert_eq!(weight(parameters), expected, "{parameters}");
        }
    }
}
