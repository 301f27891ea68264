//! What needs no key: the OpenAPI document of the API, and whether it answers. It reads no table
//! and no request's body.

mod app;
mod document;

use callhook::telemetry;
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    lambda_http::run(app::router()).await
}
