//! Counts the outcomes of deliveries into the hourly figures of webhooks and accounts. It reads the
//! changes of the delivery log from the table's stream in batches: deliver writes no figures, and a
//! batch costs one write per webhook and one per account.

mod event;
mod handler;

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::aws::{client, dynamodb};
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::runtime::{config, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let client = dynamodb::client(&client::from_env()?);
    let table = DeliveriesTable::new(client, config::required("DELIVERIES_TABLE")?);
    let metrics = Metrics::from_env()?;
    let (table, metrics) = (&table, &metrics);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<_>| async move {
        let answer = handler::handle(table, event.payload).await;
        metrics.write();
        answer
    }))
    .await
}
