//! Looks for secrets in all readings of a body.

use std::collections::HashSet;

use super::escapes;
use super::needle::Needle;
use super::runs;
use super::view::{Part, View};

/// How many decoders are applied one after the other: base64 of JSON in a query, say.
const DEPTH: usize = 3;
/// The work that a body may cause, in readings of its size.
const READINGS: usize = 32;

/// The body has more readings than are looked through.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooManyReadings;

/// The parts of `body` that stand for one of `needles`; they may overlap. `is_cut` says that the end
/// of the body is missing, and so may be the end of a secret.
pub(super) fn hidden_parts(
    body: &[u8],
    needles: &[Needle],
    is_cut: bool,
) -> Result<Vec<Part>, TooManyReadings> {
    let shortest = needles.iter().filter(|needle| !needle.is_short()).map(Needle::len).min();
    let mut search = Search {
        needles,
        shortest,
        len: body.len(),
        left: READINGS * body.len(),
        seen: HashSet::new(),
        found: Vec::new(),
    };
    search.look_through(&View::of(body, is_cut), DEPTH)?;
    Ok(search.found)
}

struct Search<'n> {
    needles: &'n [Needle],
    /// The fewest bytes of a needle that is looked for in base64 and such.
    shortest: Option<usize>,
    /// Of the body.
    len: usize,
    /// Bytes of readings that may still be looked through.
    left: usize,
    /// Where a reading begins, and what it says: many lead to the same.
    seen: HashSet<(usize, Vec<u8>)>,
    found: Vec<Part>,
}

impl Search<'_> {
    fn look_through(&mut self, view: &View, depth: usize) -> Result<(), TooManyReadings> {
        self.left = self.left.checked_sub(view.len()).ok_or(TooManyReadings)?;
        let folded = view.folded();
        for needle in self.needles {
            let view = if needle.is_text() { &folded } else { view };
            needle.find(view, self.len, &mut self.found);
        }
        let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
        for unescaped in escapes::readings(view) {
            self.look_once(&unescaped, depth)?;
        }
        for decoded in self.shortest.into_iter().flat_map(|shortest| runs::readings(view, shortest))
        {
            let depth = if is_text(&decoded) { depth } else { 0 };
            self.look_once(&decoded, depth)?;
        }
        Ok(())
    }

    fn look_once(&mut self, view: &View, depth: usize) -> Result<(), TooManyReadings> {
        let is_new = self.seen.insert((view.start(), view.bytes().to_vec()));
        if is_new { self.look_through(view, depth) } else { Ok(()) }
    }
}

/// Whether what was decoded may be decoded further: read at the wrong place, base64 is noise.
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
