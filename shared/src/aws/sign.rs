//! Signature Version 4 for what the functions send: a `POST` to `/` with its body in memory.
//!
//! The SDK derives the day's key anew for every call, and sorts, copies and prints all headers
//! several times. Here the key is remembered, and a request is read once. Whatever is out of the
//! ordinary, an attempt after the first among it (which may have to be signed for another time than
//! the clock's), is left to the SDK.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4Signer};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::{
    AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign,
};
use aws_smithy_runtime_api::client::identity::{Identity, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::{GetIdentityResolver, RuntimeComponents};
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderValue;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

const HOST: &str = "host";
const DATE: &str = "x-amz-date";
const TOKEN: &str = "x-amz-security-token";
const AUTHORIZATION: &str = "authorization";
/// Headers that proxies may change, or that are none of the request's when it is signed.
const UNSIGNED: [&str; 4] = [AUTHORIZATION, "user-agent", "transfer-encoding", "x-amzn-trace-id"];

/// Signs as the SDK does, with less work.
#[derive(Default)]
pub(crate) struct Signing {
    sdk: SigV4Signer,
    /// The key of the last call.
    key: Mutex<Option<Key>>,
}

/// A key that is good for a day, a region and a service.
struct Key {
    secret: String,
    scope: String,
    mac: Hmac<Sha256>,
}

/// Nothing of it is anybody's.
impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signing")
    }
}

impl AuthScheme for Signing {
    fn scheme_id(&self) -> AuthSchemeId {
        SCHEME_ID
    }

    fn identity_resolver(
        &self,
        identity_resolvers: &dyn GetIdentityResolver,
    ) -> Option<SharedIdentityResolver> {
        identity_resolvers.identity_resolver(SCHEME_ID)
    }

    fn signer(&self) -> &dyn Sign {
        self
    }
}

impl Sign for Signing {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        endpoint: AuthSchemeEndpointConfig<'_>,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        let is_first = config.load::<RequestAttempts>().is_none_or(|made| u32::from(*made) <= 1);
        let is_plain =
            ["signingRegion", "signingName"].iter().all(|key| endpoint.get(key).is_none());
        let for_whom = (
            identity.data::<Credentials>(),
            config.load::<SigningRegion>(),
            config.load::<SigningName>(),
        );
        if let (true, true, (Some(credentials), Some(region), Some(service))) =
            (is_first, is_plain, for_whom)
        {
            let now = components.time_source().unwrap_or_default().now();
            let scope = Scope { credentials, region: region.as_ref(), service: service.as_ref() };
            if self.sign(request, &scope, now).is_some() {
                return Ok(());
            }
        }
        self.sdk.sign_http_request(request, identity, endpoint, components, config)
    }
}

/// Whose signature it is, and for what.
struct Scope<'a> {
    credentials: &'a Credentials,
    region: &'a str,
    service: &'a str,
}

impl Signing {
    /// Adds the signature; `None`, and nothing is changed, for a request that is out of the ordinary.
    fn sign(&self, request: &mut HttpRequest, scope: &Scope<'_>, now: SystemTime) -> Option<()> {
        let (host, time) = (host(request.uri())?.to_owned(), time(now)?);
        let body = request.body().bytes()?;
        if request.method() != "POST" || !request.headers().iter().all(is_ordinary) {
            return None;
        }
        let body = hex(&Sha256::digest(body));
        let token = scope.credentials.session_token();
        let token_header = match token {
            Some(token) => Some(sensitive(token)?),
            None => None,
        };

        let headers = request.headers().iter().filter(|(name, _)| !UNSIGNED.contains(name));
        let mut headers: Vec<(&str, &str)> = headers.collect();
        headers.push((HOST, &host));
        headers.push((DATE, &time));
        headers.extend(token.map(|token| (TOKEN, token)));
        headers.sort_unstable();
        if headers.windows(2).any(|pair| matches!(pair, [(a, _), (b, _)] if a == b)) {
            return None;
        }
        let size: usize =
            headers.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum();
        let mut signed = String::with_capacity(size);
        let mut canonical = String::with_capacity(size + 100);
        canonical.push_str("POST\n/\n\n");
        for (name, value) in headers {
            if !signed.is_empty() {
                signed.push(';');
            }
            signed.push_str(name);
            for part in [name, ":", value, "\n"] {
                canonical.push_str(part);
            }
        }
        for part in ["\n", &signed, "\n", &body] {
            canonical.push_str(part);
        }

        let scope_text =
            format!("{}/{}/{}/aws4_request", time.get(..8)?, scope.region, scope.service);
        let hash = hex(&Sha256::digest(canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope_text}\n{hash}");
        let mut mac = self.key(scope, &scope_text)?;
        mac.update(to_sign.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope_text}, SignedHeaders={signed}, Signature={signature}",
            scope.credentials.access_key_id()
        );
        let (date, authorization) =
            (HeaderValue::try_from(time).ok()?, HeaderValue::try_from(authorization).ok()?);
        let headers = request.headers_mut();
        headers.insert(DATE, date);
        headers.insert(AUTHORIZATION, authorization);
        if let Some(token) = token_header {
            headers.insert(TOKEN, token);
        }
        Some(())
    }

    /// The key for a scope, ready for what is to be signed.
    fn key(&self, scope: &Scope<'_>, scope_text: &str) -> Option<Hmac<Sha256>> {
        let secret = scope.credentials.secret_access_key();
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) =
            known.as_ref().filter(|key| key.scope == scope_text && key.secret == secret)
        {
            return Some(key.mac.clone());
        }
        let mut key = format!("AWS4{secret}").into_bytes();
        for part in scope_text.split('/') {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
            mac.update(part.as_bytes());
            key = mac.finalize().into_bytes().to_vec();
        }
        let mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        *known =
            Some(Key { secret: secret.to_owned(), scope: scope_text.to_owned(), mac: mac.clone() });
        Some(mac)
    }
}

/// The host of a URL that has nothing else, as the `host` header has it.
fn host(url: &str) -> Option<&str> {
    let (rest, default_port) = match url.strip_prefix("https://") {
        Some(rest) => (rest, ":443"),
        None => (url.strip_prefix("http://")?, ":80"),
    };
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let is_plain = !host.is_empty() && !host.contains(['/', '?', '#', '@']);
    (is_plain && !host.ends_with(default_port)).then_some(host)
}

/// `20261127T081500Z`.
fn time(now: SystemTime) -> Option<String> {
    let now = TimeZone::UTC.to_datetime(Timestamp::try_from(now).ok()?);
    let mut text = String::with_capacity(16);
    let (year, month, day) = (now.year(), now.month(), now.day());
    let (hour, minute, second) = (now.hour(), now.minute(), now.second());
    write!(text, "{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z").ok()?;
    Some(text)
}

/// Whether a header is signed as it stands: the canonical form has neither spaces around a value nor
/// two in a row.
fn is_ordinary((_, value): (&str, &str)) -> bool {
    value.trim_ascii().len() == value.len() && !value.contains("  ")
}

fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok().filter(|_| is_ordinary(("", value)))?;
    value.set_sensitive(true);
    Some(value)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0'));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests;
