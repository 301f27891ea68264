//! Members of a body's template: their paths, and the templates of an object without nesting.

use serde_json::Value;

use super::compiler::Compiler;
use super::limits;
use super::literal_secrets::{LITERAL_SECRET_WARNING, is_literal, names_a_secret};
use super::mistake::clip;
use crate::input::fields::kind_of;

/// The path of the template's field, for errors.
pub(super) const FIELD: &str = "body.template";

/// Names and templates of an object without nesting, for forms and multipart.
pub(super) fn flat_members<'v>(
    template: &'v Value,
    compiler: &mut Compiler<'_>,
) -> Option<Vec<(&'v str, String)>> {
    let Some(object) = template.as_object() else {
        let kind = kind_of(template);
        let message = format_args!("must be an object of strings, not {kind}");
        compiler.errors.add(FIELD, message);
        return None;
    };
    let mut pairs = Vec::with_capacity(object.len());
    for (name, value) in object {
        warn_of_literal(FIELD, name, value, compiler);
        match value {
            Value::String(text) => pairs.push((name.as_str(), text.clone())),
            Value::Number(_) | Value::Bool(_) => pairs.push((name.as_str(), value.to_string())),
            _ if compiler.has_max_errors() => return None,
            other => compiler.errors.add(
                member_path(FIELD, name),
                format_args!("must be a string, not {}", kind_of(other)),
            ),
        }
    }
    Some(pairs)
}

/// Warns of a literal secret. A member `key` is exempt: it mostly names a custom field.
pub(super) fn warn_of_literal(field: &str, name: &str, value: &Value, compiler: &mut Compiler<'_>) {
    let is_named = !name.eq_ignore_ascii_case("key") && names_a_secret(name);
    if is_named && value.as_str().is_some_and(is_literal) {
        compiler.warn(&member_path(field, name), LITERAL_SECRET_WARNING.to_owned());
    }
}

/// The path of a member: `body.template.to`.
pub(super) fn member_path(field: &str, name: &str) -> String {
    child_path(field, &format!(".{}", clip(name)))
}

/// A path one level down. Every template stores its path, so a long one grows no further.
pub(super) fn child_path(field: &str, step: &str) -> String {
    if field.len() < limits::FIELD_BYTES { format!("{field}{step}") } else { field.to_owned() }
}
