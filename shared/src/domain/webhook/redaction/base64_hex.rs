//! Decodes base64 and hexadecimal at any alignment.

use super::view::{Part, View};

/// The value of a digit, and its part of the body.
type Digit = (u8, Part);

/// The views of all runs of digits that are long enough for `shortest` bytes. Letters of a preceding
/// word may belong to a run, so each run is decoded from each of its first digits on.
pub(super) fn views(view: &View, shortest: usize) -> impl Iterator<Item = View> {
    let base64 = (shortest * 4).div_ceil(3);
    let base64 = runs(view, sextet, base64).into_iter().flat_map(|run| run.decode(4, decode_four));
    let hex = runs(view, nibble, shortest * 2).into_iter();
    base64.chain(hex.flat_map(|run| run.decode(2, decode_two)))
}

/// Consecutive digits. Line breaks are skipped, since base64 is wrapped after 60 to 76 digits.
struct Run {
    digits: Vec<Digit>,
    /// Whether its end was cut off with the body's.
    is_cut: bool,
}

fn runs(view: &View, digit: fn(u8) -> Option<u8>, min_digits: usize) -> Vec<Run> {
    /// A cut run may hold only the beginning of a secret.
    const MIN_DIGITS_CUT: usize = 3;
    let mut runs = Vec::new();
    let mut digits = Vec::new();
    let mut end = |digits: &mut Vec<Digit>, is_cut: bool| {
        let min_digits = if is_cut { MIN_DIGITS_CUT.min(min_digits) } else { min_digits };
        let digits = std::mem::take(digits);
        if digits.len() >= min_digits {
            runs.push(Run { digits, is_cut });
        }
    };
    for (byte, part) in view.iter() {
        match digit(byte) {
            Some(value) => digits.push((value, part)),
            None if matches!(byte, b'\r' | b'\n') => {}
            None => end(&mut digits, false),
        }
    }
    end(&mut digits, view.is_cut);
    runs
}

impl Run {
    /// Decodes groups of `size` digits, once from each digit of the first group on.
    fn decode(
        self,
        size: usize,
        decode_group: fn(&[Digit], &mut View),
    ) -> impl Iterator<Item = View> {
        (0..size).map(move |from| {
            let mut decoded = View::empty(self.is_cut, true);
            let digits = self.digits.get(from..).unwrap_or_default();
            digits.chunks(size).for_each(|group| decode_group(group, &mut decoded));
            decoded
        })
    }
}

/// The value of a base64 digit of either alphabet (RFC 4648).
fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

fn nibble(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn decode_four(group: &[Digit], decoded: &mut View) {
    for (pair, shift) in group.windows(2).zip([2, 4, 6]) {
        if let [(high, first), (low, last)] = pair {
            decoded.push(high << shift | low >> (6 - shift), first.to(*last));
        }
    }
}

fn decode_two(group: &[Digit], decoded: &mut View) {
    if let [(high, first), (low, last)] = group {
        decoded.push(high << 4 | low, first.to(*last));
    }
}
