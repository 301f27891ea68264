//! Rows of the journal with the current state of their deliveries.

use callhook::domain::account::AccountId;
use callhook::domain::delivery::{DeliveryState, DeliverySummary, LoggedReport, SkipReason};
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::journal::{JournalRow, StatusWanted};
use callhook::http_api::Problem;
use callhook::ports::store::{ReportQuery, ReportState};
use jiff::Timestamp;
use serde::Serialize;

use crate::state::Log;

/// The most deliveries of a page, each of which is looked up.
pub(super) const MAX_DELIVERIES: usize = 2_000;

/// The status of a delivery that the log does not have yet.
const NOT_LOGGED: &str = "pending";

/// The rows of a page.
pub(super) struct Rows<'l, L> {
    log: &'l L,
    account: &'l AccountId,
    wanted: Option<StatusWanted>,
    limit: usize,
    /// Rows whose deliveries are not looked up yet.
    candidates: Vec<JournalRow>,
    shown: Vec<RowView>,
    deliveries: usize,
}

impl<'l, L: Log> Rows<'l, L> {
    pub(super) fn new(
        log: &'l L,
        account: &'l AccountId,
        wanted: Option<StatusWanted>,
        limit: usize,
    ) -> Self {
        let (candidates, shown) = (Vec::new(), Vec::new());
        Self { log, account, wanted, limit, candidates, shown, deliveries: 0 }
    }

    pub(super) async fn add(&mut self, row: JournalRow) -> Result<&Self, Problem> {
        self.deliveries += row.webhook_ids.len().max(1);
        self.candidates.push(row);
        if self.shown.len() + self.candidates.len() >= self.limit || self.has_enough_deliveries() {
            self.look_up().await?;
        }
        Ok(self)
    }

    /// Whether the page can have no more rows.
    pub(super) fn is_full(&self) -> bool {
        self.shown.len() >= self.limit || self.has_enough_deliveries()
    }

    pub(super) async fn finish(mut self) -> Result<Vec<RowView>, Problem> {
        self.look_up().await?;
        Ok(self.shown)
    }

    fn has_enough_deliveries(&self) -> bool {
        self.deliveries >= MAX_DELIVERIES
    }

    /// Looks up the candidates and adds those with the wanted status to the page.
    async fn look_up(&mut self) -> Result<(), Problem> {
        let candidates = std::mem::take(&mut self.candidates);
        if candidates.is_empty() {
            return Ok(());
        }
        let asked: Vec<_> = candidates
            .iter()
            .map(|row| ReportQuery {
                report_id: row.report_id,
                webhook_ids: row.webhook_ids.clone(),
            })
            .collect();
        let unknown = ReportState::default();
        let report_states = self.log.report_states(self.account, asked).await?;
        for row in candidates {
            let standing = report_states.get(&row.report_id).unwrap_or(&unknown);
            // The log has one time of receipt per report. A row with a later one is a repetition by a caller that sent
            // the report twice; so is an unwanted row of a report that was delivered since.
            let is_repeated = standing.received_at.is_some_and(|at| at < row.received_at)
                || row.webhook_ids.is_empty() && !standing.deliveries.is_empty();
            if standing.is_erased || is_repeated {
                continue;
            }
            let view = RowView::new(row, standing);
            let has_webhook = !view.deliveries.is_empty();
            if self.wanted.is_none_or(|wanted| wanted.matches(view.status, has_webhook)) {
                self.shown.push(view);
            }
        }
        Ok(())
    }
}

/// A report in a list.
#[derive(Serialize)]
pub(super) struct RowView {
    id: ReportId,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<SkipReason>,
    received_at: Timestamp,
    event: String,
    start_at: Option<String>,
    end_at: Option<String>,
    from: Option<String>,
    to: Option<String>,
    bridge: Option<String>,
    mid: Option<String>,
    call_id: Option<String>,
    flow_id: Option<String>,
    source: Option<String>,
    call_status: Option<String>,
    deliveries: Vec<RowDelivery>,
}

/// A delivery of a report in a list.
#[derive(Serialize)]
struct RowDelivery {
    webhook_id: WebhookId,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
}

impl RowView {
    fn new(row: JournalRow, standing: &ReportState) -> Self {
        let JournalRow { report_id, received_at, call, event, webhook_ids } = row;
        let find = |webhook: &WebhookId| {
            standing.deliveries.iter().find(|delivery| delivery.key.webhook_id == *webhook)
        };
        let deliveries: Vec<_> =
            webhook_ids.iter().map(|webhook| RowDelivery::new(*webhook, find(webhook))).collect();
        let names: Vec<_> = deliveries.iter().map(|delivery| delivery.status).collect();
        let status = LoggedReport::worst_status(&names);
        Self {
            id: report_id,
            status,
            reason: deliveries.is_empty().then_some(SkipReason::NoWebhook),
            received_at,
            event,
            start_at: call.start_at,
            end_at: call.end_at,
            from: call.from,
            to: call.to,
            bridge: call.bridge,
            mid: call.mid,
            call_id: call.call_id,
            flow_id: call.flow_id,
            source: call.source,
            call_status: call.call_status,
            deliveries,
        }
    }
}

impl RowDelivery {
    /// A delivery that the log does not have yet is pending: its first attempt is queued or in flight.
    fn new(webhook_id: WebhookId, logged: Option<&DeliverySummary>) -> Self {
        let state = logged.map(|delivery| &delivery.state);
        Self {
            webhook_id,
            status: state.map_or(NOT_LOGGED, DeliveryState::name),
            next_attempt_at: state.and_then(DeliveryState::next_attempt_at),
            updated_at: logged.map(|delivery| delivery.updated_at),
        }
    }
}
