//! An event of the stream: all of it is counted, or it comes again.

use callhook::stats::StatsTally;
use callhook::store::{StatsLog, StoreError};
use callhook::telemetry::Causes;
use futures_util::stream::{self, StreamExt as _};
use lambda_runtime::Error;

use crate::event::StreamEvent;

/// Writes under way at the same time.
const CONCURRENT_WRITES: usize = 16;

/// Counts the changes of an event. An error brings the whole event back; what was counted of it is
/// not counted again then.
pub(crate) async fn handle(log: &impl StatsLog, event: StreamEvent) -> Result<(), Error> {
    let mut tally = StatsTally::default();
    for change in event.changes() {
        match change {
            Ok(change) => tally.note(&change),
            // It would be unreadable the next time as well, and hold up all that follow.
            Err(error) => {
                tracing::error!(error = %Causes(&error), "a change of the log was not counted");
            }
        }
    }
    let writes = stream::iter(tally.into_notes())
        .map(|(webhook, hour, noted)| async move { log.count(webhook, hour, &noted).await });
    let written: Vec<_> = writes.buffer_unordered(CONCURRENT_WRITES).collect().await;
    let all = written.into_iter().collect::<Result<(), StoreError>>();
    all.inspect_err(|error| {
        tracing::warn!(error = %Causes(error), "figures were not written: the event comes again");
    })?;
    Ok(())
}

#[cfg(test)]
mod tests;
