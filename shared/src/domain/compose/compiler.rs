//! Compiles the templates of one webhook.
//!
//! In: the text of each field and its [`Context`]. Out: [`Template`]s; errors and warnings that name
//! field, line and column. The sizes that one webhook's templates may have are counted here.

use std::collections::BTreeSet;

use liquid_core::Renderable;

use super::escaping::Context;
use super::expression::CheckedExpression;
use super::filters::LANGUAGE;
use super::limits;
use super::literal_secrets::names_a_secret;
use super::mistake::{MAX_SHOWN_NAME, Mistake, Source, clip};
use super::scan::{Scanned, Span, scan};
use super::template::{Piece, Template};
use super::url_credentials::UrlCredentials;
use super::variables::{self, is_known};
use super::warnings::{self, Warning, did_you_mean};
use crate::input::fields::{FieldError, FieldErrors};

/// Compiles all templates of a webhook and collects their errors and warnings.
pub(super) struct Compiler<'s> {
    secret_names: &'s BTreeSet<String>,
    /// Whether the settings are saved already: mistakes that an earlier version accepted are warnings.
    is_lenient: bool,
    /// Expressions and secrets so far, and their bytes.
    expressions: usize,
    expression_bytes: usize,
    pub(super) errors: FieldErrors,
    pub(super) warnings: FieldErrors,
}

impl<'s> Compiler<'s> {
    /// A compiler of new settings.
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

    /// A compiler of saved settings: mistakes that an earlier version accepted are warnings.
    pub(super) fn lenient(secret_names: &'s BTreeSet<String>) -> Self {
        Self { is_lenient: true, ..Self::new(secret_names) }
    }

    /// Whether the list of errors is full.
    pub(super) fn has_max_errors(&self) -> bool {
        self.errors.iter().count() >= limits::MESSAGES
    }

    /// Compiles the template of `field`. A mistake is added to `errors`.
    pub(super) fn template(
        &mut self,
        field: &str,
        context: Context,
        text: &str,
    ) -> Option<Template> {
        if self.has_max_errors() {
            return None;
        }
        let compiled = self.compile(field, context, text);
        let source = Source { text };
        // The text near the mistake may hold the saved secret, which this caller may not read.
        let has_secret = match context {
            Context::Url => UrlCredentials::split(text).credentials().is_some(),
            // `field` lacks the end of a long name.
            Context::Header => field.strip_prefix("headers.").is_some_and(|name| {
                names_a_secret(name) || name.len() + char::MAX.len_utf8() > MAX_SHOWN_NAME
            }),
            _ => false,
        };
        let describe =
            if has_secret { Source::describe_position } else { Source::describe_with_text };
        compiled.map_err(|mistake| self.errors.add(field, describe(source, &mistake))).ok()
    }

    fn compile(&mut self, field: &str, context: Context, text: &str) -> Result<Template, Mistake> {
        let Scanned { spans, warnings } = scan(text, context, self.secret_names)?;
        let source = Source { text };
        self.warn_or_refuse(field, source, warnings)?;
        // All expressions are checked before the parser, which costs more, reads the first.
        let mut makes_json = Vec::with_capacity(spans.len());
        for span in &spans {
            let mut is_json = false;
            match span {
                Span::Expression { offset, text } => {
                    let expression = self.check_expression(*offset, text)?;
                    is_json = expression.makes_json();
                    self.warn_of_names(field, context, &expression);
                    self.warn_or_refuse(field, source, expression.warnings)?;
                }
                Span::Secret { offset, name } => self.count(*offset, name.len())?,
                Span::Text(text) => {
                    for warning in warnings::placeholders(context, text) {
                        self.warn(field, warning);
                    }
                }
            }
            makes_json.push(is_json);
        }
        if context == Context::JsonString && spans.len() > 1 && makes_json.contains(&true) {
            let message = "holds more than an expression, so `json` and `number` make text";
            self.warn(field, message.to_owned());
        }
        let mut pieces = Vec::with_capacity(spans.len());
        for (span, makes_json) in spans.into_iter().zip(makes_json) {
            pieces.push(match span {
                Span::Text(text) => Piece::Text(context.literal(&text)),
                Span::Secret { name, .. } => Piece::Secret(name.into()),
                Span::Expression { offset, text } => {
                    Piece::Expression { expression: parse(offset, text)?, makes_json }
                }
            });
        }
        Ok(Template { field: field.into(), context, pieces })
    }

    /// Adds `found` to the warnings. In new settings, returns the first that refuses them.
    fn warn_or_refuse(
        &mut self,
        field: &str,
        source: Source<'_>,
        found: Vec<Warning>,
    ) -> Result<(), Mistake> {
        for warning in found {
            if warning.refuses_new && !self.is_lenient {
                return Err(warning.mistake);
            }
            self.warn(field, source.describe_position(&warning.mistake));
        }
        Ok(())
    }

    /// Checks an expression's names and sizes. Offsets in the result count from the template's beginning.
    fn check_expression<'t>(
        &mut self,
        offset: usize,
        text: &'t str,
    ) -> Result<CheckedExpression<'t>, Mistake> {
        self.count(offset, text.len())?;
        if let Some(name) = secret_within(text, self.secret_names) {
            return Err(Mistake::new(
                offset,
                format_args!("`%{name}%` stands for a secret outside of `{{{{ … }}}}` only"),
            ));
        }
        let mut expression = CheckedExpression::check(text)
            .map_err(|mistake| Mistake { offset: offset + mistake.offset, ..mistake })?;
        for warning in &mut expression.warnings {
            warning.mistake.offset += offset;
        }
        Ok(expression)
    }

    fn warn_of_names(&mut self, field: &str, context: Context, expression: &CheckedExpression<'_>) {
        for (_, name) in &expression.variables {
            if !is_known(name) && !variables::is_operational(name) {
                let name = clip(name);
                let unknown = format!("uses `{name}`, which is empty unless the report has it");
                // Comparing names costs time, so it is done for listed warnings only.
                if self.can_warn(field, &unknown) {
                    let hint = did_you_mean(name, variables::known());
                    self.warn(field, unknown + &hint);
                }
            }
        }
        let last = expression.filters.last().map(|call| call.name);
        if context == Context::Url && last == Some("url_encode") {
            let message = "encodes twice: values in a URL are percent-encoded without `url_encode`";
            self.warn(field, message.to_owned());
        }
    }

    /// Counts an expression or secret of `bytes` bytes.
    fn count(&mut self, offset: usize, bytes: usize) -> Result<(), Mistake> {
        self.expressions += 1;
        self.expression_bytes += bytes;
        let fits = self.expressions <= limits::EXPRESSIONS
            && self.expression_bytes <= limits::ALL_EXPRESSIONS_BYTES;
        if fits { Ok(()) } else { Err(limits::too_many_expressions(offset)) }
    }

    /// Adds an error, or a warning if the settings are saved already.
    pub(super) fn refuse_new(&mut self, field: &str, message: String) {
        if self.is_lenient {
            self.warn(field, message);
        } else {
            self.errors.add(field, message);
        }
    }

    /// Adds a warning, unless it is listed already or the list is full.
    pub(super) fn warn(&mut self, field: &str, message: String) {
        if self.can_warn(field, &message) {
            self.warnings.add(field, message);
        }
    }

    /// Whether the list has capacity, and no warning of `field` with this beginning.
    fn can_warn(&self, field: &str, beginning: &str) -> bool {
        let same = |it: &FieldError| it.field == field && it.message.starts_with(beginning);
        self.warnings.iter().count() < limits::MESSAGES && !self.warnings.iter().any(same)
    }
}

/// The secret named within an expression. Filters never see secrets, so `%name%` would be sent
/// verbatim.
fn secret_within<'t>(expression: &'t str, names: &BTreeSet<String>) -> Option<&'t str> {
    let (_, after_first) = expression.split_once('%')?;
    let (between, _) = after_first.rsplit_once('%')?;
    between.split('%').find(|part| names.contains(*part))
}

/// Parses one expression, from `{{` to `}}`.
fn parse(offset: usize, text: &str) -> Result<Box<dyn Renderable>, Mistake> {
    const INVALID: &str = "the expression is not valid; write `{{ name | filter: argument }}`";
    let mut parsed = liquid_core::parser::parse(text, &LANGUAGE).map_err(|error| {
        Mistake::new(offset + parser_position(text, &error.to_string()), INVALID)
    })?;
    match (parsed.pop(), parsed.is_empty()) {
        (Some(expression), true) => Ok(expression),
        _ => Err(Mistake::new(offset, INVALID)),
    }
}

/// The offset in `text` that the parser's error names in a line such as ` --> 1:8`.
fn parser_position(text: &str, error: &str) -> usize {
    let position = error.lines().find_map(|line| {
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
