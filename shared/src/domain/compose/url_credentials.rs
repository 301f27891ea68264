//! User and password in a webhook's URL.
//!
//! In: the template of a URL. Out: the credentials as they are sent, the URL with `•••` for them (reads
//! never show them), and the URL with `•••` replaced by the saved credentials, if the origin is the
//! same.

use percent_encoding::percent_decode_str;
use url::{Origin, Url};

use crate::domain::redaction::HIDDEN;

/// The template of a URL, split around its user and password. Both are literal text, as templates are
/// not allowed before the path.
pub(super) struct UrlCredentials<'t> {
    /// The scheme and the slashes.
    before: &'t str,
    /// The user as written; empty if absent.
    user: &'t str,
    /// `:` if there is one between user and password.
    colon: &'t str,
    /// The password as written; empty if absent.
    password: &'t str,
    /// From the `@` to the end of the authority: host and port.
    host: &'t str,
    /// Path, query and fragment.
    rest: &'t str,
}

/// A `•••` in a URL that cannot be replaced; completes "`url` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum HiddenCredentialsError {
    /// No user or password is saved.
    #[error("has `•••` for a user or password that is not saved: write it out")]
    NotSaved,
    /// The saved one was given for another receiver.
    #[error(
        "has `•••` for the saved user or password, which is kept only while scheme, host, port and \
         user stay as they are: write it out again"
    )]
    OtherOrigin,
}

impl<'t> UrlCredentials<'t> {
    /// Splits a URL as URL parsers do (WHATWG): any number of slashes after the scheme, the user up to
    /// the first `:`, the password up to the last `@`.
    pub(super) fn split(url: &'t str) -> Self {
        let scheme = url.find(':').map_or(0, |colon| colon + 1);
        let (scheme, after_scheme) = url.split_at(scheme);
        let authority = after_scheme.trim_start_matches(['/', '\\']);
        let slashes = after_scheme.len() - authority.len();
        let authority_end = authority.find(['/', '?', '#', '\\']).unwrap_or(authority.len());
        let (authority, rest) = authority.split_at(authority_end);
        let (userinfo, host) = authority.split_at(authority.rfind('@').unwrap_or(0));
        let (user, after_user) = userinfo.split_at(userinfo.find(':').unwrap_or(userinfo.len()));
        let (colon, password) = after_user.split_at(after_user.len().min(1));
        let (before, _) = url.split_at(scheme.len() + slashes);
        Self { before, user, colon, password, host, rest }
    }

    fn with(&self, user: &str, password: &str) -> String {
        [self.before, user, self.colon, password, self.host, self.rest].concat()
    }

    /// The URL with `•••` for user and password.
    pub(super) fn hidden_url(&self) -> String {
        let shown = |text: &str| if text.is_empty() { "" } else { HIDDEN };
        self.with(shown(self.user), shown(self.password))
    }

    /// User and password as they are sent; `None` if both are absent.
    pub(super) fn credentials(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let has_either = !self.user.is_empty() || !self.password.is_empty();
        has_either.then(|| (decoded(self.user), decoded(self.password)))
    }

    /// The URL with each `•••` replaced by the user or password of `saved`; `None` if it has no `•••`.
    pub(super) fn restore_hidden(
        &self,
        saved: Option<Self>,
    ) -> Result<Option<String>, HiddenCredentialsError> {
        let [hides_user, hides_password] = [self.user, self.password].map(is_hidden);
        if !hides_user && !hides_password {
            return Ok(None);
        }
        let saved = saved.ok_or(HiddenCredentialsError::NotSaved)?;
        if (hides_user && saved.user.is_empty()) || (hides_password && saved.password.is_empty()) {
            return Err(HiddenCredentialsError::NotSaved);
        }
        let user = if hides_user { saved.user } else { self.user };
        let password = if hides_password { saved.password } else { self.password };
        let has_other_user = hides_password && decoded(user) != decoded(saved.user);
        if has_other_user || !self.has_same_origin(&saved) {
            return Err(HiddenCredentialsError::OtherOrigin);
        }
        Ok(Some(self.with(user, password)))
    }

    /// Whether both URLs have the same scheme, host and port; `false` if either is invalid.
    pub(super) fn has_same_origin(&self, other: &Self) -> bool {
        // Two origins without a host are never equal.
        matches!((self.origin(), other.origin()), (Some(one), Some(other)) if one == other)
    }

    /// Scheme, host and port in normal form: lower case, Punycode, the scheme's port if none is written.
    pub(super) fn origin(&self) -> Option<Origin> {
        Url::parse(&[self.before, self.host.strip_prefix('@').unwrap_or(self.host)].concat())
            .ok()
            .map(|url| url.origin())
    }
}

/// Whether a user or password is the `•••` of a read.
fn is_hidden(text: &str) -> bool {
    decoded(text) == HIDDEN.as_bytes()
}

/// Decodes percent signs as templates do: `%%` is a percent sign, and so is a `%` that begins no escape.
fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(&text.replace("%%", "%25")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn restored(url: &str, saved: Option<&str>) -> Result<Option<String>, HiddenCredentialsError> {
        UrlCredentials::split(url).restore_hidden(saved.map(UrlCredentials::split))
    }

    #[test]
    fn user_and_password_are_hidden_wherever_the_url_parser_finds_them() {
        for (url, shown) in [
            ("https://user:pw@h.io/a:b@c?d=e:f@g", "https://•••:•••@h.io/a:b@c?d=e:f@g"),
            ("https://user:pw@h.io:8443", "https://•••:•••@h.io:8443"),
            ("https://user:pw@h.io?to={{to}}", "https://•••:•••@h.io?to={{to}}"),
            ("https://:pw@h.io/", "https://:•••@h.io/"),
            ("https://user@h.io/", "https://•••@h.io/"),
            ("https://user:@h.io/", "https://•••:@h.io/"),
            ("https://user:p:w@w@h.io/", "https://•••:•••@h.io/"),
            ("https://us%40er:p%2Fw%%@h.io/%key%", "https://•••:•••@h.io/%key%"),
            ("https://user:pw@[::1]:80/", "https://•••:•••@[::1]:80/"),
            ("HTTPS:user:pw@h.io/", "HTTPS:•••:•••@h.io/"),
            ("https:////user:pw@h.io/", "https:////•••:•••@h.io/"),
            ("https:\\\\user:pw@h.io\\", "https:\\\\•••:•••@h.io\\"),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert!(parsed.password().is_some() || !parsed.username().is_empty(), "{url}");
            assert_eq!(UrlCredentials::split(url).hidden_url(), shown);
        }
    }

    #[test]
    fn a_url_without_user_and_password_is_shown_unchanged() {
        for url in [
            "https://h.io/",
            "https://h.io:8443/a:b@c",
            "https://h.io?a=b:c@d",
            "https://@h.io/",
            "",
        ] {
            assert_eq!(UrlCredentials::split(url).hidden_url(), url);
            assert_eq!(UrlCredentials::split(url).credentials(), None, "{url}");
        }
    }

    #[test]
    fn credentials_are_decoded_as_sent() {
        for (url, user, password) in [
            ("https://user:pw@h.io/", "user", "pw"),
            ("https://user@h.io/", "user", ""),
            ("https://:pw@h.io/", "", "pw"),
            ("https:us%C3%A9r:p%2Fw%%41%zz@h.io", "usér", "p/w%41%zz"),
            ("https://user:p:w@w@h.io/", "user", "p:w@w"),
        ] {
            let sent = (user.as_bytes().to_vec(), password.as_bytes().to_vec());
            assert_eq!(UrlCredentials::split(url).credentials(), Some(sent), "{url}");
        }
    }

    #[test]
    fn hidden_credentials_are_restored_at_the_same_origin() {
        let saved = "https://user:p%2Fw@h.io/hook";
        for (sent, restored_to) in [
            ("https://•••:•••@h.io/hook", saved),
            ("https://user:•••@h.io/hook", saved),
            ("https://us%65r:•••@h.io/hook", "https://us%65r:p%2Fw@h.io/hook"),
            ("https://•••:new@h.io/hook", "https://user:new@h.io/hook"),
            ("https://•••@h.io/hook", "https://user@h.io/hook"),
            ("https://•••:•••@h.io/other?a={{to}}", "https://user:p%2Fw@h.io/other?a={{to}}"),
            ("https://user:%E2%80%A2%e2%80%a2%E2%80%A2@h.io/", "https://user:p%2Fw@h.io/"),
            ("HTTPS://•••:•••@H.IO:443/", "HTTPS://user:p%2Fw@H.IO:443/"),
        ] {
            assert_eq!(restored(sent, Some(saved)), Ok(Some(restored_to.to_owned())), "{sent}");
        }
        for other in ["https://user:new@h.io/", "https://user@h.io/", "https://user:••••@h.io/"]
        {
            assert_eq!(restored(other, Some(saved)), Ok(None), "{other}");
        }
    }

    #[test]
    fn hidden_credentials_are_not_restored_at_another_origin() {
        let saved = "https://user:pw@h.io/hook";
        for sent in [
            "https://other:•••@h.io/hook",
            "https://:•••@h.io/hook",
            "https://USER:•••@h.io/hook",
            "https://•••:•••@evil.example/hook",
            "https://•••:new@evil.example/hook",
            "https://•••@evil.example/hook",
            "https://user:•••@h.io.evil.example/hook",
            "https://user:•••@evil.example@h.io.example/",
            "https://user:•••@h.io:8443/hook",
            "http://user:•••@h.io/hook",
            "http://user:•••@h.io:443/hook",
            "https://user:•••@/",
        ] {
            let refused = restored(sent, Some(saved));
            let is_other_password = refused == Ok(None) && sent.contains("•@evil");
            assert!(
                refused == Err(HiddenCredentialsError::OtherOrigin) || is_other_password,
                "{sent}"
            );
        }
        let sent = "https://user:•••@h.io/hook";
        for saved in [None, Some("https://user@h.io/hook"), Some("https://user:@h.io/hook")] {
            assert_eq!(restored(sent, saved), Err(HiddenCredentialsError::NotSaved), "{saved:?}");
        }
        let without_user = restored("https://•••:new@h.io/", Some("https://:pw@h.io/"));
        assert_eq!(without_user, Err(HiddenCredentialsError::NotSaved));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |one: &str, other: &str| {
            UrlCredentials::split(one).has_same_origin(&UrlCredentials::split(other))
        };
        let saved = "https://user:pw@bücher.example/a?b={{to}}";
        for other in [
            "https://bücher.example",
            "https://xn--bcher-kva.example/",
            "HTTPS://BÜCHER.example:443/c",
            "https://other@b%C3%BCcher.example?{{id}}",
            "https:bücher.example/",
        ] {
            assert!(same(saved, other), "{other}");
        }
        for other in [
            "http://bücher.example/",
            "http://bücher.example:443/",
            "https://bücher.example:444/",
            "https://bucher.example/",
            "https://a.bücher.example/",
            "https://bücher.example./",
            "https://bücher.example@evil.example/",
            "https://evil.example/bücher.example",
            "https://",
            "bücher.example",
            "",
        ] {
            assert!(!same(saved, other), "{other}");
        }
        assert!(!same("", "") && !same("data:a", "data:a"), "an invalid URL has no origin");
    }

    proptest! {
        #[test]
        fn no_url_shows_its_user_or_password(
            url in "(https?|HTTP):[/\\\\]{0,3}(U5ER)?[a-c:@%2]{0,4}(:[a-z:@%&!]{0,6}S3CRET[a-z:@%]{0,3})?@?h\\.io(:80|:443)?[/?:#@]?[a-z:@/]{0,6}"
        ) {
            let Ok(parsed) = Url::parse(&url) else { return Ok(()) };
            let shown = UrlCredentials::split(&url).hidden_url();
            if parsed.password().is_some_and(|password| password.contains("S3CRET")) {
                prop_assert!(!shown.contains("S3CRET"), "{url}: {shown}");
            }
            if parsed.username().contains("U5ER") {
                prop_assert!(!shown.contains("U5ER"), "{url}: {shown}");
            }
            let has_either = parsed.password().is_some() || !parsed.username().is_empty();
            prop_assert_eq!(has_either, shown != url);
            prop_assert_eq!(UrlCredentials::split(&url).origin(), Some(parsed.origin()));
            let kept = restored(&shown, Some(&url)).unwrap();
            prop_assert_eq!(kept.unwrap_or(shown), url);
        }
    }
}
