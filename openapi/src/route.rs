//! One operation of the API.

use callhook::scope::Scope;
use http::StatusCode;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, Parameter};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, RefOr, Required, Schema};

use crate::answers::refusal;
use crate::parameters::account_header;

/// The name of the security scheme.
pub(crate) const KEY: &str = "key";

/// An operation, and where it is.
pub(crate) struct Route {
    method: HttpMethod,
    path: &'static str,
    operation: OperationBuilder,
}

impl Route {
    /// A route for which a key needs `scope`, on behalf of an account.
    pub(crate) fn acting(scope: Scope, method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::keyed(scope, method, path, id)
            .with(account_header())
            .refuses(&[StatusCode::NOT_FOUND])
    }

    /// A route of the platform.
    pub(crate) fn of_platform(method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::keyed(Scope::Platform, method, path, id)
    }

    /// A route for any key, whatever its scopes.
    pub(crate) fn of_any_key(method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self::with_security(SecurityRequirement::new(KEY, [""; 0]), method, path, id)
            .with(account_header())
            .refuses(&[StatusCode::NOT_FOUND])
    }

    /// A route for everybody.
    pub(crate) fn public(method: HttpMethod, path: &'static str, id: &str) -> Self {
        let route = Self::new(method, path, id).refuses(&FOR_ALL);
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
            .refuses(&FOR_ALL)
            // A parameter that the route does not have is refused.
            .refuses(&[StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN])
            .map(|operation| operation.security(key))
    }

    fn new(method: HttpMethod, path: &'static str, id: &str) -> Self {
        Self { method, path, operation: OperationBuilder::new().operation_id(Some(id)) }
    }

    /// With a line that says what it does.
    pub(crate) fn does(self, summary: &str) -> Self {
        self.map(|operation| operation.summary(Some(summary)))
    }

    /// With more that is to be said of it.
    pub(crate) fn says(self, description: &str) -> Self {
        self.map(|operation| operation.description(Some(description)))
    }

    /// With a parameter.
    pub(crate) fn with(self, parameter: Parameter) -> Self {
        self.map(|operation| operation.parameter(parameter))
    }

    /// With parameters.
    pub(crate) fn with_all(self, parameters: impl IntoIterator<Item = Parameter>) -> Self {
        parameters.into_iter().fold(self, Self::with)
    }

    /// With a body that has to be there, and what is answered to one that is wrong.
    pub(crate) fn takes(self, shape: impl Into<RefOr<Schema>>, example: Value) -> Self {
        self.with_body(shape, example, Required::True)
    }

    /// The same, with a body that may be left out.
    pub(crate) fn may_take(self, shape: impl Into<RefOr<Schema>>, example: Value) -> Self {
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
        self.map(|operation| operation.request_body(Some(body))).refuses(&[
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ])
    }

    /// With an answer.
    pub(crate) fn answers(self, status: StatusCode, response: ResponseBuilder) -> Self {
        self.map(|operation| operation.response(status.as_str(), response))
    }

    /// With problems as answers.
    pub(crate) fn refuses(self, statuses: &[StatusCode]) -> Self {
        self.map(|operation| {
            statuses.iter().fold(operation, |operation, status| {
                operation.response(status.as_str(), refusal(*status))
            })
        })
    }

    /// The operation as a part of a resource, with its path and method.
    pub(crate) fn tagged(self, resource: &str) -> (&'static str, HttpMethod, Operation) {
        (self.path, self.method, self.operation.tag(resource).build())
    }

    fn map(self, change: impl FnOnce(OperationBuilder) -> OperationBuilder) -> Self {
        Self { operation: change(self.operation), ..self }
    }
}

/// What any request may be answered.
const FOR_ALL: [StatusCode; 3] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
];
