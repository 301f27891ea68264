//! `POST /v1/accounts/{id}/console-links`: a short-lived key, and the URL that opens the console with it.
//!
//! The URL has the key in its fragment, which browsers send to no server. It begins with the operator's public URL, never
//! with the host of the request.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::api_key::{ApiKey, ConsoleLink, KeyLifetime};
use callhook::http_api::{JsonObject, PlatformCaller, Problem, ProblemKind, created};
use callhook::ports::store::NewLinkError;
use jiff::Timestamp;

use crate::accounts::existing;
use crate::keys::{NewKey, check_webhook, generated, grant_of, not_stored};
use crate::state::Store;

/// The public URL of the API, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicUrl(String);

/// The text is not a public URL.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be an https URL without query and fragment (http for localhost only)")]
pub(crate) struct InvalidPublicUrl;

impl PublicUrl {
    /// The URL that opens the console with `key`.
    fn console_link(&self, key: &ApiKey) -> String {
        format!("{self}/console/#key={}", key.reveal())
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = InvalidPublicUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPublicUrl> {
        let uri: http::Uri = text.parse().map_err(|_| InvalidPublicUrl)?;
        let host = uri.host().ok_or(InvalidPublicUrl)?;
        let is_local = host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1";
        let is_safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_local,
            _ => false,
        };
        let has_userinfo =
            uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        if !is_safe || has_userinfo || uri.query().is_some() || text.contains('#') {
            return Err(InvalidPublicUrl);
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

pub(crate) async fn create<D: Store>(
    platform: PlatformCaller,
    State(store): State<Arc<D>>,
    Extension(lifetime): Extension<KeyLifetime>,
    Extension(base): Extension<PublicUrl>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let account = existing(&*store, &id).await?.id;
    let now = Timestamp::now();
    let grant = grant_of(&*store, &platform.caller).await?.limited(lifetime, now);
    let request =
        ConsoleLink::parse(&body, &account, &grant, now).map_err(Problem::invalid_fields)?;
    check_webhook(&*store, &account, &request).await?;
    let key = generated()?;
    let record = request.into_stored_key(&key, &account.clone().into(), now);
    match store.create_link(&account, &key.hash(), &record, now).await {
        Ok(()) => {
            let path = format!("/v1/accounts/{account}/keys/{}", record.id);
            Ok(created(&path, &NewKey::of_link(record, &key, base.console_link(&key))))
        }
        Err(NewLinkError::TooManyUntil(until)) => Err(too_many_links(until)),
        Err(NewLinkError::Write(error)) => Err(not_stored(error)),
    }
}

/// 429: the account has the most links that it may have.
fn too_many_links(until: Timestamp) -> Problem {
    let detail = format!(
        "The account has {} console links, the most at a time. Use one of them, revoke one \
         (`DELETE /v1/accounts/{{id}}/keys/{{key_id}}`), or wait until {until}, when one expires.",
        ConsoleLink::MAX_LIVE
    );
    Problem::new(ProblemKind::QuotaExceeded, detail)
}

#[cfg(test)]
mod tests;
