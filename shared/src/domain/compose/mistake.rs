//! Mistakes in templates, and how errors and warnings describe their position.
//!
//! In: a byte offset and a message. Out: `line 2, column 10: there is no filter …, near …`.

use std::fmt;

/// The text of one template.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
}

/// A mistake at a byte offset of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) offset: usize,
    pub(super) message: String,
}

impl Mistake {
    pub(super) fn new(offset: usize, message: impl fmt::Display) -> Self {
        Self { offset, message: message.to_string() }
    }
}

/// Characters of the template quoted before and after a mistake.
const BEFORE: usize = 12;
const AFTER: usize = 28;

/// The most bytes of a name that a message repeats.
pub(super) const MAX_SHOWN_NAME: usize = 64;

/// A name, clipped for a message.
pub(super) fn clip(name: &str) -> &str {
    name.get(..name.floor_char_boundary(MAX_SHOWN_NAME)).unwrap_or_default()
}

impl Source<'_> {
    /// Line and column (from 1, in characters), the message and the text nearby; completes "`field` …".
    pub(super) fn describe_with_text(self, mistake: &Mistake) -> String {
        let (before, after) = self.split(mistake);
        let start: Vec<char> = before.chars().rev().take(BEFORE).collect();
        let near: String = start
            .into_iter()
            .rev()
            .chain(after.chars().take(AFTER))
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        format!("{}, near `{near}`", self.describe_position(mistake))
    }

    /// Line, column and message without the text nearby, for templates that may hold a secret.
    pub(super) fn describe_position(self, mistake: &Mistake) -> String {
        let (before, _) = self.split(mistake);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("line {line}, column {column}: {}", mistake.message)
    }

    fn split(&self, mistake: &Mistake) -> (&str, &str) {
        self.text.split_at_checked(mistake.offset).unwrap_or((self.text, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let source = Source { text: "ü\nüx{{to | shell}} and much more text behind it" };
        let offset = source.text.find("shell").unwrap();
        assert_eq!(
            source.describe_with_text(&Mistake::new(offset, "no such filter")),
            "line 2, column 10: no such filter, near `ü üx{{to | shell}} and much more text b`"
        );
    }

    #[test]
    fn an_offset_outside_the_text_or_within_a_character_counts_as_its_end() {
        let source = Source { text: "ü" };
        for offset in [1, 9] {
            let text = source.describe_with_text(&Mistake::new(offset, "x"));
            assert_eq!(text, "line 1, column 2: x, near `ü`");
        }
    }
}
