//! Explanations of attempts' outcomes for the webhook's owner.

use std::fmt;

use super::NoResponse;
use crate::domain::delivery::SuccessCodes;

/// Displays an outcome and its explanation, without values of a report, secrets or addresses.
pub struct OutcomeExplanation<'a> {
    result: Result<u16, NoResponse>,
    success_codes: &'a SuccessCodes,
}

impl<'a> OutcomeExplanation<'a> {
    /// The explanation of `result` for a webhook with these `success_codes`.
    pub fn new(result: Result<u16, NoResponse>, success_codes: &'a SuccessCodes) -> Self {
        Self { result, success_codes }
    }
}

/// Like all reasons, the text begins in lower case and ends without a full stop.
impl fmt::Display for OutcomeExplanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.success_codes;
        let code = match self.result {
            Ok(code) => code,
            Err(why) => return why.fmt(f),
        };
        write!(f, "the receiver answered {code}")?;
        match code {
            code if codes.contain(code) => write!(f, ", which is among success_codes ({codes})"),
            200..=299 => write!(f, ", which is not among success_codes ({codes})"),
            300..=399 => write!(
                f,
                ": redirects are not followed; enter the URL that it leads to, or add {code} to \
                 success_codes if that answer means success"
            ),
            _ => hint(code).map_or(Ok(()), |hint| write!(f, ": {hint}")),
        }
    }
}

/// Advice to the webhook's owner on the status code of a failure.
fn hint(code: u16) -> Option<&'static str> {
    let hint = match code {
        400 | 422 => {
            "it cannot use the request; compare a preview of the webhook with what it expects"
        }
        401 => "it wants credentials; check the webhook's headers, secrets and the URL's user",
        403 => {
            "it forbids the request; check the credentials, and whether a firewall blocks Callhook"
        }
        404 => "it has nothing at this URL; check the path",
        405 => "it does not allow this method here; check the webhook's method and the path",
        406 | 415 => {
            "it does not accept this format; check the webhook's content-type and body format"
        }
        408 => "it waited too long for the request; look for an overload or a proxy there",
        410 => "the URL is gone for good, so the webhook is deactivated",
        411 => "it wants a length that every request of Callhook has; look for a proxy in between",
        413 => "the request is too large for it; raise its limit, or compose a smaller body",
        414 | 431 => {
            "the URL or the headers are too long for it; shorten what the webhook composes"
        }
        429 => "it gets too many requests; set max_per_second on the webhook",
        501 | 505 => {
            "it does not support such requests; check that the URL leads to the right server"
        }
        502 | 504 => {
            "a proxy in front of it got no answer from it; check that the application runs"
        }
        503 => "it is overloaded or down for maintenance",
        _ => match code / 100 {
            1 => "this is no final answer",
            4 => "it refuses the request",
            5 => "it failed; look into its error log",
            _ => return None,
        },
    };
    Some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn explanation(result: Result<u16, NoResponse>) -> String {
        OutcomeExplanation::new(result, &SuccessCodes::default()).to_string()
    }

    #[test]
    fn an_explanation_names_the_status_code_and_gives_advice() {
        for (code, part) in [
            (101, "no final answer"),
            (200, ", which is among success_codes (200, 202)"),
            (201, ", which is not among success_codes (200, 202)"),
            (204, ", which is not among success_codes (200, 202)"),
            (301, ": redirects are not followed"),
            (302, ": redirects are not followed"),
            (304, "add 304 to success_codes"),
            (400, "preview"),
            (401, "credentials"),
            (403, "forbids"),
            (404, "path"),
            (405, "method"),
            (410, "gone for good"),
            (413, "too large"),
            (415, "format"),
            (418, "refuses the request"),
            (422, "preview"),
            (429, "max_per_second"),
            (500, "error log"),
            (502, "proxy"),
            (503, "overloaded"),
            (504, "proxy"),
            (599, "error log"),
        ] {
            let text = explanation(Ok(code));
            assert!(text.starts_with(&format!("the receiver answered {code}")), "{text}");
            assert!(text.contains(part), "{text}");
            assert!(text.len() < 200 && !text.ends_with('.'), "{text}");
        }
        assert_eq!(explanation(Ok(999)), "the receiver answered 999");
        assert_eq!(explanation(Err(NoResponse::Dns)), NoResponse::Dns.to_string());
    }

    #[test]
    fn an_explanation_names_the_webhooks_success_codes() {
        let codes = SuccessCodes::from_json(&json!([302, 200])).unwrap();
        let text = |code| OutcomeExplanation::new(Ok(code), &codes).to_string();
        assert_eq!(text(302), "the receiver answered 302, which is among success_codes (200, 302)");
        assert_eq!(
            text(202),
            "the receiver answered 202, which is not among success_codes (200, 302)"
        );
    }
}
