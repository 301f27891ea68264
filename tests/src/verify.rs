//! Verifying captured requests as their receivers would: with the public packages, and with what
//! `docs/verifying.md` shows.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use strum::VariantArray;

use crate::receiver::Received;

const PAGE: &str = include_str!("../../docs/verifying.md");

/// A request, and a secret that its receiver knows.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The secret, `whsec_…`.
    pub secret: String,
    /// The headers of the request.
    pub headers: Map<String, Value>,
    /// Its body.
    pub body: String,
    /// Method and URL, if its URL is to be verified instead of its body. The public packages do not.
    pub line: Option<[String; 2]>,
}

impl Signed {
    /// A request that came in.
    pub fn new(secret: &str, request: &Received) -> Self {
        let names = request.headers.keys();
        let headers = names.map(|name| (name.to_string(), request.header(name.as_str()).into()));
        let body = request.body.clone();
        Self { secret: secret.to_owned(), headers: headers.collect(), body, line: None }
    }

    /// The same request with one bit flipped, for each place where that must be noticed: in the
    /// id, the time, the signature, and in the body if there is one.
    pub fn flipped(&self) -> Vec<Self> {
        let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let mut all: Vec<_> = headers
            .into_iter()
            .map(|name| {
                let mut one = self.clone();
                let text = one.headers[name].as_str().unwrap();
                // Of the signatures each: one that is whole would be enough.
                let signatures: Vec<_> = text.split(' ').map(flip).collect();
                one.headers[name] = signatures.join(" ").into();
                one
            })
            .collect();
        if !self.body.is_empty() {
            all.push(Self { body: flip(&self.body), ..self.clone() });
        }
        all
    }
}

/// Flips the lowest bit of a character in the middle, and leaves it a digit or a letter. Not of the last two, which in
/// Base64 may hold bits that do not count.
fn flip(text: &str) -> String {
    let places = text.len() / 2..text.len() - 2;
    let bytes = || text.bytes().enumerate().filter(|(place, _)| places.contains(place));
    let digit = bytes().find(|(_, byte)| byte.is_ascii_digit());
    let place = digit.or_else(|| bytes().find(|(_, byte)| (b'b'..b'z').contains(byte)));
    let (place, _) = place.unwrap_or_else(|| panic!("no place in {text:?}"));
    let mut bytes = text.as_bytes().to_vec();
    bytes[place] ^= 1;
    String::from_utf8(bytes).unwrap()
}

/// Who verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum Verifier {
    /// The package for Python.
    PythonPackage,
    /// The package for JavaScript.
    NpmPackage,
    /// The Python of `docs/verifying.md`.
    DocumentedPython,
    /// The JavaScript of `docs/verifying.md`.
    DocumentedJavaScript,
}

impl Verifier {
    /// Every verifier.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Which of the requests it takes.
    pub fn takes(self, requests: &[Signed]) -> Vec<bool> {
        let lines = requests.iter().map(|signed| {
            let Signed { secret, headers, body, line } = signed;
            let mut request = json!({"secret": secret, "headers": headers, "body": body});
            if let Some([method, url]) = line {
                request["method"] = json!(method);
                request["url"] = json!(url);
            }
            format!("{request}\n")
        });
        let output = run(self.command(), &lines.collect::<String>());
        let verdicts: Vec<_> = output
            .lines()
            .map(|line| match line.split(':').next() {
                Some("ok") => true,
                Some("refused") => false,
                _ => panic!("{self:?} says {line:?}"),
            })
            .collect();
        assert_eq!(verdicts.len(), requests.len(), "{self:?} says {output:?}");
        verdicts
    }

    fn command(self) -> Command {
        let scripts = root().join("tests/verify");
        let mut command = match self {
            Self::PythonPackage | Self::DocumentedPython => {
                Command::new(root().join(".venv/bin/python"))
            }
            Self::NpmPackage | Self::DocumentedJavaScript => Command::new("node"),
        };
        match self {
            Self::PythonPackage => command.arg(scripts.join("verify.py")),
            Self::NpmPackage => command.arg(scripts.join("verify.mjs")),
            Self::DocumentedPython => {
                let driver = include_str!("../verify/document.py");
                command.args(["-W", "error", "-c", &format!("{}\n{driver}", documented("python"))])
            }
            Self::DocumentedJavaScript => {
                let driver = include_str!("../verify/document.mjs");
                let program = format!("{}\n{driver}", documented("js"));
                command.args(["--input-type=module", "--eval", &program])
            }
        };
        command
    }
}

/// The one block of a language in `docs/verifying.md`.
pub fn documented(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let mut blocks = PAGE.split(fence.as_str()).skip(1);
    let block = blocks.next().and_then(|rest| rest.split_once("\n```"));
    assert!(blocks.next().is_none(), "there is more than one block of {language}");
    block.unwrap_or_else(|| panic!("docs/verifying.md shows no {language}")).0
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn run(mut command: Command, input: &str) -> String {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}: run `make test-e2e`"));
    // What it says is shorter than what the pipe holds, so it reads on.
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
