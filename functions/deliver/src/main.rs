//! Delivers reports from the queues to the receivers: works out which webhooks want a report, sends it to
//! all of them at the same time, queues the retries and writes the log.

mod attempt;
mod batch;
mod bounded_log;
mod breaker;
mod cache;
mod call_budget;
mod clock;
mod dedupe;
mod erased;
mod event;
mod fan_out;
mod handler;
mod in_flight;
mod journal_rows;
mod notices;
mod outcome_write;
mod pending;
mod plan;
mod requeue;
mod routing;
mod stale_settings;
mod submitted;
mod target;
#[cfg(test)]
mod testing;
mod throttle;
mod verdict;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use callhook::aws::dynamodb::{ConfigTable, DeliveriesTable};
use callhook::aws::sns::SnsTopic;
use callhook::aws::sqs::SqsQueue;
use callhook::aws::{client, dynamodb};
use callhook::domain::quota::DeliveriesPerSecond;
use callhook::outbound::HttpClient;
use callhook::runtime::telemetry::metrics::Metrics;
use callhook::runtime::{config, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};

use crate::attempt::Attempts;
use crate::breaker::{Breaker, Periods};
use crate::cache::ConfigCache;
use crate::clock::Clock;
use crate::event::Event;
use crate::fan_out::FanOutGate;
use crate::handler::Deliver;
use crate::writer::OutcomeWriter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = client::from_env()?;
    let dynamodb = dynamodb::client(&aws);
    let cache_seconds = config::parsed_or("CONFIG_CACHE_SECONDS", 30)?;
    let failing_after_minutes: f64 = config::parsed_or("WEBHOOK_FAILING_AFTER_MINUTES", 15.0)?;
    let periods = Periods {
        announce_after: minutes("WEBHOOK_FAILING_AFTER_MINUTES", failing_after_minutes)?,
        disable_after: config::disable_after()?.duration(),
    };
    let default_quota =
        DeliveriesPerSecond::default_of(config::parsed_or("DEFAULT_DELIVERIES_PER_SECOND", 0)?)?;
    let instances = config::parsed_or("DELIVER_MAX_CONCURRENCY", 50)?;
    let table = ConfigTable::new(dynamodb.clone(), config::required("CONFIG_TABLE")?);
    let metrics = Metrics::from_env()?;
    let deliver = Arc::new(Deliver {
        reports_queue: queue_name(&config::required("REPORTS_QUEUE_URL")?),
        clock: Clock::system(),
        config: ConfigCache::new(table.clone(), Duration::from_secs(cache_seconds)),
        breaker: Breaker::new(table.clone(), periods, metrics.clone()),
        fan_out: FanOutGate::new(table.clone(), default_quota, instances),
        limits: table,
        attempts: Attempts::new(HttpClient::new(config::address_policy()?)?, metrics.clone()),
        writer: OutcomeWriter::new(
            SqsQueue::lazy(aws.clone(), config::required("RETRIES_QUEUE_URL")?),
            DeliveriesTable::new(dynamodb, config::required("DELIVERIES_TABLE")?),
            metrics.clone(),
        ),
        operator: SnsTopic::new(aws, config::required("OPERATOR_TOPIC_ARN")?),
    });
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Event>| {
        let (deliver, metrics) = (Arc::clone(&deliver), metrics.clone());
        async move {
            let response = deliver.handle(event.payload, event.context.deadline()).await;
            metrics.write();
            response
        }
    }))
    .await
}

/// The duration of `count` minutes, which may have a fraction for trials.
fn minutes(setting: &str, count: f64) -> Result<Duration, Error> {
    let duration = Duration::try_from_secs_f64(count * 60.0);
    duration.map_err(|error| format!("{setting} is {count}: {error}").into())
}

/// The name of a queue: the end of its URL and of its ARN.
fn queue_name(url: &str) -> String {
    url.rsplit('/').next().unwrap_or_default().to_owned()
}
