//! The tables that the handlers use.

use callhook::ports::store::{
    AccountStatusLookup, AccountZoneLookup, DeliveryReader, ErasureMarker, ErasureQuota,
    JournalReader, ReplayAdmin, ReportEraser, StatsReader, WebhookHistory, WebhookLookup,
};

/// The operations on the config table that the routes use.
pub(crate) trait Config:
    AccountStatusLookup
    + AccountZoneLookup
    + ErasureMarker
    + ErasureQuota
    + WebhookHistory
    + WebhookLookup
{
}
impl<
    T: AccountStatusLookup
        + AccountZoneLookup
        + ErasureMarker
        + ErasureQuota
        + WebhookHistory
        + WebhookLookup,
> Config for T
{
}

/// The operations on the delivery log that the routes use.
pub(crate) trait Log:
    DeliveryReader + JournalReader + StatsReader + ReplayAdmin + ReportEraser
{
}
impl<T: DeliveryReader + JournalReader + StatsReader + ReplayAdmin + ReportEraser> Log for T {}
