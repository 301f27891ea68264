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
mod tests {
    use super::*;

    #[test]
    fn every_letter_prints_what_php_prints() {
        let time: Zoned = "2021-04-09T04:07:05.123456[Asia/Kolkata]".parse().unwrap();
        for (letter, expected) in [
            ("d", "09"),
            ("D", "Fri"),
            ("j", "9"),
            ("l", "Friday"),
            ("N", "5"),
            ("S", "th"),
            ("w", "5"),
            ("z", "98"),
            ("W", "14"),
            ("F", "April"),
            ("m", "04"),
            ("M", "Apr"),
            ("n", "4"),
            ("t", "30"),
            ("L", "0"),
            ("o", "2021"),
            ("X", "+2021"),
            ("x", "2021"),
            ("Y", "2021"),
            ("y", "21"),
            ("a", "am"),
            ("A", "AM"),
            ("B", "984"),
            ("g", "4"),
            ("G", "4"),
            ("h", "04"),
            ("H", "04"),
            ("i", "07"),
            ("s", "05"),
            ("u", "123456"),
            ("v", "123"),
            ("e", "Asia/Kolkata"),
            ("I", "0"),
            ("O", "+0530"),
            ("P", "+05:30"),
            ("p", "+05:30"),
            ("T", "IST"),
            ("Z", "19800"),
            ("c", "2021-04-09T04:07:05+05:30"),
            ("r", "Fri, 09 Apr 2021 04:07:05 +0530"),
            ("U", "1617921425"),
            ("\\d\\\\ d/m/Y", "d\\ 09/04/2021"),
            ("d \\", "09 \\"),
            ("\\a\\t H\\h", "at 04h"),
            ("ü 'b,C:E%", "ü 'b,C:E%"),
        ] {
            assert_eq!(format(letter, &time), expected, "{letter}");
        }
    }

    #[test]
    fn letters_depend_on_zone_and_date_as_in_php() {
        let noon: Zoned = "2024-07-01T12:00:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(format("g a L I S t z", &noon), "12 pm 1 1 st 31 182");
        let midnight: Zoned = "2024-07-22T00:00:00[UTC]".parse().unwrap();
        assert_eq!(format("h A e S p P B", &midnight), "12 AM UTC nd Z +00:00 041");
        let iso: Zoned = "2021-01-03T23:00:00[America/Sao_Paulo]".parse().unwrap();
        assert_eq!(format("o-W N w y T S", &iso), "2020-53 7 0 21 -03 rd");
        let early: Zoned = "-000055-01-11T00:00:00[UTC]".parse().unwrap();
        assert_eq!(format("Y x X S", &early), "-0055 -0055 -0055 th");
    }

    #[test]
    fn a_format_of_strftime_is_a_warning() {
        assert!(warning("%Y-%m-%d").is_some());
        for plain in ["d/m/Y", "100%", "% Y", ""] {
            assert_eq!(warning(plain), None, "{plain}");
        }
    }
}
