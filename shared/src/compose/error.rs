//! Why a composed request could not be rendered.

/// A request that cannot be rendered: the delivery ends here, with this text as its reason.
/// The text names fields, filters and secrets, never what they hold: it may be stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` cannot be rendered: {reason}")]
pub struct RenderError {
    /// The field of the settings: `url`, `headers.X-Call`, `body.template.to`.
    pub field: String,
    /// What stands in the way.
    pub reason: RenderFailure,
}

/// What stands in the way of rendering one field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderFailure {
    /// The field, or the body that it is a part of, became longer than allowed.
    #[error("it would have more than {limit} bytes")]
    TooLarge {
        /// The most bytes that it may have.
        limit: usize,
    },
    /// The filters of the request made more text than [`super::limits::FILTER_BYTES`].
    #[error("its filters would make more than {limit} bytes of text")]
    TooMuchWork {
        /// The most bytes that all filters of a request may make.
        limit: usize,
    },
    /// A filter got what it cannot take.
    #[error("the filter `{filter}` {takes}")]
    Filter {
        /// The filter's name.
        filter: &'static str,
        /// Completes "the filter …": `takes a number`.
        takes: &'static str,
    },
    /// The template uses a secret that the webhook no longer has.
    #[error("the webhook has no secret `{0}`")]
    MissingSecret(String),
    /// A header with a line break or another control character.
    #[error("a header must not contain line breaks or other control characters")]
    ControlCharacter,
    /// A value became `.` or `..` between two slashes: clients of HTTP would walk up the path.
    #[error("a value would make `.` or `..` a segment of the path")]
    DotSegment,
    /// The rendered text is no URL, or one of another host.
    #[error("the result is not a valid URL")]
    InvalidUrl,
    /// Anything else that the template engine refuses.
    #[error("the template cannot be evaluated")]
    Template,
}

impl RenderFailure {
    /// The failure, said of `field`.
    pub(super) fn of(self, field: &str) -> RenderError {
        RenderError { field: field.to_owned(), reason: self }
    }
}
