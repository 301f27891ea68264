//! Sections of `docs/reliability.md` that tests write.

use std::fs;
use std::path::Path;

/// Replaces the section between `<!-- begin: name -->` and `<!-- end: name -->` with `text`.
pub fn write(name: &str, text: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let path = root.join("docs/reliability.md");
    let page = fs::read_to_string(&path).expect("docs/reliability.md");
    fs::write(&path, with_section(&page, name, text)).expect("docs/reliability.md");
}

fn with_section(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let replaced = page.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!("{before}{begin}{}\n{end}{after}", text.trim_end()))
    });
    replaced.unwrap_or_else(|| panic!("docs/reliability.md has no section {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced() {
        let page = "a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n";
        let new = "a\n<!-- begin: x -->\nnew\n<!-- end: x -->\nb\n";
        assert_eq!(with_section(page, "x", "new\n"), new);
        assert_eq!(with_section(new, "x", "new"), new);
    }
}
