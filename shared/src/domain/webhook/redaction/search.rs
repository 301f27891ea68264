//! Searches all decoded views of a body for secrets.

use std::collections::HashSet;

use super::base64_hex;
use super::escapes;
use super::needle::Needle;
use super::view::{Part, View};

/// The most decoders applied in succession, such as base64 of JSON in a query.
const DEPTH: usize = 3;
/// The most views of the body's size that are searched.
const MAX_VIEWS: usize = 32;

/// The body has more views than are searched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManyViews;

/// The parts of `body` that hold one of `needles`; they may overlap. If the body `is_cut`, the end of a
/// secret may be missing as well.
pub(super) fn secret_parts(
    body: &[u8],
    needles: &[Needle],
    is_cut: bool,
) -> Result<Vec<Part>, TooManyViews> {
    let shortest = needles.iter().filter(|needle| !needle.is_short()).map(Needle::len).min();
    let mut search = Search {
        needles,
        shortest,
        len: body.len(),
        left: MAX_VIEWS * body.len(),
        seen: HashSet::new(),
        found: Vec::new(),
    };
    search.search(&View::of(body, is_cut), DEPTH)?;
    Ok(search.found)
}

struct Search<'n> {
    needles: &'n [Needle],
    /// The length of the shortest needle that is searched for in base64 and hex.
    shortest: Option<usize>,
    /// The length of the body.
    len: usize,
    /// Bytes of views that may still be searched.
    left: usize,
    /// Start and content of the views so far: decoders often yield the same view again.
    seen: HashSet<(usize, Vec<u8>)>,
    found: Vec<Part>,
}

impl Search<'_> {
    fn search(&mut self, view: &View, depth: usize) -> Result<(), TooManyViews> {
        self.left = self.left.checked_sub(view.len()).ok_or(TooManyViews)?;
        let folded = view.folded();
        for needle in self.needles {
            let view = if needle.is_text() { &folded } else { view };
            needle.find(view, self.len, &mut self.found);
        }
        let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
        for unescaped in escapes::views(view) {
            self.search_once(&unescaped, depth)?;
        }
        for decoded in
            self.shortest.into_iter().flat_map(|shortest| base64_hex::views(view, shortest))
        {
            let depth = if is_text(&decoded) { depth } else { 0 };
            self.search_once(&decoded, depth)?;
        }
        Ok(())
    }

    fn search_once(&mut self, view: &View, depth: usize) -> Result<(), TooManyViews> {
        let is_new = self.seen.insert((view.start(), view.bytes().to_vec()));
        if is_new { self.search(view, depth) } else { Ok(()) }
    }
}

/// Whether a decoded view is text, worth decoding further. Base64 at the wrong alignment yields noise.
fn is_text(view: &View) -> bool {
    let text = match std::str::from_utf8(view.bytes()) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && view.is_cut => {
            let whole = view.bytes().get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
}
