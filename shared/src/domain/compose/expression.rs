//! Checks one expression before the Liquid parser reads it.
//!
//! In: the text from `{{` to `}}`. Out: the names of its variables and filters, with warnings, or a
//! [`Mistake`].
//!
//! The parser of `liquid-core` does not return the names, panics at numbers beyond 64 bits, and recurses into
//! brackets. This check collects the names and refuses such input; it leaves the grammar to the parser.

use super::filters::{self, Definition};
use super::limits;
use super::mistake::{Mistake, clip};
use super::warnings::{Warning, did_you_mean};

/// The names in a checked expression.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CheckedExpression<'t> {
    /// The variables, with their offsets; of a path only its first name: `variables` of `variables.otp`.
    pub(super) variables: Vec<(usize, &'t str)>,
    /// The filters, in order.
    pub(super) filters: Vec<FilterUse<'t>>,
    /// Probable mistakes.
    pub(super) warnings: Vec<Warning>,
}

/// A filter in an expression, with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilterUse<'t> {
    pub(super) offset: usize,
    pub(super) name: &'t str,
    /// Arguments without a name.
    arguments: usize,
    /// The names of arguments such as `allow_false: true`, with their offsets.
    named: Vec<(usize, &'t str)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Word(&'t str),
    Number(&'t str),
    /// A string, with its quotes.
    Quoted(&'t str),
    Punctuation(u8),
}

/// Words that are literals, not variables.
const LITERALS: [&str; 6] = ["nil", "null", "empty", "blank", "true", "false"];

impl<'t> CheckedExpression<'t> {
    /// Checks the text from `{{` to `}}`.
    pub(super) fn check(text: &'t str) -> Result<Self, Mistake> {
        if text.len() > limits::EXPRESSION_BYTES {
            let max = limits::EXPRESSION_BYTES;
            let message = format_args!("an expression may have at most {max} bytes");
            return Err(Mistake::new(0, message));
        }
        let mut expression = Self::default();
        let (mut before_offset, mut before) = (0, Token::Punctuation(b'{'));
        for (offset, token) in Tokens::of(text) {
            expression.add(offset, (before_offset, before), token)?;
            (before_offset, before) = (offset, token);
        }
        expression.check_filters()?;
        Ok(expression)
    }

    /// Whether the expression prints JSON.
    pub(super) fn makes_json(&self) -> bool {
        let last = self.filters.last().and_then(|call| filters::find(call.name));
        last.is_some_and(Definition::makes_json)
    }

    /// Adds a token; `before` is the token before it, with its offset.
    fn add(
        &mut self,
        offset: usize,
        (before_offset, before): (usize, Token<'t>),
        token: Token<'t>,
    ) -> Result<(), Mistake> {
        let is_variable = before != Token::Punctuation(b'.');
        match (before, token) {
            (Token::Punctuation(b'|'), Token::Word(name)) => {
                self.filters.push(FilterUse { offset, name, arguments: 0, named: Vec::new() });
            }
            (Token::Punctuation(b'['), Token::Word(_) | Token::Punctuation(_)) => {
                return Err(Mistake::new(
                    offset,
                    "between `[` and `]` only a number or a quoted text is allowed",
                ));
            }
            (_, Token::Word(name)) if is_variable && !LITERALS.contains(&name) => {
                // The parser reads the literal and fails at the rest of the name.
                if let Some(literal) = LITERALS.iter().find(|it| name.starts_with(**it)) {
                    let message = format_args!("a variable's name cannot begin with `{literal}`");
                    return Err(Mistake::new(offset, message));
                }
                self.variables.push((offset, name));
            }
            (_, Token::Number(digits)) if is_too_long(digits) => {
                return Err(Mistake::new(
                    offset,
                    "the number has too many digits; write it in quotes",
                ));
            }
            (Token::Word(name), Token::Punctuation(b':')) => self.add_colon(before_offset, name),
            (_, Token::Punctuation(b',')) => {
                if let Some(call) = self.filters.last_mut() {
                    call.arguments += 1;
                }
            }
            (Token::Punctuation(b':' | b','), Token::Quoted(text)) => {
                self.check_format(offset, text);
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds the colon after `name`, which is at `offset`: the name of a filter or of an argument.
    fn add_colon(&mut self, offset: usize, name: &'t str) {
        let Some(call) = self.filters.last_mut() else { return };
        if call.offset == offset {
            call.arguments += 1;
            return;
        }
        // The token before the name has counted it as an argument without a name.
        call.arguments = call.arguments.saturating_sub(1);
        call.named.push((offset, name));
        self.variables.pop_if(|(variable, _)| *variable == offset);
    }

    /// Checks a quoted argument that is the format of a date filter.
    fn check_format(&mut self, offset: usize, quoted: &str) {
        let Some(call) = self.filters.last().filter(|call| call.arguments == 1) else { return };
        let text = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        if let Err(mistake) = filters::check_format(call.name, text) {
            let offset = offset + 1 + mistake.offset;
            self.warnings.push(Warning::refusing_new(Mistake { offset, ..mistake }));
        } else if let Some(message) = filters::format_warning(call.name, text) {
            self.warnings.push(Warning::new(Mistake::new(offset, message)));
        }
    }

    fn check_filters(&self) -> Result<(), Mistake> {
        if let Some(call) = self.filters.get(limits::FILTERS) {
            let max = limits::FILTERS;
            let message = format_args!("an expression may have at most {max} filters");
            return Err(Mistake::new(call.offset, message));
        }
        for call in &self.filters {
            let name = call.name;
            let Some(filter) = filters::find(name) else {
                let name = clip(name);
                let hint = did_you_mean(name, filters::names());
                let message = format_args!("there is no filter `{name}`{hint}");
                return Err(Mistake::new(call.offset, message));
            };
            let unknown = call.named.iter().find(|(_, name)| !filter.named.contains(name));
            if let Some((offset, argument)) = unknown {
                let argument = clip(argument);
                let known = match filter.named {
                    [] => "none by name".to_owned(),
                    names => format!("`{}:`", names.join(":`, `")),
                };
                let message = format_args!(
                    "the filter `{name}` has no argument `{argument}:`; it takes {known}"
                );
                return Err(Mistake::new(*offset, message));
            }
            // No other limit bounds their memory.
            if call.named.len() > filter.named.len() {
                let message = format_args!("the filter `{name}` has an argument twice");
                return Err(Mistake::new(call.offset, message));
            }
            if !filter.arguments.contains(&call.arguments) {
                let message = format_args!(
                    "the filter `{name}` takes {}, not {}",
                    amount(filter.arguments.clone()),
                    call.arguments
                );
                return Err(Mistake::new(call.offset, message));
            }
        }
        Ok(())
    }
}

/// Whether it is a whole number of more than 64 bits.
fn is_too_long(digits: &str) -> bool {
    let unsigned = digits.trim_start_matches(['-', '+']);
    !unsigned.is_empty() && !digits.contains('.') && digits.parse::<i64>().is_err()
}

fn amount(range: std::ops::RangeInclusive<usize>) -> String {
    match (range.start(), range.end()) {
        (0, 0) => "no argument".to_owned(),
        (1, 1) => "1 argument".to_owned(),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

/// The tokens of an expression and their offsets.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    fn of(expression: &'t str) -> Self {
        let at = if expression.starts_with("{{-") { 3 } else { 2 };
        let end = expression.len() - if expression.ends_with("-}}") { 3 } else { 2 };
        Self { text: expression.get(..end).unwrap_or_default(), at }
    }

    /// The length of the bytes at the beginning of `rest` for which `belongs` holds.
    fn run(rest: &str, belongs: impl Fn(u8) -> bool) -> usize {
        rest.bytes().position(|b| !belongs(b)).unwrap_or(rest.len())
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = (usize, Token<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?.trim_start();
        let offset = self.text.len() - rest.len();
        let first = rest.bytes().next()?;
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let (length, kind): (usize, fn(&'t str) -> Token<'t>) = match first {
            b'\'' | b'"' => {
                let inner = rest.get(1..).unwrap_or_default();
                (Self::run(inner, |b| b != first) + 2, Token::Quoted)
            }
            b'0'..=b'9' | b'-' | b'+' => {
                let digit_or_dot = |b: u8| b.is_ascii_digit() || b == b'.';
                let after_sign = rest.get(1..).unwrap_or_default();
                (Self::run(after_sign, digit_or_dot) + 1, Token::Number)
            }
            b if b.is_ascii_alphabetic() || b == b'_' => (Self::run(rest, word), Token::Word),
            _ => {
                self.at = offset + rest.chars().next().map_or(1, char::len_utf8);
                return Some((offset, Token::Punctuation(first)));
            }
        };
        let token = rest.get(..length).unwrap_or(rest);
        self.at = offset + token.len();
        Some((offset, kind(token)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_filters_are_found() {
        let text = "{{-to|slice:-10 | append: variables.status, | default: 'a | b' -}}";
        let text = text.replace(", ", " ");
        let expression = CheckedExpression::check(&text).unwrap();
        assert_eq!(expression.variables, [(3, "to"), (26, "variables")]);
        let calls: Vec<_> =
            expression.filters.iter().map(|call| (call.name, call.arguments)).collect();
        assert_eq!(calls, [("slice", 1), ("append", 1), ("default", 1)]);
        let named = CheckedExpression::check("{{ a | default: b, allow_false: c }}").unwrap();
        assert_eq!(named.variables, [(3, "a"), (16, "b"), (32, "c")]);
        let plain = CheckedExpression::check("{{ nil }}").unwrap();
        assert_eq!(plain, CheckedExpression::default());
        let indexed = CheckedExpression::check("{{ variables[\"First name\"][0] }}").unwrap();
        assert_eq!(indexed.variables, [(3, "variables")]);
    }

    #[test]
    fn input_that_the_parser_must_not_read_is_refused() {
        let long = format!("{{{{ {} }}}}", "a".repeat(limits::EXPRESSION_BYTES));
        let chain = format!("{{{{ a {} }}}}", "| upcase ".repeat(limits::FILTERS + 1));
        for (text, offset, why) in [
            ("{{ a | shell }}", 7, "there is no filter `shell`"),
            ("{{ a | slice }}", 7, "takes 1 to 2 arguments, not 0"),
            ("{{ a | upcase: 1 }}", 7, "takes no argument, not 1"),
            ("{{ a | upCase }}", 7, "did you mean `upcase`?"),
            ("{{ a | append: 'x', to: 1 }}", 20, "has no argument `to:`; it takes none by name"),
            (
                "{{ a | default: 1, allow: 1 }}",
                19,
                "has no argument `allow:`; it takes `allow_false:`",
            ),
            ("{{ a | default: 1, allow_false: b, allow_false: b }}", 7, "has an argument twice"),
            ("{{ a | default: allow_false: true }}", 7, "takes 1 argument, not 0"),
            ("{{ a[b[c]] }}", 5, "only a number or a quoted text"),
            ("{{ a | plus: 99999999999999999999 }}", 13, "in quotes"),
            ("{{ a | append: true_story }}", 15, "begin with `true`"),
            (&long, 0, "at most 1024 bytes"),
            (&chain, 151, "at most 16 filters"),
        ] {
            let mistake = CheckedExpression::check(text).unwrap_err();
            assert!(mistake.message.contains(why), "{text}: {}", mistake.message);
            assert_eq!(mistake.offset, offset, "{text}");
        }
    }

    #[test]
    fn date_formats_are_checked_when_saved() {
        let warnings = |text| CheckedExpression::check(text).unwrap().warnings;
        for (text, offset) in [
            ("{{ a | date: '%Y-%m-%dT%H:%M:%S.%LQ%Q' }}", 35),
            ("{{ a | upcase | date: \"%!\" }}", 23),
            ("{{ a|date:'%5-d' }}", 11),
        ] {
            let [warning] = warnings(text).try_into().unwrap();
            assert!(warning.refuses_new, "{text}");
            assert_eq!(warning.mistake.offset, offset, "{text}: {}", warning.mistake.message);
        }
        let long = format!("{{{{ a | date: '{}' }}}}", "x".repeat(257));
        assert!(warnings(&long)[0].refuses_new);
        for text in ["{{ a | date: 'd/m/Y' }}", "{{ a | date_format: '%d/%m/%Y' }}"] {
            let [warning] = warnings(text).try_into().unwrap();
            assert!(!warning.refuses_new, "{text}");
        }
        for text in [
            "{{ a | date: '%Y-%m-%dT%H:%M:%S.%LZ' }}",
            "{{ a | date: '%' }}",
            "{{ a | date: b }}",
            "{{ a | date_format: 'd/m/Y' }}",
            "{{ a | default: '%Q' | append: '%Q' }}",
        ] {
            assert_eq!(warnings(text), [], "{text}");
        }
    }
}
