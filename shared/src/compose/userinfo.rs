//! User and password of a URL, which stand before its host. They are written and never read back: reads show `•••`
//! for each, and a caller who sends that back keeps it.

use percent_encoding::percent_decode_str;
use url::{Origin, Url};

use super::secrets::HIDDEN;

/// A URL's template, with its user and password; both are literal text, since they stand before
/// the host.
pub(super) struct Userinfo<'t> {
    /// The URL up to the user.
    before: &'t str,
    /// The user as it is written; empty if there is none.
    user: &'t str,
    /// `:` if one stands between user and password.
    colon: &'t str,
    /// The password as it is written; empty if there is none.
    password: &'t str,
    /// From the `@` to the end of the authority.
    host: &'t str,
    /// What stands behind the authority.
    rest: &'t str,
}

/// A URL has `•••` for a user or password that cannot be put there; completes "`url` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum HiddenUserinfo {
    /// There is none.
    #[error("has `•••` for a user or password that is not saved: write it out")]
    NotSaved,
    /// It was given for another receiver.
    #[error(
        "has `•••` for the saved user or password, which is kept only while scheme, host, port and \
         user stay as they are: write it out again"
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
        let (user, behind_user) = userinfo.split_at(userinfo.find(':').unwrap_or(userinfo.len()));
        let (colon, password) = behind_user.split_at(behind_user.len().min(1));
        let (before, _) = url.split_at(scheme.len() + slashes);
        Self { before, user, colon, password, host, rest }
    }

    fn with(&self, user: &str, password: &str) -> String {
        [self.before, user, self.colon, password, self.host, self.rest].concat()
    }

    /// The URL as people see it.
    pub(super) fn hidden(&self) -> String {
        let shown = |text: &str| if text.is_empty() { "" } else { HIDDEN };
        self.with(shown(self.user), shown(self.password))
    }

    /// User and password as they are sent, if there is either.
    pub(super) fn credentials(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let has_either = !self.user.is_empty() || !self.password.is_empty();
        has_either.then(|| (decoded(self.user), decoded(self.password)))
    }

    /// The URL with user and password of `saved` in the place of `•••`. `None` if it has no `•••` there.
    pub(super) fn restored(&self, saved: Option<Self>) -> Result<Option<String>, HiddenUserinfo> {
        let [is_user, is_password] = [self.user, self.password].map(is_hidden);
        if !is_user && !is_password {
            return Ok(None);
        }
        let saved = saved.ok_or(HiddenUserinfo::NotSaved)?;
        if (is_user && saved.user.is_empty()) || (is_password && saved.password.is_empty()) {
            return Err(HiddenUserinfo::NotSaved);
        }
        let user = if is_user { saved.user } else { self.user };
        let password = if is_password { saved.password } else { self.password };
        let has_other_user = is_password && decoded(user) != decoded(saved.user);
        if has_other_user || !self.has_origin_of(&saved) {
            return Err(HiddenUserinfo::Elsewhere);
        }
        Ok(Some(self.with(user, password)))
    }

    /// Whether both lead to the same scheme, host and port; not if either leads nowhere.
    pub(super) fn has_origin_of(&self, other: &Self) -> bool {
        // Two origins without a host are never equal.
        matches!((self.origin(), other.origin()), (Some(one), Some(other)) if one == other)
    }

    /// Scheme, host and port in normal form: lower case, Punycode, the port of the scheme if none is written.
    pub(super) fn origin(&self) -> Option<Origin> {
        Url::parse(&[self.before, self.host.strip_prefix('@').unwrap_or(self.host)].concat())
            .ok()
            .map(|url| url.origin())
    }
}

/// Whether people see a user or password that they did not choose.
fn is_hidden(text: &str) -> bool {
    decoded(text) == HIDDEN.as_bytes()
}

/// Percent signs resolved as templates have them: `%%` is one, and so is one that begins no escape.
fn decoded(text: &str) -> Vec<u8> {
    percent_decode_str(&text.replace("%%", "%25")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn restored(url: &str, saved: Option<&str>) -> Result<Option<String>, HiddenUserinfo> {
        Userinfo::of(url).restored(saved.map(Userinfo::of))
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
            assert_eq!(Userinfo::of(url).hidden(), shown);
        }
    }

    #[test]
    fn a_url_without_user_and_password_is_shown_as_it_is() {
        for url in [
            "https://h.io/",
            "https://h.io:8443/a:b@c",
            "https://h.io?a=b:c@d",
            "https://@h.io/",
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
            ("https://user@h.io/", "user", ""),
            ("https://:pw@h.io/", "", "pw"),
            ("https:us%C3%A9r:p%2Fw%%41%zz@h.io", "usér", "p/w%41%zz"),
            ("https://user:p:w@w@h.io/", "user", "p:w@w"),
        ] {
            let sent = (user.as_bytes().to_vec(), password.as_bytes().to_vec());
            assert_eq!(Userinfo::of(url).credentials(), Some(sent), "{url}");
        }
    }

    #[test]
    fn hidden_users_and_passwords_are_kept_at_the_same_origin() {
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
    fn hidden_users_and_passwords_go_nowhere_else() {
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
            assert!(refused == Err(HiddenUserinfo::Elsewhere) || is_other_password, "{sent}");
        }
        let sent = "https://user:•••@h.io/hook";
        for saved in [None, Some("https://user@h.io/hook"), Some("https://user:@h.io/hook")] {
            assert_eq!(restored(sent, saved), Err(HiddenUserinfo::NotSaved), "{saved:?}");
        }
        let without_user = restored("https://•••:new@h.io/", Some("https://:pw@h.io/"));
        assert_eq!(without_user, Err(HiddenUserinfo::NotSaved));
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |one: &str, other: &str| Userinfo::of(one).has_origin_of(&Userinfo::of(other));
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
        assert!(!same("", "") && !same("data:a", "data:a"), "what leads nowhere is no origin");
    }

    proptest! {
        #[test]
        fn no_user_or_password_that_a_url_has_is_shown(
            url in "(https?|HTTP):[/\\\\]{0,3}(U5ER)?[a-c:@%2]{0,4}(:[a-z:@%&!]{0,6}S3CRET[a-z:@%]{0,3})?@?h\\.io(:80|:443)?[/?:#@]?[a-z:@/]{0,6}"
        ) {
            let Ok(parsed) = Url::parse(&url) else { return Ok(()) };
            let shown = Userinfo::of(&url).hidden();
            if parsed.password().is_some_and(|password| password.contains("S3CRET")) {
                prop_assert!(!shown.contains("S3CRET"), "{url}: {shown}");
            }
            if parsed.username().contains("U5ER") {
                prop_assert!(!shown.contains("U5ER"), "{url}: {shown}");
            }
            let has_either = parsed.password().is_some() || !parsed.username().is_empty();
            prop_assert_eq!(has_either, shown != url);
            prop_assert_eq!(Userinfo::of(&url).origin(), Some(parsed.origin()));
            let kept = restored(&shown, Some(&url)).unwrap();
            prop_assert_eq!(kept.unwrap_or(shown), url);
        }
    }
}
