//! Bounded name look-ups.
//!
//! A look-up occupies a thread and a socket until the system's resolver returns, which for a name whose servers
//! do not answer is long after its request gave up. An instance runs [`MAX_LOOKUPS`] at a time, each account
//! [`MAX_OF_ACCOUNT`] of them, and a name is looked up once however many requests of an account wait for it.

use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use reqwest::dns::{Name, Resolve};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use super::failure::is_out_of_files;
use super::pool::CONNECT_TIMEOUT;
use super::sending::Sending;
use crate::account::AccountId;

/// Look-ups at a time in an instance.
const MAX_LOOKUPS: usize = 64;
/// Those among them that are an account's only one: some accounts cannot take all.
const MAX_ONLY: usize = 16;
/// Look-ups at a time of one account in an instance.
const MAX_OF_ACCOUNT: usize = 16;
/// How long a request waits for others' look-ups to end before it is [`Congested`](super::Congested).
const MAX_QUEUEING: Duration = Duration::from_secs(1);
/// TTL of a failed look-up.
const FAILURE_TTL: Duration = Duration::from_secs(10);
/// TTL of a failed look-up that took longer than [`SLOW`]: looking such a name up is what costs others.
const SLOW_FAILURE_TTL: Duration = Duration::from_mins(1);
const SLOW: Duration = Duration::from_secs(2);
/// Names with a failure that are kept, at least; those that expired are removed beyond.
const MAX_FAILURES: usize = 1_000;

/// Looks names up for all accounts.
pub(super) struct Lookups {
    resolver: Arc<dyn Resolve>,
    common: Arc<Semaphore>,
    only: Arc<Semaphore>,
    shares: Mutex<HashMap<AccountId, Arc<Semaphore>>>,
    names: Mutex<HashMap<Asked, Known>>,
}

/// A name, and the account that asked for it: what one account's look-up comes to is nothing to another's.
type Asked = (AccountId, String);

/// What is known of a name.
#[derive(Clone)]
enum Known {
    Running { since: Instant, result: watch::Receiver<Option<Found>> },
    Failed { until: Instant },
}

type Found = Result<Arc<[SocketAddr]>, LookupError>;

/// A name has no addresses now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum LookupError {
    /// Other requests hold all look-ups.
    #[error("no look-up of names is free")]
    Busy,
    /// Other requests hold all descriptors.
    #[error("the look-up found no descriptor")]
    NoDescriptor,
    /// The resolver failed, now or some seconds ago.
    #[error("the name could not be looked up")]
    Failed,
    /// The resolver has not answered for so long that no connection can be made in time.
    #[error("the resolver does not answer")]
    NoAnswer,
}

impl LookupError {
    /// What an error of the resolver means.
    fn of(error: &(dyn Error + Send + Sync + 'static)) -> Self {
        let is_out_of_files = error.downcast_ref().is_some_and(is_out_of_files);
        if is_out_of_files { Self::NoDescriptor } else { Self::Failed }
    }
}

/// The right to run a look-up: one of the account's and one of the instance's, given back when it is dropped.
pub(super) struct Permits(
    #[expect(dead_code, reason = "held")] OwnedSemaphorePermit,
    #[expect(dead_code, reason = "held")] OwnedSemaphorePermit,
);

impl Lookups {
    pub(super) fn new(resolver: Arc<dyn Resolve>) -> Arc<Self> {
        let common = Arc::new(Semaphore::new(MAX_LOOKUPS - MAX_ONLY));
        let only = Arc::new(Semaphore::new(MAX_ONLY));
        let (shares, names) = Default::default();
        Arc::new(Self { resolver, common, only, shares, names })
    }

    /// The look-ups that an account may have at a time.
    pub(super) fn share_of(&self, account: &AccountId) -> Arc<Semaphore> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = shares.get(account) {
            return Arc::clone(share);
        }
        // Requests and look-ups hold the others.
        shares.retain(|_, share| Arc::strong_count(share) > 1);
        let share = Arc::new(Semaphore::new(MAX_OF_ACCOUNT));
        shares.insert(account.clone(), Arc::clone(&share));
        share
    }

    /// The addresses of a name, for the request that this task sends.
    pub(super) async fn addresses(self: Arc<Self>, name: Name) -> Found {
        let sending = Sending::current().ok_or(LookupError::Failed)?;
        let asked = (sending.account().clone(), name.as_str().to_owned());
        if let Some(known) = self.known(&asked) {
            return known.found().await;
        }
        let permits = sending
            .take_lookup()
            .or_else(|| self.permits(sending.share()).now_or_never().and_then(Result::ok));
        self.begin(asked, name, permits.ok_or(LookupError::Busy)?).found().await
    }

    /// The right to a look-up, as soon as one of others ends; none if that takes too long.
    pub(super) async fn wait(&self, share: &Arc<Semaphore>) -> Option<Permits> {
        timeout(MAX_QUEUEING, self.permits(share)).await.ok()?.ok()
    }

    /// The account's share first: a request that waits for that holds nothing of the others.
    async fn permits(&self, share: &Arc<Semaphore>) -> Result<Permits, AcquireError> {
        let own = Arc::clone(share).acquire_owned().await?;
        let is_only = share.available_permits() + 1 == MAX_OF_ACCOUNT;
        if is_only && let Ok(only) = Arc::clone(&self.only).try_acquire_owned() {
            return Ok(Permits(own, only));
        }
        Ok(Permits(own, Arc::clone(&self.common).acquire_owned().await?))
    }

    /// Forgets what look-ups came to: the instance may have been frozen since.
    pub(super) fn forget(&self) {
        self.lock().clear();
    }

    fn known(&self, asked: &Asked) -> Option<Known> {
        self.lock().get(asked).filter(|known| known.is_current()).cloned()
    }

    /// Starts a look-up that keeps `permits` until the resolver returns; joins the one that another request
    /// started meanwhile.
    fn begin(self: &Arc<Self>, asked: Asked, name: Name, permits: Permits) -> Known {
        let mut names = self.lock();
        if let Some(known) = names.get(&asked).filter(|known| known.is_current()) {
            return known.clone();
        }
        let (done, result) = watch::channel(None);
        let since = Instant::now();
        let known = Known::Running { since, result };
        names.insert(asked.clone(), known.clone());
        drop(names);
        let (this, looking_up) = (Arc::clone(self), self.resolver.resolve(name));
        tokio::spawn(async move {
            let found =
                looking_up.await.map(Iterator::collect).map_err(|error| LookupError::of(&*error));
            this.end(asked, since, &found);
            drop(permits);
            done.send_replace(Some(found));
        });
        known
    }

    fn end(&self, asked: Asked, since: Instant, found: &Found) {
        let mut names = self.lock();
        // It was forgotten, and another may have begun.
        if !names.get(&asked).is_some_and(|known| known.began_at(since)) {
            return;
        }
        if *found != Err(LookupError::Failed) {
            names.remove(&asked);
            return;
        }
        if names.len() >= MAX_FAILURES {
            names.retain(|_, known| known.is_current());
        }
        let ttl = if since.elapsed() > SLOW { SLOW_FAILURE_TTL } else { FAILURE_TTL };
        names.insert(asked, Known::Failed { until: Instant::now() + ttl });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Asked, Known>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn is_current(&self) -> bool {
        match self {
            // No longer if the resolver panicked.
            Self::Running { result, .. } => result.has_changed().is_ok(),
            Self::Failed { until } => Instant::now() < *until,
        }
    }

    fn began_at(&self, time: Instant) -> bool {
        matches!(self, Self::Running { since, .. } if *since == time)
    }

    async fn found(self) -> Found {
        match self {
            Self::Failed { .. } => Err(LookupError::Failed),
            Self::Running { since, .. } if since.elapsed() > CONNECT_TIMEOUT => {
                Err(LookupError::NoAnswer)
            }
            Self::Running { mut result, .. } => match result.wait_for(Option::is_some).await {
                Ok(found) => found.clone().unwrap_or(Err(LookupError::Failed)),
                Err(_) => Err(LookupError::Failed),
            },
        }
    }
}
