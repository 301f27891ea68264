//! Counts what the log of deliveries says into the hourly figures of webhooks and accounts. It reads the
//! changes of the log as the table's stream tells them, many at once, so that a figure costs deliver
//! nothing, and a write for each webhook and one for each account of a batch here.

mod event;
mod handler;

use callhook::dynamodb::DeliveriesTable;
use callhook::telemetry::metrics::Metrics;
use callhook::{aws, config, dynamodb, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let client = dynamodb::client(&aws::from_env()?);
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
