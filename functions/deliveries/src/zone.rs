//! The time zone of an account, which applies to times without an offset.

use std::collections::HashMap;

use callhook::domain::account::{AccountId, AccountZone};
use callhook::http_api::Problem;
use callhook::input::time_range::TimeRange;

use crate::state::Config;

/// The time zone of `account`; UTC if the account is not stored.
pub(crate) async fn of<C: Config>(config: &C, account: &AccountId) -> Result<AccountZone, Problem> {
    Ok(config.account_zone(account).await?.unwrap_or_default())
}

/// The time zone for a query; not looked up if the query has no time.
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
