//! The buffer of rendered bytes, which never grows beyond its limit.

use std::io;

use http::HeaderValue;

/// A write would exceed the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

/// A rendered body and its `content-type`.
pub(super) type RenderedBody = (Vec<u8>, HeaderValue);

/// Rendered bytes, all UTF-8, up to a limit.
pub(super) struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    /// An empty buffer for at most `limit` bytes; it allocates as it grows.
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn into_text(self) -> String {
        // Only whole texts are pushed, so no byte is replaced.
        String::from_utf8(self.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Appends all of `bytes`, or none if they exceed the limit.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Full> {
        let length = self.bytes.len() + bytes.len();
        if length > self.limit {
            return Err(Full);
        }
        if length > self.bytes.capacity() {
            // Doubles the capacity, but not beyond the limit as `Vec` would.
            let wanted = length.max(2 * self.bytes.capacity()).max(256);
            self.bytes.reserve_exact(wanted.min(self.limit) - self.bytes.len());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends `text`, escaped for the inside of a JSON string.
    pub(super) fn push_json(&mut self, text: &str) -> Result<(), Full> {
        let start = self.bytes.len();
        serde_json::to_writer(&mut *self, text).map_err(|_| Full)?;
        self.bytes.pop();
        self.bytes.remove(start);
        Ok(())
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.push(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(Full) => Err(io::ErrorKind::FileTooLarge.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact() {
        let mut out = Output::with_limit(1_000);
        assert_eq!(out.push(&[b'x'; 999]), Ok(()));
        assert_eq!(out.push(b"yz"), Err(Full));
        assert_eq!(out.push(b"y"), Ok(()));
        assert_eq!(out.bytes().len(), 1_000);
        assert_eq!(out.into_bytes().capacity(), 1_000);
    }
}
