//! The words that shapes are written in.

use std::ops::RangeInclusive;

use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema};

/// Text that is not blank and holds no control characters, as [`callhook::fields::Fields::text`]
/// reads it.
pub(crate) const NOT_BLANK: &str =
    r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";
/// The id of an account.
pub(crate) const ACCOUNT_ID: &str = "^[A-Za-z0-9_-]+$";
/// The id of a delivery.
pub(crate) const DELIVERY_ID: &str = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\.[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
/// A report's event.
pub(crate) const EVENT: &str = "^[a-z0-9_.-]+(:[a-z0-9_.-]+)*$";
/// The longest event, in characters.
pub(crate) const MAX_EVENT: usize = 64;
/// Which reports a subscription is for.
pub(crate) const IDENTITY: &str = r#"^(all|(number|flow|source):[!-"$-~]{1,64})$"#;
/// A secret that signs: 24 to 64 bytes in base64 whose last bits are zero.
pub(crate) const SIGNING_SECRET: &str = "^whsec_([A-Za-z0-9+/]{4}){8,20}\
     ([A-Za-z0-9+/]{4}|[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
/// The name of a webhook's secret.
pub(crate) const SECRET_NAME: &str = "^[A-Za-z_][A-Za-z0-9_-]{0,63}$";

/// A text, with whatever is said of it next.
pub(crate) fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

/// A text for people, of at most `max` characters.
pub(crate) fn text(max: usize) -> ObjectBuilder {
    string().min_length(Some(1)).max_length(Some(max)).pattern(Some(NOT_BLANK))
}

/// A text of a format that JSON Schema, or we, have a name for.
pub(crate) fn formatted(format: &str) -> ObjectBuilder {
    string().format(Some(SchemaFormat::Custom(format.to_owned())))
}

/// A UUID.
pub(crate) fn uuid() -> ObjectBuilder {
    formatted("uuid")
}

/// A point in time of an answer: RFC 3339, in UTC.
pub(crate) fn time() -> ObjectBuilder {
    formatted("date-time")
}

/// A point in time that a caller names: RFC 3339, or as the platform writes it.
pub(crate) fn named_time() -> ObjectBuilder {
    formatted("report-time")
        .describe("RFC 3339, or `YYYY-MM-DD HH:MM:SS` in the account's time zone.")
}

/// A point in time that has not come yet: RFC 3339.
pub(crate) fn future_time() -> ObjectBuilder {
    formatted("future-time")
}

/// A whole number.
pub(crate) fn integer(range: RangeInclusive<u64>) -> ObjectBuilder {
    let (least, most) = range.into_inner();
    count().minimum(Some(least)).maximum(Some(most))
}

/// A whole number that counts something.
pub(crate) fn count() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0u64))
}

/// `true` or `false`.
pub(crate) fn boolean() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

/// One of some names.
pub(crate) fn choice<'a>(names: impl IntoIterator<Item = &'a str>) -> ObjectBuilder {
    string().enum_values(Some(names))
}

/// One of the domain's names, as it writes them on the wire.
pub(crate) fn choice_of<T: Serialize>(values: &[T]) -> ObjectBuilder {
    let names = values.iter().filter_map(|value| serde_json::to_value(value).ok());
    string().enum_values(Some(names.collect::<Vec<Value>>()))
}

/// Any JSON value.
pub(crate) fn anything() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue)
}

/// An object that may get more fields in later versions.
pub(crate) fn object() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Object)
}

/// An object of a request: fields that it does not have are refused.
pub(crate) fn closed() -> ObjectBuilder {
    object().additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// An object whose values are all of one shape, by names that the caller chooses.
pub(crate) fn map_of(values: impl Into<RefOr<Schema>>) -> ObjectBuilder {
    object().additional_properties(Some(AdditionalProperties::RefOr(values.into())))
}

/// A list.
pub(crate) fn list(items: impl Into<RefOr<Schema>>) -> ArrayBuilder {
    ArrayBuilder::new().items(ArrayItems::from(items.into()))
}

/// A shape with a name.
pub(crate) fn named(name: &str) -> RefOr<Schema> {
    Ref::from_schema_name(name).into()
}

/// Exactly one of some shapes.
pub(crate) fn one_of(shapes: impl IntoIterator<Item = RefOr<Schema>>) -> OneOfBuilder {
    shapes.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item)
}

/// The shape, or `null`.
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

/// Saying what something is.
pub(crate) trait Describe {
    /// With this said of it.
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
