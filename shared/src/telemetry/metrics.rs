//! Metrics: what an invocation counts, as one line in CloudWatch's embedded metric format (EMF).
//!
//! Namespace, the dimension `service` and `ColdStart` are those of Powertools for AWS Lambda.
//! `docs/metrics.md` lists the metrics.

mod line;

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use strum::{IntoStaticStr, VariantArray};

use self::line::Line;
use crate::config::{self, ConfigError};

/// A metric that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub enum Counter {
    /// Reports that SQS holds.
    ReportsAccepted,
    /// Reports that the caller has to change, or to send later.
    ReportsRefused,
    /// Reports that SQS did not take.
    ReportsNotQueued,
    /// Deliveries that the receiver accepted.
    DeliveriesDelivered,
    /// Deliveries that ended as failed.
    DeliveriesFailed,
    /// Deliveries that wait for their next attempt after one failed.
    DeliveriesRetried,
    /// Deliveries that were put back without an attempt.
    DeliveriesDeferred,
    /// Deliveries that ended without an attempt.
    DeliveriesSkipped,
    /// Those of the skipped ones that are older than any schedule allows.
    DeliveriesExpired,
    /// Circuits that opened.
    CircuitsOpened,
    /// Circuits that closed.
    CircuitsClosed,
    /// Deliveries that a replay queued.
    DeliveriesReplayed,
    /// Reports that were erased for good, one by one.
    ReportsErased,
    /// Accounts that were erased for good.
    AccountsErased,
    /// Requests whose key is valid.
    KeysAccepted,
    /// Requests without a valid key.
    KeysRefused,
}

/// A metric of durations, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub enum Timer {
    /// From the beginning of a request to its answer, or to when it was given up.
    AttemptLatency,
    /// From when ingest accepted a report to the beginning of a delivery's first attempt.
    AgeAtFirstAttempt,
}

/// Counts the first invocation of an instance, for each function.
pub const COLD_START: &str = "ColdStart";

impl Counter {
    /// Its name in CloudWatch.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The function that counts it.
    pub const fn service(self) -> &'static str {
        match self {
            Self::ReportsAccepted | Self::ReportsRefused | Self::ReportsNotQueued => "ingest",
            Self::DeliveriesDelivered
            | Self::DeliveriesFailed
            | Self::DeliveriesRetried
            | Self::DeliveriesDeferred
            | Self::DeliveriesSkipped
            | Self::DeliveriesExpired
            | Self::CircuitsOpened
            | Self::CircuitsClosed => "deliver",
            Self::DeliveriesReplayed => "replay",
            Self::ReportsErased | Self::AccountsErased => "eraser",
            Self::KeysAccepted | Self::KeysRefused => "authorizer",
        }
    }
}

impl Timer {
    /// Its name in CloudWatch.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The function that measures it.
    pub const fn service(self) -> &'static str {
        match self {
            Self::AttemptLatency | Self::AgeAtFirstAttempt => "deliver",
        }
    }
}

/// The metrics of an instance, which works on one event at a time. Clones record into the same line.
/// The default records nothing.
#[derive(Clone, Default)]
pub struct Metrics(Option<Arc<Recorder>>);

struct Recorder {
    namespace: String,
    service: String,
    function_name: String,
    recorded: Mutex<Recorded>,
}

/// What was recorded since the last line.
#[derive(Default)]
struct Recorded {
    is_cold_start: bool,
    counts: Vec<(Counter, u64)>,
    times: Vec<(Timer, Sample)>,
}

/// Milliseconds of a timer: all of them, or as many as a line may hold, drawn by chance.
#[derive(Default)]
struct Sample {
    seen: usize,
    values: Vec<u64>,
}

impl Metrics {
    /// Metrics of the namespace and service that Powertools' variables name; none if they name no namespace.
    pub fn from_env() -> Result<Self, ConfigError> {
        let Ok(namespace) = config::required("POWERTOOLS_METRICS_NAMESPACE") else {
            return Ok(Self::default());
        };
        let service = config::required("POWERTOOLS_SERVICE_NAME")?;
        Ok(Self::of(&namespace, &service, &config::required("AWS_LAMBDA_FUNCTION_NAME")?))
    }

    /// Metrics of an instance that has not worked on an event yet.
    pub fn of(namespace: &str, service: &str, function_name: &str) -> Self {
        let recorded = Recorded { is_cold_start: true, ..Recorded::default() };
        Self(Some(Arc::new(Recorder {
            namespace: namespace.to_owned(),
            service: service.to_owned(),
            function_name: function_name.to_owned(),
            recorded: Mutex::new(recorded),
        })))
    }

    /// Counts one.
    pub fn count(&self, counter: Counter) {
        self.add(counter, 1);
    }

    /// Counts several at once.
    pub fn add(&self, counter: Counter, count: usize) {
        if count > 0 {
            self.record(|recorded| recorded.add(counter, count as u64));
        }
    }

    /// Notes a duration.
    pub fn time(&self, timer: Timer, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.record(|recorded| recorded.time(timer, millis));
    }

    /// Writes the line of an invocation that is over, if it recorded anything.
    pub fn write(&self) {
        if let Some(line) = self.take_line(Timestamp::now()) {
            // In one piece, so that CloudWatch gets it as one event. A log that takes no line takes no error.
            let _ = io::stdout().write_all(line.as_bytes());
        }
    }

    /// The line of what was recorded since the last one, with its end; nothing if nothing was.
    pub fn take_line(&self, now: Timestamp) -> Option<String> {
        let recorder = self.0.as_deref()?;
        let mut recorded = recorder.lock();
        if recorded.is_empty() {
            return None;
        }
        // An object of texts and numbers can be written.
        let mut line = serde_json::to_string(&Line { recorder, recorded: &recorded, now }).ok()?;
        line.push('\n');
        recorded.clear();
        Some(line)
    }

    fn record(&self, change: impl FnOnce(&mut Recorded)) {
        if let Some(recorder) = &self.0 {
            change(&mut recorder.lock());
        }
    }
}

impl Recorder {
    fn lock(&self) -> std::sync::MutexGuard<'_, Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorded {
    fn is_empty(&self) -> bool {
        !self.is_cold_start && self.counts.is_empty() && self.times.is_empty()
    }

    fn clear(&mut self) {
        self.is_cold_start = false;
        self.counts.clear();
        self.times.clear();
    }

    fn add(&mut self, counter: Counter, count: u64) {
        match self.counts.iter_mut().find(|(known, _)| *known == counter) {
            Some((_, total)) => *total += count,
            None => self.counts.push((counter, count)),
        }
    }

    fn time(&mut self, timer: Timer, millis: u64) {
        if let Some((_, sample)) = self.times.iter_mut().find(|(known, _)| *known == timer) {
            sample.add(millis);
        } else {
            self.times.push((timer, Sample { seen: 1, values: vec![millis] }));
        }
    }
}

impl Sample {
    /// The most that EMF allows for a metric.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html#CloudWatch_Embedded_Metric_Format_Specification_structure_target>
    const MAX: usize = 100;

    /// Keeps each of all values with the same probability (reservoir sampling), so that percentiles stay true.
    fn add(&mut self, value: u64) {
        self.seen += 1;
        if self.values.len() < Self::MAX {
            self.values.push(value);
        } else if let Some(place) = self.values.get_mut(fastrand::usize(..self.seen)) {
            *place = value;
        }
    }
}

#[cfg(test)]
mod tests;
