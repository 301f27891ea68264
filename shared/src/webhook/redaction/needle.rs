//! What is looked for.

use super::view::{Part, View, folded};

/// A secret, or one of the texts that give it away.
pub(super) struct Needle {
    /// Of text as [`folded`] has it.
    pattern: Vec<u8>,
    /// For each beginning of the pattern, the longest shorter one that it ends with (Knuth, Morris
    /// and Pratt): no byte of a text is looked at twice, whatever the two repeat.
    shorter: Vec<usize>,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// Found in any letter case.
    Text,
    /// Text that is found where neither letter nor digit is beside it.
    Word,
    /// Found as it is.
    Bytes,
}

/// Shorter texts are in some noise by chance.
const LONG: usize = 4;
/// A letter may become three bytes where one was, once its case is set aside.
const GROWTH: usize = 3;

impl Needle {
    /// A secret text. `None` if it is longer than a body with room for `room` bytes.
    pub(super) fn text(text: &[u8], room: usize) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= room.saturating_mul(GROWTH);
        fits.then(|| Self::new(folded(text), Kind::Text))
    }

    /// A password, or another secret that its owner may have made as short. A short one, as those use who have none, would hide every `x` of an
    /// answer: it is looked for as a word.
    pub(super) fn password(password: &[u8], room: usize) -> Option<Self> {
        let mut needle = Self::text(password, room)?;
        if needle.is_short() {
            needle.kind = Kind::Word;
        }
        Some(needle)
    }

    /// A URL's user. One that may be a word of a language, such as `admin`, is looked for as a word.
    pub(super) fn user(user: &[u8], room: usize) -> Option<Self> {
        /// Keys that stand as a user, as some services have it, are longer.
        const LONG_USER: usize = 10;
        let mut needle = Self::text(user, room)?;
        if needle.len() < LONG_USER {
            needle.kind = Kind::Word;
        }
        Some(needle)
    }

    /// A secret that is no text.
    pub(super) fn bytes(bytes: &[u8], room: usize) -> Option<Self> {
        let fits = !bytes.is_empty() && bytes.len() <= room;
        fits.then(|| Self::new(bytes.to_vec(), Kind::Bytes))
    }

    fn new(pattern: Vec<u8>, kind: Kind) -> Self {
        let mut needle = Self { shorter: Vec::with_capacity(pattern.len()), pattern, kind };
        needle.shorter.push(0);
        let mut matched = 0;
        for at in 1..needle.pattern.len() {
            let Some(byte) = needle.pattern.get(at) else { break };
            matched = needle.matched(matched, *byte);
            needle.shorter.push(matched);
        }
        needle
    }

    pub(super) fn len(&self) -> usize {
        self.pattern.len()
    }

    /// Whether it is looked for in text only.
    pub(super) fn is_short(&self) -> bool {
        self.len() < LONG || self.kind == Kind::Word
    }

    /// Whether it is looked for in the folded reading.
    pub(super) fn is_text(&self) -> bool {
        self.kind != Kind::Bytes
    }

    /// How much of the pattern has come when `byte` comes after `matched` bytes of it.
    fn matched(&self, mut matched: usize, byte: u8) -> usize {
        loop {
            if self.pattern.get(matched) == Some(&byte) {
                return matched + 1;
            }
            let Some(before) = matched.checked_sub(1) else { return 0 };
            matched = self.shorter.get(before).copied().unwrap_or_default();
        }
    }

    /// The parts of the body of `len` bytes that stand for it in `view`; they may overlap.
    pub(super) fn find(&self, view: &View, len: usize, found: &mut Vec<Part>) {
        if view.is_from_digits && self.is_short() {
            return;
        }
        let mut matched = 0;
        for (end, byte) in view.bytes().iter().enumerate() {
            matched = self.matched(matched, *byte);
            if matched == self.len() {
                let start = (end + 1).saturating_sub(matched);
                if self.may_stand(view, start, end + 1) {
                    found.extend(view.part_of(start, matched));
                }
            }
        }
        // A single byte is at the end of noise by chance.
        let least = if view.is_from_digits { 2 } else { 1 };
        let start = view.len().saturating_sub(matched);
        if view.is_cut && matched >= least && self.may_stand(view, start, view.len()) {
            let begun = view.part_of(start, matched);
            found.extend(begun.map(|begun| Part { start: begun.start, end: len }));
        }
    }

    fn may_stand(&self, view: &View, start: usize, end: usize) -> bool {
        let is_apart = |at: Option<usize>| {
            let beside = at.and_then(|at| view.bytes().get(at));
            beside.is_none_or(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
        };
        self.kind != Kind::Word || is_apart(start.checked_sub(1)) && is_apart(Some(end))
    }
}
