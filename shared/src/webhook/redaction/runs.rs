//! Text that is written in digits: base64 and hexadecimal.

use super::view::{Part, View};

/// One digit and where it is.
type Digit = (u8, Part);

/// The readings of all runs of digits that have room for `shortest` bytes. A run may begin with the
/// letters of a word before the digits, so it is read from each of its first digits on.
pub(super) fn readings(view: &View, shortest: usize) -> impl Iterator<Item = View> {
    let base64 = (shortest * 4).div_ceil(3);
    let base64 = runs(view, sextet, base64).into_iter().flat_map(|run| run.read(4, bytes_of_four));
    let hex = runs(view, nibble, shortest * 2).into_iter();
    base64.chain(hex.flat_map(|run| run.read(2, byte_of_two)))
}

/// Digits in a row. Lines of base64 are broken after 60 to 76 of them.
struct Run {
    digits: Vec<Digit>,
    /// Whether its end was cut off.
    is_cut: bool,
}

fn runs(view: &View, digit: fn(u8) -> Option<u8>, fewest: usize) -> Vec<Run> {
    /// At the end of a cut body the beginning of a secret is looked for.
    const FEWEST_CUT: usize = 3;
    let mut runs = Vec::new();
    let mut digits = Vec::new();
    let mut end = |digits: &mut Vec<Digit>, is_cut: bool| {
        let fewest = if is_cut { FEWEST_CUT.min(fewest) } else { fewest };
        let digits = std::mem::take(digits);
        if digits.len() >= fewest {
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
    /// The bytes of every group of `size` digits, from each digit of the first group on.
    fn read(self, size: usize, bytes: fn(&[Digit], &mut View)) -> impl Iterator<Item = View> {
        (0..size).map(move |from| {
            let mut read = View::empty(self.is_cut, true);
            let digits = self.digits.get(from..).unwrap_or_default();
            digits.chunks(size).for_each(|group| bytes(group, &mut read));
            read
        })
    }
}

/// A digit of base64, of either alphabet (RFC 4648).
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

fn bytes_of_four(group: &[Digit], read: &mut View) {
    for (pair, shift) in group.windows(2).zip([2, 4, 6]) {
        if let [(high, first), (low, last)] = pair {
            read.push(high << shift | low >> (6 - shift), first.to(*last));
        }
    }
}

fn byte_of_two(group: &[Digit], read: &mut View) {
    if let [(high, first), (low, last)] = group {
        read.push(high << 4 | low, first.to(*last));
    }
}
