//! Look-ups of webhooks, deliveries and reports.

use std::collections::HashMap;
use std::future::Future;

use jiff::Timestamp;

use super::StoreError;
use crate::domain::account::AccountId;
use crate::domain::delivery::{
    DeliveryFilter, DeliveryKey, DeliverySummary, LoggedDelivery, LoggedReport, UndeliveredFilter,
};
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::webhook::WebhookStatus;
use crate::input::page::{Page, PageRequest};

/// Reads the status of a webhook and nothing else. For accounts and deliveries.
pub trait WebhookStatusLookup: Send + Sync + 'static {
    /// The status of a webhook; `None` if the account has no such webhook.
    fn webhook_status(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> impl Future<Output = Result<Option<WebhookStatus>, StoreError>> + Send;
}

/// Reads the ids of an account's webhooks, never their secrets. For deliveries.
pub trait WebhookLookup: WebhookStatusLookup {
    /// The ids of all webhooks of an account.
    fn webhook_ids(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Vec<WebhookId>, StoreError>> + Send;

    /// Whether `id` is a webhook of the account, or one that the account has deleted and of which the
    /// log may still hold entries.
    fn has_had_webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// Reads the log of deliveries; an account finds only its own entries. For deliveries.
pub trait DeliveryReader: Send + Sync + 'static {
    /// One delivery.
    fn delivery(
        &self,
        account: &AccountId,
        key: DeliveryKey,
    ) -> impl Future<Output = Result<Option<LoggedDelivery>, StoreError>> + Send;

    /// A report and its deliveries to `webhooks`; `None` if it has none and is not logged as
    /// unwanted.
    fn report(
        &self,
        account: &AccountId,
        id: ReportId,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<Option<LoggedReport>, StoreError>> + Send;

    /// The log's state of reports whose webhooks are known.
    fn report_states(
        &self,
        account: &AccountId,
        reports: Vec<ReportQuery>,
    ) -> impl Future<Output = Result<HashMap<ReportId, ReportState>, StoreError>> + Send;

    /// A page of the deliveries to a webhook, latest report first. A page may hold fewer deliveries than its limit
    /// although more follow, if few of those that were read match the filter.
    fn deliveries(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        filter: &DeliveryFilter,
        page: &PageRequest<ReportId>,
    ) -> impl Future<Output = Result<Page<DeliverySummary>, StoreError>> + Send;

    /// A page of an account's deliveries that are not delivered, over all webhooks, latest report
    /// first; `filter.webhook_id` is ignored. A page may hold fewer deliveries than its limit although
    /// more follow. Deliveries that were last written before the index existed are missing.
    fn undelivered(
        &self,
        account: &AccountId,
        filter: &UndeliveredFilter,
        page: &PageRequest<DeliveryKey>,
    ) -> impl Future<Output = Result<Page<DeliverySummary>, StoreError>> + Send;
}

/// A report whose state is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportQuery {
    /// The report.
    pub report_id: ReportId,
    /// The webhooks it went to; empty if no webhook wanted it.
    pub webhook_ids: Vec<WebhookId>,
}

/// A report's state in the log.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportState {
    /// Its deliveries that are in the log.
    pub deliveries: Vec<DeliverySummary>,
    /// The first time of receipt in the log.
    pub received_at: Option<Timestamp>,
    /// Whether it was erased.
    pub is_erased: bool,
}
