//! Errors of rendering: a template is valid, but its result for this report cannot be sent.

/// A request that cannot be rendered. The delivery ends, with this text as its reason. The text is stored and
/// shown, so it names fields, filters and secrets and never repeats their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` cannot be rendered: {reason}")]
pub struct RenderError {
    /// The field of the settings: `url`, `headers.X-Call`, `body.template.to`.
    pub field: String,
    /// Why.
    pub reason: RenderFailure,
}

/// Why one field cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderFailure {
    /// The field, or the body that contains it, exceeds its limit.
    #[error("it would have more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The filters of the request exceed [`super::limits::FILTER_BYTES`].
    #[error("its filters would make more than {limit} bytes of text")]
    TooMuchWork {
        /// The limit for all filters of a request, in bytes.
        limit: usize,
    },
    /// A filter got an input or argument that it does not accept.
    #[error("the filter `{filter}` {reason}")]
    Filter {
        /// The filter's name.
        filter: &'static str,
        /// Completes "the filter …": `needs a number`.
        reason: &'static str,
    },
    /// The template names a secret that the webhook no longer has.
    #[error("the webhook has no secret `{0}`")]
    MissingSecret(String),
    /// A header contains a line break or another control character.
    #[error("a header must not contain line breaks or other control characters")]
    ControlCharacter,
    /// A value would make a path segment `.` or `..`: HTTP clients would resolve it to another path.
    #[error("a value would make `.` or `..` a segment of the path")]
    DotSegment,
    /// The rendered text is not a URL, or has another host.
    #[error("the result is not a valid URL")]
    InvalidUrl,
    /// The template engine refuses the template for another reason.
    #[error("the template cannot be evaluated")]
    Template,
}

impl RenderFailure {
    /// The error of `field`.
    pub(super) fn of(self, field: &str) -> RenderError {
        RenderError { field: field.to_owned(), reason: self }
    }
}
