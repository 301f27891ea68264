//! From the queues to the clients' URLs: works out which webhooks want a report, sends it to
//! all of them at the same time, queues the retries and writes the log.

mod attempt;
mod cache;
mod handler;
mod hop;
mod journal;
mod plan;
#[cfg(test)]
mod testing;

use std::sync::Arc;
use std::time::Duration;

use callhook::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::outbound::HttpClient;
use callhook::sqs::SqsQueue;
use callhook::{aws, config, dynamodb, sqs, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::attempt::Attempts;
use crate::cache::ConfigCache;
use crate::handler::Deliver;
use crate::journal::Journal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = aws::from_env()?;
    let dynamodb = dynamodb::client(&aws);
    let cache_seconds = config::parsed_or("CONFIG_CACHE_SECONDS", 30)?;
    let deliver = Arc::new(Deliver {
        config: ConfigCache::new(
            ConfigTable::new(dynamodb.clone(), config::required("CONFIG_TABLE")?),
            Duration::from_secs(cache_seconds),
        ),
        attempts: Attempts::new(HttpClient::new()?),
        journal: Journal {
            retries: SqsQueue::new(sqs::client(&aws), config::required("RETRIES_QUEUE_URL")?),
            log: DeliveriesTable::new(dynamodb, config::required("DELIVERIES_TABLE")?),
        },
    });
    lambda_runtime::run(service_fn(move |event: LambdaEvent<_>| {
        let deliver = Arc::clone(&deliver);
        async move { deliver.handle(event.payload, event.context.deadline()).await }
    }))
    .await
}
