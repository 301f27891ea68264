//! User and password of a URL, which stand before its host. A password is written and never read
//! back: reads show `•••` for it, and a caller who sends that back keeps it.

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::secrets::HIDDEN;

/// A URL's template, with its user and password; both are literal text, since they stand before
/// the host.
pub(super) struct Userinfo<'t> {
    /// The URL up to the password.
    before: &'t str,
    /// The password as it is written; empty if there is none.
    password: &'t str,
    /// From the `@` to the end of the authority.
    host: &'t str,
    /// What stands behind the authority.
    rest: &'t str,
}

/// A URL has `•••` for a password that cannot be put there; completes "`url` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HiddenPassword {
    /// There is none.
    #[error("has `•••` for a password, but no password is saved: write the password")]
    NotSaved,
    /// It was given for another receiver.
    #[error(
        "has `•••` for the saved password, which is kept only while scheme, user, host and port \
         stay as they are: write the password again"
    )]
    Elsewhere,
}

impl<'t> Userinfo<'t> {
    /// Splits a URL as its parser does (WHATWG URL): any number of slashes behind the scheme, a user
    /// up to the first `:`, a password up to the last `@`.
    pub(super) fn of(url: &'t str) -> Self {
        let scheme = url.find(':').map_or(0, |colon| colon + 1);
        let (scheme, behind_scheme) = url.split_at(scheme);
        let authority = behind_scheme.trim_start_matches(['/', '\\']);
        let slashes = behind_scheme.len() - authority.len();
        let authority_end = authority.find(['/', '?', '#', '\\']).unwrap_or(authority.len());
        let (authority, rest) = authority.split_at(authority_end);
        let (userinfo, host) = authority.split_at(authority.rfind('@').unwrap_or(0));
        let user = userinfo.find(':').map_or(userinfo.len(), |colon| colon + 1);
        let (_, password) = userinfo.split_at(user);
        let (before, _) = url.split_at(scheme.len() + slashes + user);
        Self { before, password, host, rest }
    }

    fn with_password(&self, password: &str) -> String {
        [self.before, password, self.host, self.rest].concat()
    }

    /// The URL as people see it.
    pub(super) fn hidden(&self) -> String {
        let shown = if self.password.is_empty() { "" } else { HIDDEN };
        self.with_password(shown)
    }

    /// User and password as they are sent, if there is a password.
    pub(super) fn credentials(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let user = self.before.trim_end_matches(':');
        let user = user.rsplit(['/', '\\', ':']).next().unwrap_or_default();
        (!self.password.is_empty()).then(|| (decoded(user), decoded(self.password)))
    }

    /// The URL with the password of `saved` in the place of `•••`. `None` if it has no `•••` there.
    pub(super) fn restored(&self, saved: Option<Self>) -> Result<Option<String>, HiddenPassword> {
        if decoded(self.password) != HIDDEN.as_bytes() {
            return Ok(None);
        }
        let saved = saved.filter(|saved| !saved.password.is_empty());
        let saved = saved.ok_or(HiddenPassword::NotSaved)?;
        match (self.receiver(), saved.receiver()) {
            (Some(new), Some(old)) if new == old => Ok(Some(self.with_password(saved.password))),
            _ => Err(HiddenPassword::Elsewhere),
        }
    }

    /// Scheme, user, host and port in normal form.
    fn receiver(&self) -> Option<(String, String, Host<String>, Option<u16>)> {
        let url = Url::parse(&[self.before, self.host].concat()).ok()?;
        let host = url.host()?.to_owned();
        let (scheme, user) = (url.scheme().to_owned(), url.username().to_owned());
        Some((scheme, user, host, url.port_or_known_default()))
    }
}

/// Percent signs resolved as templates have them: `%%` is one, and so is one that begins no escape.
fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(&text.replace("%%", "%25")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn restored(url: &str, saved: Option<&str>) -> Result<Option<String>, HiddenPassword> {
        Userinfo::of(url).restored(saved.map(Userinfo::of))
    }

    #[test]
    fn a_password_is_hidden_wherever_the_url_parser_finds_one() {
        for (url, shown) in [
            ("https://user:pw@h.io/a:b@c?d=e:f@g", "https://user:•••@h.io/a:b@c?d=e:f@g"),
            ("https://user:pw@h.io:8443", "https://user:•••@h.io:8443"),
            ("https://user:pw@h.io?to={{to}}", "https://user:•••@h.io?to={{to}}"),
            ("https://:pw@h.io/", "https://:•••@h.io/"),
            ("https://user:p:w@w@h.io/", "https://user:•••@h.io/"),
            ("https://us%40er:p%2Fw%%@h.io/%key%", "https://us%40er:•••@h.io/%key%"),
            ("https://user:pw@[::1]:80/", "https://user:•••@[::1]:80/"),
            ("HTTPS:user:pw@h.io/", "HTTPS:user:•••@h.io/"),
            ("https:////user:pw@h.io/", "https:////user:•••@h.io/"),
            ("https:\\\\user:pw@h.io\\", "https:\\\\user:•••@h.io\\"),
        ] {
            assert!(Url::parse(url).unwrap().password().is_some(), "{url}");
            assert_eq!(Userinfo::of(url).hidden(), shown);
        }
    }

    #[test]
    fn a_url_without_a_password_is_shown_as_it_is() {
        for url in [
            "https://h.io/",
            "https://h.io:8443/a:b@c",
            "https://user@h.io/",
            "https://user:@h.io/",
            "https://h.io?a=b:c@d",
            "h.io/a:b@c",
            "",
        ] {
            assert_eq!(Userinfo::of(url).hidden(), url);
            assert_eq!(Userinfo::of(url).credentials(), None, "{url}");
        }
    }

    #[test]
    fn credentials_are_those_that_are_sent() {
        for (url, user, password) in [
            ("https://user:pw@h.io/", "user", "pw"),
            ("https://:pw@h.io/", "", "pw"),
            ("https:us%C3%A9r:p%2Fw%%41%zz@h.io", "usér", "p/w%41%zz"),
            ("https://user:p:w@w@h.io/", "user", "p:w@w"),
        ] {
            let sent = (user.as_bytes().to_vec(), password.as_bytes().to_vec());
            assert_eq!(Userinfo::of(url).credentials(), Some(sent), "{url}");
        }
    }

    #[test]
    fn a_hidden_password_is_kept_by_the_same_user_at_the_same_host() {
        let saved = "https://user:p%2Fw@h.io/hook";
        for (sent, restored_to) in [
            ("https://user:•••@h.io/hook", "https://user:p%2Fw@h.io/hook"),
            ("https://user:•••@h.io/other?a={{to}}", "https://user:p%2Fw@h.io/other?a={{to}}"),
            ("https://user:%E2%80%A2%e2%80%a2%E2%80%A2@h.io/", "https://user:p%2Fw@h.io/"),
            ("HTTPS://user:•••@H.IO:443/", "HTTPS://user:p%2Fw@H.IO:443/"),
        ] {
            assert_eq!(restored(sent, Some(saved)), Ok(Some(restored_to.to_owned())), "{sent}");
        }
        for other in ["https://user:new@h.io/", "https://user@h.io/", "https://user:••••@h.io/"]
        {
            assert_eq!(restored(other, Some(saved)), Ok(None), "{other}");
        }
    }

    #[test]
    fn a_hidden_password_goes_nowhere_else() {
        let saved = "https://user:pw@h.io/hook";
        for sent in [
            "https://other:•••@h.io/hook",
            "https://:•••@h.io/hook",
            "https://USER:•••@h.io/hook",
            "https://user:•••@evil.example/hook",
            "https://user:•••@h.io.evil.example/hook",
            "https://user:•••@evil.example@h.io.example/",
            "https://user:•••@h.io:8443/hook",
            "http://user:•••@h.io/hook",
            "http://user:•••@h.io:443/hook",
            "https://user:•••@/",
        ] {
            let refused = restored(sent, Some(saved));
            let is_other_password = refused == Ok(None) && sent.contains("•@evil");
            assert!(refused == Err(HiddenPassword::Elsewhere) || is_other_password, "{sent}");
        }
        let sent = "https://user:•••@h.io/hook";
        for saved in [None, Some("https://user@h.io/hook"), Some("https://user:@h.io/hook")] {
            assert_eq!(restored(sent, saved), Err(HiddenPassword::NotSaved), "{saved:?}");
        }
    }

    proptest! {
        #[test]
        fn no_password_that_a_url_has_is_shown(
            url in "(https?|HTTP):[/\\\\]{0,3}[a-c:@%2]{0,4}(:[a-z:@%&!]{0,6}S3CRET[a-z:@%]{0,3})?@?h\\.io[/?:#@]?[a-z:@/]{0,6}"
        ) {
            let Ok(parsed) = Url::parse(&url) else { return Ok(()) };
            let shown = Userinfo::of(&url).hidden();
            if parsed.password().is_some_and(|password| password.contains("S3CRET")) {
                prop_assert!(!shown.contains("S3CRET"), "{url}: {shown}");
            }
            prop_assert_eq!(parsed.password().is_some(), shown != url);
            let kept = restored(&shown, Some(&url)).unwrap();
            prop_assert_eq!(kept.unwrap_or(shown), url);
        }
    }
}
