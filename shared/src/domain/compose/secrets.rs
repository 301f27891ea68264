//! The secrets that `%name%` stands for.
//!
//! In: the name of a secret. Out: its value for a request that is sent, `•••` for people.

/// The source of secret values for one rendering.
#[derive(Clone, Copy)]
pub enum Secrets<'a> {
    /// Looks a value up by name, for a request that is sent.
    Known(&'a (dyn Fn(&str) -> Option<&'a str> + 'a)),
    /// `•••` for every name, for previews and the log.
    Hidden,
}

/// Whether `name` is a valid name of a secret: a letter or `_`, then letters, digits, `_` or `-`;
/// at most 64 characters.
pub fn is_secret_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    let other = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    name.len() <= 64 && bytes.next().is_some_and(first) && bytes.all(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        for good in ["a", "_", "token", "Api-Key_2", &"x".repeat(64)] {
            assert!(is_secret_name(good), "{good}");
        }
        for bad in ["", "2a", "-a", "a b", "ü", "a%", &"x".repeat(65)] {
            assert!(!is_secret_name(bad), "{bad}");
        }
    }
}
