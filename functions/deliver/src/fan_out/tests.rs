use std::sync::atomic::{AtomicBool, Ordering};

use callhook::ports::store::AccountTerms;
use serde_json::json;

use super::*;
use crate::testing::{accepted, account};

/// Permits in memory, and the counts that were asked for.
#[derive(Clone, Default)]
struct Permits {
    next_free: Arc<Mutex<Timestamp>>,
    asked: Arc<Mutex<Vec<u32>>>,
    down: Arc<AtomicBool>,
}

impl DeliveryQuota for Permits {
    async fn take_delivery_permits(
        &self,
        _: &AccountId,
        request: PermitRequest<DeliveriesPerSecond>,
    ) -> Result<Timestamp, StoreError> {
        self.asked.lock().unwrap().push(request.count);
        if self.down.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable { action: "test", source: "down".into() });
        }
        let mut next_free = self.next_free.lock().unwrap();
        let first = (*next_free).max(request.now);
        *next_free = first + request.rate.interval() * request.count;
        Ok(first)
    }
}

struct Harness {
    permits: Permits,
    gate: FanOutGate<Permits>,
    quota: DeliveriesPerSecond,
}

impl Harness {
    fn new(per_second: u32) -> Self {
        let permits = Permits::default();
        let quota = DeliveriesPerSecond::new(per_second).unwrap();
        Self { gate: FanOutGate::new(permits.clone(), None, 50), permits, quota }
    }

    /// When each report with so many deliveries goes, in milliseconds; `None` for now.
    async fn defer(&self, deliveries: &[u32], millis: i64) -> Vec<Option<i64>> {
        let fan_outs: Vec<_> = deliveries.iter().map(|count| report(*count)).collect();
        let reports: Vec<_> = fan_outs.iter().map(|one| Arc::clone(&one.report)).collect();
        let deferred = self.gate.defer_some(&account(), self.quota, fan_outs, at(millis)).await;
        let of = |report| {
            let mut one = deferred.iter().filter(|one| Arc::ptr_eq(&one.report, report));
            Some(one.next()?.fan_out.due_at.duration_since(at(0)).as_millis().try_into().unwrap())
        };
        reports.iter().map(of).collect()
    }

    fn asked(&self) -> Vec<u32> {
        std::mem::take(&mut *self.permits.asked.lock().unwrap())
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap()
}

fn report(deliveries: u32) -> NewFanOut {
    let report =
        InFlightReport::new(account(), at(0), accepted(&json!({"id": 1})), AccountTerms::default());
    NewFanOut { record: 0, report: report.into(), deliveries, new: deliveries }
}

#[tokio::test]
async fn a_report_waits_if_its_first_permit_is_more_than_a_second_away() {
    let now = None;
    for (per_second, deliveries, expected) in [
        (20, vec![10, 10, 10, 10], vec![now, now, Some(1_000), Some(1_500)]),
        (20, vec![19, 1, 1], vec![now, now, Some(1_000)]),
        (20, vec![200, 1], vec![now, Some(10_000)]),
        (1, vec![1, 1, 1], vec![now, Some(1_000), Some(2_000)]),
        (50_000, vec![40_000, 9_999, 2, 1], vec![now, now, now, Some(1_000)]),
    ] {
        let harness = Harness::new(per_second);
        let shown = format!("{per_second}: {deliveries:?}");
        assert_eq!(harness.defer(&deliveries, 0).await.len(), expected.len());
        let harness = Harness::new(per_second);
        // Without the free share of the instance.
        harness
            .gate
            .update(&account(), harness.quota, |state| state.allowance = Allowance::spent(at(0)));
        assert_eq!(harness.defer(&deliveries, 0).await, expected, "{shown}");
        assert_eq!(harness.asked(), [deliveries.iter().sum::<u32>()], "{shown}");
    }
}

#[tokio::test]
async fn later_reports_get_permits_after_deferred_ones() {
    let harness = Harness::new(20);
    let mut permits = Vec::new();
    // A report with ten deliveries every 100 ms: five times the quota.
    for report in 0..100 {
        permits.extend(harness.defer(&[10], report * 100).await);
    }
    let waiting: Vec<i64> = permits.into_iter().flatten().collect();
    assert!(waiting.len() >= 95, "{waiting:?}");
    for window in waiting.windows(3) {
        assert!(window[2] - window[0] >= 1_000, "{window:?}");
    }
    let asked = harness.asked();
    assert!(asked.iter().sum::<u32>() <= 1_010, "no permit stays unused: {asked:?}");
    assert_eq!(harness.defer(&[10], 60_000).await, [None], "when all have gone");
}

#[tokio::test]
async fn an_account_far_below_its_quota_costs_no_write() {
    let harness = Harness::new(1_000);
    for step in 0..60 {
        assert_eq!(harness.defer(&[1, 1, 1, 1], step * 1_000).await, [None; 4]);
    }
    assert_eq!(harness.asked(), [0; 0]);
}

#[tokio::test]
async fn a_busy_account_costs_few_writes() {
    let harness = Harness::new(1_000);
    // As in docs/cost.md: ten reports a batch, to a receiver that answers in 200 ms.
    for batch in 0..100 {
        assert_eq!(harness.defer(&[1; 10], batch * 220).await, [None; 10]);
    }
    let asked = harness.asked();
    assert!(asked.len() <= 14, "{} writes for 1,000 reports", asked.len());
}

#[tokio::test]
async fn an_account_without_a_quota_takes_no_permits() {
    let harness = Harness::new(1);
    let mut plan = Plan::default();
    harness.gate.defer(&mut plan, at(0)).await;
    assert!(plan.deferred_reports.is_empty());
    assert_eq!(harness.asked(), [0; 0]);
}

#[tokio::test]
async fn reports_fan_out_uncounted_while_the_table_does_not_answer() {
    let harness = Harness::new(1);
    harness.permits.down.store(true, Ordering::Relaxed);
    for millis in (0..5_000).step_by(100) {
        assert_eq!(harness.defer(&[100, 100], millis).await, [None, None]);
    }
    assert_eq!(harness.asked().len(), 1, "the table is not asked for five seconds");
    harness.permits.down.store(false, Ordering::Relaxed);
    assert_eq!(harness.defer(&[100, 100], 5_000).await, [None, Some(105_000)]);
}

#[tokio::test]
async fn a_changed_quota_applies_immediately() {
    let mut harness = Harness::new(1);
    assert_eq!(harness.defer(&[100, 1], 0).await, [None, Some(100_000)]);
    harness.quota = DeliveriesPerSecond::new(1_000).unwrap();
    *harness.permits.next_free.lock().unwrap() = at(0);
    assert_eq!(harness.defer(&[100, 1], 10).await, [None, None]);
}

#[test]
fn the_accounts_in_memory_are_bounded() {
    let harness = Harness::new(1);
    for account in 0..3 * MAX_ACCOUNTS {
        harness.gate.update(&account.to_string().parse().unwrap(), harness.quota, |_| {});
        assert!(harness.gate.lock().len() <= MAX_ACCOUNTS);
    }
}

#[test]
fn reports_of_a_record_deferred_to_the_same_second_share_a_message() {
    let deferred = [
        (0, 0, 1),
        (0, 999, 1),
        (0, 1_000, 1),
        (1, 1_000, 1),
        (1, 5_000, 1),
        (1, 5_001, 1),
        (1, 5_002, 2),
    ];
    let deferred = deferred.map(|(record, millis, deliveries)| {
        let NewFanOut { report, .. } = report(1);
        let fan_out = FanOut { due_at: at(millis), deliveries };
        Deferred { record, report, fan_out }
    });
    let messages: Vec<_> = messages(deferred.into())
        .into_iter()
        .map(|(record, message)| (record, message.reports.len(), message.fan_out.unwrap().due_at))
        .collect();
    let expected =
        [(0, 2, at(0)), (0, 1, at(1_000)), (1, 1, at(1_000)), (1, 2, at(5_000)), (1, 1, at(5_002))];
    assert_eq!(messages, expected);
}
