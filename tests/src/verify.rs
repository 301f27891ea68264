//! Verifies captured requests as receivers do: with the public packages, and with the code of
//! `docs/verifying.md`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use strum::VariantArray;

use crate::receiver::Received;

const PAGE: &str = include_str!("../../docs/verifying.md");

/// A request, and a signing secret of its receiver.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The secret, `whsec_…`.
    pub secret: String,
    /// The headers of the request.
    pub headers: Map<String, Value>,
    /// Its body.
    pub body: String,
    /// Method and URL, to verify these instead of the body. The public packages cannot.
    pub line: Option<[String; 2]>,
}

impl Signed {
    /// A received request.
    pub fn new(secret: &str, request: &Received) -> Self {
        let names = request.headers.keys();
        let headers = names.map(|name| (name.to_string(), request.header(name.as_str()).into()));
        let body = request.body.clone();
        Self { secret: secret.to_owned(), headers: headers.collect(), body, line: None }
    }

    /// Copies of the request with one bit flipped: in the id, the time, the signature, and in the body if
    /// there is one. Each must be refused.
    pub fn flipped(&self) -> Vec<Self> {
        let headers = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let mut all: Vec<_> = headers
            .into_iter()
            .map(|name| {
                let mut one = self.clone();
                let text = one.headers[name].as_str().unwrap();
                // In each signature: one valid signature would suffice.
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

/// Flips the lowest bit of a digit or letter in the second half. The last two characters are left alone: in Base64 they
/// may hold bits without a meaning.
fn flip(text: &str) -> String {
    let range = text.len() / 2..text.len() - 2;
    let bytes = || text.bytes().enumerate().filter(|(index, _)| range.contains(index));
    let digit = bytes().find(|(_, byte)| byte.is_ascii_digit());
    let found = digit.or_else(|| bytes().find(|(_, byte)| (b'b'..b'z').contains(byte)));
    let (index, _) = found.unwrap_or_else(|| panic!("no digit or letter in {text:?}"));
    let mut bytes = text.as_bytes().to_vec();
    bytes[index] ^= 1;
    String::from_utf8(bytes).unwrap()
}

/// A program that verifies signatures.
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

    /// Whether it accepts each of the requests.
    pub fn accepts(self, requests: &[Signed]) -> Vec<bool> {
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

/// The code block of a language in `docs/verifying.md`. There must be one.
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
    // The output fits into the pipe, so the program reads all input.
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
