//! Formats dates by the letters of PHP's `date` (<https://www.php.net/manual/en/datetime.format.php>).

use std::fmt::Write as _;

use jiff::Zoned;

/// The warning about a format that seems to be meant for the filter `date`: PHP's letters have no `%`.
pub(super) fn warning(format: &str) -> Option<&'static str> {
    let is_directive = |pair: &[u8]| matches!(pair, [b'%', letter] if letter.is_ascii_alphabetic());
    format.as_bytes().windows(2).any(is_directive).then_some(
        "`date_format` takes PHP's letters, such as 'd/m/Y'; for `%d/%m/%Y` use the filter `date`",
    )
}

/// Formats `time`. A backslash makes the next character literal; characters that are not PHP's letters
/// are literal.
pub(super) fn format(format: &str, time: &Zoned) -> String {
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        // Writing to a `String` cannot fail.
        let _ = match letter {
            '\\' => out.write_char(letters.next().unwrap_or('\\')),
            letter => write_letter(&mut out, letter, time),
        };
    }
    out
}

fn write_letter(out: &mut String, letter: char, time: &Zoned) -> std::fmt::Result {
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let weekday = time.weekday();
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    match letter {
        'd' => write!(out, "{day:02}"),
        'j' => write!(out, "{day}"),
        'D' => write!(out, "{}", time.strftime("%a")),
        'l' => write!(out, "{}", time.strftime("%A")),
        'N' => write!(out, "{}", weekday.to_monday_one_offset()),
        'w' => write!(out, "{}", weekday.to_sunday_zero_offset()),
        'z' => write!(out, "{}", time.day_of_year() - 1),
        'S' => out.write_str(ordinal(day)),
        'W' => write!(out, "{:02}", time.date().iso_week_date().week()),
        'o' => write!(out, "{}", time.date().iso_week_date().year()),
        'm' => write!(out, "{month:02}"),
        'n' => write!(out, "{month}"),
        'M' => write!(out, "{}", time.strftime("%b")),
        'F' => write!(out, "{}", time.strftime("%B")),
        't' => write!(out, "{}", time.days_in_month()),
        'Y' => write!(out, "{}{:04}", if year < 0 { "-" } else { "" }, year.unsigned_abs()),
        'x' | 'X' => {
            let sign = match year {
                ..0 => "-",
                0..10_000 if letter == 'x' => "",
                _ => "+",
            };
            write!(out, "{sign}{:04}", year.unsigned_abs())
        }
        'y' => write!(out, "{:02}", year.rem_euclid(100)),
        'L' => write!(out, "{}", u8::from(time.in_leap_year())),
        'H' => write!(out, "{hour:02}"),
        'G' => write!(out, "{hour}"),
        'h' => write!(out, "{hour12:02}"),
        'g' => write!(out, "{hour12}"),
        'i' => write!(out, "{minute:02}"),
        's' => write!(out, "{second:02}"),
        'u' => write!(out, "{:06}", time.subsec_nanosecond() / 1_000),
        'v' => write!(out, "{:03}", time.subsec_nanosecond() / 1_000_000),
        'B' => write!(out, "{:03}", swatch_beat(time)),
        'A' => out.write_str(if hour < 12 { "AM" } else { "PM" }),
        'a' => out.write_str(if hour < 12 { "am" } else { "pm" }),
        'U' => write!(out, "{}", time.timestamp().as_second()),
        'e' => write!(out, "{}", time.strftime("%Q")),
        'T' => write!(out, "{}", time.strftime("%Z")),
        'p' if time.offset().is_zero() => out.write_char('Z'),
        'p' | 'P' => write!(out, "{}", time.strftime("%:z")),
        'O' => write!(out, "{}", time.strftime("%z")),
        'Z' => write!(out, "{}", time.offset().seconds()),
        'I' => write!(out, "{}", u8::from(is_summer_time(time))),
        'c' => write!(out, "{}", time.strftime("%Y-%m-%dT%H:%M:%S%:z")),
        'r' => write!(out, "{}", time.strftime("%a, %d %b %Y %H:%M:%S %z")),
        other => out.write_char(other),
    }
}

fn ordinal(day: i8) -> &'static str {
    match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    }
}

/// Swatch Internet time: thousandths of a day in UTC+1.
fn swatch_beat(time: &Zoned) -> i64 {
    let seconds = (time.timestamp().as_second() + 3600).rem_euclid(86_400);
    seconds * 10 / 864
}

fn is_summer_time(time: &Zoned) -> bool {
    time.time_zone().to_offset_info(time.timestamp()).dst().is_dst()
}

#[cfg(test)]
mod tests;
