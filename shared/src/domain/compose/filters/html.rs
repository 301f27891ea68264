//! Removes HTML from text, for the filter `strip_html`.

use std::borrow::Cow;

/// Beginnings and ends of blocks that are removed with their content.
const BLOCKS: [(&str, &str); 3] =
    [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")];

/// Removes `<…>`, and scripts, styles and comments with their content (Liquid's `STRIP_HTML_BLOCKS` and
/// `STRIP_HTML_TAGS`). An unclosed tag or block is removed up to the end of the text; a `<` that begins
/// no tag stays.
///
/// Linear in `text`, since a missing end is searched for once. Allocates at most twice the bytes of `text`.
pub(super) fn strip(text: &str) -> String {
    remove_tags(&remove_blocks(text))
}

fn remove_blocks(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    // Changes ASCII only, so that offsets are those of `text`.
    let lower = text.to_ascii_lowercase();
    let mut kept = String::new();
    // Whether the rest may hold an end of each block.
    let mut has_end = [true; BLOCKS.len()];
    let (mut from, mut at) = (0, 0);
    while let Some(start) = find_from(&lower, at, "<") {
        at = start + 1;
        let rest = lower.get(start..).unwrap_or_default();
        let mut blocks = BLOCKS.iter().zip(&mut has_end);
        let block = blocks.find(|((open, _), _)| rest.starts_with(open));
        let Some(((open, close), has_end)) = block else { continue };
        let end = has_end.then(|| find_from(&lower, start + open.len(), close)).flatten();
        *has_end = end.is_some();
        let end = match end {
            Some(end) => end + close.len(),
            None if is_whole_name(rest, open) => lower.len(),
            // `<styled>` is an ordinary tag.
            None => continue,
        };
        kept.push_str(text.get(from..start).unwrap_or_default());
        (from, at) = (end, end);
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(kept)
}

/// Whether the tag at the beginning of `rest` has exactly the name in `open`.
fn is_whole_name(rest: &str, open: &str) -> bool {
    let next = rest.as_bytes().get(open.len());
    open == "<!--" || next.is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'-')
}

fn remove_tags(text: &str) -> String {
    let mut kept = String::new();
    let (mut from, mut at) = (0, 0);
    let mut has_end = true;
    while let Some(start) = find_from(text, at, "<") {
        let end = has_end.then(|| find_from(text, start, ">")).flatten();
        has_end = end.is_some();
        let next = text.as_bytes().get(start + 1);
        let is_tag = next.is_some_and(|b| b.is_ascii_alphabetic() || b"/!?".contains(b));
        at = match end {
            Some(end) => end + 1,
            None if is_tag => text.len(),
            None => {
                at = start + 1;
                continue;
            }
        };
        kept.push_str(text.get(from..start).unwrap_or_default());
        from = at;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// The offset of the first `pattern` from offset `from` on.
fn find_from(text: &str, from: usize, pattern: &str) -> Option<usize> {
    Some(from + text.get(from..)?.find(pattern)?)
}

#[cfg(test)]
mod tests;
