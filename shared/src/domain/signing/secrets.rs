//! The signing secrets of a webhook and their rotation.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Overlap, SigningSecret};

/// The current signing secret of a webhook, and earlier ones that sign as well until they end.
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
    /// The time from which on it no longer signs.
    pub until: Timestamp,
}

/// The webhook has the most live secrets, so it cannot get another one now.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "the webhook has {} live secrets, the most allowed; the first of them ends at {first_end}",
    SigningSecrets::MAX_LIVE
)]
pub struct TooManySecrets {
    /// The time from which on another one is possible.
    pub first_end: Timestamp,
}

impl SigningSecrets {
    /// The most live secrets.
    pub const MAX_LIVE: usize = 5;

    /// The first secret of a webhook.
    pub fn new(current: SigningSecret, set_at: Timestamp) -> Self {
        Self::stored(current, set_at, Vec::new())
    }

    /// Secrets from a store, the earlier ones latest first.
    pub fn stored(current: SigningSecret, set_at: Timestamp, earlier: Vec<EarlierSecret>) -> Self {
        Self { current, set_at, earlier }
    }

    /// The current secret.
    pub fn current(&self) -> &SigningSecret {
        &self.current
    }

    /// The time at which the current secret was set.
    pub fn set_at(&self) -> Timestamp {
        self.set_at
    }

    /// The earlier secrets, latest first; they may have ended.
    pub fn earlier(&self) -> &[EarlierSecret] {
        &self.earlier
    }

    /// The current and the earlier secrets, including those that have ended.
    pub(crate) fn all(&self) -> impl Iterator<Item = &SigningSecret> {
        std::iter::once(&self.current).chain(self.earlier.iter().map(|earlier| &earlier.secret))
    }

    /// The secrets without those that have ended at `now`.
    #[must_use]
    pub fn live_at(&self, now: Timestamp) -> Self {
        let live = self.earlier.iter().filter(|earlier| earlier.until > now);
        Self { earlier: live.cloned().collect(), ..self.clone() }
    }

    /// The secrets after a rotation to `new` at `now`. The previous secret signs for `overlap` longer,
    /// and earlier ones until their own ends; without an overlap, only `new` signs. A rotation to the
    /// current secret keeps it.
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
        // An overlap has at most 7 days, so this cannot overflow.
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

    /// The value of `webhook-signature` for a request sent at `at`: the signatures of all live secrets
    /// over `id`, the second of `at`, and the exact bytes of the body.
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        /// `v1,`, 32 bytes in base64 (44 characters), and a space.
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

    /// The field `signing` of reads: when the secret was set, and when earlier ones end.
    pub fn to_json(&self) -> Value {
        let earlier = self.earlier.iter().map(|earlier| json!({"until": earlier.until}));
        json!({"set_at": self.set_at, "earlier": earlier.collect::<Vec<_>>()})
    }
}

#[cfg(test)]
mod tests;
