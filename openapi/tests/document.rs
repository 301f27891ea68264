//! Compares the document with the template and with the copy in `docs/`, and checks its consistency.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of a test fail it")]

use std::collections::{BTreeMap, BTreeSet};

use callhook::domain::scope::Scope;
use callhook::http_api::ProblemKind;
use callhook::testing::routes::{TemplateRoute, default_route, routes};
use serde_json::Value;

/// The only operations without a key.
const PUBLIC: [(&str, &str); 2] = [("/healthz", "GET"), ("/openapi.json", "GET")];
/// The only operations that need a key, but no scope.
const OF_ANY_KEY: [(&str, &str); 1] = [("/v1/key", "GET")];
/// Pages for people, without a key. They are not part of the API.
const PAGES: [(&str, &str); 3] =
    [("/console", "GET"), ("/console/assets/{file}", "GET"), ("/docs", "GET")];

fn document() -> Value {
    serde_json::to_value(callhook_openapi::document()).unwrap()
}

fn is_page(route: &TemplateRoute) -> bool {
    PAGES.contains(&(route.path.as_str(), route.method.as_str()))
}

/// The operations, by path and method.
fn operations(document: &Value) -> BTreeMap<(String, String), &Value> {
    let methods = |(path, item)| {
        let item: &Value = item;
        let path: &String = path;
        let operations = item.as_object().unwrap().iter();
        operations
            .map(move |(method, operation)| ((path.clone(), method.to_uppercase()), operation))
    };
    document["paths"].as_object().unwrap().iter().flat_map(methods).collect()
}

#[test]
fn the_copy_in_docs_is_up_to_date() {
    let committed = include_str!("../../docs/openapi.json");
    assert!(
        committed == callhook_openapi::text().unwrap(),
        "docs/openapi.json differs from the generated document: run `make openapi`"
    );
}

#[test]
fn the_routes_are_those_of_the_template() {
    let document = document();
    let described: BTreeSet<_> = operations(&document).into_keys().collect();
    let of_api = routes().into_iter().filter(|route| !is_page(route));
    let deployed: BTreeSet<_> =
        of_api.map(|TemplateRoute { path, method, .. }| (path, method)).collect();
    assert_eq!(described, deployed);
}

#[test]
fn a_route_that_is_not_public_needs_a_key_with_one_scope() {
    let document = document();
    let public: BTreeSet<_> =
        PUBLIC.iter().map(|(path, method)| ((*path).to_owned(), (*method).to_owned())).collect();
    let open = routes().into_iter().filter(|route| !route.needs_key && !is_page(route));
    let open: BTreeSet<_> = open.map(|route| (route.path, route.method)).collect();
    assert_eq!(open, public, "all other routes have the authorizer");
    for (route, operation) in operations(&document) {
        let security = operation["security"].as_array().unwrap();
        if public.contains(&route) {
            assert!(security.is_empty(), "{route:?}");
            continue;
        }
        let [requirement] = security.as_slice() else { panic!("{route:?}: {security:?}") };
        let scopes = requirement["key"].as_array().unwrap();
        if OF_ANY_KEY.contains(&(route.0.as_str(), route.1.as_str())) {
            assert!(scopes.is_empty(), "{route:?}: {scopes:?}");
        } else {
            let [scope] = scopes.as_slice() else { panic!("{route:?}: {scopes:?}") };
            assert!(Scope::named(scope.as_str().unwrap()).is_some(), "{route:?}: {scope}");
        }
        for status in ["401", "403", "429", "500", "503"] {
            assert!(operation["responses"].get(status).is_some(), "{route:?}: {status}");
        }
    }
}

#[test]
fn every_kind_of_problem_is_described() {
    let document = document();
    let types = &document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"];
    let types: BTreeSet<_> = types.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let all = ProblemKind::ALL.iter();
    let all: Vec<_> = all.map(|kind| format!("urn:callhook:problem:{}", kind.slug())).collect();
    assert_eq!(types, all.iter().map(String::as_str).collect());
    for kind in ["quota-exceeded", "rate-limited", "account-erasing"] {
        assert!(types.contains(&*format!("urn:callhook:problem:{kind}")), "{kind}");
    }
}

#[test]
fn the_default_route_needs_no_key_and_leads_to_the_console() {
    assert_eq!(default_route(), Some(("console".to_owned(), false)));
}

#[test]
fn every_operation_has_a_unique_name_and_its_path_parameters() {
    let document = document();
    let mut names = BTreeSet::new();
    for ((path, method), operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name), "{name} is not unique");
        assert!(operation["summary"].is_string(), "{name} has no summary");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path: BTreeSet<_> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(in_path, parts.collect(), "{method} {path}");
    }
}

/// `infra/local/tests/test_openapi.py` validates the examples.
#[test]
fn every_body_has_an_example() {
    let document = document();
    for (route, operation) in operations(&document) {
        let answers = operation["responses"].as_object().unwrap().iter();
        let successes = answers.filter(|(status, _)| status.starts_with('2'));
        let bodies = successes.map(|(_, answer)| answer).chain(operation.get("requestBody"));
        for content in bodies.filter_map(|body| body["content"].as_object()) {
            for (kind, content) in content {
                assert!(content.get("example").is_some(), "{route:?} has no example of its {kind}");
            }
        }
    }
}

#[test]
fn every_reference_resolves_and_every_schema_is_used() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in &references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    for kind in ["schemas", "responses"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(references.contains(&reference), "unused: {reference}");
        }
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            references.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
            object.values().for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
