//! `docs/reliability.md`: figures that tests write into it.

use std::fs;
use std::path::Path;

/// Puts `text` into the place that `<!-- begin: name -->` and `<!-- end: name -->` mark.
pub fn write(name: &str, text: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let path = root.join("docs/reliability.md");
    let page = fs::read_to_string(&path).expect("docs/reliability.md");
    fs::write(&path, filled(&page, name, text)).expect("docs/reliability.md");
}

fn filled(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- begin: {name} -->\n"), format!("<!-- end: {name} -->"));
    let place = page.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!("{before}{begin}{}\n{end}{after}", text.trim_end()))
    });
    place.unwrap_or_else(|| panic!("docs/reliability.md has no place for {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_place_of_the_one_before() {
        let page = "a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n";
        let new = "a\n<!-- begin: x -->\nnew\n<!-- end: x -->\nb\n";
        assert_eq!(filled(page, "x", "new\n"), new);
        assert_eq!(filled(new, "x", "new"), new);
    }
}
