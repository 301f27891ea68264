//! Searches a view for one secret.

use super::view::{Part, View, folded};

/// A byte string to search for: a secret, or a text that reveals it.
pub(super) struct Needle {
    /// Text is [`folded`].
    pattern: Vec<u8>,
    /// The failure table of Knuth, Morris and Pratt: for each prefix of the pattern, the length of the
    /// longest shorter prefix that it ends with. So the search is linear.
    failure: Vec<usize>,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// Text, found in any letter case.
    Text,
    /// Text, found in any letter case where no letter or digit is next to it.
    Word,
    /// Found exactly.
    Bytes,
}

/// The shortest needle that is unlikely to occur by chance in decoded noise.
const LONG: usize = 4;
/// The largest growth of a text by case folding: one byte becomes three.
const GROWTH: usize = 3;

impl Needle {
    /// A secret text. `None` if it is empty or does not fit in `max_len` bytes.
    pub(super) fn text(text: &[u8], max_len: usize) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= max_len.saturating_mul(GROWTH);
        fits.then(|| Self::new(folded(text), Kind::Text))
    }

    /// A password, or another secret that may be short. A short one, such as a placeholder `x`, would
    /// redact every `x` of a response, so it is found as a word only.
    pub(super) fn password(password: &[u8], max_len: usize) -> Option<Self> {
        let mut needle = Self::text(password, max_len)?;
        if needle.is_short() {
            needle.kind = Kind::Word;
        }
        Some(needle)
    }

    /// The user of a URL. A short one may be an ordinary word such as `admin`, so it is found as a word only.
    pub(super) fn user(user: &[u8], max_len: usize) -> Option<Self> {
        /// API keys used as the user are at least this long.
        const LONG_USER: usize = 10;
        let mut needle = Self::text(user, max_len)?;
        if needle.len() < LONG_USER {
            needle.kind = Kind::Word;
        }
        Some(needle)
    }

    /// A binary secret.
    pub(super) fn bytes(bytes: &[u8], max_len: usize) -> Option<Self> {
        let fits = !bytes.is_empty() && bytes.len() <= max_len;
        fits.then(|| Self::new(bytes.to_vec(), Kind::Bytes))
    }

    fn new(pattern: Vec<u8>, kind: Kind) -> Self {
        let mut needle = Self { failure: Vec::with_capacity(pattern.len()), pattern, kind };
        needle.failure.push(0);
        let mut matched = 0;
        for at in 1..needle.pattern.len() {
            let Some(byte) = needle.pattern.get(at) else { break };
            matched = needle.matched(matched, *byte);
            needle.failure.push(matched);
        }
        needle
    }

    pub(super) fn len(&self) -> usize {
        self.pattern.len()
    }

    /// Whether it is too short to be searched for in decoded base64 or hex.
    pub(super) fn is_short(&self) -> bool {
        self.len() < LONG || self.kind == Kind::Word
    }

    /// Whether it is searched for in the folded view.
    pub(super) fn is_text(&self) -> bool {
        self.kind != Kind::Bytes
    }

    /// The length of the matched prefix after `byte`, if `matched` bytes matched before it.
    fn matched(&self, mut matched: usize, byte: u8) -> usize {
        loop {
            if self.pattern.get(matched) == Some(&byte) {
                return matched + 1;
            }
            let Some(before) = matched.checked_sub(1) else { return 0 };
            matched = self.failure.get(before).copied().unwrap_or_default();
        }
    }

    /// Adds the parts of the body, which has `len` bytes, where `view` holds the needle. They may overlap.
    pub(super) fn find(&self, view: &View, len: usize, found: &mut Vec<Part>) {
        if view.is_from_digits && self.is_short() {
            return;
        }
        let mut matched = 0;
        for (end, byte) in view.bytes().iter().enumerate() {
            matched = self.matched(matched, *byte);
            if matched == self.len() {
                let start = (end + 1).saturating_sub(matched);
                if self.may_match(view, start, end + 1) {
                    found.extend(view.part_of(start, matched));
                }
            }
        }
        // In decoded noise, a single byte at the end may match by chance.
        let least = if view.is_from_digits { 2 } else { 1 };
        let start = view.len().saturating_sub(matched);
        if view.is_cut && matched >= least && self.may_match(view, start, view.len()) {
            let beginning = view.part_of(start, matched);
            found.extend(beginning.map(|part| Part { start: part.start, end: len }));
        }
    }

    fn may_match(&self, view: &View, start: usize, end: usize) -> bool {
        let is_apart = |at: Option<usize>| {
            let beside = at.and_then(|at| view.bytes().get(at));
            beside.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        };
        self.kind != Kind::Word || is_apart(start.checked_sub(1)) && is_apart(Some(end))
    }
}
