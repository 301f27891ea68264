//! A stand-in for SQS: it counts messages and may record them. Lambda polls and deletes messages, not the
//! functions, so the code that acts as Lambda counts those requests.

use std::sync::Arc;

use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Called, State, locked};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    queue_url: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    message_body: String,
}

/// SQS bills a request for each 64 KB of a call.
const CHUNK: usize = 64 * 1024;

pub(super) fn call(operation: &str, body: &[u8], state: &Arc<State>) -> Called {
    let mut bill = locked(&state.bill);
    bill.call("sqs", operation);
    let batch = serde_json::from_slice::<Batch>(body);
    let ("SendMessageBatch", Ok(batch)) = (operation, batch) else {
        // Other calls are billed once, and answer with an empty object.
        bill.sqs_requests += 1;
        return (StatusCode::OK, b"{}".to_vec());
    };
    let bytes: usize = batch.entries.iter().map(|entry| entry.message_body.len()).sum();
    bill.sqs_requests += bytes.div_ceil(CHUNK).max(1) as u64;
    bill.sqs_messages += batch.entries.len() as u64;
    bill.sqs_bytes += bytes as u64;
    drop(bill);
    let successful: Vec<_> = batch
        .entries
        .iter()
        .map(|entry| json!({"Id": entry.id, "MessageId": "m", "MD5OfMessageBody": "m"}))
        .collect();
    if let Some(sent) = locked(&state.sent).as_mut() {
        let queue = batch.queue_url.rsplit('/').next().unwrap_or_default();
        let kept = batch.entries.into_iter().map(|entry| (queue.to_owned(), entry.message_body));
        sent.extend(kept);
    }
    (StatusCode::OK, json!({"Successful": successful, "Failed": []}).to_string().into_bytes())
}
