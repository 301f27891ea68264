//! Erases reports and accounts: deletes their data, and deletes again after the quiesce period, when
//! no function writes for them any more. The message of an erasure stays in its queue until the
//! erasure is over. Work continues after a crash without stored progress: it deletes the data that
//! is left.

mod handler;
#[cfg(test)]
mod testing;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use callhook::aws::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::aws::sqs::SqsQueue;
use callhook::aws::{client, dynamodb, sqs};
use callhook::domain::erasure::QuiescePeriod;
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::runtime::{config, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::handler::Eraser;
use crate::worker::Worker;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = client::from_env()?;
    let client = dynamodb::client(&aws);
    let seconds = |name, default| Ok::<_, Error>(config::parsed_or(name, default)?);
    let quiesce_period = QuiescePeriod {
        deliver_timeout: Duration::from_secs(seconds("DELIVER_TIMEOUT_SECONDS", 900)?),
        config_cache: Duration::from_secs(seconds("CONFIG_CACHE_SECONDS", 900)?),
    };
    let metrics = Metrics::from_env()?;
    let eraser = Arc::new(Eraser {
        worker: Worker {
            config: ConfigTable::new(client.clone(), config::required("CONFIG_TABLE")?),
            log: DeliveriesTable::new(client, config::required("DELIVERIES_TABLE")?),
            quiesce_period,
            stats_delay: Duration::from_secs(seconds("STATS_DELAY_SECONDS", 300)?),
            metrics: metrics.clone(),
        },
        erasures: SqsQueue::new(sqs::client(&aws), config::required("ERASURES_QUEUE_URL")?),
    });
    lambda_runtime::run(service_fn(move |event: LambdaEvent<_>| {
        let (eraser, metrics) = (Arc::clone(&eraser), metrics.clone());
        async move {
            let answer = eraser.handle(event.payload, event.context.deadline()).await;
            metrics.write();
            answer
        }
    }))
    .await
}
