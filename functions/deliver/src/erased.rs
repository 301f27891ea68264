//! What was erased while copies of it were on their way: it ends here, neither sent nor stored.

use std::collections::HashSet;

use callhook::account::AccountId;
use callhook::erasure::ReportKey;
use callhook::message::{DeliveryMessage, JournalMessage, ReportsMessage};
use callhook::store::{AccountTerms, DeliveryConfig};

use crate::cache::{ConfigCache, Found};
use crate::due::{InFlightReport, PendingDelivery, RecordIndex};
use crate::journal::Unwritten;
use crate::plan::Plan;

/// Messages that came before their time.
#[derive(Default)]
pub(crate) struct Early {
    pub(crate) deliveries: Vec<(RecordIndex, DeliveryMessage)>,
    pub(crate) reports: Vec<(RecordIndex, ReportsMessage)>,
}

impl Early {
    fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        let deliveries = self.deliveries.iter().map(|(_, message)| &message.account_id);
        deliveries.chain(self.reports.iter().map(|(_, message)| &message.account_id))
    }

    fn keys(&self) -> impl Iterator<Item = ReportKey> {
        let deliveries = self.deliveries.iter().map(|(_, message)| key_of(message));
        let reports = self.reports.iter().flat_map(|(_, message)| {
            let key = |report_id| ReportKey { account_id: message.account_id.clone(), report_id };
            message.reports.iter().map(move |accepted| key(accepted.id))
        });
        deliveries.chain(reports)
    }
}

/// The reports of an event that may have a tombstone: most accounts never erase one.
pub(crate) fn may_be_erased(
    plan: &Plan,
    early: &Early,
    terms_of_early: &Found<AccountId, AccountTerms>,
) -> HashSet<ReportKey> {
    let unwanted = plan.unwanted.iter().map(|(_, parcel)| parcel);
    let journaled = plan.journaled.iter().map(|journaled| &journaled.parcel);
    let parcels = plan.dues().map(|due| &due.parcel).chain(unwanted).chain(journaled);
    let of_plan = parcels.filter(|parcel| parcel.terms.has_erased_reports);
    let of_early = early.keys().filter(|key| {
        // What cannot be read may be any account's.
        terms_of_early.get(&key.account_id).is_none_or(|terms| terms.has_erased_reports)
    });
    let of_rows = plan.unwritten.iter().filter(|unwritten| unwritten.has_erased_reports);
    let of_rows = of_rows.flat_map(|Unwritten { message, .. }| {
        let key = |report_id| ReportKey { account_id: message.account_id.clone(), report_id };
        message.rows.iter().map(move |row| key(row.report_id))
    });
    let of_plan = of_plan.map(|parcel| parcel.report_key());
    of_plan.chain(of_rows).chain(of_early).collect()
}

/// Drops what is about erased reports.
pub(crate) fn forget(plan: &mut Plan, early: &mut Early, erased: &HashSet<ReportKey>) {
    // Next to never is anything erased.
    if erased.is_empty() {
        return;
    }
    let is_erased = |due: &PendingDelivery| erased.contains(&due.parcel.report_key());
    plan.jobs.retain(|job| !is_erased(&job.due));
    plan.skips.retain(|skip| !is_erased(&skip.due));
    plan.taken.retain(|taken| !is_erased(&taken.due));
    plan.unwanted.retain(|(_, parcel)| !erased.contains(&parcel.report_key()));
    plan.journaled.retain(|journaled| !erased.contains(&journaled.parcel.report_key()));
    for Unwritten { message: JournalMessage { account_id, rows, .. }, .. } in &mut plan.unwritten {
        let key = |report_id| ReportKey { account_id: account_id.clone(), report_id };
        rows.retain(|row| !erased.contains(&key(row.report_id)));
    }
    early.deliveries.retain(|(_, message)| !erased.contains(&key_of(message)));
    early.reports.retain_mut(|(_, ReportsMessage { account_id, reports, .. })| {
        let key = |report_id| ReportKey { account_id: account_id.clone(), report_id };
        reports.retain(|accepted| !erased.contains(&key(accepted.id)));
        !reports.is_empty()
    });
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
    let terms = config.terms(early.accounts().cloned().collect()).await;
    // An account that cannot be read is asked for again when the message is due.
    let stays = |account: &AccountId| {
        let is_erased = terms.get(account).is_some_and(|terms| terms.is_erased);
        if is_erased {
            note_erased_account(account);
        }
        !is_erased
    };
    early.deliveries.retain(|(_, message)| stays(&message.account_id));
    early.reports.retain(|(_, message)| stays(&message.account_id));
    terms
}

/// Notes that something was dropped because its account is erased.
pub(crate) fn note_erased_account(account: &AccountId) {
    tracing::info!(account_id = %account, "a message of an erased account was dropped");
}

fn key_of(message: &DeliveryMessage) -> ReportKey {
    ReportKey { account_id: message.account_id.clone(), report_id: message.report_id }
}

impl InFlightReport {
    /// Names its report.
    pub(crate) fn report_key(&self) -> ReportKey {
        ReportKey { account_id: self.account_id.clone(), report_id: self.accepted.id }
    }
}
