//! The time zone of an account, in which callers write plain times.

use std::collections::HashMap;

use callhook::account::{AccountId, AccountZone};
use callhook::http_api::Problem;
use callhook::time_range::TimeRange;

use crate::app::Config;

/// The zone of `account`; UTC if nothing is stored of it.
pub(crate) async fn of<C: Config>(config: &C, account: &AccountId) -> Result<AccountZone, Problem> {
    Ok(config.account_zone(account).await?.unwrap_or_default())
}

/// The same for a query string; it is not looked up if the query names no time.
pub(crate) async fn for_query<C: Config>(
    config: &C,
    account: &AccountId,
    query: &HashMap<String, String>,
) -> Result<AccountZone, Problem> {
    if TimeRange::is_in_query(query) {
        of(config, account).await
    } else {
        Ok(AccountZone::default())
    }
}
