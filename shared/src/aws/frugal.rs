//! What the SDK would do for every call, and nobody here has a use for.

use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::user_agent::UserAgentInterceptor;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{
    Intercept, SharedInterceptor, disable_interceptor, dyn_dispatch_hint,
};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer, Layer};
use aws_types::SdkConfig;

/// Leaves out headers that say who calls and how often it was tried before: composing and signing
/// them is a tenth of a call. AWS answers the same without; `user-agent` is a constant instead
/// (`http.rs`).
#[derive(Debug)]
struct Frugal(FrozenLayer);

/// Makes a client of `config` frugal. Whoever gives an application a name there wants to be told by
/// it.
pub(crate) fn frugal(config: &SdkConfig) -> SharedInterceptor {
    const WHY: &str = "AWS does not need it";
    let mut left_out = Layer::new("frugal");
    left_out.store_put(disable_interceptor::<InvocationIdInterceptor>(WHY));
    left_out.store_put(disable_interceptor::<RequestInfoInterceptor>(WHY));
    if config.app_name().is_none() {
        left_out.store_put(disable_interceptor::<UserAgentInterceptor>(WHY));
    }
    SharedInterceptor::permanent(Frugal(left_out.freeze()))
}

#[dyn_dispatch_hint]
impl Intercept for Frugal {
    fn name(&self) -> &'static str {
        "Frugal"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.push_shared_layer(self.0.clone());
        Ok(())
    }
}
