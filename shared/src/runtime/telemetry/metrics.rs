//! Metrics of an invocation, as one line in CloudWatch's embedded metric format (EMF).
//!
//! Namespace, the dimension `service` and `ColdStart` follow Powertools for AWS Lambda. `docs/metrics.md` lists the
//! metrics.

mod line;

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use strum::{IntoStaticStr, VariantArray};

use self::line::Line;
use crate::runtime::config::{self, ConfigError};

/// A count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub enum Counter {
    /// Reports that SQS accepted.
    ReportsAccepted,
    /// Reports that the caller has to change, or to send later.
    ReportsRefused,
    /// Reports that SQS did not accept.
    ReportsNotQueued,
    /// Deliveries that the receiver accepted.
    DeliveriesDelivered,
    /// Deliveries that ended as failed.
    DeliveriesFailed,
    /// Deliveries whose attempt failed and that wait for the next one.
    DeliveriesRetried,
    /// Deliveries that were put back without an attempt.
    DeliveriesDeferred,
    /// Deliveries that ended without an attempt.
    DeliveriesSkipped,
    /// Skipped deliveries that are older than any schedule allows.
    DeliveriesExpired,
    /// Circuits that opened.
    CircuitsOpened,
    /// Circuits that closed.
    CircuitsClosed,
    /// Deliveries that a replay queued.
    DeliveriesReplayed,
    /// Reports erased permanently, by single requests.
    ReportsErased,
    /// Accounts erased permanently.
    AccountsErased,
    /// Requests with a valid key.
    KeysAccepted,
    /// Requests without a valid key.
    KeysRefused,
}

/// A duration, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
pub enum Timer {
    /// From the start of a request to its response or failure.
    AttemptLatency,
    /// From the report's acceptance by ingest to the start of a delivery's first attempt.
    AgeAtFirstAttempt,
}

/// The metric that counts the first invocation of each instance, by function.
pub const COLD_START: &str = "ColdStart";

impl Counter {
    /// The name in CloudWatch.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The function that writes it.
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
    /// The name in CloudWatch.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The function that writes it.
    pub const fn service(self) -> &'static str {
        match self {
            Self::AttemptLatency | Self::AgeAtFirstAttempt => "deliver",
        }
    }
}

/// The metrics of an instance, which runs one invocation at a time. Clones write to the same line. The default writes
/// nothing.
#[derive(Clone, Default)]
pub struct Metrics(Option<Arc<Recorder>>);

struct Recorder {
    namespace: String,
    service: String,
    function_name: String,
    recorded: Mutex<Recorded>,
}

/// The values since the last line.
#[derive(Default)]
struct Recorded {
    is_cold_start: bool,
    counts: Vec<(Counter, u64)>,
    times: Vec<(Timer, Sample)>,
}

/// The milliseconds of a timer: all of them, or a random sample of [`Sample::MAX`].
#[derive(Default)]
struct Sample {
    seen: usize,
    values: Vec<u64>,
}

impl Metrics {
    /// Reads namespace and service from Powertools' environment variables; without a namespace, nothing is written.
    pub fn from_env() -> Result<Self, ConfigError> {
        let Ok(namespace) = config::required("POWERTOOLS_METRICS_NAMESPACE") else {
            return Ok(Self::default());
        };
        let service = config::required("POWERTOOLS_SERVICE_NAME")?;
        Ok(Self::of(&namespace, &service, &config::required("AWS_LAMBDA_FUNCTION_NAME")?))
    }

    /// The metrics of an instance before its first invocation.
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

    /// Adds `count`.
    pub fn add(&self, counter: Counter, count: usize) {
        if count > 0 {
            self.update(|recorded| recorded.add(counter, count as u64));
        }
    }

    /// Records a duration.
    pub fn time(&self, timer: Timer, duration: Duration) {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.update(|recorded| recorded.time(timer, millis));
    }

    /// Writes the line of the ended invocation, if it has values.
    pub fn write(&self) {
        if let Some(line) = self.take_line(Timestamp::now()) {
            // One write, so that CloudWatch gets one event. If it fails, logging the error would fail as well.
            let _ = io::stdout().write_all(line.as_bytes());
        }
    }

    /// Takes the values since the last line, as a line with a line break; `None` if there are none.
    pub fn take_line(&self, now: Timestamp) -> Option<String> {
        let recorder = self.0.as_deref()?;
        let mut recorded = recorder.lock();
        if recorded.is_empty() {
            return None;
        }
        // Strings and numbers always serialize.
        let mut line = serde_json::to_string(&Line { recorder, recorded: &recorded, now }).ok()?;
        line.push('\n');
        recorded.clear();
        Some(line)
    }

    fn update(&self, change: impl FnOnce(&mut Recorded)) {
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
    /// The most values that EMF allows for a metric.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html#CloudWatch_Embedded_Metric_Format_Specification_structure_target>
    const MAX: usize = 100;

    /// Keeps each value with the same probability (reservoir sampling), so that percentiles are unbiased.
    fn add(&mut self, value: u64) {
        self.seen += 1;
        if self.values.len() < Self::MAX {
            self.values.push(value);
        } else if let Some(replaced) = self.values.get_mut(fastrand::usize(..self.seen)) {
            *replaced = value;
        }
    }
}

#[cfg(test)]
mod tests;
