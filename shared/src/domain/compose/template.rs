//! One compiled template: a text of one field, with expressions and secrets.
//!
//! In: pieces made by [`super::compiler`]. Out: bytes, rendered for one report into an [`Output`].

use liquid_core::Renderable;

use super::error::{RenderError, RenderFailure};
use super::escaping::{Context, EscapingWriter};
use super::literal_secrets::secret_start;
use super::output::{Full, Output};
use super::scope::Scope;
use super::secrets::Secrets;
use crate::domain::redaction::HIDDEN;

/// A compiled template of one field.
#[derive(Debug)]
pub(super) struct Template {
    /// The path of the field, such as `headers.X-Call`.
    pub(super) field: Box<str>,
    pub(super) context: Context,
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a template; the pieces are rendered in order.
#[derive(Debug)]
pub(super) enum Piece {
    /// Literal text, escaped already.
    Text(Box<[u8]>),
    /// Literal text that is a secret, and its form for people.
    Hidden { text: Box<[u8]>, shown: Box<str> },
    Expression {
        expression: Box<dyn Renderable>,
        /// Whether the expression prints JSON.
        makes_json: bool,
    },
    /// The name of a secret.
    Secret(Box<str>),
}

impl Template {
    /// The rendered bytes, if the template holds neither expressions nor secrets.
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
                Ok(Self { context: Context::JsonValue, ..self })
            }
            _ => Err(self),
        }
    }

    pub(super) fn has_secrets(&self) -> bool {
        let is_secret = |piece: &Piece| matches!(piece, Piece::Secret(_) | Piece::Hidden { .. });
        self.pieces.iter().any(is_secret)
    }

    pub(super) fn has_expressions(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Expression { .. }))
    }

    /// Hides the literal secrets of a header's template from people. Returns whether there are any.
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

    /// The template's text with `x` for every expression and secret.
    pub(super) fn sample(&self) -> String {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => String::from_utf8_lossy(text),
            _ => "x".into(),
        });
        pieces.collect()
    }

    /// The literal text before the first expression or secret.
    pub(super) fn prefix(&self) -> String {
        match self.pieces.first() {
            Some(Piece::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        }
    }

    /// Appends the rendered template to `out`.
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
                    self.context.write(out, value)
                }
            },
            Piece::Expression { expression, .. } => {
                let context = self.context;
                let mut writer = EscapingWriter { out, context, is_full: false };
                match expression.render_to(&mut writer, scope) {
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
