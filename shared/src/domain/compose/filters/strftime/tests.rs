use super::*;

fn zoned(text: &str) -> Zoned {
    text.parse().unwrap()
}

fn check_all(time: &Zoned, table: &[(&str, &str)]) {
    for (directive, expected) in table {
        assert_eq!(format(directive, time), *expected, "{directive}");
        assert_eq!(check(directive), Ok(()), "{directive}");
    }
}

#[test]
fn every_letter_prints_what_ruby_prints() {
    let time = zoned("2021-04-09T04:07:05.123456789[Asia/Kolkata]");
    check_all(
        &time,
        &[
            ("%Y", "2021"),
            ("%C", "20"),
            ("%y", "21"),
            ("%m", "04"),
            ("%B", "April"),
            ("%b", "Apr"),
            ("%h", "Apr"),
            ("%d", "09"),
            ("%e", " 9"),
            ("%j", "099"),
            ("%H", "04"),
            ("%k", " 4"),
            ("%I", "04"),
            ("%l", " 4"),
            ("%P", "am"),
            ("%p", "AM"),
            ("%M", "07"),
            ("%S", "05"),
            ("%L", "123"),
            ("%N", "123456789"),
            ("%z", "+0530"),
            ("%:z", "+05:30"),
            ("%::z", "+05:30:00"),
            ("%:::z", "+05:30"),
            ("%Z", "IST"),
            ("%A", "Friday"),
            ("%a", "Fri"),
            ("%u", "5"),
            ("%w", "5"),
            ("%G", "2021"),
            ("%g", "21"),
            ("%V", "14"),
            ("%U", "14"),
            ("%W", "14"),
            ("%s", "1617921425"),
            ("%n", "\n"),
            ("%t", "\t"),
            ("%%", "%"),
            ("%c", "Fri Apr  9 04:07:05 2021"),
            ("%D", "04/09/21"),
            ("%F", "2021-04-09"),
            ("%v", " 9-APR-2021"),
            ("%x", "04/09/21"),
            ("%X", "04:07:05"),
            ("%r", "04:07:05 AM"),
            ("%R", "04:07"),
            ("%T", "04:07:05"),
            ("%+", "Fri Apr  9 04:07:05 IST 2021"),
            ("%Y-%m-%dT%H:%M:%S.%LZ", "2021-04-09T04:07:05.123Z"),
            ("%s%L", "1617921425123"),
            ("ü %d%% ü", "ü 09% ü"),
        ],
    );
    for letter in LETTERS {
        let directive = format!("%{}", char::from(*letter));
        assert_eq!(check(&directive), Ok(()), "{directive}");
    }
}

#[test]
fn flags_and_widths_print_what_ruby_prints() {
    let time = zoned("2021-04-09T04:07:05.123456789[Asia/Kolkata]");
    check_all(
        &time,
        &[
            ("%-d", "9"),
            ("%-m/%-d/%-y", "4/9/21"),
            ("%-I:%M %p", "4:07 AM"),
            ("%-e", "9"),
            ("%-l", "4"),
            ("%-j", "99"),
            ("%_d", " 9"),
            ("%_m", " 4"),
            ("%_5d", "    9"),
            ("%0e", "09"),
            ("%03d", "009"),
            ("%3d", "009"),
            ("%10d", "0000000009"),
            ("%010Y", "0000002021"),
            ("%_10Y", "      2021"),
            ("%10e", "         9"),
            ("%-10d", "9"),
            ("%1d", "9"),
            ("%^a", "FRI"),
            ("%^B", "APRIL"),
            ("%#a", "FRI"),
            ("%#b", "APR"),
            ("%#p", "am"),
            ("%^p", "AM"),
            ("%#P", "AM"),
            ("%^P", "AM"),
            ("%#Z", "ist"),
            ("%^c", "FRI APR  9 04:07:05 2021"),
            ("%10A", "    Friday"),
            ("%010A", "0000Friday"),
            ("%-10A", "Friday"),
            ("%^10b", "       APR"),
            ("%^_5b", "  APR"),
            ("%0^5b", "00APR"),
            ("%_010b", "0000000Apr"),
            ("%0_10b", "       Apr"),
            ("%0-^5b", "APR"),
            ("%12F", "  2021-04-09"),
            ("%012F", "002021-04-09"),
            ("%3N", "123"),
            ("%6N", "123456"),
            ("%9N", "123456789"),
            ("%12N", "123456789000"),
            ("%1L", "1"),
            ("%6L", "123456"),
            ("%3%", "  %"),
            ("%03n", "00\n"),
            ("%10z", "+000000530"),
            ("%_10z", "      +530"),
            ("%10:z", "+000005:30"),
            ("%_10:z", "     +5:30"),
            ("%12::z", "+00005:30:00"),
            ("%EY", "2021"),
            ("%EC", "20"),
            ("%Ey", "21"),
            ("%Ec", "Fri Apr  9 04:07:05 2021"),
            ("%Ex", "04/09/21"),
            ("%EX", "04:07:05"),
            ("%Od", "09"),
            ("%Oe", " 9"),
            ("%OH", "04"),
            ("%Ok", " 4"),
            ("%OI", "04"),
            ("%Ol", " 4"),
            ("%Om", "04"),
            ("%OM", "07"),
            ("%OS", "05"),
            ("%Ou", "5"),
            ("%OU", "14"),
            ("%OV", "14"),
            ("%Ow", "5"),
            ("%OW", "14"),
            ("%Oy", "21"),
            ("%-Om", "4"),
        ],
    );
}

#[test]
fn edges_of_zones_years_and_weeks_print_what_ruby_prints() {
    let noon = zoned("2021-01-03T12:00:00[America/Sao_Paulo]");
    check_all(
        &noon,
        &[
            ("%z %:z %:::z %Z", "-0300 -03:00 -03 -03"),
            ("%_6z", "  -300"),
            ("%I %l %p %P %r", "12 12 PM pm 12:00:00 PM"),
            ("%G-W%V-%u %g", "2020-W53-7 20"),
            ("%U %W %j %w", "01 00 003 0"),
        ],
    );
    let midnight = zoned("2021-12-31T00:00:00[UTC]");
    check_all(
        &midnight,
        &[
            ("%I %l %k %H", "12 12  0 00"),
            ("%z %-z %Z", "+0000 -0000 UTC"),
            ("%j %U %W", "365 52 52"),
        ],
    );
    let half_hour_west = zoned("1900-01-01T00:00:00-00:44[-00:44]");
    check_all(&half_hour_west, &[("%z %:z %_6z", "-0044 -00:44   -044")]);
    let early = zoned("-000044-03-15T00:00:00[UTC]");
    check_all(&early, &[("%Y %C %y %F", "-0044 -1 56 -0044-03-15")]);
}

#[test]
fn unknown_directives_are_refused_and_printed_verbatim() {
    let time = zoned("2021-04-09T04:07:05[UTC]");
    for (text, offset) in [
        ("%Q", 0),
        ("a%Qb", 1),
        ("%Y-%f", 3),
        ("%i", 0),
        ("%5-d", 0),
        ("%d%-", 2),
        ("%:d", 0),
        ("%::::z", 0),
        ("%:", 0),
        ("%Ed", 0),
        ("%OY", 0),
        ("%E", 0),
        ("%100N", 0),
        ("%99999999999999999999d", 0),
        ("%ü", 0),
        ("% d", 0),
        ("%!", 0),
    ] {
        assert_eq!(check(text).unwrap_err().offset, offset, "{text}");
        let printed = format(text, &time).replace("2021", "%Y").replace("09", "%d");
        assert_eq!(printed, text);
    }
    for (text, printed) in [("%", "%"), ("100%", "100%"), ("", ""), ("ü", "ü"), ("%Y%", "2021%")]
    {
        assert_eq!(check(text), Ok(()));
        assert_eq!(format(text, &time), printed);
    }
    let hint = check("%H:%i").unwrap_err().message;
    assert_eq!(hint, "`date` knows no `%i`; minutes are `%M`");
}

#[test]
fn the_output_is_bounded_by_the_length_of_the_format() {
    let time = zoned("2021-04-09T04:07:05[Asia/Kolkata]");
    let longest = ["%99d", "%099c", "%99N", "%99::z", "%+", "%99%"];
    for directive in longest {
        let format: String = directive.repeat(256 / directive.len());
        assert!(super::format(&format, &time).len() <= 64 * 104, "{directive}");
    }
}
