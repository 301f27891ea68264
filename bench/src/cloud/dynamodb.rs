//! The embedded DynamoDB, with its consumed capacity.

use dynoxide::actions::batch_get_item::BatchGetItemRequest;
use dynoxide::actions::batch_write_item::BatchWriteItemRequest;
use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::query::QueryRequest;
use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::types::ConsumedCapacity;
use dynoxide::{Database, DynoxideError};
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Bill, Called};

/// Runs an operation, and adds its consumed units to `bill`.
pub(super) fn call(database: &Database, operation: &str, body: &[u8], bill: &mut Bill) -> Called {
    bill.call("dynamodb", operation);
    match run(database, operation, body, bill) {
        Ok(answer) => (StatusCode::OK, answer),
        Err(error) => {
            let status = StatusCode::from_u16(error.status_code());
            (status.unwrap_or(StatusCode::BAD_REQUEST), error.to_json().into_bytes())
        }
    }
}

/// Runs an operation, adds its consumed units to `$units`, and removes them from the answer: the caller did
/// not ask for them.
macro_rules! metered {
    ($database:ident.$method:ident, $body:ident as $Request:ty, $units:expr) => {{
        let mut request: $Request = read($body)?;
        request.return_consumed_capacity = Some("TOTAL".to_owned());
        let mut answer = $database.$method(request)?;
        let consumed = answer.consumed_capacity.take().into_iter();
        *$units += consumed.map(|consumed| consumed.units()).sum::<f64>();
        write(&answer)
    }};
}

fn run(
    database: &Database,
    operation: &str,
    body: &[u8],
    bill: &mut Bill,
) -> Result<Vec<u8>, DynoxideError> {
    let Bill { read_units: reads, write_units, journal_units, .. } = bill;
    // A call that writes pages of the journal writes nothing else.
    let is_journal = operation == "BatchWriteItem" && contains(body, b"\"JOURNAL");
    let writes = if is_journal { journal_units } else { write_units };
    match operation {
        "GetItem" => metered!(database.get_item, body as GetItemRequest, reads),
        "Query" => metered!(database.query, body as QueryRequest, reads),
        "BatchGetItem" => metered!(database.batch_get_item, body as BatchGetItemRequest, reads),
        "PutItem" => metered!(database.put_item, body as PutItemRequest, writes),
        "UpdateItem" => metered!(database.update_item, body as UpdateItemRequest, writes),
        "DeleteItem" => metered!(database.delete_item, body as DeleteItemRequest, writes),
        "BatchWriteItem" => {
            metered!(database.batch_write_item, body as BatchWriteItemRequest, writes)
        }
        "TransactWriteItems" => {
            metered!(database.transact_write_items, body as TransactWriteItemsRequest, writes)
        }
        "CreateTable" => write(&database.create_table(read(body)?)?),
        _ => Err(DynoxideError::ValidationException(format!("{operation} is not measured"))),
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Consumed units of one table or of several.
trait Units {
    fn units(&self) -> f64;
}

impl Units for ConsumedCapacity {
    fn units(&self) -> f64 {
        self.capacity_units
    }
}

impl Units for Vec<ConsumedCapacity> {
    fn units(&self) -> f64 {
        self.iter().map(Units::units).sum()
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, DynoxideError> {
    serde_json::from_slice(body)
        .map_err(|error| DynoxideError::SerializationException(error.to_string()))
}

fn write<T: Serialize>(answer: &T) -> Result<Vec<u8>, DynoxideError> {
    serde_json::to_vec(answer)
        .map_err(|error| DynoxideError::SerializationException(error.to_string()))
}
