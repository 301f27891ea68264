//! Replays a webhook's deliveries: counts them, queues them for deliver wave by wave, and waits
//! until the log shows each outcome. The message of a job stays in its queue until the job is over.

mod handler;
mod job_lease;
#[cfg(test)]
mod testing;
mod timing;
mod wave;
mod worker;

use std::sync::Arc;

use callhook::aws::dynamodb::DeliveriesTable;
use callhook::aws::sqs::SqsQueue;
use callhook::aws::{client, dynamodb, sqs};
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::runtime::{config, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::handler::Replay;
use crate::timing::ReplayTiming;
use crate::worker::Worker;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = client::from_env()?;
    let (dynamodb, sqs) = (dynamodb::client(&aws), sqs::client(&aws));
    let metrics = Metrics::from_env()?;
    let replay = Arc::new(Replay {
        worker: Worker {
            store: DeliveriesTable::new(dynamodb, config::required("DELIVERIES_TABLE")?),
            retries: SqsQueue::new(sqs.clone(), config::required("RETRIES_QUEUE_URL")?),
            timing: ReplayTiming::default(),
            metrics: metrics.clone(),
        },
        replays: SqsQueue::new(sqs, config::required("REPLAYS_QUEUE_URL")?),
    });
    lambda_runtime::run(service_fn(move |event: LambdaEvent<_>| {
        let (replay, metrics) = (Arc::clone(&replay), metrics.clone());
        async move {
            let answer = replay.handle(event.payload, event.context.deadline()).await;
            metrics.write();
            answer
        }
    }))
    .await
}
