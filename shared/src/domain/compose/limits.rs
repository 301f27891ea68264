//! Limits that keep hostile templates cheap. Limits of templates are checked before the Liquid parser reads
//! them, limits of rendering before memory is allocated.

use super::mistake::Mistake;

/// The most headers of a webhook.
pub const HEADERS: usize = 50;
/// A header's template, in bytes.
pub const HEADER_TEMPLATE_BYTES: usize = 4 * 1024;
/// A body's template as JSON, in bytes.
pub const BODY_TEMPLATE_BYTES: usize = 64 * 1024;
/// The deepest nesting of objects and arrays in a body's template.
pub const BODY_DEPTH: usize = 32;
/// The length from which on the path of a field names no further levels, in bytes.
pub const FIELD_BYTES: usize = 128;
/// All templates of headers, in bytes: longer ones could never be rendered.
pub const ALL_HEADER_TEMPLATES_BYTES: usize = 64 * 1024;
/// One expression, from `{{` to `}}`, in bytes.
pub const EXPRESSION_BYTES: usize = 1_024;
/// All expressions of a webhook, in bytes.
pub const ALL_EXPRESSIONS_BYTES: usize = 16 * 1024;
/// The most expressions and uses of secrets of a webhook.
pub const EXPRESSIONS: usize = 400;
/// The most filters of one expression.
pub const FILTERS: usize = 16;
/// The most errors, and the most warnings, that one response lists.
pub const MESSAGES: usize = 20;

/// A rendered URL, in bytes.
pub const URL_BYTES: usize = 8 * 1024;
/// A rendered header, in bytes.
pub const HEADER_BYTES: usize = 8 * 1024;
/// All rendered headers, in bytes.
pub const ALL_HEADERS_BYTES: usize = 64 * 1024;
/// A rendered body, in bytes.
pub const BODY_BYTES: usize = 256 * 1024;
/// The output of all filters of one request, in bytes.
pub const FILTER_BYTES: usize = 256 * 1024;
/// The longest text that a filter reads as a number, in bytes.
pub const NUMBER_BYTES: usize = 64;
/// The format of a date filter, in bytes.
pub const DATE_FORMAT_BYTES: usize = 256;

/// The error at the first expression beyond a limit.
pub(super) fn too_many_expressions(offset: usize) -> Mistake {
    Mistake::new(
        offset,
        format_args!(
            "a webhook may hold at most {EXPRESSIONS} expressions and secrets of \
             {ALL_EXPRESSIONS_BYTES} bytes in all"
        ),
    )
}

/// The error of more headers than [`HEADERS`].
pub(super) fn too_many_headers() -> String {
    format!("must be at most {HEADERS} headers")
}
