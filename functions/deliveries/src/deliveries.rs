//! `GET /v1/deliveries/{id}` and `GET /v1/webhooks/{id}/deliveries`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::account::AccountId;
use callhook::delivery::{DeliveryFilter, LoggedDelivery};
use callhook::fields::both;
use callhook::http_api::{
    ActingAccount, DeliveriesRead, Parameters, Problem, ShownUrl, json_reply,
};
use callhook::page::{ListTag, PageRequest};
use callhook::scope::Scope;
use http::StatusCode;
use serde_json::json;

use crate::app::{Config, Log};
use crate::view::{DeliveryView, SummaryView};
use crate::{webhooks, zone};

pub(crate) async fn read<L: Log>(
    account: ActingAccount<DeliveriesRead>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let entry = existing(&*log, &account.id, &id).await?;
    // Paths of webhooks may be secrets.
    let may_read_webhooks = account.caller.has(Scope::WebhooksRead);
    let url = if may_read_webhooks { ShownUrl::Whole } else { ShownUrl::Origin };
    Ok(json_reply(StatusCode::OK, &DeliveryView::new(&entry, url)))
}

/// The parameters of the list.
pub(crate) struct ListParameters;

impl Parameters for ListParameters {
    const NAMES: &'static [&'static str] = &["status", "from", "to", "limit", "cursor"];
}

pub(crate) async fn list<C: Config, L: Log>(
    account: ActingAccount<DeliveriesRead, ListParameters>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let query = &account.query;
    let list = ListTag::new("deliveries", &id.to_ascii_lowercase(), query);
    let page = PageRequest::from_query(query, &list);
    let zone = zone::for_query(&*config, &account.id, query).await?;
    let filter = DeliveryFilter::from_query(query, zone.zone().clone());
    let (filter, page) = both(filter, page).map_err(Problem::invalid_parameters)?;
    let webhook = webhooks::existing(&*config, &account.id, &id).await?;
    let page = log.deliveries(&account.id, webhook, &filter, &page).await?;
    let page = page.map(|delivery| json!(SummaryView::new(&delivery)));
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

/// The delivery that a path names.
pub(crate) async fn existing<L: Log>(
    log: &L,
    account: &AccountId,
    id: &str,
) -> Result<LoggedDelivery, Problem> {
    let none = || Problem::no_such("delivery");
    let key = id.parse().map_err(|_| none())?;
    log.delivery(account, key).await?.ok_or_else(none)
}
