//! API for customers: webhooks and subscriptions, previews and trial requests.

mod app;
mod destination;
mod etag;
mod health;
mod outgoing;
mod preview;
mod rotation;
mod sample;
mod state;
mod subscriptions;
mod summary;
mod trial;
mod verification;
mod webhooks;

use std::sync::Arc;

use axum::Extension;
use callhook::aws::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::aws::{client, dynamodb};
use callhook::http_api::serve;
use callhook::outbound::HttpClient;
use callhook::runtime::{config, telemetry};
use lambda_http::Error;

use crate::outgoing::TrialTimeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let client = dynamodb::client(&client::from_env()?);
    let table = ConfigTable::new(client.clone(), config::required("CONFIG_TABLE")?);
    let figures = DeliveriesTable::new(client, config::required("DELIVERIES_TABLE")?);
    let policy = config::address_policy()?;
    let outbound = HttpClient::new(policy)?;
    let max_trial_timeout = TrialTimeout::from_env()?;
    let disable_after = config::disable_after()?;
    let (table, outbound, figures) = (Arc::new(table), Arc::new(outbound), Arc::new(figures));
    let routes = app::router(table, outbound, policy, max_trial_timeout, figures);
    serve(routes.layer(Extension(disable_after))).await
}
