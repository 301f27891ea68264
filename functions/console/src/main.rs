//! What needs no key: the console and the API reference, the OpenAPI document of the API, whether it answers,
//! and what to say to a request that no route is for. It reads no table and no request's body.

mod app;
mod asset;
mod document;
mod elsewhere;
mod embedded;
mod encoding;
mod frame_ancestors;
mod pages;

use callhook::http_api::serve;
use callhook::{config, telemetry};
use lambda_http::Error;

use crate::frame_ancestors::FrameAncestors;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let ancestors = config::parsed_or("CONSOLE_FRAME_ANCESTORS", FrameAncestors::default())?;
    serve(app::router(&ancestors)).await
}
