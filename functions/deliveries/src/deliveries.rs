//! `GET /v1/deliveries/{id}` and `GET /v1/webhooks/{id}/deliveries`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use callhook::account::AccountId;
use callhook::delivery::{DeliveryFilter, LoggedDelivery};
use callhook::fields::both;
use callhook::http_api::{ActingAccount, DeliveriesRead, Problem, json_reply};
use callhook::page::{Page, PageRequest};
use http::StatusCode;

use crate::app::{Config, Log};
use crate::view::{DeliveryView, SummaryView};
use crate::{webhooks, zone};

pub(crate) async fn read<L: Log>(
    account: ActingAccount<DeliveriesRead>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let entry = existing(&*log, &account.id, &id).await?;
    Ok(json_reply(StatusCode::OK, &DeliveryView::new(&entry)))
}

pub(crate) async fn list<C: Config, L: Log>(
    account: ActingAccount<DeliveriesRead>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let zone = zone::for_query(&*config, &account.id, &query).await?;
    let filter = DeliveryFilter::from_query(&query, zone.zone().clone());
    let (filter, page) =
        both(filter, PageRequest::from_query(&query)).map_err(Problem::invalid_parameters)?;
    let webhook = webhooks::existing(&*config, &account.id, &id).await?;
    let page = log.deliveries(&account.id, webhook, &filter, &page).await?;
    let data: Vec<_> = page.data.iter().map(SummaryView::new).collect();
    Ok(json_reply(StatusCode::OK, &Page { data, next_cursor: page.next_cursor }))
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
