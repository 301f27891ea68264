//! Packs accepted reports into few messages.

use callhook::domain::account::AccountId;
use callhook::domain::ids::ReportId;
use callhook::domain::message::{AcceptedReport, ReportsMessage};
use jiff::Timestamp;

/// A message and the ids of its reports.
pub(crate) struct Packed {
    /// The message's JSON.
    pub(crate) body: String,
    pub(crate) ids: Vec<ReportId>,
}

/// Splits the reports, in their order, into messages of at most
/// [`ReportsMessage::MAX_REPORTS`] reports and [`ReportsMessage::MAX_BYTES`] bytes.
pub(crate) fn pack(
    account_id: &AccountId,
    received_at: Timestamp,
    reports: Vec<AcceptedReport>,
) -> Result<Vec<Packed>, serde_json::Error> {
    let mut messages = Vec::new();
    let mut batch = OpenBatch::new(account_id, received_at);
    let is_alone = reports.len() == 1;
    for accepted in reports {
        // A message accepts its first report at any size.
        let size = if is_alone { 0 } else { serde_json::to_string(&accepted)?.len() + 1 };
        if !batch.fits(size) {
            messages.push(batch.close()?);
            batch = OpenBatch::new(account_id, received_at);
        }
        batch.bytes += size;
        batch.message.reports.push(accepted);
    }
    if !batch.message.reports.is_empty() {
        messages.push(batch.close()?);
    }
    Ok(messages)
}

struct OpenBatch {
    message: ReportsMessage,
    bytes: usize,
}

impl OpenBatch {
    /// Reserved for the message's other fields.
    const FRAME_BYTES: usize = 256;

    fn new(account_id: &AccountId, received_at: Timestamp) -> Self {
        let account_id = account_id.clone();
        let message =
            ReportsMessage { account_id, received_at, reports: Vec::new(), fan_out: None };
        Self { message, bytes: Self::FRAME_BYTES }
    }

    fn fits(&self, size: usize) -> bool {
        let count = self.message.reports.len();
        count == 0
            || (count < ReportsMessage::MAX_REPORTS
                && self.bytes + size <= ReportsMessage::MAX_BYTES)
    }

    fn close(self) -> Result<Packed, serde_json::Error> {
        let ids = self.message.reports.iter().map(|accepted| accepted.id).collect();
        Ok(Packed { body: self.message.to_json()?, ids })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callhook::domain::message::Message;
    use callhook::domain::report::Report;

    fn reports(count: usize, filler: usize) -> Vec<AcceptedReport> {
        let account = "acme".parse().unwrap();
        (0..count)
            .map(|i| {
                let json = format!(r#"{{"id": "{i}", "x": "{}"}}"#, "y".repeat(filler));
                let report = Report::parse(&json).unwrap();
                let id = ReportId::derive(&account, &report, None, Timestamp::UNIX_EPOCH);
                AcceptedReport { id, report: report.into() }
            })
            .collect()
    }

    fn counts(reports: Vec<AcceptedReport>) -> Vec<usize> {
        let expected: Vec<_> = reports.iter().map(|accepted| accepted.id).collect();
        let packed = pack(&"acme".parse().unwrap(), Timestamp::UNIX_EPOCH, reports).unwrap();
        let ids: Vec<_> = packed.iter().flat_map(|p| p.ids.clone()).collect();
        assert_eq!(ids, expected, "each report once, in order");
        packed
            .iter()
            .map(|packed| {
                assert!(packed.body.len() <= ReportsMessage::MAX_BYTES, "{}", packed.body.len());
                let Ok(Message::Reports(message)) = Message::parse(&packed.body) else {
                    panic!("not a reports message: {}", packed.body)
                };
                message.reports.len()
            })
            .collect()
    }

    #[test]
    fn reports_are_packed_within_both_limits() {
        assert_eq!(counts(reports(1, 0)), [1]);
        assert_eq!(counts(reports(25, 100)), [25]);
        assert_eq!(counts(reports(60, 100)), [25, 25, 10]);
        assert_eq!(counts(reports(7, 60_000)), [4, 3]);
    }
}
