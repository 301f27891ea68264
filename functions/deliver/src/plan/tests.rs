use super::*;
use callhook::domain::delivery::Trigger;
use callhook::domain::event::Event;
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::message::{AcceptedReport, FanOut};
use callhook::domain::report::Report;
use callhook::domain::subscription::{Identity, RuleRange, Subscriber};
use callhook::domain::webhook::Webhook;
use callhook::ports::store::{StoreError, StoredWebhook, StoredWebhooks};
use callhook::testing::NewWebhook;
use serde_json::json;
use std::time::Duration;

/// An account with many webhooks that subscribe to everything.
struct Crowd(Vec<WebhookId>);

impl DeliveryConfig for Crowd {
    async fn subscribers(
        &self,
        _: &AccountId,
        _: &Event,
        _: &RuleRange,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let all = |id: &WebhookId| Subscriber { identity: Identity::All, webhook_id: *id };
        Ok(self.0.iter().map(all).collect())
    }

    async fn account_terms(&self, _: &AccountId) -> Result<AccountTerms, StoreError> {
        Ok(AccountTerms::default())
    }

    async fn webhooks_by_id(
        &self,
        _: &AccountId,
        ids: &[WebhookId],
    ) -> Result<StoredWebhooks, StoreError> {
        let one = NewWebhook::new("https://crm.example/").build(Timestamp::UNIX_EPOCH);
        let webhook = |id: &WebhookId| {
            let webhook = Box::new(Webhook { id: *id, ..one.clone() });
            (*id, StoredWebhook::Readable(webhook, None))
        };
        Ok(ids.iter().map(webhook).collect())
    }
}

#[tokio::test]
async fn a_batch_defers_reports_beyond_its_maximum_of_deliveries() {
    let crowd = Crowd((0..MAX_DELIVERIES / 2).map(|_| WebhookId::generate()).collect());
    let account_id: AccountId = "acme".parse().unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let accepted = |id: u32| {
        let report = Report::parse(&json!({ "id": id }).to_string()).unwrap();
        let id = ReportId::derive(&account_id, &report, None, now);
        AcceptedReport { id, report: report.into() }
    };
    let reports: Vec<_> = (0..3).map(accepted).collect();
    let third = reports[2].clone();
    let fan_out = Some(FanOut { due_at: now, deliveries: 1 });
    let message = ReportsMessage { account_id, received_at: now, reports, fan_out };
    let cache = ConfigCache::new(crowd, Duration::ZERO);
    let plan = Plan::make(vec![(7, Message::Reports(message))], &cache, now).await;
    assert_eq!(plan.jobs.len(), MAX_DELIVERIES);
    let [(7, deferred)] = &*plan.deferred_reports else { panic!("one report for a later batch") };
    assert_eq!(deferred.reports, [third]);
    assert_eq!(deferred.fan_out, fan_out, "it keeps its permits under the account's quota");
}

#[tokio::test]
async fn a_later_attempt_in_a_full_batch_is_not_deferred() {
    let crowd: Vec<_> = (0..=MAX_DELIVERIES).map(|_| WebhookId::generate()).collect();
    let webhook_id = crowd[0];
    let account_id: AccountId = "acme".parse().unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let report = Arc::new(Report::parse("{}").unwrap());
    let report_id = ReportId::derive(&account_id, &report, None, now);
    let reports = vec![AcceptedReport { id: report_id, report: Arc::clone(&report) }];
    let first =
        ReportsMessage { account_id: account_id.clone(), received_at: now, reports, fan_out: None };
    let later = DeliveryMessage {
        account_id,
        received_at: now,
        webhook_id,
        report_id,
        report,
        trigger: Trigger::Automatic,
        attempt: 2,
        due_at: now,
        wait: Wait::Schedule,
        times_queued: 1,
    };
    let messages = vec![(0, Message::Reports(first)), (1, Message::Delivery(later))];
    let cache = ConfigCache::new(Crowd(crowd), Duration::ZERO);
    let plan = Plan::make(messages, &cache, now).await;
    assert!(plan.deferred_reports.is_empty());
    assert_eq!(plan.jobs.last().map(|job| job.delivery.attempt), Some(2));
}
