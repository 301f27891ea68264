//! Quotas of an account: webhooks, subscriptions, reports and deliveries a second.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input::fields::{Fields, kind_of, whole_number};

/// An account's quotas. The platform sets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quotas {
    /// The most webhooks.
    pub webhooks: u32,
    /// The most subscriptions.
    pub subscriptions: u32,
    /// The most reports a second; `None` for the deployment's default (`DefaultReportsPerSecond`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_per_second: Option<ReportsPerSecond>,
    /// The most deliveries a second; `None` for the deployment's default (`DefaultDeliveriesPerSecond`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliveries_per_second: Option<DeliveriesPerSecond>,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            webhooks: Self::DEFAULT_WEBHOOKS,
            subscriptions: Self::DEFAULT_SUBSCRIPTIONS,
            reports_per_second: None,
            deliveries_per_second: None,
        }
    }
}

impl Quotas {
    /// The default quota of webhooks.
    pub const DEFAULT_WEBHOOKS: u32 = 1_000;
    /// The default quota of subscriptions.
    pub const DEFAULT_SUBSCRIPTIONS: u32 = 5_000;
    /// The highest quota of webhooks or subscriptions.
    pub const MAX: u32 = 100_000;

    /// Applies `quotas` of a request: named quotas change, and `null` resets a quota, or all of them, to
    /// the default. Errors are added to `fields`.
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
        if object.contains_key("deliveries_per_second") {
            changed.deliveries_per_second =
                quotas.parsed("deliveries_per_second", DeliveriesPerSecond::from_json);
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

/// A rate of 1 to `LIMIT` a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerSecond<const LIMIT: u16>(u16);

/// Reports a second that an account may submit: 1 to 10,000. An account without a quota is limited only by
/// the API's stage.
pub type ReportsPerSecond = PerSecond<10_000>;

/// Deliveries a second that an account's reports may begin: 1 to 50,000, about what the template's 50
/// instances of deliver send at most (250 requests at a time, to receivers that answer in 200 ms).
pub type DeliveriesPerSecond = PerSecond<50_000>;

/// Completes "`reports_per_second` …".
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a whole number from 1 to {0}")]
pub struct InvalidPerSecond(u16);

impl<const LIMIT: u16> PerSecond<LIMIT> {
    /// The highest quota.
    pub const MAX: u16 = LIMIT;

    /// A rate; an error if it is out of range.
    pub fn new(rate: u32) -> Result<Self, InvalidPerSecond> {
        match u16::try_from(rate) {
            Ok(rate) if (1..=LIMIT).contains(&rate) => Ok(Self(rate)),
            _ => Err(InvalidPerSecond(LIMIT)),
        }
    }

    /// The default of a deployment, where 0 stands for no limit.
    pub fn default_of(rate: u32) -> Result<Option<Self>, InvalidPerSecond> {
        if rate == 0 { Ok(None) } else { Self::new(rate).map(Some) }
    }

    fn from_json(value: &Value) -> Result<Self, InvalidPerSecond> {
        let rate = whole_number(value).and_then(|rate| u32::try_from(rate).ok());
        Self::new(rate.ok_or(InvalidPerSecond(LIMIT))?)
    }

    /// The number a second.
    pub fn get(self) -> u32 {
        u32::from(self.0)
    }

    /// The time between two permits, in whole microseconds, rounded up so that a second never holds
    /// one more.
    pub fn interval(self) -> Duration {
        Duration::from_micros(1_000_000_u64.div_ceil(u64::from(self.0.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::fields::FieldErrors;
    use serde_json::json;

    fn change(before: Quotas, request: &Value) -> Result<Quotas, FieldErrors> {
        let mut fields = Fields::new(request.as_object().unwrap());
        let changed = before.changed(&mut fields);
        fields.finish().into_result(changed)
    }

    #[test]
    fn named_quotas_change_and_null_resets_them() {
        let none = Quotas::default();
        assert_eq!(change(none, &json!({})).unwrap(), none);
        let request = json!({"quotas": {"webhooks": 3, "reports_per_second": 50, "deliveries_per_second": 9}});
        let some = change(none, &request).unwrap();
        assert_eq!((some.webhooks, some.subscriptions), (3, Quotas::DEFAULT_SUBSCRIPTIONS));
        assert_eq!(some.reports_per_second, ReportsPerSecond::new(50).ok());
        assert_eq!(some.deliveries_per_second, DeliveriesPerSecond::new(9).ok());
        let other = change(some, &json!({"quotas": {"subscriptions": 0}})).unwrap();
        assert_eq!((other.webhooks, other.subscriptions), (3, 0));
        let one = change(other, &json!({"quotas": {"reports_per_second": null}})).unwrap();
        assert_eq!((one.webhooks, one.reports_per_second), (3, None));
        assert_eq!(one.deliveries_per_second, some.deliveries_per_second);
        assert_eq!(change(other, &json!({"quotas": null})).unwrap(), none);
    }

    #[test]
    fn every_wrong_quota_is_named() {
        let wrong = json!({"quotas": {
            "webhooks": -1, "subscriptions": 100_001, "reports_per_second": 0, "deliveries_per_second": 50_001,
            "reports": 1,
        }});
        let error = change(Quotas::default(), &wrong).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`quotas.webhooks` must be a whole number from 0 to 100000; \
             `quotas.subscriptions` must be a whole number from 0 to 100000; \
             `quotas.reports_per_second` must be a whole number from 1 to 10000; \
             `quotas.deliveries_per_second` must be a whole number from 1 to 50000; \
             `quotas.reports` is not a field of this resource"
        );
        assert!(change(Quotas::default(), &json!({"quotas": [1]})).is_err());
    }

    #[test]
    fn an_account_stored_before_quotas_existed_has_the_defaults() {
        assert_eq!(serde_json::from_value::<Quotas>(json!({})).unwrap(), Quotas::default());
        let shown = serde_json::to_value(Quotas::default()).unwrap();
        assert_eq!(shown, json!({"webhooks": 1_000, "subscriptions": 5_000}));
    }

    #[test]
    fn a_second_never_holds_more_permits_than_the_quota() {
        for rate in 1..=u32::from(DeliveriesPerSecond::MAX) {
            let rate = DeliveriesPerSecond::new(rate).unwrap();
            assert!(rate.interval() * rate.get() >= Duration::from_secs(1), "{rate:?}");
        }
        for wrong in [0, 10_001, 65_537] {
            assert_eq!(ReportsPerSecond::new(wrong), Err(InvalidPerSecond(10_000)), "{wrong}");
        }
    }

    #[test]
    fn a_default_of_zero_means_no_limit() {
        assert_eq!(ReportsPerSecond::default_of(0), Ok(None));
        assert_eq!(ReportsPerSecond::default_of(7).unwrap(), ReportsPerSecond::new(7).ok());
        assert!(ReportsPerSecond::default_of(10_001).is_err());
    }
}
