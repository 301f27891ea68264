//! What settings hold and reads do not show: user and password of the URL, and literal secrets of headers.

use super::ComposeSettings;
use crate::compose::literals;
use crate::compose::outline::clip;
use crate::compose::secrets::HIDDEN;
use crate::compose::userinfo::Userinfo;
use crate::fields::FieldErrors;

impl ComposeSettings {
    pub(super) fn userinfo(&self) -> Userinfo<'_> {
        Userinfo::of(&self.url)
    }

    /// Pairs of user and password as the receiver gets them: in the URL, and in literal headers `Basic …`.
    pub fn credentials(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
        let headers = self.headers.iter();
        let basic = headers.filter_map(|(name, value)| literals::basic_credentials(name, value));
        self.userinfo().credentials().into_iter().chain(basic)
    }

    /// The literal secrets of headers as the receiver gets them; of more than 50 the longest.
    pub fn literal_secrets(&self) -> Vec<String> {
        /// As many as there may be named ones: each is looked for in every answer.
        const MAX: usize = 50;
        let headers = self.headers.iter();
        let mut secrets: Vec<_> =
            headers.flat_map(|(name, value)| literals::sent(name, value)).collect();
        if secrets.len() > MAX {
            secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
            secrets.truncate(MAX);
        }
        secrets
    }

    /// Whether requests go to another scheme, host or port than those of `saved`. A URL that leads nowhere is
    /// another one, unless both are the same.
    pub fn is_elsewhere(&self, saved: &Self) -> bool {
        self.url != saved.url && !self.userinfo().has_origin_of(&saved.userinfo())
    }

    /// Puts what the `saved` settings have back where these have `•••` for it, as reads show it: user and password of
    /// the URL, and literal secrets of headers. They go to no other scheme, host or port. What cannot be put back is
    /// noted in `errors`.
    pub fn restore_hidden(&mut self, saved: Option<&Self>, errors: &mut FieldErrors) {
        match self.userinfo().restored(saved.map(Self::userinfo)) {
            Ok(Some(url)) => self.url = url,
            Ok(None) => {}
            Err(error) => errors.add("url", error),
        }
        let is_elsewhere = saved.is_some_and(|saved| self.is_elsewhere(saved));
        let headers = saved.map_or(&[][..], |saved| &saved.headers);
        for (name, value) in &mut self.headers {
            if !literals::names_a_secret(name) || !value.contains(HIDDEN) {
                continue;
            }
            let saved = headers.iter().find(|(saved, _)| saved.eq_ignore_ascii_case(name));
            let saved = saved.filter(|(name, saved)| literals::shown(name, saved) == *value);
            let message = match saved {
                Some((_, saved)) if !is_elsewhere => {
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
