//! A writer between the template engine and a request.

use std::io;

use super::output::{Full, Output};
use super::place::Place;

/// Escapes what the engine writes.
pub(super) struct Escaping<'o> {
    pub(super) out: &'o mut Output,
    pub(super) place: Place,
    /// Whether a write found no room.
    pub(super) is_full: bool,
}

impl io::Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The engine writes whole texts: it formats with `write!`.
        let text = str::from_utf8(bytes).map_err(io::Error::other)?;
        self.place.write(self.out, text).map_err(|Full| {
            self.is_full = true;
            io::ErrorKind::FileTooLarge
        })?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
