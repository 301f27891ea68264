//! What was erased while copies of it were on their way: it ends here, neither sent nor stored.

use std::collections::HashSet;

use callhook::account::AccountId;
use callhook::erasure::ReportKey;
use callhook::message::DeliveryMessage;
use callhook::store::{AccountTerms, DeliveryConfig};

use crate::cache::{ConfigCache, Found};
use crate::due::{Due, Parcel, RecordIndex};
use crate::plan::Plan;

/// Messages that came before their time.
pub(crate) type Early = Vec<(RecordIndex, DeliveryMessage)>;

/// The reports of an event that may have a tombstone: most accounts never erase one.
pub(crate) fn may_be_erased(
    plan: &Plan,
    early: &Early,
    terms_of_early: &Found<AccountId, AccountTerms>,
) -> HashSet<ReportKey> {
    let unwanted = plan.unwanted.iter().map(|(_, parcel)| parcel);
    let parcels = plan.dues().map(|due| &due.parcel).chain(unwanted);
    let of_plan = parcels.filter(|parcel| parcel.terms.has_erased_reports);
    let of_early = early.iter().filter(|(_, message)| {
        // What cannot be read may be any account's.
        terms_of_early.get(&message.account_id).is_none_or(|terms| terms.has_erased_reports)
    });
    let of_early = of_early.map(|(_, message)| key_of(message));
    of_plan.map(|parcel| parcel.report_key()).chain(of_early).collect()
}

/// Drops what is about erased reports.
pub(crate) fn forget(plan: &mut Plan, early: &mut Early, erased: &HashSet<ReportKey>) {
    // Next to never is anything erased.
    if erased.is_empty() {
        return;
    }
    let is_erased = |due: &Due| erased.contains(&due.parcel.report_key());
    plan.jobs.retain(|job| !is_erased(&job.due));
    plan.skips.retain(|skip| !is_erased(&skip.due));
    plan.taken.retain(|taken| !is_erased(&taken.due));
    plan.unwanted.retain(|(_, parcel)| !erased.contains(&parcel.report_key()));
    early.retain(|(_, message)| !erased.contains(&key_of(message)));
    for report in erased {
        tracing::info!(report_id = %report.report_id, "an erased report was dropped");
    }
}

/// Drops what came before its time and is an erased account's: the plan has done so with the rest.
/// Gives what is known of the accounts.
pub(crate) async fn forget_accounts<C: DeliveryConfig>(
    early: &mut Early,
    config: &ConfigCache<C>,
) -> Found<AccountId, AccountTerms> {
    let accounts = early.iter().map(|(_, message)| message.account_id.clone()).collect();
    let terms = config.terms(accounts).await;
    // An account that cannot be read is asked for again when the message is due.
    early.retain(|(_, message)| {
        let is_erased = terms.get(&message.account_id).is_some_and(|terms| terms.is_erased);
        if is_erased {
            note_erased_account(&message.account_id);
        }
        !is_erased
    });
    terms
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
