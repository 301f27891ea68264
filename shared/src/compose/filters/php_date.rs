//! Dates by the letters of PHP's `date`
//! (<https://www.php.net/manual/en/datetime.format.php>).

use std::fmt::Write as _;

use jiff::Zoned;

/// `time` in the format; a backslash takes the next character as it is, and so is every
/// character that is no letter of PHP's.
pub(super) fn format(format: &str, time: &Zoned) -> String {
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        // Writing to a `String` cannot fail.
        let _ = match letter {
            '\\' => {
                out.extend(letters.next());
                Ok(())
            }
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
        'Y' => write!(out, "{year:04}"),
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
        'A' => out.write_str(if hour < 12 { "AM" } else { "PM" }),
        'a' => out.write_str(if hour < 12 { "am" } else { "pm" }),
        'U' => write!(out, "{}", time.timestamp().as_second()),
        'e' => write!(out, "{}", time.strftime("%Q")),
        'T' => write!(out, "{}", time.strftime("%Z")),
        'P' => write!(out, "{}", time.strftime("%:z")),
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

fn is_summer_time(time: &Zoned) -> bool {
    time.time_zone().to_offset_info(time.timestamp()).dst().is_dst()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_php() {
        let time: Zoned = "2021-04-09T04:07:05.123456[Asia/Kolkata]".parse().unwrap();
        for (letters, expected) in [
            ("d j D l N w z S", "09 9 Fri Friday 5 5 98 th"),
            ("W o", "14 2021"),
            ("m n M F t", "04 4 Apr April 30"),
            ("Y y L", "2021 21 0"),
            ("H G h g i s A a", "04 4 04 4 07 05 AM am"),
            ("u v", "123456 123"),
            ("U", "1617921425"),
            ("e T P O Z I", "Asia/Kolkata IST +05:30 +0530 19800 0"),
            ("c", "2021-04-09T04:07:05+05:30"),
            ("r", "Fri, 09 Apr 2021 04:07:05 +0530"),
            ("\\d\\\\ d/m/Y \\", "d\\ 09/04/2021 "),
            ("ü 'x", "ü 'x"),
        ] {
            assert_eq!(format(letters, &time), expected, "{letters}");
        }
        let noon: Zoned = "2024-07-01T12:00:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(format("g a L I S", &noon), "12 pm 1 1 st");
        let midnight: Zoned = "2024-07-22T00:00:00[UTC]".parse().unwrap();
        assert_eq!(format("h A e S", &midnight), "12 AM UTC nd");
    }
}
