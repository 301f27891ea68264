//! The OpenAPI 3.1 document of Callhook's API.
//!
//! | module | contains |
//! |---|---|
//! | `resources` | routes and schemas, one file for each resource |
//! | `route` | a builder of operations: security, parameters, body, responses |
//! | `examples` | examples of bodies and responses |
//! | `responses` | shared responses: problems, and those of API Gateway |
//! | `parameters` | shared parameters |
//! | `schema` | building blocks of schemas |
//!
//! Limits, scopes and names come from the domain (the crate `callhook`), so that the document and the code cannot
//! differ in them. `make contract` tests the deployed API against the document. `make openapi` writes it to
//! `docs/openapi.json`, which the function console serves.

mod examples;
mod parameters;
mod resources;
mod responses;
mod route;
mod schema;

use callhook::domain::scope::Scope;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem,
    PathsBuilder, ServerBuilder,
};

use crate::resources::Resource;
use crate::route::KEY;

/// Builds the document.
pub fn document() -> OpenApi {
    let resources = resources::all();
    let tags: Vec<_> = resources
        .iter()
        .map(|each| TagBuilder::new().name(each.name).description(Some(each.description)).build())
        .collect();
    let (mut paths, mut components) = (PathsBuilder::new(), ComponentsBuilder::new());
    for Resource { name, routes, schemas, .. } in resources {
        for route in routes {
            let (path, method, operation) = route.tagged(name);
            paths = paths.path(path, PathItem::new(method, operation));
        }
        components = components.schemas_from_iter(schemas);
    }
    let components = components
        .schemas_from_iter(responses::schemas())
        .responses_from_iter(responses::responses())
        .security_scheme(KEY, bearer());
    let here = ServerBuilder::new().url("/").description(Some("The server of this document."));
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([here.build()]))
        .tags(Some(tags))
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// The document as formatted JSON, as it is committed and served.
pub fn text() -> Result<String, serde_json::Error> {
    let mut text = document().to_pretty_json()?;
    text.push('\n');
    Ok(text)
}

fn info() -> utoipa::openapi::Info {
    InfoBuilder::new()
        .title("Callhook")
        .version("v1")
        .description(Some(
            "Callhook delivers telephony call reports by webhook. Requests and responses are JSON; the \
             `content-type` of a request is ignored. Errors are RFC 9457 problem details. Every \
             response of a function has the header `x-request-id`.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build()
}

fn bearer() -> SecurityScheme {
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| format!("`{}`", scope.as_str())).collect();
    let description = format!(
        "An API key, `chk_…`, of an account or of the platform. An operation lists the scope that \
         the key needs, one of {}; an operation without a scope accepts any key. A platform key \
         acts for the account in `X-Account-Id`; for that it also needs the scope `{}`.",
        scopes.join(", "),
        Scope::Platform.as_str(),
    );
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("chk");
    SecurityScheme::Http(bearer.description(Some(description)).build())
}
