use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::*;

/// A quota in memory that counts how often it is asked.
#[derive(Default)]
struct Quotas {
    own: Mutex<Option<ReportsPerSecond>>,
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
    async fn reports_per_second(
        &self,
        _: &AccountId,
    ) -> Result<Option<ReportsPerSecond>, StoreError> {
        let own = *self.own.lock().unwrap();
        self.answer(&self.reads, own)
    }

    async fn take_places(
        &self,
        _: &AccountId,
        count: u32,
        _: ReportsPerSecond,
        now: Timestamp,
    ) -> Result<Places, StoreError> {
        let free = self.free.load(Ordering::Relaxed);
        self.free.store(free.saturating_sub(count), Ordering::Relaxed);
        let none = Places::NoneUntil(now + SignedDuration::from_millis(2_500));
        self.answer(&self.takes, if free == 0 { none } else { Places::Taken })
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
    gate.learn(&account, now).await;
    gate.admit(&account, count, now).await
}

fn asked(quotas: &Quotas) -> (u32, u32) {
    (quotas.reads.load(Ordering::Relaxed), quotas.takes.load(Ordering::Relaxed))
}

#[tokio::test]
async fn an_account_without_a_quota_costs_a_read_a_minute() {
    let quotas = Quotas::default();
    let gate = ReportGate::new(&quotas, None);
    for second in 0..120 {
        admit(&gate, 1_000, at(second * 1_000)).await.unwrap();
    }
    assert_eq!(asked(&quotas), (2, 0));
}

#[tokio::test]
async fn an_account_of_its_own_quota_does_not_follow_the_default() {
    for (own, default, takes) in
        [(None, Some(rate(5)), 1), (Some(rate(5)), None, 1), (None, None, 0)]
    {
        let quotas = Quotas { own: Mutex::new(own), free: 1.into(), ..Quotas::default() };
        admit(&ReportGate::new(&quotas, default), 1, at(0)).await.unwrap();
        assert_eq!(asked(&quotas), (1, takes), "{own:?} {default:?}");
    }
}

#[tokio::test]
async fn a_busy_instance_takes_places_in_advance() {
    let quotas = quotas(1_000);
    let gate = ReportGate::new(&quotas, None);
    // 200 a second for five seconds.
    for report in 0..1_000 {
        admit(&gate, 1, at(report * 5)).await.unwrap();
    }
    let (_, takes) = asked(&quotas);
    assert!((5..=20).contains(&takes), "asked {takes} times for 1,000 reports");
    let lost = u32::MAX - quotas.free.load(Ordering::Relaxed) - 1_000;
    assert!(lost <= 100, "{lost} places were taken in vain");
}

#[tokio::test]
async fn a_quiet_instance_takes_what_it_needs() {
    let quotas = quotas(10);
    let gate = ReportGate::new(&quotas, None);
    for second in 0..10 {
        admit(&gate, 1, at(second * 1_000)).await.unwrap();
    }
    assert_eq!(u32::MAX - quotas.free.load(Ordering::Relaxed), 10, "none in vain");
}

#[tokio::test]
async fn places_that_were_not_used_are_lost_after_a_second() {
    let quotas = quotas(1_000);
    let gate = ReportGate::new(&quotas, None);
    for report in 0..10 {
        admit(&gate, 1, at(report)).await.unwrap();
    }
    let (_, before) = asked(&quotas);
    admit(&gate, 1, at(500)).await.unwrap();
    assert_eq!(asked(&quotas).1, before, "some are left");
    admit(&gate, 1, at(2_000)).await.unwrap();
    assert_eq!(asked(&quotas).1, before + 1);
}

#[tokio::test]
async fn a_refusal_says_when_to_come_back_and_costs_nothing_until_then() {
    let quotas = quotas(10);
    quotas.free.store(0, Ordering::Relaxed);
    let gate = ReportGate::new(&quotas, None);
    let refused = admit(&gate, 1, at(0)).await.unwrap_err();
    let response: http::Response<String> = refused.into_http();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "3");
    let problem: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(problem["type"], "urn:callhook:problem:rate-limited");
    assert_eq!(
        problem["detail"],
        "The account may hand over 10 reports a second. Nothing of this request was taken: send \
         it again in 3 s."
    );
    for millis in 1..2_500 {
        assert!(admit(&gate, 1, at(millis)).await.is_err());
    }
    assert_eq!(asked(&quotas), (1, 1));
    quotas.free.store(1, Ordering::Relaxed);
    admit(&gate, 1, at(2_500)).await.unwrap();
}

#[tokio::test]
async fn a_quota_that_was_changed_holds_within_a_minute() {
    let quotas = quotas(10);
    quotas.free.store(0, Ordering::Relaxed);
    let gate = ReportGate::new(&quotas, None);
    assert!(admit(&gate, 1, at(59_000)).await.is_err());
    *quotas.own.lock().unwrap() = None;
    admit(&gate, 1, at(59_000 + 60_000)).await.unwrap();
}

#[tokio::test]
async fn reports_are_taken_and_do_not_wait_while_the_table_is_down() {
    let quotas = quotas(1);
    quotas.down.store(true, Ordering::Relaxed);
    let gate = ReportGate::new(&quotas, Some(rate(1)));
    for millis in 0..5_000 {
        admit(&gate, 10, at(millis)).await.unwrap();
    }
    assert_eq!(asked(&quotas), (1, 0), "asked once in five seconds");
    quotas.down.store(false, Ordering::Relaxed);
    admit(&gate, 1, at(5_000)).await.unwrap();
    assert_eq!(asked(&quotas), (2, 1));

    quotas.down.store(true, Ordering::Relaxed);
    for millis in 7_000..12_000 {
        admit(&gate, 10, at(millis)).await.unwrap();
    }
    assert_eq!(asked(&quotas), (2, 2), "the quota is known, places are not to be had");
}

#[tokio::test]
async fn memory_is_bounded() {
    let quotas = Quotas::default();
    let gate = ReportGate::new(&quotas, None);
    for account in 0..3 * MAX_ACCOUNTS {
        gate.learn(&account.to_string().parse().unwrap(), at(0)).await;
        assert!(gate.lock().len() <= MAX_ACCOUNTS);
    }
}
