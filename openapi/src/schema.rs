//! Building blocks of schemas.

use std::ops::RangeInclusive;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema};

/// A pattern of text that is not blank and has no control characters, as [`callhook::input::fields::Fields::text`] accepts.
pub(crate) const NOT_BLANK: &str =
    r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";
/// The pattern of an account's id.
pub(crate) const ACCOUNT_ID: &str = "^[A-Za-z0-9_-]+$";
/// The pattern of a delivery's id.
pub(crate) const DELIVERY_ID: &str = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\.[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
/// The pattern of a report's event.
pub(crate) const EVENT: &str = "^[a-z0-9_.-]+(:[a-z0-9_.-]+)*$";
/// The longest event, in characters.
pub(crate) const MAX_EVENT: usize = 64;
/// The pattern of a subscription's identity.
pub(crate) const IDENTITY: &str = r#"^(all|(number|flow|source):[!-"$-~]{1,64})$"#;
/// The pattern of a signing secret: 24 to 64 bytes in base64 whose unused bits are zero.
pub(crate) const SIGNING_SECRET: &str = "^whsec_([A-Za-z0-9+/]{4}){8,20}\
     ([A-Za-z0-9+/]{4}|[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
/// The pattern of the name of a webhook's secret.
pub(crate) const SECRET_NAME: &str = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$";

/// A string, to be constrained further.
pub(crate) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// A text for people, of 1 to `max` characters.
pub(crate) fn text(max: usize) -> ObjectBuilder {
    string().min_length(Some(1)).max_length(Some(max)).pattern(Some(NOT_BLANK))
}

/// A string with a format of JSON Schema or of Callhook.
pub(crate) fn formatted(format: &str) -> ObjectBuilder {
    string().format(Some(SchemaFormat::Custom(format.to_owned())))
}

/// A UUID.
pub(crate) fn uuid() -> ObjectBuilder {
    formatted("uuid")
}

/// A time in a response: RFC 3339, in UTC.
pub(crate) fn time() -> ObjectBuilder {
    formatted("date-time")
}

/// A time in a request: RFC 3339, or the platform's format.
pub(crate) fn request_time() -> ObjectBuilder {
    formatted("report-time")
        .describe("RFC 3339, or `YYYY-MM-DD HH:MM:SS` in the account's time zone.")
}

/// A time in the future: RFC 3339.
pub(crate) fn future_time() -> ObjectBuilder {
    formatted("future-time")
}

/// An integer in `range`.
pub(crate) fn integer(range: RangeInclusive<u64>) -> ObjectBuilder {
    let (min, max) = range.into_inner();
    count().minimum(Some(min)).maximum(Some(max))
}

/// A non-negative integer.
pub(crate) fn count() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0u64))
}

/// `true` or `false`.
pub(crate) fn boolean() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

/// An enumeration of names.
pub(crate) fn choice<'a>(names: impl IntoIterator<Item = &'a str>) -> ObjectBuilder {
    string().enum_values(Some(names))
}

/// An enumeration of domain values, as they serialize.
pub(crate) fn choice_of<T: Serialize>(values: &[T]) -> ObjectBuilder {
    let names = values.iter().filter_map(|value| serde_json::to_value(value).ok());
    string().enum_values(Some(names.collect::<Vec<Value>>()))
}

/// Any JSON value.
pub(crate) fn any_value() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue)
}

/// An object that may get more fields in later versions.
pub(crate) fn object() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Object)
}

/// An object of a request, which refuses unknown fields.
pub(crate) fn closed() -> ObjectBuilder {
    object().additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// An object with names that the caller chooses, and values of one schema.
pub(crate) fn map_of(values: impl Into<RefOr<Schema>>) -> ObjectBuilder {
    object().additional_properties(Some(AdditionalProperties::RefOr(values.into())))
}

/// A list.
pub(crate) fn list(items: impl Into<RefOr<Schema>>) -> ArrayBuilder {
    ArrayBuilder::new().items(ArrayItems::from(items.into()))
}

/// A reference to the schema `name`.
pub(crate) fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// Exactly one of `shapes`.
pub(crate) fn one_of(shapes: impl IntoIterator<Item = RefOr<Schema>>) -> OneOfBuilder {
    shapes.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item)
}

/// `shape` or `null`.
pub(crate) fn or_null(shape: impl Into<RefOr<Schema>>) -> RefOr<Schema> {
    match shape.into() {
        RefOr::T(Schema::Object(mut object)) => {
            if let SchemaType::Type(kind) = object.schema_type {
                object.schema_type = [kind, Type::Null].into_iter().collect();
            }
            if let Some(values) = &mut object.enum_values {
                values.push(Value::Null);
            }
            RefOr::T(Schema::Object(object))
        }
        other => {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            one_of([other, null.into()]).into()
        }
    }
}

/// Adds a description.
pub(crate) trait Describe {
    /// Sets the description.
    fn describe(self, text: &str) -> Self;
}

impl Describe for ObjectBuilder {
    fn describe(self, text: &str) -> Self {
        self.description(Some(text))
    }
}

impl Describe for ArrayBuilder {
    fn describe(self, text: &str) -> Self {
        self.description(Some(text))
    }
}

#[cfg(test)]
mod tests;
