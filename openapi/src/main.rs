//! Writes the document to standard output, for `make openapi`.

use std::io::{Error, Write as _, stdout};

fn main() -> Result<(), Error> {
    stdout().write_all(callhook_openapi::text()?.as_bytes())
}
