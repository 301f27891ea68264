//! The routes without authorization: the console, the API reference, the OpenAPI document, the health check,
//! and the answer to requests without a route. The function reads no table and no request body.

mod app;
mod asset;
mod document;
mod embedded;
mod encoding;
mod fallback;
mod frame_ancestors;
mod pages;

use callhook::http_api::serve;
use callhook::runtime::{config, telemetry};
use lambda_http::Error;

use crate::frame_ancestors::FrameAncestors;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let ancestors = config::parsed_or("CONSOLE_FRAME_ANCESTORS", FrameAncestors::default())?;
    serve(app::router(&ancestors)).await
}
