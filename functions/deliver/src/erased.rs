//! Erased reports and accounts: copies that were in flight are dropped, neither sent nor stored.

use std::collections::HashSet;

use callhook::domain::account::AccountId;
use callhook::domain::message::{JournalMessage, ReportsMessage};
use callhook::domain::report::ReportKey;
use callhook::ports::store::{AccountTerms, DeliveryConfig};

use crate::cache::{ConfigCache, Found};
use crate::journal_rows::QueuedRows;
use crate::pending::report_key;
use crate::plan::Plan;
use crate::requeue::NotDue;

/// Drops messages of erased accounts from those that are not due; the plan drops the others.
/// Gives the terms of the accounts.
pub(crate) async fn drop_erased_accounts<C: DeliveryConfig>(
    not_due: &mut NotDue,
    config: &ConfigCache<C>,
) -> Found<AccountId, AccountTerms> {
    let terms = config.terms(not_due.accounts().cloned().collect()).await;
    // The terms of an account that cannot be read are read again when the message is due.
    let stays = |account: &AccountId| {
        let is_erased = terms.get(account).is_some_and(|terms| terms.is_erased);
        if is_erased {
            tracing::info!(account_id = %account, "dropped a message of an erased account");
        }
        !is_erased
    };
    not_due.deliveries.retain(|(_, message)| stays(&message.account_id));
    not_due.reports.retain(|(_, message)| stays(&message.account_id));
    terms
}

/// The reports of a batch that may have a tombstone. Most accounts never erase one.
pub(crate) fn may_be_erased(
    plan: &Plan,
    not_due: &NotDue,
    terms_of_not_due: &Found<AccountId, AccountTerms>,
) -> HashSet<ReportKey> {
    let unwanted = plan.unwanted.iter().map(|(_, report)| report);
    let with_row = plan.rows.iter().map(|row| &row.report);
    let reports =
        plan.deliveries().map(|delivery| &delivery.report).chain(unwanted).chain(with_row);
    let of_plan = reports.filter(|report| report.terms.has_erased_reports);
    let of_not_due = not_due.report_keys().filter(|key| {
        // An account that cannot be read may have erased reports.
        terms_of_not_due.get(&key.account_id).is_none_or(|terms| terms.has_erased_reports)
    });
    let of_rows = plan.queued_rows.iter().filter(|queued| queued.has_erased_reports);
    let of_rows = of_rows.flat_map(|QueuedRows { message, .. }| {
        message.rows.iter().map(|row| report_key(&message.account_id, row.report_id))
    });
    let of_plan = of_plan.map(|report| report.report_key());
    of_plan.chain(of_rows).chain(of_not_due).collect()
}

/// Drops erased reports, with their deliveries and rows.
pub(crate) fn drop_erased(plan: &mut Plan, not_due: &mut NotDue, erased: &HashSet<ReportKey>) {
    // The usual case.
    if erased.is_empty() {
        return;
    }
    plan.retain(|_, report| !erased.contains(&report.report_key()));
    let stays = |account: &AccountId, id| !erased.contains(&report_key(account, id));
    for QueuedRows { message: JournalMessage { account_id, rows, .. }, .. } in &mut plan.queued_rows
    {
        rows.retain(|row| stays(account_id, row.report_id));
    }
    not_due.deliveries.retain(|(_, message)| stays(&message.account_id, message.report_id));
    not_due.reports.retain_mut(|(_, ReportsMessage { account_id, reports, .. })| {
        reports.retain(|accepted| stays(account_id, accepted.id));
        !reports.is_empty()
    });
    for report in erased {
        tracing::info!(report_id = %report.report_id, "dropped an erased report");
    }
}
