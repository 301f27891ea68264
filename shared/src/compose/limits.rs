//! The sizes that keep a hostile template cheap. Those of templates are checked before the
//! parser sees a template, those of rendering before memory is taken.

use super::source::Mistake;

/// Headers of a webhook.
pub const HEADERS: usize = 50;
/// A header's template, in bytes.
pub const HEADER_TEMPLATE_BYTES: usize = 4 * 1024;
/// A body's template as JSON, in bytes.
pub const BODY_TEMPLATE_BYTES: usize = 64 * 1024;
/// Objects and arrays within each other in a body's template.
pub const BODY_DEPTH: usize = 32;
/// The path of a field, beyond which no further levels are named.
pub const FIELD_BYTES: usize = 128;
/// All templates of headers, in bytes: what could never be rendered is not saved.
pub const ALL_HEADER_TEMPLATES_BYTES: usize = 64 * 1024;
/// One expression, from `{{` to `}}`, in bytes.
pub const EXPRESSION_BYTES: usize = 1_024;
/// All expressions of a webhook, in bytes.
pub const ALL_EXPRESSIONS_BYTES: usize = 16 * 1024;
/// All expressions and mentions of secrets of a webhook.
pub const EXPRESSIONS: usize = 400;
/// Filters of one expression.
pub const FILTERS: usize = 16;
/// Errors and warnings that one answer lists.
pub const MESSAGES: usize = 20;

/// A rendered URL, in bytes.
pub const URL_BYTES: usize = 8 * 1024;
/// A rendered header, in bytes.
pub const HEADER_BYTES: usize = 8 * 1024;
/// All rendered headers, in bytes.
pub const ALL_HEADERS_BYTES: usize = 64 * 1024;
/// A rendered body, in bytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// What all filters of one request may make together, in bytes.
pub const FILTER_BYTES: usize = 256 * 1024;
/// The format of a date filter, in bytes.
pub const DATE_FORMAT_BYTES: usize = 256;

/// What is said of the expression that is one too many.
pub(super) fn too_many_expressions(offset: usize) -> Mistake {
    Mistake::new(
        offset,
        format_args!(
            "a webhook may hold at most {EXPRESSIONS} expressions and secrets of \
             {ALL_EXPRESSIONS_BYTES} bytes in all"
        ),
    )
}

/// What is said of more headers than [`HEADERS`].
pub(super) fn too_many_headers() -> String {
    format!("must be at most {HEADERS} headers")
}
