use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::*;
use callhook::ports::store::DeliveryBacklog;
use std::time::Duration;

/// Quotas in memory; counts the calls.
#[derive(Default)]
struct Quotas {
    own: Mutex<Option<ReportsPerSecond>>,
    backlog: Mutex<Option<DeliveryBacklog>>,
    free: AtomicU32,
    reads: AtomicU32,
    takes: AtomicU32,
    down: AtomicBool,
}

impl Quotas {
    fn answer<T>(&self, count: &AtomicU32, answer: T) -> Result<T, StoreError> {
        count.fetch_add(1, Ordering::Relaxed);
        if self.down.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable { action: "test", source: "down".into() });
        }
        Ok(answer)
    }
}

impl ReportQuota for &Quotas {
    async fn report_terms(&self, _: &AccountId) -> Result<ReportTerms, StoreError> {
        let terms = ReportTerms {
            reports_per_second: *self.own.lock().unwrap(),
            deliveries_per_second: DeliveriesPerSecond::new(10).ok(),
            backlog: *self.backlog.lock().unwrap(),
        };
        self.answer(&self.reads, terms)
    }

    async fn take_report_permits(
        &self,
        _: &AccountId,
        request: PermitRequest<ReportsPerSecond>,
    ) -> Result<PermitResponse, StoreError> {
        let PermitRequest { count, now, .. } = request;
        let free = self.free.load(Ordering::Relaxed);
        self.free.store(free.saturating_sub(count), Ordering::Relaxed);
        let none = PermitResponse::NoneUntil(now + SignedDuration::from_millis(2_500));
        self.answer(&self.takes, if free == 0 { none } else { PermitResponse::Granted(now) })
    }
}

fn rate(rate: u32) -> ReportsPerSecond {
    ReportsPerSecond::new(rate).unwrap()
}

fn quotas(own: u32) -> Quotas {
    Quotas { own: Mutex::new(Some(rate(own))), free: AtomicU32::new(u32::MAX), ..Quotas::default() }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap()
}

async fn admit(gate: &ReportGate<&Quotas>, count: u32, now: Timestamp) -> Result<(), Problem> {
    let account = "acme".parse().unwrap();
    gate.refresh(&account, now).await;
    gate.admit(&account, count, now).await
}

fn calls(quotas: &Quotas) -> (u32, u32) {
    (quotas.reads.load(Ordering::Relaxed), quotas.takes.load(Ordering::Relaxed))
}

#[tokio::test]
async fn an_account_without_a_quota_costs_one_read_a_minute() {
    let quotas = Quotas::default();
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    for second in 0..120 {
        admit(&gate, 1_000, at(second * 1_000)).await.unwrap();
    }
    assert_eq!(calls(&quotas), (2, 0));
}

#[tokio::test]
async fn the_default_quota_applies_only_without_an_own_one() {
    for (own, default, takes) in
        [(None, Some(rate(5)), 1), (Some(rate(5)), None, 1), (None, None, 0)]
    {
        let quotas = Quotas { own: Mutex::new(own), free: 1.into(), ..Quotas::default() };
        let default = DefaultQuotas { reports: default, deliveries: None };
        admit(&ReportGate::new(&quotas, default), 1, at(0)).await.unwrap();
        assert_eq!(calls(&quotas), (1, takes), "{own:?} {default:?}");
    }
}

#[tokio::test]
async fn a_busy_instance_takes_permits_in_advance() {
    let quotas = quotas(1_000);
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    // 200 a second for five seconds.
    for report in 0..1_000 {
        admit(&gate, 1, at(report * 5)).await.unwrap();
    }
    let (_, takes) = calls(&quotas);
    assert!((4..=10).contains(&takes), "{takes} calls for 1,000 reports");
    let taken = u32::MAX - quotas.free.load(Ordering::Relaxed);
    assert!(taken <= 1_250, "took {taken} permits for 1,000 reports");
}

#[tokio::test]
async fn an_account_far_below_its_quota_costs_no_write() {
    let quotas = quotas(500);
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    for second in 0..120 {
        admit(&gate, 1, at(second * 1_000)).await.unwrap();
    }
    assert_eq!(calls(&quotas), (2, 0));
}

#[tokio::test]
async fn a_quiet_instance_takes_only_the_permits_it_needs() {
    let quotas = quotas(10);
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    for second in 0..10 {
        admit(&gate, 1, at(second * 1_000)).await.unwrap();
    }
    let taken = u32::MAX - quotas.free.load(Ordering::Relaxed);
    assert!(
        (10..=12).contains(&taken),
        "{taken} permits for ten reports, and the pace of two seconds"
    );
}

#[tokio::test]
async fn reports_are_refused_while_the_backlog_exceeds_an_hour() {
    let backlog =
        |end, interval| DeliveryBacklog { end, interval: Duration::from_millis(interval) };
    let hour = 3_600_000;
    for (own, backlog, refused) in [
        (None, None, false),
        (None, Some(backlog(at(hour), 100)), false),
        (None, Some(backlog(at(hour + 90_500), 100)), true),
        (Some(rate(1)), Some(backlog(at(hour + 90_500), 100)), true),
        (None, Some(backlog(at(9 * hour), 200)), false),
        (None, Some(backlog(Timestamp::MIN, 100)), false),
    ] {
        let quotas = Quotas { own: Mutex::new(own), free: 9.into(), ..Quotas::default() };
        *quotas.backlog.lock().unwrap() = backlog;
        let gate = ReportGate::new(&quotas, DefaultQuotas::default());
        let Err(problem) = admit(&gate, 1, at(0)).await else {
            assert!(!refused, "{own:?} {backlog:?}");
            continue;
        };
        assert!(refused, "{own:?} {backlog:?}");
        let response: http::Response<String> = problem.into_http();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["retry-after"]),
            (429, &"91".parse().unwrap())
        );
        assert!(response.body().contains(
            "The account's backlog exceeds an hour of deliveries at its quota of 10 a second. No report \
             of this request was accepted: send it again in 91 s."
        ));
        admit(&gate, 1, at(90_500)).await.unwrap();
        assert_eq!(calls(&quotas).0, 2, "the backlog is read again when the refusal ends");
    }
}

#[tokio::test]
async fn a_backlog_is_read_every_five_seconds() {
    for (end, reads) in [(at(0), 1), (at(30_000), 7), (at(600_000), 12)] {
        let quotas = Quotas { free: u32::MAX.into(), ..Quotas::default() };
        let backlog = DeliveryBacklog { end, interval: Duration::from_millis(100) };
        *quotas.backlog.lock().unwrap() = Some(backlog);
        let gate = ReportGate::new(&quotas, DefaultQuotas::default());
        for second in 0..60 {
            admit(&gate, 1, at(second * 1_000)).await.unwrap();
        }
        assert_eq!(calls(&quotas).0, reads, "until {end}");
    }
}

#[tokio::test]
async fn a_backlog_without_a_delivery_quota_refuses_no_report() {
    struct NoQuota;
    impl ReportQuota for NoQuota {
        async fn report_terms(&self, _: &AccountId) -> Result<ReportTerms, StoreError> {
            let backlog = DeliveryBacklog { end: Timestamp::MAX, interval: Duration::from_secs(1) };
            Ok(ReportTerms { backlog: Some(backlog), ..ReportTerms::default() })
        }

        async fn take_report_permits(
            &self,
            _: &AccountId,
            _: PermitRequest<ReportsPerSecond>,
        ) -> Result<PermitResponse, StoreError> {
            panic!("the account has no quota of reports")
        }
    }
    let gate = ReportGate::new(NoQuota, DefaultQuotas::default());
    gate.refresh(&"acme".parse().unwrap(), at(0)).await;
    gate.admit(&"acme".parse().unwrap(), 1, at(0)).await.unwrap();
}

#[tokio::test]
async fn a_refusal_has_a_retry_after_and_costs_no_call_until_then() {
    let quotas = quotas(10);
    quotas.free.store(0, Ordering::Relaxed);
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    let refused = admit(&gate, 1, at(0)).await.unwrap_err();
    let response: http::Response<String> = refused.into_http();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "3");
    let problem: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(problem["type"], "urn:callhook:problem:rate-limited");
    assert_eq!(
        problem["detail"],
        "The account may submit 10 reports a second. No report of this request was accepted: send \
         it again in 3 s."
    );
    for millis in 1..2_500 {
        assert!(admit(&gate, 1, at(millis)).await.is_err());
    }
    assert_eq!(calls(&quotas), (1, 1));
    quotas.free.store(1, Ordering::Relaxed);
    admit(&gate, 1, at(2_500)).await.unwrap();
}

#[tokio::test]
async fn a_changed_quota_applies_within_a_minute() {
    let quotas = quotas(10);
    quotas.free.store(0, Ordering::Relaxed);
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    assert!(admit(&gate, 1, at(59_000)).await.is_err());
    *quotas.own.lock().unwrap() = None;
    admit(&gate, 1, at(59_000 + 60_000)).await.unwrap();
}

#[tokio::test]
async fn reports_are_accepted_without_waiting_while_the_table_is_down() {
    let quotas = quotas(1);
    quotas.down.store(true, Ordering::Relaxed);
    let default = DefaultQuotas { reports: Some(rate(1)), deliveries: None };
    let gate = ReportGate::new(&quotas, default);
    for millis in 0..5_000 {
        admit(&gate, 10, at(millis)).await.unwrap();
    }
    assert_eq!(calls(&quotas), (1, 0), "one call in five seconds");
    quotas.down.store(false, Ordering::Relaxed);
    admit(&gate, 1, at(5_000)).await.unwrap();
    assert_eq!(calls(&quotas), (2, 1));

    quotas.down.store(true, Ordering::Relaxed);
    for millis in 7_000..12_000 {
        admit(&gate, 10, at(millis)).await.unwrap();
    }
    assert_eq!(calls(&quotas), (2, 2), "the quota is cached, taking permits fails");
}

#[tokio::test]
async fn memory_is_bounded() {
    let quotas = Quotas::default();
    let gate = ReportGate::new(&quotas, DefaultQuotas::default());
    for account in 0..3 * MAX_ACCOUNTS {
        gate.refresh(&account.to_string().parse().unwrap(), at(0)).await;
        assert!(gate.lock().len() <= MAX_ACCOUNTS);
    }
}
