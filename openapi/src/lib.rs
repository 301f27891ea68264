//! The OpenAPI 3.1 document of Callhook's API.
//!
//! | module | says |
//! |---|---|
//! | `resources` | the routes and the shapes of what they take and answer: a file per resource |
//! | `route` | one operation: whose key, which parameters, what it answers |
//! | `examples` | what the operations answer, by example |
//! | `answers` | answers that many operations share: problems, and what the gateway says itself |
//! | `parameters` | parameters that many operations share |
//! | `schema` | the words that shapes are written in |
//!
//! Limits, scopes and names come from the domain (the crate `callhook`), so that the document
//! cannot say another number than the code. That shapes are true is seen by `make contract`, which
//! has the deployed API tried against the document. The document is kept in `docs/openapi.json`
//! (`make openapi` writes it), where the function console has it from.

mod answers;
mod examples;
mod parameters;
mod resources;
mod route;
mod schema;

use callhook::scope::Scope;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem,
    PathsBuilder, ServerBuilder,
};

use crate::resources::Resource;
use crate::route::KEY;

/// The document.
pub fn document() -> OpenApi {
    let resources = resources::all();
    let tags: Vec<_> = resources
        .iter()
        .map(|each| TagBuilder::new().name(each.name).description(Some(each.about)).build())
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
        .schemas_from_iter(answers::schemas())
        .responses_from_iter(answers::responses())
        .security_scheme(KEY, bearer());
    let here = ServerBuilder::new().url("/").description(Some("Where this document is served."));
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([here.build()]))
        .tags(Some(tags))
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// The document as it is kept and served.
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
            "Callhook delivers telephony call reports by webhook. JSON in and out; a body is read \
             as JSON whatever its `content-type` says. Errors are RFC 9457 problem details. Every \
             answer of a function carries `x-request-id`.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build()
}

fn bearer() -> SecurityScheme {
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| format!("`{}`", scope.as_str())).collect();
    let says = format!(
        "An API key, `chk_…`, of an account or of the platform. An operation names the scope that \
         the key needs, of {}; one that names none takes any key. A key of the platform acts for the account that `X-Account-Id` \
         names, and needs the scope `{}` beside the operation's own for it.",
        scopes.join(", "),
        Scope::Platform.as_str(),
    );
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("chk");
    SecurityScheme::Http(bearer.description(Some(says)).build())
}
