//! `GET /v1/deliveries/{id}`, `GET /v1/webhooks/{id}/deliveries` and `GET /v1/deliveries`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use callhook::domain::account::AccountId;
use callhook::domain::delivery::{
    DeliveryFilter, DeliveryKey, DeliverySummary, LoggedDelivery, UndeliveredFilter,
};
use callhook::domain::ids::WebhookId;
use callhook::domain::scope::Scope;
use callhook::http_api::{
    DeliveriesRead, NarrowableAccount, Parameters, PermittedWebhook, Problem, ShownUrl, json_reply,
};
use callhook::input::fields::{FieldErrors, both};
use callhook::input::page::{ListTag, Page, PageRequest};
use http::StatusCode;
use serde_json::json;

use crate::state::{Config, Log};
use crate::view::{DeliveryView, SummaryView};
use crate::{webhooks, zone};

pub(crate) async fn read<L: Log>(
    account: NarrowableAccount<DeliveriesRead>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let mut logged = existing(&*log, account.delivery(&id)?).await?;
    logged.report = account.reach().shown(logged.report);
    // The path of a webhook's URL may be a secret.
    let may_read_webhooks = account.caller.has(Scope::WebhooksRead);
    let url = if may_read_webhooks { ShownUrl::Whole } else { ShownUrl::Origin };
    Ok(json_reply(StatusCode::OK, &DeliveryView::new(&logged, url)))
}

/// The query parameters of a webhook's list.
pub(crate) struct ListParameters;

impl Parameters for ListParameters {
    const NAMES: &'static [&'static str] = &["status", "from", "to", "limit", "cursor"];
}

pub(crate) async fn list<C: Config, L: Log>(
    account: NarrowableAccount<DeliveriesRead, ListParameters>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (query, webhook) = (&account.query, account.webhook(&id)?);
    let list = ListTag::new("deliveries", &id.to_ascii_lowercase(), query);
    let page = PageRequest::from_query(query, &list);
    let zone = zone::for_query(&*config, webhook.account(), query).await?;
    let filter = DeliveryFilter::from_query(query, zone.zone().clone());
    let (filter, page) = both(filter, page).map_err(Problem::invalid_parameters)?;
    let id = webhooks::existing(&*config, webhook).await?;
    let page = log.deliveries(webhook.account(), id, &filter, &page).await?;
    let page = page.map(|delivery| json!(SummaryView::new(&delivery)));
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

/// The query parameters of the list over all webhooks.
pub(crate) struct UndeliveredParameters;

impl Parameters for UndeliveredParameters {
    const NAMES: &'static [&'static str] =
        &["status", "webhook_id", "from", "to", "limit", "cursor"];
}

pub(crate) async fn undelivered<C: Config, L: Log>(
    account: NarrowableAccount<DeliveriesRead, UndeliveredParameters>,
    State(config): State<Arc<C>>,
    Extension(log): Extension<Arc<L>>,
) -> Result<Response, Problem> {
    let (query, (account_id, only)) = (&account.query, account.reach().parts());
    let list = ListTag::new("undelivered", account_id.as_str(), query);
    let page = PageRequest::from_query(query, &list);
    let zone = zone::for_query(&*config, account_id, query).await?;
    let filter = UndeliveredFilter::from_query(query, zone.zone().clone());
    let (filter, page) = both(filter, page).map_err(Problem::invalid_parameters)?;
    let may_show = |webhook| account.reach().permits(webhook);
    let page = match filter.webhook_id.or(only) {
        None => log.undelivered(account_id, &filter, &page).await?,
        // A foreign webhook is refused: the cursor would reveal deliveries of its account.
        Some(webhook)
            if may_show(webhook) && config.has_had_webhook(account_id, webhook).await? =>
        {
            of_webhook(&*log, account_id, webhook, &filter, &page).await?
        }
        Some(_) => {
            let message = "must be a webhook of the account, or one that it has deleted";
            return Err(Problem::invalid_parameters(FieldErrors::of("webhook_id", message)));
        }
    };
    let page = page.map(|delivery| json!(SummaryView::new(&delivery)));
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

/// A page of one webhook's undelivered deliveries, read from the index of that webhook.
async fn of_webhook<L: Log>(
    log: &L,
    account: &AccountId,
    webhook: WebhookId,
    filter: &UndeliveredFilter,
    page: &PageRequest<DeliveryKey>,
) -> Result<Page<DeliverySummary>, Problem> {
    let after = page.after.map(|delivery| delivery.report_id);
    let page = PageRequest { limit: page.limit, after };
    let page = log.deliveries(account, webhook, &filter.of_webhook(), &page).await?;
    let next_cursor = page.next_cursor.map(|report| format!("{webhook}.{report}"));
    Ok(Page { next_cursor, ..page })
}

/// The delivery that a path names.
pub(crate) async fn existing<L: Log>(
    log: &L,
    (webhook, key): (PermittedWebhook<'_>, DeliveryKey),
) -> Result<LoggedDelivery, Problem> {
    log.delivery(webhook.account(), key).await?.ok_or_else(|| Problem::no_such("delivery"))
}
