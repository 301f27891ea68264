//! The secrets of a webhook that sign now.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Overlap, SigningSecret};

/// The secret of a webhook, and those from before that sign beside it for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSecrets {
    current: SigningSecret,
    set_at: Timestamp,
    /// Latest first.
    earlier: Vec<EarlierSecret>,
}

/// A secret that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierSecret {
    /// The secret.
    pub secret: SigningSecret,
    /// From then on it signs no more.
    pub until: Timestamp,
}

/// A webhook cannot have another secret now.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{} secrets sign for the webhook, as many as may; the first of them ends at {first_end}",
    SigningSecrets::MAX_LIVE
)]
pub struct TooManySecrets {
    /// When there is room again.
    pub first_end: Timestamp,
}

impl SigningSecrets {
    /// The most secrets that sign at a time.
    pub const MAX_LIVE: usize = 5;

    /// The first secret of a webhook.
    pub fn new(current: SigningSecret, set_at: Timestamp) -> Self {
        Self::stored(current, set_at, Vec::new())
    }

    /// The secrets as a store holds them, the earlier ones latest first.
    pub fn stored(current: SigningSecret, set_at: Timestamp, earlier: Vec<EarlierSecret>) -> Self {
        Self { current, set_at, earlier }
    }

    /// The secret that its owner was shown last.
    pub fn current(&self) -> &SigningSecret {
        &self.current
    }

    /// When that was set.
    pub fn set_at(&self) -> Timestamp {
        self.set_at
    }

    /// Those from before, latest first; they may have ended.
    pub fn earlier(&self) -> &[EarlierSecret] {
        &self.earlier
    }

    /// The current secret and those from before, whether they have ended or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &SigningSecret> {
        std::iter::once(&self.current).chain(self.earlier.iter().map(|earlier| &earlier.secret))
    }

    /// The same without what signs no more at `now`.
    #[must_use]
    pub fn live_at(&self, now: Timestamp) -> Self {
        let live = self.earlier.iter().filter(|earlier| earlier.until > now);
        Self { earlier: live.cloned().collect(), ..self.clone() }
    }

    /// What signs at `now` once `new` is the secret, and the one before signs beside it for
    /// `overlap`. Without an overlap nothing from before signs any more; else what was said of
    /// those before that one holds. A rotation to the secret that is current changes none.
    pub fn rotated(
        &self,
        new: SigningSecret,
        overlap: Overlap,
        now: Timestamp,
    ) -> Result<Self, TooManySecrets> {
        let is_current = new == self.current;
        let set_at = if is_current { self.set_at } else { now };
        if overlap == Overlap::NONE {
            return Ok(Self::new(new, set_at));
        }
        // Days at most; the end of time is far.
        let until = now.checked_add(overlap.duration()).unwrap_or(Timestamp::MAX);
        let replaced = EarlierSecret { secret: self.current.clone(), until };
        let before = self.live_at(now).earlier.into_iter().filter(|earlier| earlier.secret != new);
        let earlier: Vec<_> =
            Some(replaced).filter(|_| !is_current).into_iter().chain(before).collect();
        match earlier.iter().map(|earlier| earlier.until).min() {
            Some(first_end) if earlier.len() >= Self::MAX_LIVE => Err(TooManySecrets { first_end }),
            _ => Ok(Self { current: new, set_at, earlier }),
        }
    }

    /// The header `webhook-signature` of a request that is sent at `at`: a signature with every
    /// live secret over `id`, the second of `at`, and the exact bytes of the body.
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        /// `v1,`, 32 bytes in base64, and a space.
        const SIGNATURE_BYTES: usize = 48;
        let prefix = format!("{id}.{}.", at.as_second());
        let parts = [prefix.as_bytes(), body];
        let mut signature = String::with_capacity(SIGNATURE_BYTES * (1 + self.earlier.len()));
        self.current.sign(&parts, &mut signature);
        for earlier in self.earlier.iter().filter(|earlier| earlier.until > at) {
            signature.push(' ');
            earlier.secret.sign(&parts, &mut signature);
        }
        signature
    }

    /// What a read shows: when the secret was set, and until when those from before sign.
    pub fn to_json(&self) -> Value {
        let earlier = self.earlier.iter().map(|earlier| json!({"until": earlier.until}));
        json!({"set_at": self.set_at, "earlier": earlier.collect::<Vec<_>>()})
    }
}

#[cfg(test)]
mod tests;
