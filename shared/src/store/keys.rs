//! Console links that cannot be made, and what becomes of keys after they were made.

use std::future::Future;

use jiff::Timestamp;

use super::{StoreError, WriteError};
use crate::api_key::KeyHash;
#[cfg(doc)]
use crate::api_key::StoredKey;

/// Why a console link was not stored.
#[derive(Debug, thiserror::Error)]
pub enum NewLinkError {
    /// The account has as many as it may have, until this time at least.
    #[error("the account has as many console links as it may have until {0}")]
    TooManyUntil(Timestamp),
    /// As of any other key.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<StoreError> for NewLinkError {
    fn from(error: StoreError) -> Self {
        Self::Write(error.into())
    }
}

/// Noting that a key was used. For the authorizer.
pub trait KeyUseMarker: Send + Sync {
    /// Notes a use at `at`, to the second, unless one within [`StoredKey::USE_UPDATE_INTERVAL`]
    /// before it is known, or the key is gone.
    fn mark_used(
        &self,
        hash: &KeyHash,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}
