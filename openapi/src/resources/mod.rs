//! The resources of the API: their routes, and the shapes of what those take and answer.

mod accounts;
mod calling_key;
mod deliveries;
mod figures;
mod keys;
mod public;
mod replays;
mod reports;
mod subscriptions;
mod trying;
mod webhook_shapes;
mod webhooks;

use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

use crate::route::Route;
use crate::schema::{Describe as _, boolean, list, named, object, one_of, or_null, string};

/// A part of the API.
pub(crate) struct Resource {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is about.
    pub(crate) about: &'static str,
    /// Its operations.
    pub(crate) routes: Vec<Route>,
    /// The shapes that its operations name.
    pub(crate) schemas: Vec<(&'static str, RefOr<Schema>)>,
}

/// All of them, in the order of the document.
pub(crate) fn all() -> Vec<Resource> {
    vec![
        reports::resource(),
        webhooks::resource(),
        trying::resource(),
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

/// A page of a list of the shapes called `item`, each of which may be unreadable.
fn page_of_stored(item: &str) -> RefOr<Schema> {
    page(one_of([named(item), named("Unreadable")]))
}

/// What a list shows of an item that cannot be read.
fn unreadable() -> RefOr<Schema> {
    object()
        .describe("Takes the place of an item of a list that is stored and cannot be read.")
        .property("id", string().describe("Which item."))
        .property(
            "unreadable",
            boolean().enum_values(Some([Value::Bool(true)])).describe("Always true."),
        )
        .property("message", string().describe("What to do about it."))
        .required("id")
        .required("unreadable")
        .required("message")
        .into()
}

/// A page of a list of the shapes called `item`.
fn page_of(item: &str) -> RefOr<Schema> {
    page(named(item))
}

fn page(item: impl Into<RefOr<Schema>>) -> RefOr<Schema> {
    let cursor = string().describe("What to send as `cursor` for the next page; null at the end.");
    object()
        .describe("A page may hold fewer than `limit` although more follow: only null is the end.")
        .property("data", list(item))
        .property("next_cursor", or_null(cursor))
        .required("data")
        .required("next_cursor")
        .into()
}
