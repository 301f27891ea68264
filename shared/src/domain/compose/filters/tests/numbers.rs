use super::{check, render};

#[test]
fn results_are_as_liquid_documents() {
    check(
        r#"
        4 | plus: 2 => "6"
        16 | plus: 4 => "20"
        183.357 | plus: 12 => "195.357"
        4 | minus: 2 => "2"
        16 | minus: 4 => "12"
        183.357 | minus: 12 => "171.357"
        3 | times: 2 => "6"
        24 | times: 7 => "168"
        183.357 | times: 12 => "2200.284"
        16 | divided_by: 4 => "4"
        5 | divided_by: 3 => "1"
        20 | divided_by: 7 => "2"
        20 | divided_by: 7.0 => "2.857142857142857"
        3 | modulo: 2 => "1"
        24 | modulo: 7 => "3"
        183.357 | modulo: 12 => "3.357"
        -17 | abs => "17"
        4 | abs => "4"
        "-19.86" | abs => "19.86"
        1.2 | ceil => "2"
        2.0 | ceil => "2"
        183.357 | ceil => "184"
        "3.5" | ceil => "4"
        1.2 | floor => "1"
        2.0 | floor => "2"
        183.357 | floor => "183"
        "3.5" | floor => "3"
        1.2 | round => "1"
        2.7 | round => "3"
        183.357 | round: 2 => "183.36"
        4 | at_least: 5 => "5"
        4 | at_least: 3 => "4"
        4 | at_most: 5 => "4"
        4 | at_most: 3 => "3"
        "#,
    );
}

#[test]
fn a_number_is_whole_or_decimal_by_type() {
    check(
        r#"
        83 | times: 1.0 => "83.0"
        83 | times: 1.0 | divided_by: 60 | round: 2 => "1.38"
        180 | divided_by: 60.0 => "3.0"
        180 | divided_by: 60.0 | divided_by: 2 => "1.5"
        "83.0" | divided_by: 60 | round: 2 => "1.38"
        "83" | divided_by: 60 => "1"
        "180" | times: "1.0" | divided_by: 8 => "22.5"
        exponent | plus: 1 => "1001.0"
        exponent | divided_by: 3000 | round: 3 => "0.333"
        float | plus: 0 => "1.5"
        float | times: 2 => "3.0"
        float | times: 2 | divided_by: 2 => "1.5"
        7 | plus: 1.0 | minus: 1 | modulo: 4 => "3.0"
        4.0 | abs | divided_by: 8 => "0.5"
        4.0 | at_least: 3 | divided_by: 8 => "0.5"
        4 | at_least: 4.0 | divided_by: 8 => "0"
        3 | at_least: 4.0 | divided_by: 8 => "0.5"
        5 | at_most: 4.0 => "4.0"
        4.0 | ceil | divided_by: 8 => "0"
        4.0 | floor | divided_by: 8 => "0"
        4.4 | round | divided_by: 8 => "0"
        4.0 | round: 1 | divided_by: 8 => "0.5"
        4 | round: 1 | divided_by: 8 => "0"
        83.0 | append: "" | divided_by: 100 => "0.83"
        "#,
    );
}

#[test]
fn numbers_are_decimal_with_28_digits() {
    check(
        r#"
        duration | plus: 1 => "24"
        duration | minus: 0.5 => "22.5"
        0.1 | plus: 0.2 => "0.3"
        to | times: 1000000000000 => "918867130000000000000000"
        duration | divided_by: 5 => "4"
        -7 | divided_by: 2 => "-4"
        7 | divided_by: -2 => "-4"
        -7 | divided_by: -2 => "3"
        -6 | divided_by: 2 => "-3"
        "79228162514264337593543950335" | divided_by: 2 => "39614081257132168796771975167"
        "79228162514264337593543950335" | divided_by: 1.0 => "79228162514264337593543950335.0"
        duration | divided_by: 5.0 => "4.6"
        2 | divided_by: 3.0 => "0.6666666666666666"
        8 | divided_by: 3.0 => "2.6666666666666665"
        1 | divided_by: 1024.0 => "0.0009765625"
        duration | modulo: 5 => "3"
        -7 | modulo: 3 => "2"
        7 | modulo: -3 => "-2"
        "-3.5" | abs => "3.5"
        -1.2 | floor => "-2"
        -1.2 | ceil => "-1"
        2.5 | round => "3"
        -2.5 | round => "-3"
        2.345 | round: 2 => "2.35"
        1250 | round: -2 => "1300"
        149.5 | round: -2 => "100.0"
        149 | round: -30 => "0"
        duration | at_least: 30 => "30"
        duration | at_most: 20 => "20"
        nothing | plus: 1 => "1"
        hollow | plus: 1 => "1"
        "  " | plus: 1 => "1"
        5 | plus: nothing => "5"
        "1e3" | plus: 1 => "1001.0"
        "#,
    );
}

#[test]
fn a_filter_that_needs_a_number_fails_without_repeating_the_value() {
    let fails = |expression: &str, why: &str| {
        let error = render(expression);
        assert_eq!(error, format!("`f` cannot be rendered: the filter {why}"), "{expression}");
    };
    for filter in ["plus: 1", "minus: 1", "times: 1", "divided_by: 1", "modulo: 1", "at_least: 1"] {
        let name = filter.split(':').next().unwrap();
        let input = format!("`{name}` needs a number, but its input is not one");
        for value in ["status", "list", "object", "yes", "masked", "'abc'", "'12abc'", "'1_000'"] {
            fails(&format!("{value} | {filter}"), &input);
        }
        let argument = format!("`{name}` needs a number, but its argument is not one");
        fails(&format!("7 | {name}: status"), &argument);
    }
    for name in ["abs", "ceil", "floor", "round"] {
        fails(
            &format!("status | {name}"),
            &format!("`{name}` needs a number, but its input is not one"),
        );
    }
    fails("duration | divided_by: 0", "`divided_by` cannot divide by zero");
    fails("duration | divided_by: 0.0", "`divided_by` cannot divide by zero");
    fails("duration | modulo: 0", "`modulo` cannot divide by zero");
    fails("big | plus: 1", "`plus` takes numbers of at most 28 digits");
    let times = "9223372036854775807 | times: 9223372036854775807";
    fails(times, "`times` would make a number of more than 28 digits");
}
