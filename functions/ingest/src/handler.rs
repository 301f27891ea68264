//! Handles a request: checks its reports and sends them to the queue.

use std::collections::HashSet;
use std::time::Duration;

use callhook::domain::account::AccountId;
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::message::AcceptedReport;
use callhook::domain::report::Report;
use callhook::domain::report::id::IdempotencyKey;
use callhook::domain::scope::Scope;
use callhook::http_api::{
    ActingFor, Caller, NoParameters, Problem, ProblemKind, REQUEST_ID, read_query, request_id,
};
use callhook::input::fields::{FieldError, FieldErrors};
use callhook::ports::queue::{MessageQueue, Outgoing};
use callhook::ports::store::{MissingTargets, NamedTargets, ReportQuota};
use callhook::runtime::telemetry::ErrorChain;
use callhook::runtime::telemetry::metrics::{Counter, Metrics};
use callhook::runtime::ttl_cache::TtlCache;
use jiff::Timestamp;
use lambda_http::{Body as HttpBody, Request, Response};

use crate::answer::{self, Accepted, Outcome};
use crate::pack::pack;
use crate::quota::ReportGate;
use crate::request::{Body, idempotency_key};

/// The handler and its dependencies.
pub(crate) struct Ingest<T, G, Q> {
    pub(crate) targets: T,
    pub(crate) gate: ReportGate<G>,
    pub(crate) queue: Q,
    /// Webhooks that exist, or did within [`WEBHOOK_TTL`].
    pub(crate) existing_webhooks: TtlCache<(AccountId, WebhookId), ()>,
    pub(crate) metrics: Metrics,
}

/// A request that is well-formed and authorized.
struct Submission<'a> {
    acting: ActingFor,
    key: Option<&'a str>,
    body: Body,
}

/// TTL of a webhook that exists: otherwise each report would cost a read. A report that names a
/// webhook deleted meanwhile is accepted, and ends as skipped.
const WEBHOOK_TTL: Duration = Duration::from_secs(30);
/// The most distinct webhooks that the reports of one request may name.
const MAX_NAMED_WEBHOOKS: usize = Report::MAX_WEBHOOKS;

impl<T: NamedTargets, G: ReportQuota, Q: MessageQueue> Ingest<T, G, Q> {
    /// Answers `POST /v1/reports`.
    pub(crate) async fn handle(&self, request: Request) -> Response<HttpBody> {
        let id = request_id(request.extensions());
        let answer = match read(&request) {
            Ok(submission) => self.accept(submission, Timestamp::now()).await,
            Err(problem) => {
                self.metrics.count(Counter::ReportsRefused);
                Err(problem)
            }
        };
        let mut response = answer.unwrap_or_else(Problem::into_http);
        if let Some(id) = id {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }

    async fn accept(
        &self,
        submission: Submission<'_>,
        received_at: Timestamp,
    ) -> Result<Response<HttpBody>, Problem> {
        let Submission { acting, key, body } = submission;
        let (reports, is_array) = match body {
            Body::Single(report) => (vec![Ok(report)], false),
            Body::Array(reports) => (reports, true),
        };
        let count = reports.len();
        let refuse_all = |problem| {
            self.metrics.add(Counter::ReportsRefused, count);
            problem
        };

        let account = acting.account();
        let (missing, ()) = tokio::join!(
            self.missing_targets(&acting, &reports),
            self.gate.refresh(account, received_at)
        );
        let missing = missing.map_err(refuse_all)?;
        let key = key.map(|key| {
            if is_array { IdempotencyKey::OfArray(key) } else { IdempotencyKey::OfReport(key) }
        });
        let accept = |report: Result<Report, Problem>| {
            let report = report?;
            refuse_missing(&report, &missing)?;
            let id = ReportId::derive(account, &report, key, received_at);
            let warnings = report.time_warnings();
            Ok((AcceptedReport { id, report: report.into() }, warnings))
        };
        let checked: Vec<_> = reports.into_iter().map(accept).collect();
        let valid = checked.iter().filter(|checked| checked.is_ok()).count();
        let valid = u32::try_from(valid).unwrap_or(u32::MAX);
        self.gate.admit(account, valid, received_at).await.map_err(refuse_all)?;

        let mut outcomes = self.enqueue(account, received_at, checked).await;
        for outcome in &outcomes {
            self.metrics.count(outcome.counter());
        }
        Ok(match (is_array, outcomes.pop()) {
            (false, Some(outcome)) => answer::single(outcome),
            (_, last) => answer::array(outcomes.into_iter().chain(last).collect()),
        })
    }

    /// The named webhooks that do not exist. If DynamoDB fails, all count as existing: the reports
    /// are accepted, and those without a destination end as skipped.
    async fn missing_targets(
        &self,
        acting: &ActingFor,
        reports: &[Result<Report, Problem>],
    ) -> Result<HashSet<WebhookId>, Problem> {
        let named: HashSet<WebhookId> =
            reports.iter().flatten().flat_map(Report::webhook_ids).copied().collect();
        let account_is_known = matches!(acting, ActingFor::Own(_));
        if named.is_empty() && account_is_known {
            return Ok(HashSet::new());
        }
        if named.len() > MAX_NAMED_WEBHOOKS {
            let detail = format!(
                "The reports name {} different webhooks; at most {MAX_NAMED_WEBHOOKS} are looked \
                 up for one request. Send fewer reports at once.",
                named.len()
            );
            return Err(Problem::new(ProblemKind::InvalidRequest, detail));
        }
        let account = acting.account();
        let named = named.into_iter().map(|id| (account.clone(), id)).collect();
        let (_, uncached) = self.existing_webhooks.split(named);
        if uncached.is_empty() && account_is_known {
            return Ok(HashSet::new());
        }
        let named: Vec<_> = uncached.into_iter().map(|(_, id)| id).collect();
        match self.targets.missing_targets(account, &named).await {
            Ok(MissingTargets { is_being_erased: true, .. }) => {
                Err(Problem::account_erasing(account))
            }
            Ok(MissingTargets { account: true, .. }) if !account_is_known => Err(Problem::new(
                ProblemKind::NotFound,
                format!("There is no account `{account}`."),
            )),
            Ok(missing) => {
                let missing: HashSet<_> = missing.webhooks.into_iter().collect();
                for id in named.into_iter().filter(|id| !missing.contains(id)) {
                    self.existing_webhooks.insert((account.clone(), id), (), WEBHOOK_TTL);
                }
                Ok(missing)
            }
            Err(error) => {
                tracing::warn!(error = %ErrorChain(&error), "lookup of named webhooks failed");
                Ok(HashSet::new())
            }
        }
    }

    /// Sends the valid reports; the outcomes are in the order of `checked`.
    async fn enqueue(
        &self,
        account: &AccountId,
        received_at: Timestamp,
        checked: Vec<Result<(AcceptedReport, Vec<FieldError>), Problem>>,
    ) -> Vec<Outcome> {
        let mut to_send = Vec::with_capacity(checked.len());
        let mut outcomes = Vec::with_capacity(checked.len());
        for checked in checked {
            match checked {
                Ok((accepted, warnings)) => {
                    outcomes.push(Outcome::Accepted(Accepted { id: accepted.id, warnings }));
                    // A report that a request contains twice is sent twice: the two may name
                    // different webhooks, and deliver dedupes by webhook.
                    to_send.push(accepted);
                }
                Err(problem) => outcomes.push(Outcome::Refused(problem)),
            }
        }
        let not_queued = self.send(account, received_at, to_send).await;
        for outcome in &mut outcomes {
            if matches!(outcome, Outcome::Accepted(accepted) if not_queued.contains(&accepted.id)) {
                *outcome = Outcome::NotQueued;
            }
        }
        outcomes
    }

    /// Sends reports to the queue; returns those that SQS did not accept.
    async fn send(
        &self,
        account: &AccountId,
        received_at: Timestamp,
        reports: Vec<AcceptedReport>,
    ) -> HashSet<ReportId> {
        let all: Vec<ReportId> = reports.iter().map(|accepted| accepted.id).collect();
        let packed = match pack(account, received_at, reports) {
            Ok(packed) => packed,
            Err(error) => {
                tracing::error!(%error, "failed to serialize reports");
                return all.into_iter().collect();
            }
        };
        let mut groups = Vec::with_capacity(packed.len());
        let mut messages = Vec::with_capacity(packed.len());
        for packed in packed {
            groups.push(packed.ids);
            messages.push(Outgoing {
                body: packed.body,
                account_id: account.clone(),
                delay: Duration::ZERO,
            });
        }
        let sent = self.queue.send(messages).await;
        let mut not_queued = HashSet::new();
        for (ids, result) in groups.into_iter().zip(sent) {
            if let Err(error) = result {
                tracing::error!(%error, reports = ids.len(), "failed to queue reports");
                not_queued.extend(ids);
            }
        }
        not_queued
    }
}

fn read(request: &Request) -> Result<Submission<'_>, Problem> {
    let caller = Caller::from_extensions(request.extensions())?;
    let acting = caller.acting_for(request.headers(), Scope::ReportsWrite)?;
    read_query::<NoParameters>(request.uri().query())?;
    let key = idempotency_key(request.headers())?;
    let body = Body::parse(request.body(), request.headers())?;
    Ok(Submission { acting, key, body })
}

/// Refuses a report that names a missing webhook, so that the caller corrects it before any
/// webhook receives it.
fn refuse_missing(report: &Report, missing: &HashSet<WebhookId>) -> Result<(), Problem> {
    let mut errors = FieldErrors::default();
    for id in report.webhook_ids().iter().filter(|id| missing.contains(id)) {
        let field = if report.text("webhook_id").is_some_and(|text| text.parse() == Ok(*id)) {
            "webhook_id"
        } else {
            "webhook_ids"
        };
        errors.add(field, format_args!("names no webhook of this account: {id}"));
    }
    errors.into_result(()).map_err(Problem::invalid_fields)
}

#[cfg(test)]
mod tests;
