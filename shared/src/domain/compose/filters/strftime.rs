//! Formats dates as Ruby's `strftime`, which Liquid's filter `date` documents
//! (<https://docs.ruby-lang.org/en/3.3/strftime_formatting_rdoc.html>).
//!
//! A directive is `%`, flags, a width, `E` or `O` or colons, and a letter. Names are English, as in
//! Ruby's C locale.

use std::fmt::Write as _;

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::domain::compose::mistake::Mistake;

/// The largest width of a directive, so that a format of few bytes makes a text of few bytes.
const MAX_WIDTH: usize = 99;

/// Refuses the first directive that Ruby does not know. A `%` at the end is literal.
pub(super) fn check(format: &str) -> Result<(), Mistake> {
    let mut at = 0;
    for piece in (Pieces { rest: format }) {
        if let Piece::Unknown(text) = piece {
            return Err(Mistake::new(at, unknown_directive(text)));
        }
        at += piece.text().len();
    }
    Ok(())
}

/// The error about the unknown directive `text`.
fn unknown_directive(text: &str) -> String {
    let hint = match text.bytes().last() {
        Some(b'Q') => "; milliseconds since 1970 are `%s%L`",
        Some(b'f') => "; microseconds are `%6N`, milliseconds `%L`",
        Some(b'i') => "; minutes are `%M`",
        _ if text.bytes().any(|b| b.is_ascii_digit()) => "; a width is at most 99",
        _ => "; a percent sign is `%%`",
    };
    format!("`date` knows no `{text}`{hint}")
}

/// Formats `time`. Writes unknown directives verbatim, as Ruby does.
pub(super) fn format(format: &str, time: &Zoned) -> String {
    let mut out = String::new();
    for piece in (Pieces { rest: format }) {
        match piece {
            Piece::Text(text) | Piece::Unknown(text) => out.push_str(text),
            Piece::Directive(directive, _) => directive.write(&mut out, time),
        }
    }
    out
}

enum Piece<'f> {
    Text(&'f str),
    /// A directive and its text.
    Directive(Directive, &'f str),
    /// An unknown directive.
    Unknown(&'f str),
}

impl<'f> Piece<'f> {
    fn text(&self) -> &'f str {
        match self {
            Self::Text(text) | Self::Directive(_, text) | Self::Unknown(text) => text,
        }
    }
}

/// Splits a format into text and directives.
struct Pieces<'f> {
    rest: &'f str,
}

impl<'f> Iterator for Pieces<'f> {
    type Item = Piece<'f>;

    fn next(&mut self) -> Option<Piece<'f>> {
        let rest = self.rest;
        if rest.is_empty() {
            return None;
        }
        let (length, directive) = match rest.find('%') {
            Some(0) if rest.len() > 1 => {
                let mut parser = DirectiveParser { bytes: rest.as_bytes(), at: 1 };
                let directive = parser.directive();
                (rest.ceil_char_boundary(parser.at), Some(directive))
            }
            Some(0) => (1, None),
            Some(text) => (text, None),
            None => (rest.len(), None),
        };
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        self.rest = after;
        Some(match directive {
            None => Piece::Text(text),
            Some(Some(directive)) => Piece::Directive(directive, text),
            Some(None) => Piece::Unknown(text),
        })
    }
}

/// Parses a directive byte by byte.
struct DirectiveParser<'f> {
    bytes: &'f [u8],
    at: usize,
}

impl DirectiveParser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next_byte(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// The directive after `%`; `None` if it is unknown.
    fn directive(&mut self) -> Option<Directive> {
        let mut directive = Directive::default();
        loop {
            let byte = self.next_byte()?;
            let is_flag = matches!(byte, b'-' | b'^' | b'#' | b'_');
            if is_flag && directive.width > 0 {
                return None;
            }
            match byte {
                b'-' => {
                    directive.is_unpadded = true;
                    directive.padding = None;
                }
                b'^' => directive.is_upper = true,
                b'#' => directive.changes_case = true,
                b'_' => directive.padding = Some(' '),
                b'0' if directive.width == 0 => {
                    directive.padding = Some('0');
                    self.width(&mut directive)?;
                }
                b'1'..=b'9' => {
                    self.at -= 1;
                    self.width(&mut directive)?;
                }
                b':' => {
                    directive.colons = 1;
                    while self.peek() == Some(b':') {
                        self.at += 1;
                        directive.colons = directive.colons.saturating_add(1);
                    }
                    directive.letter = self.next_byte().filter(|letter| *letter == b'z')?;
                    return (directive.colons <= 3).then_some(directive);
                }
                b'E' => return self.modified(directive, b"cCxXyY"),
                b'O' => return self.modified(directive, b"deHkIlmMSuUVwWy"),
                letter => {
                    directive.letter = letter;
                    return LETTERS.contains(&letter).then_some(directive);
                }
            }
        }
    }

    /// The letter after `E` or `O`, which select another calendar; the C locale has none.
    fn modified(&mut self, mut directive: Directive, letters: &[u8]) -> Option<Directive> {
        directive.letter = self.next_byte().filter(|letter| letters.contains(letter))?;
        Some(directive)
    }

    fn width(&mut self, directive: &mut Directive) -> Option<()> {
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            self.at += 1;
            directive.width = directive.width * 10 + usize::from(digit - b'0');
            if directive.width > MAX_WIDTH {
                return None;
            }
        }
        Some(())
    }
}

/// Ruby's letters.
const LETTERS: &[u8] = b"%aAbBcCdDeFgGhHIjklLmMnNpPrRsStTuUvVwWxXyYzZ+";

/// One directive: `%-d`, `%010Y`, `%::z`.
#[derive(Default)]
struct Directive {
    letter: u8,
    /// `-`: without padding.
    is_unpadded: bool,
    /// `^`: upper case.
    is_upper: bool,
    /// `#`: the other case.
    changes_case: bool,
    /// `_` (spaces) or `0`.
    padding: Option<char>,
    /// In characters; 0 if absent.
    width: usize,
    colons: u8,
}

impl Directive {
    fn write(&self, out: &mut String, time: &Zoned) {
        let (day, hour) = (i64::from(time.day()), i64::from(time.hour()));
        let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
        let year = i64::from(time.year());
        let iso = time.date().iso_week_date();
        let iso_year = i64::from(iso.year());
        match self.letter {
            b'Y' => self.number(out, year, '0', year_width(year)),
            b'C' => self.number(out, year.div_euclid(100), '0', 2),
            b'y' => self.number(out, year.rem_euclid(100), '0', 2),
            b'G' => self.number(out, iso_year, '0', year_width(iso_year)),
            b'g' => self.number(out, iso_year.rem_euclid(100), '0', 2),
            b'V' => self.number(out, i64::from(iso.week()), '0', 2),
            b'U' => self.number(out, week(time, time.weekday().to_sunday_zero_offset()), '0', 2),
            b'W' => self.number(out, week(time, time.weekday().to_monday_zero_offset()), '0', 2),
            b'u' => self.number(out, time.weekday().to_monday_one_offset().into(), '0', 1),
            b'w' => self.number(out, time.weekday().to_sunday_zero_offset().into(), '0', 1),
            b'm' => self.number(out, time.month().into(), '0', 2),
            b'd' => self.number(out, day, '0', 2),
            b'e' => self.number(out, day, ' ', 2),
            b'j' => self.number(out, time.day_of_year().into(), '0', 3),
            b'H' => self.number(out, hour, '0', 2),
            b'k' => self.number(out, hour, ' ', 2),
            b'I' => self.number(out, hour12, '0', 2),
            b'l' => self.number(out, hour12, ' ', 2),
            b'M' => self.number(out, time.minute().into(), '0', 2),
            b'S' => self.number(out, time.second().into(), '0', 2),
            b's' => self.number(out, time.timestamp().as_second(), '0', 1),
            b'L' => self.fraction(out, time, 3),
            b'N' => self.fraction(out, time, 9),
            b'z' => self.offset(out, time),
            b'a' => self.name(out, &time.strftime("%a").to_string()),
            b'A' => self.name(out, &time.strftime("%A").to_string()),
            b'b' | b'h' => self.name(out, &time.strftime("%b").to_string()),
            b'B' => self.name(out, &time.strftime("%B").to_string()),
            b'Z' => self.zone_name(out, &time.strftime("%Z").to_string()),
            b'p' | b'P' => self.am_pm(out, if hour < 12 { "AM" } else { "PM" }),
            b'n' => self.padded(out, "\n"),
            b't' => self.padded(out, "\t"),
            b'%' => self.padded(out, "%"),
            b'c' => self.composite(out, "%a %b %e %H:%M:%S %Y", time),
            b'D' | b'x' => self.composite(out, "%m/%d/%y", time),
            b'F' => self.composite(out, "%Y-%m-%d", time),
            b'r' => self.composite(out, "%I:%M:%S %p", time),
            b'R' => self.composite(out, "%H:%M", time),
            b'T' | b'X' => self.composite(out, "%H:%M:%S", time),
            b'v' => self.composite(out, "%e-%^b-%4Y", time),
            _ => self.composite(out, "%a %b %e %H:%M:%S %Z %Y", time),
        }
    }

    fn number(&self, out: &mut String, value: i64, padding: char, width: usize) {
        let width = match self.width {
            _ if self.is_unpadded => 1,
            0 => width,
            width => width,
        };
        // Writing to a `String` cannot fail.
        let _ = if self.padding.unwrap_or(padding) == '0' {
            write!(out, "{value:0width$}")
        } else {
            write!(out, "{value:width$}")
        };
    }

    /// Writes digits of the second's fraction, not rounded.
    fn fraction(&self, out: &mut String, time: &Zoned, digits: usize) {
        let digits = if self.width == 0 { digits } else { self.width };
        let mut text = format!("{:09}", time.subsec_nanosecond());
        text.truncate(digits);
        let _ = write!(out, "{text:0<digits$}");
    }

    /// Writes the offset from UTC; a width includes its colons, minutes and seconds.
    fn offset(&self, out: &mut String, time: &Zoned) {
        let seconds = time.offset().seconds();
        let (hours, minutes, rest) =
            (seconds.abs() / 3600, seconds.abs() / 60 % 60, seconds.abs() % 60);
        let after = match self.colons {
            0 => format!("{minutes:02}"),
            1 => format!(":{minutes:02}"),
            3 if minutes == 0 && rest == 0 => String::new(),
            3 if rest == 0 => format!(":{minutes:02}"),
            _ => format!(":{minutes:02}:{rest:02}"),
        };
        // RFC 3339: `-00:00` is UTC with an unknown local offset.
        let is_negative = seconds < 0 || (self.is_unpadded && *time.time_zone() == TimeZone::UTC);
        let sign = if is_negative { '-' } else { '+' };
        let width = self.width.saturating_sub(after.len() + 1).max(2);
        let _ = if self.padding == Some(' ') {
            write!(out, "{:>1$}", format!("{sign}{hours}"), width + 1)
        } else {
            write!(out, "{sign}{hours:0width$}")
        };
        out.push_str(&after);
    }

    fn name(&self, out: &mut String, name: &str) {
        let is_upper = self.is_upper || self.changes_case;
        if is_upper { self.padded(out, &name.to_uppercase()) } else { self.padded(out, name) }
    }

    fn zone_name(&self, out: &mut String, zone: &str) {
        if self.changes_case {
            self.padded(out, &zone.to_lowercase());
        } else {
            self.padded(out, zone);
        }
    }

    fn am_pm(&self, out: &mut String, text: &str) {
        let is_lower = match self.letter {
            b'p' => self.changes_case,
            _ => !self.changes_case && !self.is_upper,
        };
        if is_lower { self.padded(out, &text.to_lowercase()) } else { self.padded(out, text) }
    }

    fn padded(&self, out: &mut String, text: &str) {
        if !self.is_unpadded {
            self.pad(out, text);
        }
        out.push_str(text);
    }

    fn composite(&self, out: &mut String, composite: &str, time: &Zoned) {
        let mut text = format(composite, time);
        if self.is_upper {
            text.make_ascii_uppercase();
        }
        self.pad(out, &text);
        out.push_str(&text);
    }

    fn pad(&self, out: &mut String, text: &str) {
        let missing = self.width.saturating_sub(text.chars().count());
        out.extend(std::iter::repeat_n(self.padding.unwrap_or(' '), missing));
    }
}

/// The week of the year. Week 1 begins on the first day whose `day_of_week` is 0.
fn week(time: &Zoned, day_of_week: i8) -> i64 {
    i64::from(time.day_of_year() + 6 - i16::from(day_of_week)) / 7
}

/// The width of a year, including the sign of a negative one.
fn year_width(year: i64) -> usize {
    if year < 0 { 5 } else { 4 }
}

#[cfg(test)]
mod tests;
