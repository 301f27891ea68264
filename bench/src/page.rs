//! Pages of docs/ with places for figures.

use std::fs;
use std::path::Path;

use crate::Failure;

/// Puts `text` into the place that `<!-- begin: name -->` and `<!-- end: name -->` mark.
pub(crate) fn fill(root: &Path, page: &str, name: &str, text: &str) -> Result<(), Failure> {
    let path = root.join(page);
    let old = fs::read_to_string(&path).map_err(|error| format!("{page}: {error}"))?;
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let new = old.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!("{before}{begin}{}\n{end}{after}", text.trim_end()))
    });
    fs::write(&path, new.ok_or_else(|| format!("{page} has no place for {name}"))?)?;
    Ok(())
}
