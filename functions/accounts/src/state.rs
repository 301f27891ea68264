//! The store that the handlers use.

use callhook::ports::store::{AccountAdmin, AccountEraser, KeyAdmin, WebhookStatusLookup};

/// The store operations that the routes use.
pub(crate) trait Store:
    AccountAdmin + AccountEraser + KeyAdmin + WebhookStatusLookup
{
}
impl<T: AccountAdmin + AccountEraser + KeyAdmin + WebhookStatusLookup> Store for T {}
