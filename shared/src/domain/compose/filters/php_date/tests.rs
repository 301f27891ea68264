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
