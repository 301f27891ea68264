//! Messages of erasures. Each stays in its queue until its work is done.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Head, MessageError, VERSION, to_json};
use crate::domain::account::AccountId;
use crate::domain::erasure::Tombstone;
use crate::domain::ids::ReportId;
use crate::domain::report::ReportKey;

/// An erasure to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErasureMessage {
    /// Erases one report.
    Report(ReportErasure),
    /// Erases an account and all its data.
    Account(AccountErasure),
}

/// A report to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportErasure {
    /// The account it belongs to.
    pub account_id: AccountId,
    /// The report.
    pub report_id: ReportId,
    /// When the erasure was requested.
    pub asked_at: Timestamp,
    /// When ingest accepted the report, if the log had it: the journal's rows are found by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
}

/// An account to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountErasure {
    /// The account.
    pub account_id: AccountId,
    /// When the erasure was requested.
    pub asked_at: Timestamp,
}

const REPORT: &str = "erase_report";
const ACCOUNT: &str = "erase_account";

impl ErasureMessage {
    /// Reads a message.
    pub fn parse(body: &str) -> Result<Self, MessageError> {
        let head: Head = serde_json::from_str(body)?;
        if head.v != VERSION {
            return Err(MessageError::UnknownVersion(head.v));
        }
        match head.kind.as_deref() {
            Some(REPORT) => Ok(Self::Report(serde_json::from_str(body)?)),
            Some(ACCOUNT) => Ok(Self::Account(serde_json::from_str(body)?)),
            _ => Err(MessageError::UnknownKind),
        }
    }

    /// The message as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Report(report) => to_json(REPORT, report),
            Self::Account(account) => to_json(ACCOUNT, account),
        }
    }

    /// The account whose data are erased.
    pub fn account_id(&self) -> &AccountId {
        match self {
            Self::Report(report) => &report.account_id,
            Self::Account(account) => &account.account_id,
        }
    }
}

impl ReportErasure {
    /// The report's tombstone.
    pub fn tombstone(&self) -> Tombstone {
        let Self { account_id, report_id, asked_at, .. } = self.clone();
        Tombstone { report: ReportKey { account_id, report_id }, asked_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_read_back_what_they_write() {
        let (account_id, asked_at): (AccountId, _) =
            ("acme".parse().unwrap(), Timestamp::from_second(1_700_000_000).unwrap());
        let report_id = "01890a5d-ac96-874b-bcce-b302099a8057".parse().unwrap();
        let report = ReportErasure {
            account_id: account_id.clone(),
            report_id,
            asked_at,
            received_at: None,
        };
        let account = AccountErasure { account_id, asked_at };
        for message in [ErasureMessage::Report(report), ErasureMessage::Account(account)] {
            let json = message.to_json().unwrap();
            insta::assert_snapshot!(json);
            assert_eq!(ErasureMessage::parse(&json).unwrap(), message);
        }
    }

    #[test]
    fn other_messages_are_errors() {
        for (body, why) in [
            ("{}", "cannot be read"),
            (r#"{"v":2,"kind":"erase_report"}"#, "version 2"),
            (r#"{"v":1,"kind":"delivery"}"#, "unknown kind"),
            (r#"{"v":1,"kind":"erase_account","account_id":"acme"}"#, "cannot be read"),
        ] {
            let error = ErasureMessage::parse(body).unwrap_err().to_string();
            assert!(error.contains(why), "{body}: {error}");
        }
    }
}
