//! One template, compiled.

use std::collections::BTreeSet;

use liquid_core::Renderable;

use super::doubts::{self, Doubt, did_you_mean};
use super::error::{RenderError, RenderFailure};
use super::escaping::Escaping;
use super::filters::LANGUAGE;
use super::limits;
use super::literals::{names_a_secret, secret_start};
use super::outline::{MAX_SHOWN_NAME, Outline, clip};
use super::output::{Full, Output};
use super::place::Place;
use super::scan::{Scanned, Span, scan};
use super::scope::Scope;
use super::secrets::{HIDDEN, Secrets};
use super::source::{Mistake, Source};
use super::userinfo::Userinfo;
use super::variables::{self, is_known};
use crate::fields::{FieldError, FieldErrors};

/// A text with expressions and secrets, for one place of the request.
#[derive(Debug)]
pub(super) struct Template {
    field: Box<str>,
    place: Place,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    /// The template's own text as it stands in its place.
    Text(Box<[u8]>),
    /// Text that is a secret, and what people see of it.
    Hidden {
        text: Box<[u8]>,
        shown: Box<str>,
    },
    Expression {
        expression: Box<dyn Renderable>,
        /// Whether what it prints is JSON.
        makes_json: bool,
    },
    Secret(Box<str>),
}

/// What the compilation of all templates of a webhook shares.
pub(super) struct Compiler<'s> {
    secret_names: &'s BTreeSet<String>,
    /// Whether nothing is refused that an earlier version may have saved.
    is_lenient: bool,
    expressions: usize,
    expression_bytes: usize,
    pub(super) errors: FieldErrors,
    pub(super) warnings: FieldErrors,
}

impl<'s> Compiler<'s> {
    pub(super) fn new(secret_names: &'s BTreeSet<String>) -> Self {
        Self {
            secret_names,
            is_lenient: false,
            expressions: 0,
            expression_bytes: 0,
            errors: FieldErrors::default(),
            warnings: FieldErrors::default(),
        }
    }

    /// Of settings that are saved already: what is hardly meant is not refused.
    pub(super) fn lenient(secret_names: &'s BTreeSet<String>) -> Self {
        Self { is_lenient: true, ..Self::new(secret_names) }
    }

    /// Whether so much is wrong that more would not help.
    pub(super) fn gave_up(&self) -> bool {
        self.errors.iter().count() >= limits::MESSAGES
    }

    /// Compiles the template of `field`; a mistake is noted.
    pub(super) fn template(&mut self, field: &str, place: Place, text: &str) -> Option<Template> {
        if self.gave_up() {
            return None;
        }
        let compiled = self.compile(field, place, text);
        let source = Source { text };
        // A secret that stands before the mistake may be the saved one, put back for a caller who may not read it.
        let has_secret = match place {
            Place::Url => Userinfo::of(text).credentials().is_some(),
            // The end of a long name is not there.
            Place::Header => field.strip_prefix("headers.").is_some_and(|name| {
                names_a_secret(name) || name.len() + char::MAX.len_utf8() > MAX_SHOWN_NAME
            }),
            _ => false,
        };
        let explain = if has_secret { Source::locate } else { Source::explain };
        compiled.map_err(|mistake| self.errors.add(field, explain(source, &mistake))).ok()
    }

    fn compile(&mut self, field: &str, place: Place, text: &str) -> Result<Template, Mistake> {
        let Scanned { spans, doubts } = scan(text, place, self.secret_names)?;
        let source = Source { text };
        self.weigh(field, source, doubts)?;
        // All are looked at before the parser, which costs more, sees the first.
        let mut makes_json = Vec::with_capacity(spans.len());
        for span in &spans {
            let mut is_json = false;
            match span {
                Span::Expression { offset, text } => {
                    let outline = self.inspect(*offset, text)?;
                    is_json = outline.makes_json();
                    self.warn_of_names(field, place, &outline);
                    self.weigh(field, source, outline.doubts)?;
                }
                Span::Secret { offset, name } => self.count(*offset, name.len())?,
                Span::Text(text) => {
                    for doubt in doubts::placeholders(place, text) {
                        self.warn(field, doubt);
                    }
                }
            }
            makes_json.push(is_json);
        }
        if place == Place::Json && spans.len() > 1 && makes_json.contains(&true) {
            let message = "holds more than an expression, so `json` and `number` make text of it";
            self.warn(field, message.to_owned());
        }
        let mut pieces = Vec::with_capacity(spans.len());
        for (span, makes_json) in spans.into_iter().zip(makes_json) {
            pieces.push(match span {
                Span::Text(text) => Piece::Text(in_place(place, &text)),
                Span::Secret { name, .. } => Piece::Secret(name.into()),
                Span::Expression { offset, text } => {
                    Piece::Expression { expression: parse(offset, text)?, makes_json }
                }
            });
        }
        Ok(Template { field: field.into(), place, pieces })
    }

    /// Notes doubts as warnings; the first that is refused is a mistake.
    fn weigh(
        &mut self,
        field: &str,
        source: Source<'_>,
        doubts: Vec<Doubt>,
    ) -> Result<(), Mistake> {
        for doubt in doubts {
            if doubt.is_refused && !self.is_lenient {
                return Err(doubt.mistake);
            }
            self.warn(field, source.locate(&doubt.mistake));
        }
        Ok(())
    }

    /// Checks an expression's names and sizes; the offsets of what is found count from the
    /// template's beginning.
    fn inspect<'t>(&mut self, offset: usize, text: &'t str) -> Result<Outline<'t>, Mistake> {
        self.count(offset, text.len())?;
        if let Some(name) = secret_within(text, self.secret_names) {
            return Err(Mistake::new(
                offset,
                format_args!("`%{name}%` stands for a secret outside of `{{{{ … }}}}` only"),
            ));
        }
        let mut outline = Outline::read(text)
            .map_err(|mistake| Mistake { offset: offset + mistake.offset, ..mistake })?;
        for doubt in &mut outline.doubts {
            doubt.mistake.offset += offset;
        }
        Ok(outline)
    }

    fn warn_of_names(&mut self, field: &str, place: Place, outline: &Outline<'_>) {
        for (_, name) in &outline.variables {
            if !is_known(name) && !variables::is_operational(name) {
                let name = clip(name);
                let nothing =
                    format!("uses `{name}`, which is nothing unless the report brings it");
                // Names are compared for what is listed only.
                if self.can_warn(field, &nothing) {
                    let meant = did_you_mean(name, variables::known());
                    self.warn(field, nothing + &meant);
                }
            }
        }
        let last = outline.filters.last().map(|call| call.name);
        if place == Place::Url && last == Some("url_encode") {
            let message = "encodes twice: values in a URL are percent-encoded without `url_encode`";
            self.warn(field, message.to_owned());
        }
    }

    /// Counts what is kept for a template.
    fn count(&mut self, offset: usize, bytes: usize) -> Result<(), Mistake> {
        self.expressions += 1;
        self.expression_bytes += bytes;
        let fits = self.expressions <= limits::EXPRESSIONS
            && self.expression_bytes <= limits::ALL_EXPRESSIONS_BYTES;
        if fits { Ok(()) } else { Err(limits::too_many_expressions(offset)) }
    }

    /// Notes an error, and a warning instead in settings that are saved already.
    pub(super) fn refuse_new(&mut self, field: &str, message: String) {
        if self.is_lenient {
            self.warn(field, message);
        } else {
            self.errors.add(field, message);
        }
    }

    /// Notes a warning, unless it is listed already.
    pub(super) fn warn(&mut self, field: &str, message: String) {
        if self.can_warn(field, &message) {
            self.warnings.add(field, message);
        }
    }

    /// Whether there is room for a warning, and none of `field` that begins so.
    fn can_warn(&self, field: &str, beginning: &str) -> bool {
        let same = |it: &FieldError| it.field == field && it.message.starts_with(beginning);
        self.warnings.iter().count() < limits::MESSAGES && !self.warnings.iter().any(same)
    }
}

/// A secret that an expression seems to mean. Filters never see secrets, so it would go out as
/// it is written.
fn secret_within<'t>(expression: &'t str, names: &BTreeSet<String>) -> Option<&'t str> {
    let (_, behind_first) = expression.split_once('%')?;
    let (between, _) = behind_first.rsplit_once('%')?;
    between.split('%').find(|part| names.contains(*part))
}

/// A template's own text as it stands in `place`.
pub(super) fn in_place(place: Place, text: &str) -> Box<[u8]> {
    let mut out = Output::with_limit(usize::MAX);
    // Without a limit it cannot be full.
    let _ = place.write_literal(&mut out, text);
    out.into_bytes().into()
}

/// Parses one expression, from `{{` to `}}`.
fn parse(offset: usize, text: &str) -> Result<Box<dyn Renderable>, Mistake> {
    const INVALID: &str = "the expression is not valid; write `{{ name | filter: argument }}`";
    let mut parsed = liquid_core::parser::parse(text, &LANGUAGE).map_err(|error| {
        let within = position(text, &error.to_string());
        Mistake::new(offset + within, INVALID)
    })?;
    match (parsed.pop(), parsed.is_empty()) {
        (Some(expression), true) => Ok(expression),
        _ => Err(Mistake::new(offset, INVALID)),
    }
}

/// The offset in `text` that the parser's report names in a line such as ` --> 1:8`.
fn position(text: &str, report: &str) -> usize {
    let position = report.lines().find_map(|line| {
        let (line, column) = line.split_once("--> ")?.1.split_once(':')?;
        Some((line.parse().ok()?, column.trim().parse().ok()?))
    });
    let (line, column): (usize, usize) = position.unwrap_or((1, 1));
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let before: usize = lines.map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    let in_line = rest.char_indices().nth(column.saturating_sub(1));
    before + in_line.map_or(rest.len(), |(offset, _)| offset)
}

impl Template {
    /// The rendered bytes of a template that holds neither expressions nor secrets.
    pub(super) fn literal(&self) -> Option<&[u8]> {
        match self.pieces.as_slice() {
            [] => Some(b""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The template as a JSON value, if it is exactly one expression that makes JSON.
    pub(super) fn into_json_value(self) -> Result<Self, Self> {
        match self.pieces.as_slice() {
            [Piece::Expression { makes_json: true, .. }] => {
                Ok(Self { place: Place::JsonValue, ..self })
            }
            _ => Err(self),
        }
    }

    /// The field that it was.
    pub(super) fn field(&self) -> &str {
        &self.field
    }

    /// Whether it holds secrets.
    pub(super) fn has_secrets(&self) -> bool {
        let is_secret = |piece: &Piece| matches!(piece, Piece::Secret(_) | Piece::Hidden { .. });
        self.pieces.iter().any(is_secret)
    }

    /// Whether it holds expressions.
    pub(super) fn has_expressions(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Expression { .. }))
    }

    /// Hides from people what is secret in the text of a header; whether anything is.
    pub(super) fn hide_literals(&mut self) -> bool {
        let last = self.pieces.len().saturating_sub(1);
        let mut is_hidden = false;
        for (i, piece) in self.pieces.iter_mut().enumerate() {
            let Piece::Text(bytes) = piece else { continue };
            let text = String::from_utf8_lossy(bytes);
            let Some(start) = secret_start(&text, i == 0, i == last) else { continue };
            let shown = text.get(..start).unwrap_or_default().to_owned() + HIDDEN;
            let text = std::mem::take(bytes);
            *piece = Piece::Hidden { text, shown: shown.into() };
            is_hidden = true;
        }
        is_hidden
    }

    /// The text with `x` for every value.
    pub(super) fn sample(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => String::from_utf8_lossy(text),
            _ => "x".into(),
        });
        pieces.collect()
    }

    /// The text before the first value.
    pub(super) fn prefix(&self) -> String {
        match self.pieces.first() {
            Some(Piece::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        }
    }

    /// Renders into `out`.
    pub(super) fn render(
        &self,
        out: &mut Output,
        scope: &Scope<'_, '_>,
    ) -> Result<(), RenderError> {
        self.pieces
            .iter()
            .try_for_each(|piece| self.render_piece(piece, out, scope))
            .map_err(|failure| failure.of(&self.field))
    }

    fn render_piece(
        &self,
        piece: &Piece,
        out: &mut Output,
        scope: &Scope<'_, '_>,
    ) -> Result<(), RenderFailure> {
        let full = RenderFailure::TooLarge { limit: out.limit() };
        let written = match piece {
            Piece::Text(text) => out.push(text),
            Piece::Hidden { text, shown } => match scope.secrets {
                Secrets::Hidden => out.push(shown.as_bytes()),
                Secrets::Known(_) => out.push(text),
            },
            Piece::Secret(name) => match scope.secrets {
                Secrets::Hidden => out.push(HIDDEN.as_bytes()),
                Secrets::Known(value_of) => {
                    let value = value_of(name)
                        .ok_or_else(|| RenderFailure::MissingSecret(name.to_string()))?;
                    self.place.write(out, value)
                }
            },
            Piece::Expression { expression, .. } => {
                let place = self.place;
                let mut writer = Escaping { out, place, is_full: false };
                let rendered = expression.render_to(&mut writer, scope);
                match rendered {
                    Ok(()) => Ok(()),
                    Err(_) if writer.is_full => Err(Full),
                    Err(_) => {
                        let failure = scope.take_failure();
                        return Err(failure.unwrap_or(RenderFailure::Template));
                    }
                }
            }
        };
        written.map_err(|Full| full)
    }
}
