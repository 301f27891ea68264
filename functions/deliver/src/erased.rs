//! What was erased while copies of it were on their way: it ends here, neither sent nor stored.

use std::collections::HashSet;

use callhook::account::AccountId;
use callhook::delivery::{DeliveryState, SkipReason, Trigger};
use callhook::erasure::ReportKey;
use callhook::ids::WebhookId;
use callhook::message::DeliveryMessage;
use callhook::store::DeliveryConfig;

use crate::cache::ConfigCache;
use crate::due::{Due, Parcel, RecordIndex};
use crate::plan::Plan;

/// Messages that came before their time.
pub(crate) type Early = Vec<(RecordIndex, DeliveryMessage)>;

/// How a delivery of an erased report ends.
pub(crate) const ERASED: DeliveryState = DeliveryState::Skipped { reason: SkipReason::Erased };

/// The reports that an event is about.
pub(crate) fn reports_of(plan: &Plan, early: &Early) -> HashSet<ReportKey> {
    let unwanted = plan.unwanted.iter().map(|(_, parcel)| parcel.report_key());
    let due = plan.dues().map(|due| due.parcel.report_key());
    due.chain(unwanted).chain(early.iter().map(|(_, message)| key_of(message))).collect()
}

/// Drops what is about erased reports. Gives the webhooks whose schedule ends by that, once for
/// each delivery.
pub(crate) fn forget(
    plan: &mut Plan,
    early: &mut Early,
    erased: &HashSet<ReportKey>,
) -> Vec<WebhookId> {
    // Next to never is anything erased.
    if erased.is_empty() {
        return Vec::new();
    }
    let is_erased = |due: &Due| erased.contains(&due.parcel.report_key());
    let ends = |due: &&Due| is_erased(due) && !matches!(due.trigger, Trigger::Resend { .. });
    // A webhook that does not exist may be another account's.
    let skips = plan.skips.iter().filter(|skip| skip.reason != SkipReason::WebhookDeleted);
    let dues = plan.jobs.iter().map(|job| &job.due).chain(skips.map(|skip| &skip.due));
    let ended: Vec<_> = dues.filter(ends).map(|due| due.webhook_id).collect();

    plan.jobs.retain(|job| !is_erased(&job.due));
    plan.skips.retain(|skip| !is_erased(&skip.due));
    plan.taken.retain(|taken| !is_erased(&taken.due));
    plan.unwanted.retain(|(_, parcel)| !erased.contains(&parcel.report_key()));
    early.retain(|(_, message)| !erased.contains(&key_of(message)));
    for report in erased {
        tracing::info!(report_id = %report.report_id, "an erased report was dropped");
    }
    ended
}

/// Drops what came before its time and is an erased account's: the plan has done so with the rest.
pub(crate) async fn forget_accounts<C: DeliveryConfig>(early: &mut Early, config: &ConfigCache<C>) {
    let accounts: HashSet<AccountId> =
        early.iter().map(|(_, message)| message.account_id.clone()).collect();
    if accounts.is_empty() {
        return;
    }
    let terms = config.terms(accounts).await;
    // An account that cannot be read is asked for again when the message is due.
    early.retain(|(_, message)| {
        let is_erased = terms.get(&message.account_id).is_some_and(|terms| terms.is_erased);
        if is_erased {
            note_erased_account(&message.account_id);
        }
        !is_erased
    });
}

/// Notes that something was dropped because its account is erased.
pub(crate) fn note_erased_account(account: &AccountId) {
    tracing::info!(account_id = %account, "a message of an erased account was dropped");
}

fn key_of(message: &DeliveryMessage) -> ReportKey {
    ReportKey { account_id: message.account_id.clone(), report_id: message.report_id }
}

impl Parcel {
    /// Names its report.
    pub(crate) fn report_key(&self) -> ReportKey {
        ReportKey { account_id: self.account_id.clone(), report_id: self.accepted.id }
    }
}
