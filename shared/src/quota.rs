//! What an account may have: webhooks, subscriptions, and reports a second.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fields::{Fields, kind_of, whole_number};

/// How much an account may have. The platform sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quotas {
    /// The most webhooks.
    pub webhooks: u32,
    /// The most subscriptions.
    pub subscriptions: u32,
    /// The most reports a second; what the deployment says (`DefaultReportsPerSecond`) if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_per_second: Option<ReportsPerSecond>,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            webhooks: Self::DEFAULT_WEBHOOKS,
            subscriptions: Self::DEFAULT_SUBSCRIPTIONS,
            reports_per_second: None,
        }
    }
}

impl Quotas {
    /// Webhooks of an account for which the platform chose nothing.
    pub const DEFAULT_WEBHOOKS: u32 = 1_000;
    /// Subscriptions of an account for which the platform chose nothing.
    pub const DEFAULT_SUBSCRIPTIONS: u32 = 5_000;
    /// The highest quota of webhooks or subscriptions.
    pub const MAX: u32 = 100_000;

    /// Reads `quotas` of a request: what it names changes, `null` takes a quota, or all of them,
    /// back to the default. What is wrong is noted in `fields`.
    #[must_use]
    pub fn changed(self, fields: &mut Fields<'_>) -> Self {
        if fields.is_null("quotas") {
            fields.ignore(&["quotas"]);
            return Self::default();
        }
        let Some(value) = fields.value("quotas") else { return self };
        let Some(object) = value.as_object() else {
            fields.errors.add(
                "quotas",
                format_args!(
                    "must be an object such as {{\"webhooks\": 50}}, not {}",
                    kind_of(value)
                ),
            );
            return self;
        };
        let mut quotas = Fields::new(object);
        let mut changed = self;
        if object.contains_key("webhooks") {
            changed.webhooks = quotas.parsed("webhooks", count).unwrap_or(Self::DEFAULT_WEBHOOKS);
        }
        if object.contains_key("subscriptions") {
            changed.subscriptions =
                quotas.parsed("subscriptions", count).unwrap_or(Self::DEFAULT_SUBSCRIPTIONS);
        }
        if object.contains_key("reports_per_second") {
            changed.reports_per_second =
                quotas.parsed("reports_per_second", ReportsPerSecond::from_json);
        }
        for error in quotas.finish().iter() {
            fields.errors.add(format!("quotas.{}", error.field), &error.message);
        }
        changed
    }
}

/// Completes "`quotas.webhooks` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number from 0 to {}", Quotas::MAX)]
struct InvalidCount;

fn count(value: &Value) -> Result<u32, InvalidCount> {
    let count = whole_number(value).and_then(|count| u32::try_from(count).ok());
    count.filter(|count| *count <= Quotas::MAX).ok_or(InvalidCount)
}

/// 1 to 10,000 reports a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportsPerSecond(u16);

/// Completes "`reports_per_second` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number from 1 to {}", ReportsPerSecond::MAX)]
pub struct InvalidReportsPerSecond;

impl ReportsPerSecond {
    /// The highest quota. An account without one hands over what the stage of the API lets pass.
    pub const MAX: u16 = 10_000;

    /// This many.
    pub fn new(rate: u32) -> Result<Self, InvalidReportsPerSecond> {
        match u16::try_from(rate) {
            Ok(rate @ 1..=Self::MAX) => Ok(Self(rate)),
            _ => Err(InvalidReportsPerSecond),
        }
    }

    fn from_json(value: &Value) -> Result<Self, InvalidReportsPerSecond> {
        let rate = whole_number(value).and_then(|rate| u32::try_from(rate).ok());
        Self::new(rate.ok_or(InvalidReportsPerSecond)?)
    }

    /// How many.
    pub fn get(self) -> u32 {
        u32::from(self.0)
    }

    /// The time between two reports, in whole microseconds: rounded up, so that a second never
    /// holds one more.
    pub fn interval(self) -> Duration {
        Duration::from_micros(1_000_000_u64.div_ceil(u64::from(self.0.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::FieldErrors;
    use serde_json::json;

    fn change(before: Quotas, request: &Value) -> Result<Quotas, FieldErrors> {
        let mut fields = Fields::new(request.as_object().unwrap());
        let changed = before.changed(&mut fields);
        fields.finish().into_result(changed)
    }

    #[test]
    fn what_is_named_changes_and_null_resets() {
        let none = Quotas::default();
        assert_eq!(change(none, &json!({})).unwrap(), none);
        let request = json!({"quotas": {"webhooks": 3, "reports_per_second": 50}});
        let some = change(none, &request).unwrap();
        assert_eq!((some.webhooks, some.subscriptions), (3, Quotas::DEFAULT_SUBSCRIPTIONS));
        assert_eq!(some.reports_per_second, Some(ReportsPerSecond(50)));
        let other = change(some, &json!({"quotas": {"subscriptions": 0}})).unwrap();
        assert_eq!((other.webhooks, other.subscriptions), (3, 0));
        let one = change(other, &json!({"quotas": {"reports_per_second": null}})).unwrap();
        assert_eq!((one.webhooks, one.reports_per_second), (3, None));
        assert_eq!(change(other, &json!({"quotas": null})).unwrap(), none);
    }

    #[test]
    fn every_wrong_quota_is_named() {
        let wrong = json!({"quotas": {
            "webhooks": -1, "subscriptions": 100_001, "reports_per_second": 0, "reports": 1,
        }});
        let error = change(Quotas::default(), &wrong).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`quotas.webhooks` must be a whole number from 0 to 100000; \
             `quotas.subscriptions` must be a whole number from 0 to 100000; \
             `quotas.reports_per_second` must be a whole number from 1 to 10000; \
             `quotas.reports` is not a field of this resource"
        );
        assert!(change(Quotas::default(), &json!({"quotas": [1]})).is_err());
    }

    #[test]
    fn an_account_from_before_quotas_has_the_defaults() {
        assert_eq!(serde_json::from_value::<Quotas>(json!({})).unwrap(), Quotas::default());
        let shown = serde_json::to_value(Quotas::default()).unwrap();
        assert_eq!(shown, json!({"webhooks": 1_000, "subscriptions": 5_000}));
    }

    #[test]
    fn a_second_never_holds_one_more() {
        for rate in 1..=u32::from(ReportsPerSecond::MAX) {
            let rate = ReportsPerSecond::new(rate).unwrap();
            assert!(rate.interval() * rate.get() >= Duration::from_secs(1), "{rate:?}");
        }
        assert_eq!(ReportsPerSecond::new(0), Err(InvalidReportsPerSecond));
        assert_eq!(ReportsPerSecond::new(65_537), Err(InvalidReportsPerSecond));
    }
}
