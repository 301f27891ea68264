//! What becomes of keys after they were made.

use std::future::Future;

use jiff::Timestamp;

use super::StoreError;
use crate::api_key::KeyHash;
#[cfg(doc)]
use crate::api_key::KeyRecord;

/// Noting that a key was used. For the authorizer.
pub trait KeyUse: Send + Sync {
    /// Notes a use at `at`, to the second, unless one within [`KeyRecord::USE_IS_NEWS_AFTER`]
    /// before it is known, or the key is gone.
    fn note_use(
        &self,
        hash: &KeyHash,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}
