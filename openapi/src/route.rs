//! A builder of operations.

use callhook::domain::scope::Scope;
use http::StatusCode;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Parameter};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, RefOr, Required, Schema};

use crate::parameters::account_header;
use crate::responses::problem_ref;

/// The name of the security scheme.
pub(crate) const KEY: &str = "key";

/// An operation with its method and path.
pub(crate) struct Route {
    method: HttpMethod,
    path: &'static str,
    operation: OperationBuilder,
}

impl Route {
    /// A route that acts for an account, with `scope`.
    pub(crate) fn acting(scope: Scope, method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::keyed(scope, method, path, id)
            .parameter(account_header())
            .problems(&[StatusCode::NOT_FOUND])
    }

    /// A route for platform keys.
    pub(crate) fn of_platform(method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::keyed(Scope::Platform, method, path, id)
    }

    /// A route for any key, with any scopes.
    pub(crate) fn of_any_key(method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::with_security(SecurityRequirement::new(KEY, [""; 0]), method, path, id)
            .parameter(account_header())
            .problems(&[StatusCode::NOT_FOUND])
    }

    /// A route without a key.
    pub(crate) fn public(method: HttpMethod, path: &'static str, id: &str) -> Self {
        let route = Self::new(method, path, id).problems(&SHARED_PROBLEMS);
        route.map(|operation| operation.securities(Some([])))
    }

    fn keyed(scope: Scope, method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::with_security(SecurityRequirement::new(KEY, [scope.as_str()]), method, path, id)
    }

    fn with_security(
        key: SecurityRequirement,
        method: HttpMethod,
        path: &'static str,
        id: &str,
    ) -> Self {
        Self::new(method, path, id)
            .problems(&SHARED_PROBLEMS)
            // 400 also stands for an unknown query parameter.
            .problems(&[StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN])
            .map(|operation| operation.security(key))
    }

    fn new(method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self { method, path, operation: OperationBuilder::new().operation_id(Some(id)) }
    }

    /// Sets the summary.
    pub(crate) fn summary(self, summary: &str) -> Self {
        self.map(|operation| operation.summary(Some(summary)))
    }

    /// Sets the description.
    pub(crate) fn description(self, description: &str) -> Self {
        self.map(|operation| operation.description(Some(description)))
    }

    /// Adds a parameter.
    pub(crate) fn parameter(self, parameter: Parameter) -> Self {
        self.map(|operation| operation.parameter(parameter))
    }

    /// Adds parameters.
    pub(crate) fn parameters(self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        parameters.into_iter().fold(self, Self::parameter)
    }

    /// Sets a required body, and adds the problems of an invalid one.
    pub(crate) fn body(self, shape: impl Into<RefOr<Schema>>, example: Value) -> Self {
        self.with_body(shape, example, Required::True)
    }

    /// Sets an optional body, and adds the problems of an invalid one.
    pub(crate) fn optional_body(self, shape: impl Into<RefOr<Schema>>, example: Value) -> Self {
        self.with_body(shape, example, Required::False)
    }

    fn with_body(
        self,
        shape: impl Into<RefOr<Schema>>,
        example: Value,
        required: Required,
    ) -> Self {
        let content = ContentBuilder::new().schema(Some(shape)).example(Some(example)).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(required))
            .build();
        self.map(|operation| operation.request_body(Some(body))).problems(&[
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ])
    }

    /// Adds a 200 response.
    pub(crate) fn ok(self, response: ResponseBuilder) -> Self {
        self.response(StatusCode::OK, response)
    }

    /// Adds a response.
    pub(crate) fn response(self, status: StatusCode, response: ResponseBuilder) -> Self {
        self.map(|operation| operation.response(status.as_str(), response))
    }

    /// Adds the shared problems of these statuses.
    pub(crate) fn problems(self, statuses: &[StatusCode]) -> Self {
        self.map(|operation| {
            statuses.iter().fold(operation, |operation, status| {
                operation.response(status.as_str(), problem_ref(*status))
            })
        })
    }

    /// Builds the operation with the resource as its tag.
    pub(crate) fn tagged(self, resource: &str) -> (&'static str, HttpMethod, Operation) {
        (self.path, self.method, self.operation.tag(resource).build())
    }

    fn map(self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) -> Self {
        Self { operation: change(self.operation), ..self }
    }
}

/// Problems that any operation may answer with.
const SHARED_PROBLEMS: [StatusCode; 3] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];
