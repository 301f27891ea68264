//! The files that `build.rs` packs into the binary: `CONSOLE`, `DOCS`, `OPENAPI`, and `ASSETS`, which
//! are those of `dist/assets`.

use crate::asset::{Asset, Variant};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
