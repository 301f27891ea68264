//! Pages of docs/ with generated sections.

use std::fs;
use std::path::Path;

use crate::Failure;

/// Replaces the section between `<!-- begin: name -->` and `<!-- end: name -->` with `text`.
pub(crate) fn write_section(
    root: &Path,
    page: &str,
    name: &str,
    text: &str,
) -> Result<(), Failure> {
    let path = root.join(page);
    let old = fs::read_to_string(&path).map_err(|error| format!("{page}: {error}"))?;
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let new = old.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!("{before}{begin}{}\n{end}{after}", text.trim_end()))
    });
    fs::write(&path, new.ok_or_else(|| format!("{page} has no section {name}"))?)?;
    Ok(())
}
