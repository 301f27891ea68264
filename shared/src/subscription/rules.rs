//! Where the subscriptions are stored that may want a report.
//!
//! A subscription is looked up by its event and identity. Identities are stored in normal form;
//! those from before were stored as their owner wrote them, and they still count. So a look-up is a
//! range of identities as they are stored, and what it finds is compared in normal form. A
//! report costs at most five ranges, of which one is the same for all numbers of the account.

use super::identity::{Identity, NormalizedValue, spelling};
use crate::ids::WebhookId;
use crate::report::Report;

/// A range of identities as they are stored, which is read with one query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RuleRange {
    /// `all`.
    All,
    /// A number, also with a fraction of zeros.
    Number(NormalizedValue),
    /// All numbers that were stored with something before their first digit, or with `00`.
    PrefixedNumbers,
    /// A number that was stored with the same spacing between its digits as in a report.
    Spaced(String),
    /// A flow, also with a fraction of zeros.
    Flow(NormalizedValue),
    /// All sources, in whatever case: there are few.
    Sources,
}

/// A webhook that subscribes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// To which reports.
    pub identity: Identity,
    /// Which webhook.
    pub webhook_id: WebhookId,
}

impl RuleRange {
    /// The ranges in which the subscriptions to one of `identities`, those of `report`, are found.
    pub fn of_report(report: &Report, identities: &[Identity]) -> Vec<Self> {
        let mut ranges: Vec<_> = identities.iter().flat_map(Self::of).collect();
        let bridge = report.value("bridge").and_then(spelling);
        let spaced = bridge.and_then(|text| spaced(&text, &ranges));
        ranges.extend(spaced);
        ranges
    }

    /// The ranges in which the subscriptions to an identity are found, but for numbers that were
    /// stored with spacing between their digits.
    pub fn of(identity: &Identity) -> Vec<Self> {
        match identity {
            Identity::All => vec![Self::All],
            Identity::Number(number) => vec![Self::Number(number.clone()), Self::PrefixedNumbers],
            Identity::Flow(flow) => vec![Self::Flow(flow.clone())],
            Identity::Source(_) => vec![Self::Sources],
        }
    }

    /// The first and the last text of `<identity>#<webhook>` in the range.
    pub fn bounds(&self) -> (String, String) {
        match self {
            Self::All => exactly("all"),
            Self::Number(number) => with_fraction(&format!("number:{number}")),
            Self::PrefixedNumbers => ("number:!".to_owned(), "number:00~".to_owned()),
            Self::Spaced(text) => exactly(&format!("number:{text}")),
            Self::Flow(flow) => with_fraction(&format!("flow:{flow}")),
            // The character after the colon.
            Self::Sources => ("source:".to_owned(), "source;".to_owned()),
        }
    }

    /// Whether it holds what is stored under `key`, `<identity>#<webhook>`.
    fn contains(&self, key: &str) -> bool {
        let (from, to) = self.bounds();
        (from.as_str()..=to.as_str()).contains(&key)
    }

    /// Whether a new subscription may be in it. Others hold only what is from before.
    pub fn accepts_new(&self) -> bool {
        !matches!(self, Self::PrefixedNumbers | Self::Spaced(_))
    }
}

/// The ids of webhooks are hex digits, which come before `~`.
fn exactly(identity: &str) -> (String, String) {
    (format!("{identity}#"), format!("{identity}#~"))
}

/// `#` comes before `.`, and both before the digits, so that no other number is in between.
fn with_fraction(identity: &str) -> (String, String) {
    (format!("{identity}#"), format!("{identity}.~"))
}

/// The range of a report's own spelling of its number, if it could be stored and is in none of
/// `ranges`.
fn spaced(text: &str, ranges: &[RuleRange]) -> Option<RuleRange> {
    let is_normal = |range: &RuleRange| match range {
        RuleRange::Number(number) => number.as_str() == text,
        _ => false,
    };
    // As nearly all are.
    if ranges.iter().any(is_normal) {
        return None;
    }
    NormalizedValue::checked(text)?;
    let key = format!("number:{text}#");
    let is_found = ranges.iter().any(|range| range.contains(&key));
    (!is_found).then(|| RuleRange::Spaced(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEBHOOK: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

    fn ranges(report: &str) -> (Vec<Identity>, Vec<RuleRange>) {
        let report = Report::parse(report).unwrap();
        let identities = Identity::matching(&report);
        let ranges = RuleRange::of_report(&report, &identities);
        (identities, ranges)
    }

    /// Whether a report finds a subscription that is stored under this identity.
    fn finds(report: &str, stored: &str) -> bool {
        let (identities, ranges) = ranges(report);
        let key = format!("{stored}#{WEBHOOK}");
        ranges.iter().any(|range| range.contains(&key))
            && identities.contains(&stored.parse().unwrap())
    }

    #[test]
    fn what_was_stored_in_another_spelling_is_found() {
        for (field, sent, stored) in [
            ("bridge", "918068280000", "number:918068280000"),
            ("bridge", "918068280000", "number:+918068280000"),
            ("bridge", "918068280000", "number:00918068280000"),
            ("bridge", "918068280000", "number:(91)80682-80000"),
            ("bridge", "918068280000", "number:+91-80682-80000"),
            ("bridge", "918068280000", "number:918068280000.0"),
            ("bridge", "918068280000.0", "number:918068280000"),
            ("bridge", "918068280000.0", "number:918068280000.0"),
            ("bridge", "\"+918068280000\"", "number:918068280000"),
            ("bridge", "\"080-68280000\"", "number:080-68280000"),
            ("bridge", "\"91806828XXXX\"", "number:91806828XXXX"),
            ("bridge", "\"+91806828XXXX\"", "number:+91806828XXXX"),
            ("flow_id", "123", "flow:123"),
            ("flow_id", "123", "flow:123.0"),
            ("flow_id", "123.0", "flow:123"),
            ("source", "\"OBD\"", "source:obd"),
            ("source", "\"Obd\"", "source:OBD"),
            ("source", "\"obd\"", "source:oBd"),
            ("status", "\"BUSY\"", "all"),
        ] {
            let report = format!("{{\"{field}\": {sent}}}");
            assert!(finds(&report, stored), "{report} {stored}");
        }
    }

    #[test]
    fn what_is_another_identity_is_not_found() {
        for (field, sent, stored) in [
            ("bridge", "918068280000", "number:9180682800001"),
            ("bridge", "918068280000", "number:91806828000"),
            ("bridge", "918068280000", "number:0918068280000"),
            ("bridge", "918068280000", "flow:918068280000"),
            ("flow_id", "123", "flow:1234"),
            ("flow_id", "123", "flow:0123"),
            ("source", "\"OBD\"", "source:C2C"),
            ("source", "\"OBD\"", "source:OBD2"),
        ] {
            let report = format!("{{\"{field}\": {sent}}}");
            assert!(!finds(&report, stored), "{report} {stored}");
        }
    }

    #[test]
    fn a_report_costs_five_queries_and_its_number_one_of_them() {
        let (_, ranges) = ranges(r#"{"bridge": 918068280000, "flow_id": 1, "source": "OBD"}"#);
        assert_eq!(ranges.len(), 5, "{ranges:?}");
        let own: Vec<_> =
            ranges.iter().filter(|range| matches!(range, RuleRange::Number(_))).collect();
        assert_eq!(own.len(), 1);
        let (_, spaced) = super::tests::ranges(r#"{"bridge": "080-68280000"}"#);
        assert_eq!(spaced.iter().filter(|range| !range.accepts_new()).count(), 2, "{spaced:?}");
    }
}
