//! Compares the log messages of the functions with the tables of `docs/operations.md`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail it"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];
const PAGE: &str = "docs/operations.md";

/// Level and message.
type Message = (String, String);
/// File and line: `functions/deliver/src/plan.rs:135`.
type Location = String;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The log calls in the sources of the functions.
#[derive(Default)]
struct Logged {
    messages: BTreeMap<Message, Vec<Location>>,
    /// Calls whose message is not a constant.
    variable: Vec<Location>,
}

impl Logged {
    /// Reads `file`, relative to the workspace, and the modules that it declares.
    fn read(&mut self, file: &Path) {
        let source = std::fs::read_to_string(root().join(file)).unwrap();
        let name = file.to_string_lossy().into_owned();
        for module in self.read_source(&name, &source) {
            let folder = match file.file_stem().unwrap().to_str().unwrap() {
                "main" | "lib" | "mod" => file.parent().unwrap().to_owned(),
                stem => file.with_file_name(stem),
            };
            let candidates = [format!("{module}.rs"), format!("{module}/mod.rs")];
            let found = candidates.iter().map(|name| folder.join(name));
            let found = found.into_iter().find(|path| root().join(path).is_file());
            self.read(&found.unwrap_or_else(|| panic!("{name}: no file of `mod {module}`")));
        }
    }

    /// Reads one file; returns the modules that it declares.
    fn read_source(&mut self, name: &str, source: &str) -> Vec<String> {
        let tokens: TokenStream = source.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut modules = Vec::new();
        self.walk(name, tokens, &mut modules);
        modules
    }

    fn walk(&mut self, name: &str, tokens: TokenStream, modules: &mut Vec<String>) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match (token, tokens.get(at + 1), tokens.get(at + 2)) {
                (TokenTree::Punct(sign), Some(TokenTree::Group(attribute)), _)
                    if sign.as_char() == '#' && is_for_tests(&attribute.stream()) =>
                {
                    at = end_of_item(&tokens, at + 2);
                    continue;
                }
                (
                    TokenTree::Ident(level),
                    Some(TokenTree::Punct(sign)),
                    Some(TokenTree::Group(arguments)),
                ) if sign.as_char() == '!' && LEVELS.contains(&level.to_string().as_str()) => {
                    let location = format!("{name}:{}", level.span().start().line);
                    match message(arguments.stream()) {
                        Some(message) => {
                            let locations = self.messages.entry((level.to_string(), message));
                            locations.or_default().push(location);
                        }
                        None => self.variable.push(location),
                    }
                }
                (
                    TokenTree::Ident(word),
                    Some(TokenTree::Ident(module)),
                    Some(TokenTree::Punct(end)),
                ) if word == "mod" && end.as_char() == ';' => modules.push(module.to_string()),
                (TokenTree::Group(group), _, _) => self.walk(name, group.stream(), modules),
                _ => {}
            }
            at += 1;
        }
    }
}

/// Whether the attribute is `[cfg(test)]` or `[cfg(feature = "testing")]`.
fn is_for_tests(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text == "cfg(test)" || text == "cfg(feature=\"testing\")"
}

/// The index after the item that begins at `at`.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    };
    tokens.iter().skip(at).position(ends).map_or(tokens.len(), |found| at + found + 1)
}

/// The message among a macro's arguments: the string literal. `None` without one, or if it has placeholders.
fn message(arguments: TokenStream) -> Option<String> {
    let mut is_first = true;
    for token in arguments {
        match token {
            TokenTree::Literal(literal) if is_first => {
                let written = literal.to_string();
                let text = written.strip_prefix('"')?.strip_suffix('"')?;
                return (!text.contains(['{', '\\'])).then(|| text.to_owned());
            }
            TokenTree::Punct(sign) => is_first = sign.as_char() == ',',
            _ => is_first = false,
        }
    }
    None
}

/// The rows of the page's tables whose second cell is a level.
fn documented(page: &str) -> BTreeMap<Message, Location> {
    let mut found = BTreeMap::new();
    for (line, row) in page.lines().enumerate() {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (Some(messages), Some(level)) = (cells.next(), cells.next()) else { continue };
        if !LEVELS.contains(&level) {
            continue;
        }
        for message in messages.split('`').skip(1).step_by(2) {
            let location = format!("{PAGE}:{}", line + 1);
            let before = found.insert((level.to_owned(), message.to_owned()), location.clone());
            assert_eq!(before, None, "{location}: `{message}` ({level}) is listed twice");
        }
    }
    found
}

/// The differences, one line each.
fn differences(logged: &Logged, documented: &BTreeMap<Message, Location>) -> Vec<String> {
    let mut found = Vec::new();
    for location in &logged.variable {
        found.push(format!("{location}: the message is not constant"));
    }
    for ((level, message), locations) in &logged.messages {
        if !documented.contains_key(&(level.clone(), message.clone())) {
            let locations = locations.join(", ");
            found.push(format!("{locations}: `{message}` ({level}) is missing from {PAGE}"));
        }
    }
    for ((level, message), location) in documented {
        if !logged.messages.contains_key(&(level.clone(), message.clone())) {
            found.push(format!("{location}: no function logs `{message}` ({level})"));
        }
    }
    found
}

#[test]
fn the_operations_page_lists_every_log_message_with_its_level() {
    let mut logged = Logged::default();
    logged.read(Path::new("shared/src/lib.rs"));
    let functions = std::fs::read_dir(root().join("functions")).unwrap();
    let mut functions: Vec<_> = functions.map(|entry| entry.unwrap().file_name()).collect();
    functions.sort();
    for function in &functions {
        logged.read(&Path::new("functions").join(function).join("src/main.rs"));
    }
    assert!(functions.len() >= 10 && logged.messages.len() >= 40, "sources are missing");
    let page = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let found = differences(&logged, &documented(&page));
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn messages_of_all_log_macros_are_found() {
    let source = r#"
        mod child;
        #[cfg(test)]
        mod tests;
        fn one() {
            // tracing::error!("in a comment");
            tracing::error!(%id, error = %ErrorChain(&error), kind = "x",
                "a delivery was lost");
            result.inspect_err(|error| tracing::warn!(%error, "it came late")).ok();
            match it { _ => info!(target: "callhook", n = f(a, "b"), "all went well") }
            let text = "tracing::error!(\"in a text\")";
            tracing::info!("{n} reports");
            tracing::info!(n);
        }
        #[cfg(test)]
        impl Some { fn two() { tracing::error!("in a test"); } }
        #[cfg(feature = "dynamodb")]
        fn three() { tracing::debug!("in a feature"); }
    "#;
    let mut logged = Logged::default();
    assert_eq!(logged.read_source("x.rs", source), ["child"]);
    let found: Vec<_> = logged.messages.into_iter().collect();
    let expected = [
        ("debug", "in a feature", "x.rs:18"),
        ("error", "a delivery was lost", "x.rs:7"),
        ("info", "all went well", "x.rs:10"),
        ("warn", "it came late", "x.rs:9"),
    ];
    let expected = expected.map(|(level, message, location)| {
        ((level.to_owned(), message.to_owned()), vec![location.to_owned()])
    });
    assert_eq!(found, expected);
    assert_eq!(logged.variable, ["x.rs:12", "x.rs:13"]);
}

#[test]
fn a_difference_has_file_line_and_message() {
    let mut logged = Logged::default();
    logged.read_source(
        "a.rs",
        "fn a() { warn!(\"new\"); error!(\"another level\"); info!(\"same\"); }",
    );
    let page = "# A\n| `same`, `gone` | info | |\n| `another level` | warn | |\n| a | b | c |";
    assert_eq!(
        differences(&logged, &documented(page)),
        [
            "a.rs:1: `another level` (error) is missing from docs/operations.md",
            "a.rs:1: `new` (warn) is missing from docs/operations.md",
            "docs/operations.md:2: no function logs `gone` (info)",
            "docs/operations.md:3: no function logs `another level` (warn)",
        ]
    );
}
