//! What needs no key: the OpenAPI document of the API, whether it answers, and what to say to a
//! request that no route is for. It reads no table and no request's body.

mod app;
mod document;
mod elsewhere;

use callhook::http_api::serve;
use callhook::telemetry;
use lambda_http::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    serve(app::router()).await
}
