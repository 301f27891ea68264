//! Verification of a receiver when a webhook is created, as on the platform.
//!
//! Callhook sends `POST <url>?token=…` with `{"validation_key": …, "challenge": …}`; a receiver that
//! wants the reports answers 200 and `{"challenge": …}`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::compose::{Composer, RenderError, Secrets};
use crate::domain::delivery::{Attempt, NoResponse};
use crate::domain::ids::TrialId;
use crate::domain::random::{NoRandomness, random_bytes};
use crate::domain::request::{HeaderCapture, ReportView, WebhookRequest};
use crate::domain::webhook::{VerificationToken, Webhook};

/// A verification request and its expected answer.
#[derive(Debug)]
pub struct Challenge {
    /// The `validation_key`, also sent as `webhook-id`.
    id: TrialId,
    /// The text that the answer must repeat.
    challenge: String,
}

/// Why a verification failed; completes "`verification` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum VerificationError {
    /// There was no response.
    #[error("failed: {0}")]
    NoResponse(NoResponse),
    /// There was no response within the time limit.
    #[error(
        "failed: the receiver did not answer within {} s, or within timeout_seconds if that is less: have \
         it answer a verification at once",
        Challenge::TIMEOUT.as_secs()
    )]
    Timeout,
    /// The status was not 200.
    #[error("failed: the receiver answered {0}, not 200")]
    Status(u16),
    /// The body did not repeat the challenge.
    #[error(
        "failed: the receiver did not answer with the JSON {{\"challenge\": …}} and the challenge \
         that it was sent, within {} bytes",
        Attempt::MAX_BODY
    )]
    WrongAnswer,
}

impl Challenge {
    /// The time limit of a verification, unless the webhook's timeout is shorter.
    pub const TIMEOUT: Duration = Duration::from_secs(5);

    /// A new challenge, which only the receiver gets to know.
    pub fn generate() -> Result<Self, NoRandomness> {
        let bytes: [u8; 24] = random_bytes()?;
        Ok(Self { id: TrialId::generate()?, challenge: URL_SAFE_NO_PAD.encode(bytes) })
    }

    /// The id of the verification; the sample of its request must have it as [`ReportView::id`].
    pub fn id(&self) -> TrialId {
        self.id
    }

    /// The verification request, with the URL and headers rendered for `sample`, signed like every
    /// other request. Its `webhook-id` is the validation key.
    pub fn request(
        &self,
        token: &VerificationToken,
        webhook: &Webhook,
        composer: &Composer,
        sample: ReportView<'_>,
        now: Timestamp,
    ) -> Result<WebhookRequest, RenderError> {
        let secret = |name: &str| webhook.secrets.value(name);
        let composed = composer.render(&sample.variables(webhook, now), Secrets::Known(&secret))?;
        let mut request = WebhookRequest {
            method: Method::POST,
            url: composed.url,
            headers: composed.headers,
            body: Some(Bytes::from(self.body())),
            is_paced: false,
            header_capture: HeaderCapture::Failures,
        };
        request.url.query_pairs_mut().append_pair("token", token.expose());
        request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request = request.with_signed_url(webhook, composer, &self.id, now)?;
        request.signed(webhook, self.id.into(), now)
    }

    fn body(&self) -> String {
        let validation_key = self.id.to_string();
        json!({"validation_key": validation_key, "challenge": self.challenge}).to_string()
    }

    /// Checks that the receiver answered 200 and repeated the challenge.
    pub fn check(&self, attempt: &Attempt) -> Result<(), VerificationError> {
        match attempt.result {
            Err(NoResponse::TimeoutResponse) => return Err(VerificationError::Timeout),
            Err(why) => return Err(VerificationError::NoResponse(why)),
            Ok(code) if code != StatusCode::OK.as_u16() => {
                return Err(VerificationError::Status(code));
            }
            Ok(_) => {}
        }
        let answer: Option<Value> = serde_json::from_slice(&attempt.body).ok();
        let answered = answer.as_ref().and_then(|answer| answer.get("challenge")?.as_str());
        if answered == Some(&self.challenge) { Ok(()) } else { Err(VerificationError::WrongAnswer) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn answer(result: Result<u16, NoResponse>, body: &str) -> Attempt {
        let body = body.to_owned().into();
        Attempt {
            result,
            latency: Duration::ZERO,
            body,
            is_cut: false,
            retry_after: None,
            evidence: None,
        }
    }

    #[test]
    fn only_the_challenge_itself_verifies() {
        let challenge = Challenge::generate().unwrap();
        let echo = json!({"challenge": challenge.challenge}).to_string();
        assert_eq!(challenge.check(&answer(Ok(200), &echo)), Ok(()));
        let more = json!({"status": "ok", "challenge": challenge.challenge}).to_string();
        assert_eq!(challenge.check(&answer(Ok(200), &more)), Ok(()));
        let other = Challenge::generate().unwrap();
        let all = challenge.body();
        assert_eq!(challenge.check(&answer(Ok(200), &all)), Ok(()), "an echo of the whole request");
        for wrong in [
            other.body(),
            json!({"challenge": challenge.id.to_string()}).to_string(),
            json!({"challenge": [challenge.challenge]}).to_string(),
            json!([challenge.challenge]).to_string(),
            challenge.challenge.clone(),
            "{\"challenge\": ".to_owned(),
            String::new(),
        ] {
            assert_eq!(
                challenge.check(&answer(Ok(200), &wrong)),
                Err(VerificationError::WrongAnswer),
                "{wrong}"
            );
        }
        assert_eq!(challenge.check(&answer(Ok(202), &echo)), Err(VerificationError::Status(202)));
        let none = challenge.check(&answer(Err(NoResponse::Refused), ""));
        assert_eq!(none.unwrap_err().to_string(), format!("failed: {}", NoResponse::Refused));
        let late = challenge.check(&answer(Err(NoResponse::TimeoutResponse), ""));
        assert_eq!(late, Err(VerificationError::Timeout));
    }
}
