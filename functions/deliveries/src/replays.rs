//! `/v1/webhooks/{id}/replays`: sends the failed deliveries of a time range again, or all of them. The
//! function replay does the work.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use callhook::domain::ids::ReplayId;
use callhook::domain::replay::{ReplayJob, ReplayRange, ReplayRequest, ReplayStage};
use callhook::domain::webhook::WebhookStatus;
use callhook::http_api::{
    DeliveriesRead, DeliveriesWrite, JsonObject, NarrowableAccount, Paging, PermittedWebhook,
    Problem, ProblemKind, accepted, json_reply,
};
use callhook::input::page::{ListTag, PageRequest};
use callhook::ports::queue::MessageQueue;
use callhook::ports::store::{ReplayAdmin, WriteError};
use http::StatusCode;
use jiff::Timestamp;

use crate::state::Config;
use crate::{queueing, webhooks, zone};

/// The jobs and the queue of the routes.
pub(crate) struct Replays<R, Q> {
    pub(crate) jobs: Arc<R>,
    /// The queue that replay reads.
    pub(crate) queue: Arc<Q>,
}

impl<R, Q> Clone for Replays<R, Q> {
    fn clone(&self) -> Self {
        Self { jobs: Arc::clone(&self.jobs), queue: Arc::clone(&self.queue) }
    }
}

/// The routes of replays.
pub(crate) fn routes<C, R, Q>(replays: Replays<R, Q>) -> Router<Arc<C>>
where
    C: Config,
    R: ReplayAdmin + 'static,
    Q: MessageQueue,
{
    Router::new()
        .route("/v1/webhooks/{id}/replays", get(list::<C, R, Q>).post(create::<C, R, Q>))
        .route(
            "/v1/webhooks/{id}/replays/{replay_id}",
            get(read::<C, R, Q>).delete(cancel::<C, R, Q>),
        )
        .layer(Extension(replays))
}

/// Delay of the message: the job is stored before replay receives it.
const MESSAGE_DELAY: Duration = Duration::from_secs(1);

async fn create<C: Config, R: ReplayAdmin + 'static, Q: MessageQueue>(
    account: NarrowableAccount<DeliveriesWrite>,
    State(config): State<Arc<C>>,
    Extension(replays): Extension<Replays<R, Q>>,
    Path(id): Path<String>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let permitted = account.webhook(&id)?;
    let webhook = webhooks::existing(&*config, permitted).await?;
    let zone = zone::of(&*config, permitted.account()).await?;
    let request = ReplayRequest::from_json(&body, zone).map_err(Problem::invalid_fields)?;
    if config.webhook_status(permitted.account(), webhook).await? != Some(WebhookStatus::Active) {
        return Err(not_receiving());
    }
    check_conflicts(&replays.jobs.live_replays(webhook).await?, &request.range)?;
    let job = ReplayJob::new(permitted.account().clone(), webhook, request, Timestamp::now());
    // The message first: replay drops a message without a job, while a job without a message would
    // stay in progress for ever.
    let body = job.message().to_json();
    queueing::send(&*replays.queue, body, job.account_id.clone(), MESSAGE_DELAY).await?;
    match replays.jobs.create_replay(&job).await {
        // New ids are unique: the SDK repeated a write whose response was lost.
        Ok(()) | Err(WriteError::Condition) => {}
        Err(WriteError::Store(error)) => return Err(error.into()),
    }
    // Two concurrent requests do not see each other's job: the younger job is cancelled.
    let live = replays.jobs.live_replays(webhook).await?;
    let older: Vec<_> = live.into_iter().filter(|other| other.id < job.id).collect();
    if let Err(conflict) = check_conflicts(&older, &job.range) {
        cancelled(&*replays.jobs, permitted, job.id).await?;
        return Err(conflict);
    }
    Ok(accepted(&path(&job), &job.to_json()))
}

fn path(job: &ReplayJob) -> String {
    format!("/v1/webhooks/{}/replays/{}", job.webhook_id, job.id)
}

/// 409: deliver would skip every delivery.
fn not_receiving() -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        "The webhook is not active, so nothing is sent to it. Make it active (`PATCH \
         /v1/webhooks/{id}` with `{\"status\": \"active\"}`), then replay.",
    )
}

/// 409 if a replay of an overlapping range is in progress, as after a repeated request, or too many are.
fn check_conflicts(live: &[ReplayJob], range: &ReplayRange) -> Result<(), Problem> {
    let conflict = |detail| Err(Problem::new(ProblemKind::Conflict, detail));
    if let Some(other) = live.iter().find(|other| other.range.overlaps(range)) {
        let path = path(other);
        return conflict(format!(
            "A replay of a part of this range is in progress: {path}. Wait for it, or cancel it \
             with DELETE."
        ));
    }
    if live.len() >= ReplayJob::MAX_LIVE {
        let most = ReplayJob::MAX_LIVE;
        return conflict(format!(
            "{most} replays of this webhook are in progress. Wait for one, or cancel one with DELETE."
        ));
    }
    Ok(())
}

async fn list<C: Config, R: ReplayAdmin + 'static, Q: MessageQueue>(
    account: NarrowableAccount<DeliveriesRead, Paging>,
    State(config): State<Arc<C>>,
    Extension(replays): Extension<Replays<R, Q>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (query, webhook) = (&account.query, account.webhook(&id)?);
    let list = ListTag::new("replays", &id.to_ascii_lowercase(), query);
    let page = PageRequest::from_query(query, &list).map_err(Problem::invalid_parameters)?;
    let webhook = webhooks::existing(&*config, webhook).await?;
    let page = replays.jobs.replays(webhook, &page).await?.map_readable(|job| job.to_json());
    Ok(json_reply(StatusCode::OK, &page.shown(&list)))
}

async fn read<C: Config, R: ReplayAdmin + 'static, Q: MessageQueue>(
    account: NarrowableAccount<DeliveriesRead>,
    State(_): State<Arc<C>>,
    Extension(replays): Extension<Replays<R, Q>>,
    Path((id, replay)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (webhook, replay) = named(&account, &id, &replay)?;
    let job = existing(&*replays.jobs, webhook, replay).await?;
    Ok(json_reply(StatusCode::OK, &job.to_json()))
}

/// Tries of a cancellation of a job that its worker changes at the same time.
const MAX_TRIES: usize = 10;

async fn cancel<C: Config, R: ReplayAdmin + 'static, Q: MessageQueue>(
    account: NarrowableAccount<DeliveriesWrite>,
    State(_): State<Arc<C>>,
    Extension(replays): Extension<Replays<R, Q>>,
    Path((id, replay)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (webhook, replay) = named(&account, &id, &replay)?;
    let job = cancelled(&*replays.jobs, webhook, replay).await?;
    Ok(json_reply(StatusCode::OK, &job.to_json()))
}

/// Cancels a replay and returns it.
async fn cancelled<R: ReplayAdmin>(
    jobs: &R,
    webhook: PermittedWebhook<'_>,
    replay: ReplayId,
) -> Result<ReplayJob, Problem> {
    for _ in 0..MAX_TRIES {
        let job = existing(jobs, webhook, replay).await?;
        let Some(cancelled) = job.cancelled(Timestamp::now()) else {
            return match job.stage {
                ReplayStage::Cancelled => Ok(job),
                _ => Err(Problem::new(ProblemKind::Conflict, "The replay is over already.")),
            };
        };
        match jobs.replace_replay(&cancelled).await {
            Ok(()) => return Ok(cancelled),
            Err(WriteError::Condition) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
    }
    let detail = "The replay changes too fast to be cancelled. Try again.";
    Err(Problem::new(ProblemKind::Conflict, detail))
}

/// The webhook and the replay that a path names.
fn named<'a, S, P>(
    account: &'a NarrowableAccount<S, P>,
    webhook: &str,
    replay: &str,
) -> Result<(PermittedWebhook<'a>, ReplayId), Problem> {
    let webhook = account.webhook(webhook).map_err(|_| no_such_replay())?;
    Ok((webhook, replay.parse().map_err(|_| no_such_replay())?))
}

/// A replay of the account. It outlives its webhook, so the job's own account decides.
async fn existing<R: ReplayAdmin>(
    jobs: &R,
    webhook: PermittedWebhook<'_>,
    replay: ReplayId,
) -> Result<ReplayJob, Problem> {
    let job = jobs.replay(webhook.id(), replay).await?;
    job.filter(|job| job.account_id == *webhook.account()).ok_or_else(no_such_replay)
}

fn no_such_replay() -> Problem {
    Problem::no_such("replay")
}
