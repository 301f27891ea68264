//! Secrets that a customer wrote into the templates: user and password of the URL, literal secrets of
//! headers.
//!
//! Reads show `•••` for them. A caller who sends `•••` back keeps the saved secret, as long as requests
//! still go to the same origin.

use super::ComposeSettings;
use crate::domain::compose::literal_secrets;
use crate::domain::compose::mistake::clip;
use crate::domain::compose::url_credentials::UrlCredentials;
use crate::domain::redaction::HIDDEN;
use crate::input::fields::FieldErrors;

impl ComposeSettings {
    pub(super) fn url_credentials(&self) -> UrlCredentials<'_> {
        UrlCredentials::split(&self.url)
    }

    /// Pairs of user and password as the receiver gets them: in the URL, and in literal headers `Basic …`.
    pub fn credentials(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
        let headers = self.headers.iter();
        let basic =
            headers.filter_map(|(name, value)| literal_secrets::basic_credentials(name, value));
        self.url_credentials().credentials().into_iter().chain(basic)
    }

    /// The literal secrets of headers as the receiver gets them; the 50 longest, if there are more.
    pub fn literal_secrets(&self) -> Vec<String> {
        /// As many as a webhook may have named secrets: each is searched for in every response.
        const MAX: usize = 50;
        let headers = self.headers.iter();
        let mut secrets: Vec<_> =
            headers.flat_map(|(name, value)| literal_secrets::sent_secrets(name, value)).collect();
        if secrets.len() > MAX {
            secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
            secrets.truncate(MAX);
        }
        secrets
    }

    /// Whether scheme, host or port differ from those of `saved`. An invalid URL differs from every
    /// other URL.
    pub fn has_other_origin(&self, saved: &Self) -> bool {
        self.url != saved.url && !self.url_credentials().has_same_origin(&saved.url_credentials())
    }

    /// Replaces each `•••`, as reads show it, by the secret of the `saved` settings: user and password
    /// of the URL, and literal secrets of headers. Adds an error for each `•••` without a saved secret,
    /// and for each saved secret that would go to another scheme, host or port.
    pub fn restore_hidden(&mut self, saved: Option<&Self>, errors: &mut FieldErrors) {
        match self.url_credentials().restore_hidden(saved.map(Self::url_credentials)) {
            Ok(Some(url)) => self.url = url,
            Ok(None) => {}
            Err(error) => errors.add("url", error),
        }
        let has_other_origin = saved.is_some_and(|saved| self.has_other_origin(saved));
        let headers = saved.map_or(&[][..], |saved| &saved.headers);
        for (name, value) in &mut self.headers {
            if !literal_secrets::names_a_secret(name) || !value.contains(HIDDEN) {
                continue;
            }
            let saved = headers.iter().find(|(saved, _)| saved.eq_ignore_ascii_case(name));
            let saved =
                saved.filter(|(name, saved)| literal_secrets::hidden_value(name, saved) == *value);
            let message = match saved {
                Some((_, saved)) if !has_other_origin => {
                    value.clone_from(saved);
                    continue;
                }
                Some(_) => {
                    "has `•••` for a saved literal secret, which is kept only while scheme, host and port of `url` \
                     stay as they are: write it out again, or leave the header out"
                }
                None => "has `•••` for a secret, but no such value is saved: write it out",
            };
            errors.add(format!("headers.{}", clip(name)), message);
        }
    }
}
