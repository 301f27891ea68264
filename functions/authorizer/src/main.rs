//! API Gateway's authorizer: looks up the caller's API key and passes its account and scopes to the
//! functions behind the gateway. It also records when a key was last used.

mod handler;
mod key_cache;

use callhook::aws::dynamodb::ConfigTable;
use callhook::aws::{client, dynamodb};
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::runtime::{config, telemetry};
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::handler::Authorizer;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let client = dynamodb::client(&client::from_env()?);
    let metrics = Metrics::from_env()?;
    let keys = ConfigTable::new(client, config::required("CONFIG_TABLE")?);
    let authorizer = Authorizer::new(keys, metrics.clone());
    let (authorizer, metrics) = (&authorizer, &metrics);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<_>| async move {
        let answer = authorizer.authorize(event.payload, Timestamp::now()).await;
        metrics.write();
        answer.map_err(Error::from)
    }))
    .await
}
