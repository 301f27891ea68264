//! Packs the files that the function serves into its binary: the console of `dist/` and the OpenAPI
//! document, each uncompressed and compressed, with an entity tag for each variant.

#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

type Outcome<T> = Result<T, Box<dyn Error>>;

const DIST: &str = "functions/console/dist";
/// The best of brotli's qualities.
const BROTLI_QUALITY: i32 = 11;

fn main() {
    // Notices new files; `Packer::literal` names the files to watch for changes. A folder that was copied with its
    // old modification times may look unchanged.
    println!("cargo::rerun-if-changed=dist");
    if let Err(error) = pack() {
        println!("cargo::error={error}");
    }
}

fn pack() -> Outcome<()> {
    let package = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let dist = package.join("dist");
    let mut packer = Packer::new(&out)?;
    let mut code = String::new();
    for (constant, file) in [("CONSOLE", "index.html"), ("DOCS", "docs.html")] {
        let path = dist.join(file);
        if !path.is_file() {
            return Err(format!("{DIST}/{file} is missing: run `make console`.").into());
        }
        let literal = packer.literal(file, &path)?;
        writeln!(code, "pub(crate) static {constant}: Asset = {literal};")?;
    }
    let document = packer.literal("openapi.json", &package.join("../../docs/openapi.json"))?;
    writeln!(code, "pub(crate) static OPENAPI: Asset = {document};")?;
    writeln!(code, "pub(crate) static ASSETS: &[Asset] = &[")?;
    for (name, path) in assets(&dist.join("assets"))? {
        writeln!(code, "{},", packer.literal(&name, &path)?)?;
    }
    writeln!(code, "];")?;
    fs::write(out.join("embedded.rs"), code)?;
    packer.remove_unused()
}

/// The files of `dist/assets`, by name.
fn assets(folder: &Path) -> Outcome<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("{DIST}/assets cannot be read: {error}. Run `make console`."))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        // Names that need no escaping in a URL or in HTML.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !path.is_file() || name.starts_with('.') || !name.chars().all(is_plain) {
            let accepted = "files named with letters, digits, `.`, `-` and `_`";
            return Err(format!("{DIST}/assets/{name}: only {accepted} are served.").into());
        }
        found.push((name, path));
    }
    found.sort();
    Ok(found)
}

/// The content type of a file, and whether compression makes it smaller.
fn media_type(name: &str) -> Outcome<(&'static str, bool)> {
    let (_, extension) = name.rsplit_once('.').unwrap_or_default();
    Ok(match extension {
        "html" => ("text/html; charset=utf-8", true),
        "js" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "svg" => ("image/svg+xml; charset=utf-8", true),
        // JSON is UTF-8 always (RFC 8259); its media type has no such parameter.
        "json" => ("application/json", true),
        "ico" => ("image/x-icon", true),
        "png" => ("image/png", false),
        "woff2" => ("font/woff2", false),
        _ => return Err(format!("{name}: build.rs knows no content type for this name.").into()),
    })
}

/// Writes compressed files and reuses those of earlier builds, which are named by the hash of their content.
struct Packer {
    folder: PathBuf,
    used: BTreeSet<PathBuf>,
}

impl Packer {
    fn new(out: &Path) -> Outcome<Self> {
        let folder = out.join("packed");
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, used: BTreeSet::new() })
    }

    /// The file as a Rust expression.
    fn literal(&mut self, name: &str, path: &Path) -> Outcome<String> {
        println!("cargo::rerun-if-changed={}", path.display());
        let content = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let (media_type, is_compressible) = media_type(name)?;
        let identity = variant(&content, path);
        let mut optional = |ending, compress| {
            let packed = self.packed(&content, ending, compress)?;
            Ok::<_, Box<dyn Error>>(packed.map_or_else(
                || "None".to_owned(),
                |(bytes, path)| format!("Some({})", variant(&bytes, &path)),
            ))
        };
        let (gzip, brotli) = if is_compressible {
            (optional("gz", gzip)?, optional("br", brotli)?)
        } else {
            ("None".to_owned(), "None".to_owned())
        };
        Ok(format!(
            "Asset {{ name: {name:?}, media_type: {media_type:?}, identity: {identity}, \
             gzip: {gzip}, brotli: {brotli} }}"
        ))
    }

    /// The compressed content and its path, if it is smaller.
    fn packed(
        &mut self,
        content: &[u8],
        ending: &str,
        compress: fn(&[u8]) -> Outcome<Vec<u8>>,
    ) -> Outcome<Option<(Vec<u8>, PathBuf)>> {
        let path = self.folder.join(format!("{}.{ending}", hash(content)));
        self.used.insert(path.clone());
        let bytes = if path.is_file() {
            fs::read(&path)?
        } else {
            let bytes = compress(content)?;
            // Renamed when complete: an interrupted build leaves no partial file.
            let partial = path.with_extension("partial");
            fs::write(&partial, &bytes)?;
            fs::rename(&partial, &path)?;
            bytes
        };
        Ok((bytes.len() < content.len()).then_some((bytes, path)))
    }

    fn remove_unused(&self) -> Outcome<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if !self.used.contains(&path) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

/// A `Variant` expression. Its entity tag is the hash of its own bytes: a strong tag names exactly one content.
fn variant(bytes: &[u8], path: &Path) -> String {
    let tag = format!("\"{}\"", hash(bytes).get(..16).unwrap_or_default());
    let path = path.display().to_string();
    format!("Variant {{ bytes: include_bytes!({path:?}), etag: {tag:?} }}")
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    let params = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &*content, &mut packed, &params)?;
    Ok(packed)
}
