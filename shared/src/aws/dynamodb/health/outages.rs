//! The notices about a webhook's outage that were sent: three attributes of its health, which a
//! change of the webhook leaves alone.
//!
//! | attribute | |
//! |---|---|
//! | `announced_outage` | the outage that `webhook.failing` was sent about, until `webhook.recovered` is sent |
//! | `claimed_outage` | the outage that an instance began to send `webhook.failing` about; it may have crashed after sending |
//! | `notice_until` | the end of the lease of the instance that is sending a notice, in nanoseconds since 1970 |

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure as OnFailure;
use jiff::Timestamp;

use super::{health_key, time};
use crate::aws::dynamodb::ConfigTable;
use crate::aws::dynamodb::item::{is_written, n, unavailable};
use crate::aws::dynamodb::keys::partition;
use crate::domain::health::OutageNotice;
use crate::ports::store::{StoreError, WebhookVersion};

/// The time that an instance has to send a notice. If it crashes, another may send it after that.
const LEASE: Duration = Duration::from_mins(1);

impl ConfigTable {
    fn outage_update(
        &self,
        webhook: &WebhookVersion,
        expression: &str,
        condition: String,
        outage: Timestamp,
    ) -> UpdateItemFluentBuilder {
        self.update_request(partition(&webhook.account_id), health_key(webhook.webhook_id))
            .update_expression(expression)
            .condition_expression(condition)
            .expression_attribute_values(":outage", time(outage))
            .return_values_on_condition_check_failure(OnFailure::AllOld)
    }

    pub(super) async fn claim_outage_notice(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        const ACTION: &str = "claiming an outage notice";
        let is_due = match notice {
            OutageNotice::Failing => {
                "version = :version AND open_since = :outage AND attribute_not_exists(announced_outage)"
            }
            // Ignore the circuit of an older version: a changed webhook starts anew.
            OutageNotice::Recovered => {
                "(announced_outage = :outage OR claimed_outage = :outage) AND (version < :version OR \
                 (version = :version AND attribute_not_exists(open_level)))"
            }
        };
        let expression = match notice {
            OutageNotice::Failing => "SET notice_until = :until, claimed_outage = :outage",
            OutageNotice::Recovered => "SET notice_until = :until",
        };
        let is_free = "(attribute_not_exists(notice_until) OR notice_until < :now)";
        // Random nanoseconds make each claim unique.
        let until = now.as_nanosecond()
            + i128::try_from(LEASE.as_nanos()).unwrap_or_default()
            + i128::from(fastrand::u32(..1_000_000_000));
        let until = n(until);
        let sent = self
            .outage_update(webhook, expression, format!("{is_due} AND {is_free}"), outage)
            .expression_attribute_values(":version", n(webhook.version))
            .expression_attribute_values(":now", n(now.as_nanosecond()))
            .expression_attribute_values(":until", until.clone())
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                // Won all the same if the SDK sent this write again, without an answer to the
                // first.
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Ok(refused
                    .item()
                    .and_then(|item| item.get("notice_until"))
                    .is_some_and(|stored| *stored == until)),
                _ => Err(unavailable(ACTION)(error)),
            },
        }
    }

    pub(super) async fn outage_notice_sent(
        &self,
        webhook: &WebhookVersion,
        notice: OutageNotice,
        outage: Timestamp,
    ) -> Result<(), StoreError> {
        const ACTION: &str = "recording a sent outage notice";
        // Any version of the webhook: the notice was sent.
        let (expression, condition) = match notice {
            OutageNotice::Failing => (
                "SET announced_outage = :outage REMOVE notice_until, claimed_outage",
                "attribute_exists(version) AND attribute_not_exists(announced_outage)",
            ),
            OutageNotice::Recovered => {
                let is_known = "announced_outage = :outage OR claimed_outage = :outage";
                ("REMOVE announced_outage, claimed_outage, notice_until", is_known)
            }
        };
        let update = self.outage_update(webhook, expression, condition.to_owned(), outage);
        // Recorded before, or the webhook was deleted.
        is_written(ACTION, update.send().await).map(drop)
    }
}
