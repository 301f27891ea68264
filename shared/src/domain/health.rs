//! Health of a webhook's receiver: the circuit breaker, which avoids requests that would fail, and the
//! time since which the webhook has been failing, which leads to its deactivation.
//!
//! A webhook has a health item once an attempt has failed or was slow. The item is written when attempts
//! fail, when the circuit opens, for a probe, and on recovery, after which the last failure and the
//! success that ended the failures stay. A success of a healthy webhook writes nothing. All instances
//! read the item together with the webhook. The webhook's owner sees it as `health`.

mod disable_after;
mod last_failure;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::disable_after::{DisableAfter, InvalidDays};
pub use self::last_failure::{FailedOutcome, LastFailure};

/// The health of one version of a webhook, shared by all instances. A change of the webhook resets
/// it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The version of the webhook.
    pub version: u64,
    /// Since when every attempt has failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
    /// The number of failures in a row.
    #[serde(default)]
    pub failures: u32,
    /// The last stored failure. It stays when the webhook recovers.
    #[serde(
        default,
        deserialize_with = "last_failure::of_any_version",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_failure: Option<LastFailure>,
    /// When a success last ended failures. Later successes are not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success_at: Option<Timestamp>,
    /// Until when the receiver counts as slow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_until: Option<Timestamp>,
    /// The circuit, if it is open.
    #[serde(flatten)]
    pub circuit: Option<OpenCircuit>,
    /// The outage that `webhook.failing` announced, as the time when its circuit opened, until
    /// `webhook.recovered` is sent. Unlike the rest it survives a change of the webhook, so that
    /// each `webhook.failing` has its `webhook.recovered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_outage: Option<Timestamp>,
    /// The outage that an instance began to announce with `webhook.failing`. If the instance crashed, the message may
    /// have been sent, so this survives a change of the webhook as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_outage: Option<Timestamp>,
}

/// An open circuit: deliveries are deferred without a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCircuit {
    /// When it becomes half-open, so that one delivery may probe the receiver.
    #[serde(rename = "open_until")]
    pub until: Timestamp,
    /// How often it was opened in a row, from 1.
    #[serde(rename = "open_level")]
    pub level: u32,
    /// Until when a delivery has claimed the probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe_until: Option<Timestamp>,
    /// Since when it has been open, including half-open times. Items of earlier versions lack it; the
    /// next opening sets it.
    #[serde(rename = "open_since", default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// The notices about a long outage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutageNotice {
    /// The outage lasts: `webhook.failing`.
    Failing,
    /// The outage is over: `webhook.recovered`.
    Recovered,
}

/// The state of a circuit, as a delivery sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CircuitState {
    /// Requests may be sent.
    Closed,
    /// No request before this time.
    Open(Timestamp),
    /// One delivery may send a probe, after it has claimed it.
    HalfOpen(OpenCircuit),
}

impl Health {
    /// Failures in a row, of all instances together, that open the circuit.
    pub const MAX_FAILURES: u32 = 10;
    /// An attempt is slow if it takes longer.
    pub const SLOW: Duration = Duration::from_secs(2);
    /// How long a receiver counts as slow.
    pub const SLOW_FOR: Duration = Duration::from_mins(1);
    /// How long a webhook counts as unproven after it was created or changed. While its account has a slow webhook, first
    /// attempts of an unproven one use the Retries queue: deleting a slow webhook and creating it again gains nothing.
    pub const UNPROVEN_FOR: Duration = Duration::from_hours(24);

    /// The state of the circuit at `now`.
    pub fn circuit_state(&self, now: Timestamp) -> CircuitState {
        match self.circuit {
            None => CircuitState::Closed,
            Some(circuit) if now < circuit.until => CircuitState::Open(circuit.until),
            Some(circuit) => match circuit.probe_until {
                Some(probe_until) if now < probe_until => CircuitState::Open(probe_until),
                _ => CircuitState::HalfOpen(circuit),
            },
        }
    }

    /// How long a deferred delivery waits at most before it checks the circuit again. While a probe is
    /// in flight, its outcome is expected soon.
    pub fn recheck_after(&self, now: Timestamp) -> Duration {
        let circuit = self.circuit.filter(|circuit| !circuit.is_probed(now));
        circuit.map_or(OpenCircuit::FIRST_RECHECK, |circuit| circuit.recheck_after())
    }

    /// Whether the receiver counts as slow at `now`.
    pub fn is_slow(&self, now: Timestamp) -> bool {
        self.slow_until.is_some_and(|until| now < until)
    }

    /// The part that applies to `version` of the webhook: all of it if it is of that version, otherwise only
    /// the announced outage.
    pub fn of_version(self, version: u64) -> Option<Self> {
        if self.version == version {
            return Some(self);
        }
        self.possibly_announced_outage()?;
        let Self { announced_outage, claimed_outage, .. } = self;
        Some(Self { version, announced_outage, claimed_outage, ..Self::default() })
    }

    /// The outage that `webhook.failing` announced, or may have announced.
    pub fn possibly_announced_outage(&self) -> Option<Timestamp> {
        self.announced_outage.or(self.claimed_outage)
    }

    /// The outage that has to be announced at `now`: its circuit has been open for `after`.
    pub fn outage_to_announce(&self, now: Timestamp, after: Duration) -> Option<Timestamp> {
        let since = self.circuit?.since?;
        let is_long = since <= now && now.duration_since(since).unsigned_abs() >= after;
        (is_long && self.announced_outage.is_none()).then_some(since)
    }
}

impl OpenCircuit {
    /// An opened circuit stays open for 30 s at first, then twice as long each time …
    const FIRST: Duration = Duration::from_secs(30);
    /// … up to the longest delay of an SQS message.
    const LONGEST: Duration = Duration::from_mins(15);

    /// A deferred delivery checks the circuit again after 5 s, and after twice as long for each level of
    /// the circuit …
    const FIRST_RECHECK: Duration = Duration::from_secs(5);
    /// … up to 5 minutes, so that waiting for a receiver that is down for days costs next to nothing.
    const LAST_RECHECK: Duration = Duration::from_mins(5);

    /// How long a deferred delivery waits at most before it checks again whether the circuit was closed
    /// or the webhook changed.
    pub fn recheck_after(&self) -> Duration {
        let doublings = self.level.saturating_sub(1).min(10);
        Self::FIRST_RECHECK.saturating_mul(1 << doublings).min(Self::LAST_RECHECK)
    }

    /// Whether a probe is in flight at `now`.
    fn is_probed(&self, now: Timestamp) -> bool {
        self.probe_until.is_some_and(|until| now < until)
    }

    /// A circuit that opens at `now`; `before` is the previous one if its probe failed.
    pub fn opening(now: Timestamp, before: Option<Self>) -> Self {
        let level = before.map_or(1, |before| before.level.saturating_add(1));
        let doublings = (level - 1).min(10);
        let wait = Self::FIRST.saturating_mul(1 << doublings).min(Self::LONGEST);
        let until = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let since = before.and_then(|before| before.since).or(Some(now));
        Self { until, level, probe_until: None, since }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn health(circuit: Option<OpenCircuit>) -> Health {
        Health {
            version: 1,
            failing_since: Some(at(0)),
            failures: 10,
            circuit,
            ..Health::default()
        }
    }

    #[test]
    fn an_open_circuit_becomes_half_open_for_one_probe() {
        let circuit = OpenCircuit::opening(at(100), None);
        assert_eq!(health(None).circuit_state(at(100)), CircuitState::Closed);
        assert_eq!(health(Some(circuit)).circuit_state(at(129)), CircuitState::Open(at(130)));
        assert_eq!(health(Some(circuit)).circuit_state(at(130)), CircuitState::HalfOpen(circuit));
        let probed = OpenCircuit { probe_until: Some(at(155)), ..circuit };
        assert_eq!(health(Some(probed)).circuit_state(at(154)), CircuitState::Open(at(155)));
        assert_eq!(
            health(Some(probed)).circuit_state(at(155)),
            CircuitState::HalfOpen(probed),
            "no outcome"
        );
    }

    #[test]
    fn a_circuit_stays_open_longer_each_time_up_to_15_minutes() {
        let mut circuit = None;
        let mut waits = Vec::new();
        for _ in 0..8 {
            let opened = OpenCircuit::opening(at(0), circuit);
            waits.push(opened.until.as_second());
            circuit = Some(opened);
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900]);
        let last = OpenCircuit { level: u32::MAX, ..circuit.unwrap() };
        assert_eq!(OpenCircuit::opening(at(0), Some(last)).until, at(900));
    }

    #[test]
    fn deferred_deliveries_recheck_soon_while_a_circuit_is_young_or_probed() {
        let recheck = |level, probe_until| {
            let circuit = OpenCircuit { until: at(100), level, probe_until, since: Some(at(0)) };
            health(Some(circuit)).recheck_after(at(100)).as_secs()
        };
        let rechecks: Vec<_> = (1..=9).map(|level| recheck(level, None)).collect();
        assert_eq!(rechecks, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(recheck(u32::MAX, None), 300);
        assert_eq!(recheck(9, Some(at(101))), 5, "a probe is in flight");
        assert_eq!(recheck(9, Some(at(100))), 300, "the probe had no outcome");
    }

    #[test]
    fn a_reopened_circuit_keeps_the_time_when_it_first_opened() {
        let first = OpenCircuit::opening(at(100), None);
        let second = OpenCircuit::opening(at(200), Some(first));
        assert_eq!((first.since, second.since), (Some(at(100)), Some(at(100))));
        let of_earlier_version = OpenCircuit { since: None, ..first };
        let reopened = OpenCircuit::opening(at(200), Some(of_earlier_version));
        assert_eq!(reopened.since, Some(at(200)));
    }

    #[test]
    fn an_outage_is_announced_after_its_circuit_has_been_open_long_enough() {
        let first = OpenCircuit::opening(at(100), None);
        let fourth = (0..3).fold(first, |circuit, _| OpenCircuit::opening(at(500), Some(circuit)));
        assert_eq!((fourth.level, fourth.since), (4, Some(at(100))), "one outage");
        let of_earlier_version = OpenCircuit { since: None, ..fourth };
        let announced = Health { announced_outage: Some(at(100)), ..health(Some(fourth)) };
        for (health, second, expected) in [
            (health(Some(fourth)), 999, None),
            (health(Some(fourth)), 1_000, Some(at(100))),
            (health(Some(fourth)), 9, None),
            (health(Some(of_earlier_version)), 1_000, None),
            (announced, 1_000, None),
            (health(None), 1_000, None),
        ] {
            let outage = health.outage_to_announce(at(second), Duration::from_mins(15));
            assert_eq!(outage, expected, "{second}: {health:?}");
        }
        let opened_again = OpenCircuit::opening(at(700), Some(of_earlier_version));
        assert_eq!(opened_again.since, Some(at(700)));
    }

    #[test]
    fn only_the_announced_outage_applies_to_another_version() {
        let circuit = Some(OpenCircuit::opening(at(100), None));
        let known = Health { announced_outage: Some(at(100)), ..health(circuit) };
        assert_eq!(known.clone().of_version(1), Some(known.clone()));
        let expected = Health { version: 2, announced_outage: Some(at(100)), ..Health::default() };
        assert_eq!(known.of_version(2), Some(expected));
        assert_eq!(health(circuit).of_version(2), None);
    }

    #[test]
    fn items_stored_by_earlier_versions_are_read() {
        let item = r#"{"version": 1, "failing_since": "1970-01-01T00:00:00Z", "failures": 10,
            "open_until": "1970-01-01T00:02:10Z", "open_level": 1}"#;
        let circuit = OpenCircuit { since: None, ..OpenCircuit::opening(at(100), None) };
        assert_eq!(serde_json::from_str::<Health>(item).unwrap(), health(Some(circuit)));
    }

    #[test]
    fn stored_health_reads_back() {
        for health in [
            health(None),
            health(Some(OpenCircuit::opening(at(100), None))),
            Health { version: 3, slow_until: Some(at(5)), ..Health::default() },
            Health { last_success_at: Some(at(9)), ..health(None) },
            Health { announced_outage: Some(at(7)), ..health(None) },
        ] {
            let json = serde_json::to_string(&health).unwrap();
            assert_eq!(serde_json::from_str::<Health>(&json).unwrap(), health, "{json}");
        }
    }
}
