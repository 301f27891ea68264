//! What the operations answer, for readers of the document.
//!
//! All examples are of one account, `acme`, and its webhook: the ids and times of one agree with those of the others. The texts
//! that explain an outcome are the domain's own.

pub(crate) mod accounts;
pub(crate) mod deliveries;
pub(crate) mod figures;
pub(crate) mod webhooks;

use serde_json::{Value, json};

/// The id of the webhook.
const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
/// The id of the report, which tells the end of its call.
const REPORT: &str = "0178b776-1ef8-8b84-b3cc-9e478dccfe28";

/// The last page of a list of `items`.
pub(crate) fn page<const N: usize>(items: [Value; N]) -> Value {
    json!({"data": Vec::from(items), "next_cursor": null})
}

/// The value of the field `name` of an example in place of the one that it has, or beside the others.
fn with(mut example: Value, name: &str, value: Value) -> Value {
    if let Some(object) = example.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    example
}

/// An example without the field `name`.
fn without(mut example: Value, name: &str) -> Value {
    if let Some(object) = example.as_object_mut() {
        object.shift_remove(name);
    }
    example
}
