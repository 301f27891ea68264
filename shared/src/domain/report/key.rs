//! Identifies a report.

use crate::domain::account::AccountId;
use crate::domain::ids::ReportId;

/// Identifies a report of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReportKey {
    /// The account that owns the report.
    pub account_id: AccountId,
    /// The report.
    pub report_id: ReportId,
}
