use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::domain::delivery::{DeliveryState, ReportTimes};
use crate::domain::ids::WebhookId;
use crate::domain::time_zone::time_zone;
use crate::input::time_range::TimeRange;
use crate::testing::TestTables;
use crate::testing::log::{update_of, write};

/// When the reports were received: within each of the ranges.
const RECEIVED: &str = "2026-11-01T05:45:00Z";

fn failed() -> DeliveryState {
    DeliveryState::Failed { reason: "no attempt is left".to_owned() }
}

/// A log with a call every ten minutes of two days, once with local and once with UTC times, and
/// some reports without a time.
async fn filled() -> (DeliveriesTable, WebhookId, Vec<(ReportId, String)>) {
    let table = TestTables::start().await.unwrap().deliveries();
    let webhook = WebhookId::generate();
    let start: Timestamp = "2026-10-31T06:00:00Z".parse().unwrap();
    let mut texts: Vec<_> = (0..288)
        .flat_map(|n| {
            let at = start + jiff::SignedDuration::from_mins(10 * n);
            let clock = at.to_zoned(TimeZone::UTC).datetime();
            [format!(r#"{{"end_at": "{clock}"}}"#), format!(r#"{{"end_at": "{clock}Z"}}"#)]
        })
        .collect();
    texts.extend((0..20).map(|n| format!(r#"{{"id": {n}, "end_at": "0000-00-00 00:00:00"}}"#)));
    texts.extend((0..20).map(|n| format!(r#"{{"to": {n}}}"#)));
    let mut logged = Vec::new();
    for text in texts {
        let update = update_of("acme", webhook, &text, RECEIVED.parse().unwrap(), failed());
        logged.push((update.key.report_id, text));
        write(&table, update).await;
    }
    (table, webhook, logged)
}

/// The count and the selection of a replay, in waves of 30.
async fn replayed(table: &DeliveriesTable, selection: &Selection) -> (u64, Vec<ReportId>) {
    let (mut counted, mut next) = (0, Some(LogPosition::default()));
    while let Some(position) = next {
        let (count, after) = table.count(selection, position).await.unwrap();
        counted += count;
        next = after;
    }
    let (mut found, mut next) = (Vec::new(), Some(LogPosition::default()));
    while let Some(position) = next {
        let (ids, after) = table.select(selection, position, 30).await.unwrap();
        assert!(ids.len() <= 30);
        found.extend(ids);
        next = after;
    }
    (counted, found)
}

#[tokio::test]
async fn a_replay_finds_each_call_of_its_range_once_in_every_zone() {
    let (table, webhook_id, logged) = filled().await;
    for (zone, from, to) in [
        ("UTC", "2026-11-01 05:00:00", "2026-11-01 06:00:00"),
        // Over midnight.
        ("Asia/Kolkata", "2026-10-31T23:30:00+05:30", "2026-11-01 11:30:00"),
        // Summer time ends at 06:00 UTC.
        ("America/New_York", "2026-11-01 00:30:00", "2026-11-01 02:30:00"),
        ("America/New_York", "2026-10-31 22:00:00", "2026-11-01 03:00:00"),
    ] {
        let zone = time_zone(zone).unwrap();
        let range = TimeRange::read(Some(from), Some(to), &zone).unwrap();
        let times = ReportTimes::new(range, zone);
        let received_at = RECEIVED.parse().unwrap();
        let wanted: BTreeSet<_> = logged
            .iter()
            .filter(|(_, text)| {
                times.contains(&crate::domain::report::Report::parse(text).unwrap(), received_at)
            })
            .map(|(id, _)| *id)
            .collect();
        assert!(wanted.len() > 45, "those without a time, and some calls");
        for &scope in ReplayScope::ALL {
            let selection = Selection { webhook_id, scope, times: times.clone() };
            let (counted, found) = replayed(&table, &selection).await;
            assert_eq!(counted, wanted.len() as u64, "{from} {scope:?}");
            assert_eq!(found.len(), wanted.len(), "each once: {from} {scope:?}");
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), wanted, "{from} {scope:?}");
        }
    }
}

#[tokio::test]
async fn a_stored_place_continues_after_its_report() {
    let (table, webhook_id, _) = filled().await;
    let range = TimeRange::read(Some("2026-11-01"), Some("2026-11-02"), &TimeZone::UTC).unwrap();
    let times = ReportTimes::new(range, TimeZone::UTC);
    let selection = Selection { webhook_id, scope: ReplayScope::Failed, times };
    let (_, all) = replayed(&table, &selection).await;
    let in_last_shard = all.iter().copied().filter(|id| id.as_bytes()[15] % SHARDS == SHARDS - 1);
    let in_last_shard: Vec<_> = in_last_shard.collect();
    let middle = in_last_shard[in_last_shard.len() / 2];
    let position = LogPosition { shard: SHARDS - 1, after: Some(middle) };
    let (found, next) = table.select(&selection, position, 1_000).await.unwrap();
    assert_eq!((found.as_slice(), next), (&in_last_shard[in_last_shard.len() / 2 + 1..], None));
}
