//! The resources of the API, with their routes and schemas.

mod accounts;
mod calling_key;
mod deliveries;
mod figures;
mod keys;
mod public;
mod replays;
mod reports;
mod subscriptions;
mod trials;
mod webhook_shapes;
mod webhooks;

use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

use crate::route::Route;
use crate::schema::{Describe as _, boolean, list, named, object, one_of, or_null, string};

/// A resource, which becomes a tag of the document.
pub(crate) struct Resource {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) routes: Vec<Route>,
    /// The schemas that its operations refer to.
    pub(crate) schemas: Vec<(&'static str, RefOr<Schema>)>,
}

/// All resources, in the order of the document.
pub(crate) fn all() -> Vec<Resource> {
    vec![
        reports::resource(),
        webhooks::resource(),
        trials::resource(),
        subscriptions::resource(),
        deliveries::resource(),
        replays::resource(),
        figures::resource(),
        calling_key::resource(),
        accounts::resource(),
        keys::resource(),
        public::resource(),
    ]
}

/// A page of stored items with the schema `item`, each of which may be unreadable.
fn page_of_stored(item: &str) -> RefOr<Schema> {
    page(one_of([named(item), named("Unreadable")]))
}

/// The placeholder for an unreadable item of a list.
fn unreadable() -> RefOr<Schema> {
    object()
        .describe("Stands for a stored item that cannot be read.")
        .property("id", string().describe("The item's id."))
        .property(
            "unreadable",
            boolean().enum_values(Some([Value::Bool(true)])).describe("Always true."),
        )
        .property("message", string().describe("What to do, as a sentence."))
        .required("id")
        .required("unreadable")
        .required("message")
        .into()
}

/// A page of items with the schema `item`.
fn page_of(item: &str) -> RefOr<Schema> {
    page(named(item))
}

fn page(item: impl Into<RefOr<Schema>>) -> RefOr<Schema> {
    let cursor = string().describe("The `cursor` of the next page; null at the end of the list.");
    object()
        .describe(
            "Only a `next_cursor` of null marks the end: any page may be shorter than `limit`.",
        )
        .property("data", list(item))
        .property("next_cursor", or_null(cursor))
        .required("data")
        .required("next_cursor")
        .into()
}
