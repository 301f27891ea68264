//! Looking up what became of reports.

use std::collections::HashMap;
use std::future::Future;

use jiff::Timestamp;

use super::StoreError;
use crate::account::AccountId;
use crate::delivery::{
    DeliveryFilter, DeliveryKey, DeliverySummary, LoggedDelivery, LoggedReport, UndeliveredFilter,
};
use crate::ids::{ReportId, WebhookId};
use crate::page::{Page, PageRequest};
use crate::webhook::WebhookStatus;

/// The status of a webhook, and nothing else of it. For accounts and deliveries.
pub trait WebhookStatusLookup: Send + Sync + 'static {
    /// Whether reports go to a webhook now; `None` if the account has no such webhook.
    fn webhook_status(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> impl Future<Output = Result<Option<WebhookStatus>, StoreError>> + Send;
}

/// What those who look up deliveries need to know of webhooks: never their secrets. For deliveries.
pub trait WebhookLookup: WebhookStatusLookup {
    /// All webhooks of an account.
    fn webhook_ids(
        &self,
        account: &AccountId,
    ) -> impl Future<Output = Result<Vec<WebhookId>, StoreError>> + Send;

    /// Whether `id` is a webhook of the account, or one that the account has deleted and of which the
    /// log may hold something.
    fn has_had_webhook(
        &self,
        account: &AccountId,
        id: WebhookId,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// Looking things up in the log of deliveries; an account finds its own only. For deliveries.
pub trait DeliveryReader: Send + Sync + 'static {
    /// One delivery.
    fn delivery(
        &self,
        account: &AccountId,
        key: DeliveryKey,
    ) -> impl Future<Output = Result<Option<LoggedDelivery>, StoreError>> + Send;

    /// A report and its deliveries to `webhooks`; `None` if none of them was to get it and it was
    /// not noted as unwanted.
    fn report(
        &self,
        account: &AccountId,
        id: ReportId,
        webhooks: &[WebhookId],
    ) -> impl Future<Output = Result<Option<LoggedReport>, StoreError>> + Send;

    /// What became of reports whose webhooks are known.
    fn report_states(
        &self,
        account: &AccountId,
        reports: Vec<ReportQuery>,
    ) -> impl Future<Output = Result<HashMap<ReportId, ReportState>, StoreError>> + Send;

    /// A page of the deliveries to a webhook, latest report first. It may hold fewer than asked for
    /// although more follow, if few of those that were read are asked for.
    fn deliveries(
        &self,
        account: &AccountId,
        webhook: WebhookId,
        filter: &DeliveryFilter,
        page: &PageRequest<ReportId>,
    ) -> impl Future<Output = Result<Page<DeliverySummary>, StoreError>> + Send;

    /// A page of the deliveries of an account that are not delivered, over all webhooks, latest
    /// report first; `filter.webhook_id` is not looked at. A page may hold fewer deliveries than asked
    /// for although more follow. Deliveries that were last written before the index existed are
    /// missing.
    fn undelivered(
        &self,
        account: &AccountId,
        filter: &UndeliveredFilter,
        page: &PageRequest<DeliveryKey>,
    ) -> impl Future<Output = Result<Page<DeliverySummary>, StoreError>> + Send;
}

/// A report of which more is to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportQuery {
    /// Which.
    pub report_id: ReportId,
    /// Where it went; none if no webhook wanted it.
    pub webhook_ids: Vec<WebhookId>,
}

/// What the log knows of a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportState {
    /// Its deliveries, as far as the log has them.
    pub deliveries: Vec<DeliverySummary>,
    /// The receipt that the log knows it from; of several the first.
    pub received_at: Option<Timestamp>,
    /// It was erased.
    pub is_erased: bool,
}
