//! A template's text and positions in it.

use std::fmt;

/// The text of one template, for errors that say where.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
}

/// A byte offset in a template and what is wrong there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) offset: usize,
    pub(super) what: String,
}

impl Mistake {
    pub(super) fn new(offset: usize, what: impl fmt::Display) -> Self {
        Self { offset, what: what.to_string() }
    }
}

/// Characters shown before and after a mistake.
const BEFORE: usize = 12;
const AFTER: usize = 28;

impl Source<'_> {
    /// Completes "`field` …": line and column (from 1, in characters), what is wrong, and the
    /// text around it.
    pub(super) fn explain(self, mistake: &Mistake) -> String {
        let (before, after) = self.split(mistake);
        let start: Vec<char> = before.chars().rev().take(BEFORE).collect();
        let near: String = start
            .into_iter()
            .rev()
            .chain(after.chars().take(AFTER))
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        format!("{}, near `{near}`", self.locate(mistake))
    }

    /// The same without the text around it, for readers who may not see it: a URL may hold a
    /// password.
    pub(super) fn locate(self, mistake: &Mistake) -> String {
        let (before, _) = self.split(mistake);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("line {line}, column {column}: {}", mistake.what)
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
            source.explain(&Mistake::new(offset, "no such filter")),
            "line 2, column 10: no such filter, near `ü üx{{to | shell}} and much more text b`"
        );
    }

    #[test]
    fn an_offset_outside_the_text_or_within_a_character_is_its_end() {
        let source = Source { text: "ü" };
        for offset in [1, 9] {
            let text = source.explain(&Mistake::new(offset, "x"));
            assert_eq!(text, "line 1, column 2: x, near `ü`");
        }
    }
}
