//! The store that the handlers use.

use callhook::ports::store::{
    AccountLookup, AccountStatusLookup, HealthReader, SubscriptionAdmin, TrialSlots, WebhookAdmin,
};

/// The store operations that the routes use.
pub(crate) trait Store:
    AccountLookup
    + AccountStatusLookup
    + HealthReader
    + WebhookAdmin
    + SubscriptionAdmin
    + TrialSlots
    + 'static
{
}
impl<
    T: AccountLookup
        + AccountStatusLookup
        + HealthReader
        + WebhookAdmin
        + SubscriptionAdmin
        + TrialSlots
        + 'static,
> Store for T
{
}
