//! Bounded DNS lookups.
//!
//! A lookup occupies a thread and a socket until the system's resolver returns. For a name whose DNS servers do not
//! answer, that is long after its request timed out. An instance runs [`MAX_LOOKUPS`] lookups at a time, and
//! [`MAX_PER_ACCOUNT`] for each account. Requests of an account that need the same name share one lookup.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use reqwest::dns::{Name, Resolve};
use tokio::sync::{AcquireError, Semaphore, watch};
use tokio::time::timeout;

use super::connecting::CONNECT_TIMEOUT;
use super::send_context::{LookupPermits, SendContext};
use crate::domain::account::AccountId;

/// Lookups at a time in an instance.
const MAX_LOOKUPS: usize = 64;
/// Those of them that only accounts without another running lookup may use, so that a few accounts cannot use all.
const RESERVED_LOOKUPS: usize = 16;
/// Lookups at a time of one account in an instance.
const MAX_PER_ACCOUNT: usize = 16;
/// How long a request waits for lookup permits before it is [`Congested`](super::Congested).
const MAX_PERMIT_WAIT: Duration = Duration::from_secs(1);
/// TTL of a failed lookup.
const FAILURE_TTL: Duration = Duration::from_secs(10);
/// TTL of a failed lookup that took longer than [`SLOW`]: such lookups delay those of other names.
const SLOW_FAILURE_TTL: Duration = Duration::from_mins(1);
const SLOW: Duration = Duration::from_secs(2);
/// Cached failures beyond which expired ones are evicted.
const MAX_FAILURES: usize = 1_000;

/// Resolves names for all accounts.
pub(super) struct Lookups {
    resolver: Arc<dyn Resolve>,
    shared: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    accounts: Mutex<HashMap<AccountId, Arc<Semaphore>>>,
    names: Mutex<HashMap<LookupKey, CachedLookup>>,
}

/// An account and a name. Accounts share no results.
type LookupKey = (AccountId, String);

#[derive(Clone)]
enum CachedLookup {
    Running { since: Instant, result: watch::Receiver<Option<LookupResult>> },
    Failed { until: Instant },
}

type LookupResult = Result<Arc<[SocketAddr]>, LookupError>;

/// The addresses of a name are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum LookupError {
    /// Other requests use all lookup permits.
    #[error("no DNS lookup is free")]
    Busy,
    /// Other requests use all file descriptors.
    #[error("no file descriptor is free for the DNS lookup")]
    NoDescriptor,
    /// The resolver failed, now or within the failure's TTL.
    #[error("the DNS lookup failed")]
    Failed,
    /// The resolver has not answered within the timeout for connecting.
    #[error("the resolver does not answer")]
    NoAnswer,
}

impl LookupError {
    /// Classifies an error of the resolver.
    fn of(error: &(dyn Error + Send + Sync + 'static)) -> Self {
        let no_descriptor = error.downcast_ref().is_some_and(is_out_of_descriptors);
        if no_descriptor { Self::NoDescriptor } else { Self::Failed }
    }
}

/// Whether the process or the machine has no file descriptor left: `EMFILE`, `ENFILE`.
pub(super) fn is_out_of_descriptors(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24))
}

impl Lookups {
    pub(super) fn new(resolver: Arc<dyn Resolve>) -> Arc<Self> {
        let shared = Arc::new(Semaphore::new(MAX_LOOKUPS - RESERVED_LOOKUPS));
        let reserved = Arc::new(Semaphore::new(RESERVED_LOOKUPS));
        let (accounts, names) = Default::default();
        Arc::new(Self { resolver, shared, reserved, accounts, names })
    }

    /// The lookup permits of an account.
    pub(super) fn of_account(&self, account: &AccountId) -> Arc<Semaphore> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(permits) = accounts.get(account) {
            return Arc::clone(permits);
        }
        // Keep those that requests or lookups still use.
        accounts.retain(|_, permits| Arc::strong_count(permits) > 1);
        let permits = Arc::new(Semaphore::new(MAX_PER_ACCOUNT));
        accounts.insert(account.clone(), Arc::clone(&permits));
        permits
    }

    /// Resolves a name for the current task's request.
    pub(super) async fn resolve(self: Arc<Self>, name: Name) -> LookupResult {
        let context = SendContext::current().ok_or(LookupError::Failed)?;
        let key = (context.account().clone(), name.as_str().to_owned());
        if let Some(cached) = self.cached(&key) {
            return cached.result().await;
        }
        let permits = context.take_reserved_lookup().or_else(|| {
            self.acquire(context.account_lookups()).now_or_never().and_then(Result::ok)
        });
        self.start(key, name, permits.ok_or(LookupError::Busy)?).result().await
    }

    /// Waits for lookup permits; `None` after [`MAX_PERMIT_WAIT`].
    pub(super) async fn wait_for_permits(&self, account: &Arc<Semaphore>) -> Option<LookupPermits> {
        timeout(MAX_PERMIT_WAIT, self.acquire(account)).await.ok()?.ok()
    }

    /// Acquires the account's permit first: a request that waits for it occupies no permit of the instance.
    async fn acquire(&self, account: &Arc<Semaphore>) -> Result<LookupPermits, AcquireError> {
        let own = Arc::clone(account).acquire_owned().await?;
        let is_only = account.available_permits() + 1 == MAX_PER_ACCOUNT;
        if is_only && let Ok(reserved) = Arc::clone(&self.reserved).try_acquire_owned() {
            return Ok(LookupPermits(own, reserved));
        }
        Ok(LookupPermits(own, Arc::clone(&self.shared).acquire_owned().await?))
    }

    /// Clears the cache. After a freeze of the instance its entries may be stale.
    pub(super) fn clear_cache(&self) {
        self.lock().clear();
    }

    fn cached(&self, key: &LookupKey) -> Option<CachedLookup> {
        self.lock().get(key).filter(|cached| cached.is_current()).cloned()
    }

    /// Starts a lookup that occupies `permits` until the resolver returns; joins a lookup that another request has
    /// started meanwhile.
    fn start(self: &Arc<Self>, key: LookupKey, name: Name, permits: LookupPermits) -> CachedLookup {
        let mut names = self.lock();
        if let Some(cached) = names.get(&key).filter(|cached| cached.is_current()) {
            return cached.clone();
        }
        let (done, result) = watch::channel(None);
        let since = Instant::now();
        let running = CachedLookup::Running { since, result };
        names.insert(key.clone(), running.clone());
        drop(names);
        let (this, resolving) = (Arc::clone(self), self.resolver.resolve(name));
        tokio::spawn(async move {
            let result =
                resolving.await.map(Iterator::collect).map_err(|error| LookupError::of(&*error));
            this.finish(key, since, &result);
            drop(permits);
            done.send_replace(Some(result));
        });
        running
    }

    fn finish(&self, key: LookupKey, since: Instant, result: &LookupResult) {
        let mut names = self.lock();
        // The cache may have been cleared, and another lookup started.
        if !names.get(&key).is_some_and(|cached| cached.started_at(since)) {
            return;
        }
        if *result != Err(LookupError::Failed) {
            names.remove(&key);
            return;
        }
        if names.len() >= MAX_FAILURES {
            names.retain(|_, cached| cached.is_current());
        }
        let ttl = if since.elapsed() > SLOW { SLOW_FAILURE_TTL } else { FAILURE_TTL };
        names.insert(key, CachedLookup::Failed { until: Instant::now() + ttl });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LookupKey, CachedLookup>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CachedLookup {
    fn is_current(&self) -> bool {
        match self {
            // The channel is closed if the resolver panicked.
            Self::Running { result, .. } => result.has_changed().is_ok(),
            Self::Failed { until } => Instant::now() < *until,
        }
    }

    fn started_at(&self, time: Instant) -> bool {
        matches!(self, Self::Running { since, .. } if *since == time)
    }

    async fn result(self) -> LookupResult {
        match self {
            Self::Failed { .. } => Err(LookupError::Failed),
            Self::Running { since, .. } if since.elapsed() > CONNECT_TIMEOUT => {
                Err(LookupError::NoAnswer)
            }
            Self::Running { mut result, .. } => match result.wait_for(Option::is_some).await {
                Ok(result) => result.clone().unwrap_or(Err(LookupError::Failed)),
                Err(_) => Err(LookupError::Failed),
            },
        }
    }
}
