//! Errors of console links, and the last use of keys.

use std::future::Future;

use jiff::Timestamp;

use super::{StoreError, WriteError};
use crate::domain::api_key::KeyHash;
#[cfg(doc)]
use crate::domain::api_key::StoredKey;

/// Why a console link was not stored.
#[derive(Debug, thiserror::Error)]
pub enum NewLinkError {
    /// The account has the most links that it may have, until this time at least.
    #[error("the account has the most console links that it may have, until {0}")]
    TooManyUntil(Timestamp),
    /// The write of the key failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for NewLinkError {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Marks keys as used. For the authorizer.
pub trait KeyUseMarker: Send + Sync {
    /// Stores `at`, to the second, as the last use of a key, unless a use within
    /// [`StoredKey::USE_UPDATE_INTERVAL`] before it is stored or the key is gone.
    fn mark_used(
        &self,
        hash: &KeyHash,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}
