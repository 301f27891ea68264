//! `POST /v1/reports`: checks reports, gives them their ids, and answers once SQS holds them.
//! Needs only the queue to accept; of the table it reads whether named webhooks exist.

mod answer;
mod handler;
mod pack;
mod request;

use callhook::dynamodb::ConfigTable;
use callhook::sqs::SqsQueue;
use callhook::{aws, config, dynamodb, sqs, telemetry};
use lambda_http::{Error, Request, service_fn};

use crate::handler::Ingest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init()?;
    let aws = aws::from_env()?;
    let ingest = Ingest {
        targets: ConfigTable::new(
            dynamodb::impatient_client(&aws),
            config::required("CONFIG_TABLE")?,
        ),
        queue: SqsQueue::new(sqs::client(&aws), config::required("REPORTS_QUEUE_URL")?),
    };
    let ingest = &ingest;
    lambda_http::run(service_fn(move |request: Request| async move {
        Ok::<_, Error>(ingest.handle(request).await)
    }))
    .await
}
