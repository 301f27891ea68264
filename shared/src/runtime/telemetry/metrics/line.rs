//! An EMF line, by the specification:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use super::{COLD_START, Recorded, Recorder};

const SERVICE: &str = "service";
const FUNCTION_NAME: &str = "function_name";

pub(super) struct Line<'a> {
    pub(super) recorder: &'a Recorder,
    pub(super) recorded: &'a Recorded,
    pub(super) now: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    timestamp: i64,
    cloud_watch_metrics: Vec<Directive<'a>>,
}

/// Metrics with the same dimensions.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'a str,
    dimensions: [&'static [&'static str]; 1],
    metrics: Vec<Definition>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: Unit,
}

#[derive(Serialize)]
enum Unit {
    Count,
    Milliseconds,
}

impl Line<'_> {
    fn metadata(&self) -> Metadata<'_> {
        let Self { recorder, recorded, now } = self;
        let directive = |dimensions, metrics| Directive {
            namespace: &recorder.namespace,
            dimensions: [dimensions],
            metrics,
        };
        let counts = recorded.counts.iter();
        let counts =
            counts.map(|(counter, _)| Definition { name: counter.name(), unit: Unit::Count });
        let times = recorded.times.iter();
        let times =
            times.map(|(timer, _)| Definition { name: timer.name(), unit: Unit::Milliseconds });
        let metrics: Vec<_> = counts.chain(times).collect();
        let mut directives = Vec::with_capacity(2);
        if !metrics.is_empty() {
            directives.push(directive(&[SERVICE], metrics));
        }
        if recorded.is_cold_start {
            let metrics = vec![Definition { name: COLD_START, unit: Unit::Count }];
            directives.push(directive(&[SERVICE, FUNCTION_NAME], metrics));
        }
        Metadata { timestamp: now.as_millisecond(), cloud_watch_metrics: directives }
    }
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("_aws", &self.metadata())?;
        line.serialize_entry(SERVICE, &self.recorder.service)?;
        for (counter, count) in &self.recorded.counts {
            line.serialize_entry(counter.name(), count)?;
        }
        for (timer, sample) in &self.recorded.times {
            line.serialize_entry(timer.name(), &sample.values)?;
        }
        if self.recorded.is_cold_start {
            line.serialize_entry(FUNCTION_NAME, &self.recorder.function_name)?;
            line.serialize_entry(COLD_START, &1)?;
        }
        line.end()
    }
}
