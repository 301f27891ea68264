//! Implementations of [`ports`](crate::ports) with DynamoDB, SQS and SNS.

pub mod client;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(feature = "sns")]
pub mod sns;
#[cfg(feature = "sqs")]
pub mod sqs;
