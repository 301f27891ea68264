//! Ids of requests: a report's id, or a trial's, which no report can have.

use std::fmt;
use std::str::FromStr;

use uuid::{Builder, Uuid};

use super::{InvalidId, ReportId};
use crate::domain::random::{NoRandomness, random_bytes};

/// The id of a trial request or a verification: `test_` and a random UUID (version 4).
///
/// The signature covers it as `webhook-id`, and no report's id has the prefix. So a receiver can tell trials from
/// reports, and cannot take a report for a repetition of a trial.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TrialId(Uuid);

impl TrialId {
    /// The prefix of every trial's id.
    pub const PREFIX: &str = "test_";

    /// A new id.
    pub fn generate() -> Result<Self, NoRandomness> {
        let bytes: [u8; 16] = random_bytes()?;
        Ok(Self(Builder::from_random_bytes(bytes).into_uuid()))
    }
}

impl fmt::Display for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Self::PREFIX, self.0.hyphenated())
    }
}

impl fmt::Debug for TrialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The id of a request to a webhook: its header `webhook-id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestId {
    /// The request delivers this report.
    Report(ReportId),
    /// The request is a trial or a verification.
    Trial(TrialId),
}

impl From<ReportId> for RequestId {
    fn from(id: ReportId) -> Self {
        Self::Report(id)
    }
}

impl From<TrialId> for RequestId {
    fn from(id: TrialId) -> Self {
        Self::Trial(id)
    }
}

/// Prints the value of the header `webhook-id`.
impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Report(id) => fmt::Display::fmt(id, f),
            Self::Trial(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl FromStr for RequestId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text.strip_prefix(TrialId::PREFIX) {
            Some(uuid) => Uuid::try_parse(uuid).map(TrialId).map(Self::Trial),
            None => Uuid::try_parse(text).map(ReportId).map(Self::Report),
        }
        .map_err(|_| InvalidId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trial_has_a_unique_id_that_no_report_can_have() {
        let (one, other) = (TrialId::generate().unwrap(), TrialId::generate().unwrap());
        assert_ne!(one, other);
        for id in [one, other] {
            let text = id.to_string();
            assert_eq!(text.len(), "test_".len() + 36, "{text}");
            assert_eq!(text.parse(), Ok(RequestId::Trial(id)));
            assert_eq!(text.parse::<ReportId>(), Err(InvalidId), "{text}");
        }
    }

    #[test]
    fn an_id_is_parsed_as_its_kind() {
        let report: ReportId = "01890a5d-ac96-874b-bcce-b302099a8058".parse().unwrap();
        assert_eq!(report.to_string().parse(), Ok(RequestId::from(report)));
        for wrong in ["", "test_", "test_1", "TEST_01890a5d-ac96-874b-bcce-b302099a8058"] {
            assert_eq!(wrong.parse::<RequestId>(), Err(InvalidId), "{wrong}");
        }
    }
}
