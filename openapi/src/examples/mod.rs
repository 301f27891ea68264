//! Examples of request and response bodies.
//!
//! All examples are of one account, `acme`, and its webhook, with consistent ids and times. Texts that explain an
//! outcome come from the domain.

pub(crate) mod accounts;
pub(crate) mod deliveries;
pub(crate) mod figures;
pub(crate) mod webhooks;

use serde_json::{Value, json};

/// The id of the webhook.
const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// The id of the report, which encodes the end of its call.
const REPORT: &str = "0178b776-1ef8-8b84-b3cc-9e478dccfe28";

/// The last page of a list of `items`.
pub(crate) fn page<const N: usize>(items: [Value; N]) -> Value {
    json!({"data": Vec::from(items), "next_cursor": null})
}

/// Sets the field `name` of an example.
fn with(mut example: Value, name: &str, value: Value) -> Value {
    if let Some(object) = example.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    example
}

/// Removes the field `name` of an example.
fn without(mut example: Value, name: &str) -> Value {
    if let Some(object) = example.as_object_mut() {
        object.shift_remove(name);
    }
    example
}
