//! Send slots under a webhook's rate limit.
//!
//! All instances of deliver share two times per webhook. `next_send` is the next free send slot: every
//! request takes one just before it is sent, so requests are never closer together than the rate's
//! spacing. `next_turn` is the end of the backlog of deferred deliveries: the next delivery that finds no
//! send slot soon is deferred until then. A turn is no right to send, so a queue that is late by minutes
//! causes no burst.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::webhook::MaxPerSecond;

/// Deliveries of one webhook that are about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRequest {
    /// Deliveries whose turn came, and probes of an open circuit.
    pub first: u32,
    /// Deliveries that had no turn yet. While others wait for theirs, these go to the end of the backlog.
    pub new: u32,
    /// The webhook's limit.
    pub rate: MaxPerSecond,
}

/// The answer to a request. The `first` deliveries of the request come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// How many may be sent soon.
    pub sends: u32,
    /// The send slot of the first; the others follow at [`MaxPerSecond::spacing`].
    pub send_at: Timestamp,
    /// The turn of the first delivery without a send slot; the rest follow at the same spacing.
    pub turn_at: Timestamp,
}

/// The stored times of a webhook that matter now, in microseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// The next free send slot, if it is later than now.
    pub next_send: Option<i64>,
    /// The end of the backlog, if deliveries wait in it.
    pub next_turn: Option<i64>,
}

/// The times of a webhook as they are stored, in microseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredSlots {
    /// The next free send slot.
    pub next_send: Option<i64>,
    /// The end of the backlog.
    pub next_turn: Option<i64>,
    /// The spacing of the last request, in microseconds.
    pub spacing: Option<i64>,
}

/// How a request is met, provided that the backlog is as assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotPlan {
    /// How many deliveries get a send slot.
    pub sends: u32,
    /// By how much they move `next_send`, in microseconds.
    pub sends_length: i64,
    /// By how much the others move `next_turn`, in microseconds.
    pub turns_length: i64,
    /// The latest `next_send` for which the plan holds.
    pub latest: i64,
}

impl Backlog {
    /// The part of `stored` that matters at `now` (microseconds) for requests with `spacing`.
    ///
    /// A backlog with a wider spacing belongs to a lower limit: new deliveries do not wait behind it.
    pub fn of(stored: StoredSlots, spacing: i64, now: i64) -> Self {
        let StoredSlots { next_send, next_turn, spacing: before } = stored;
        let is_raised = before.is_some_and(|before| before > spacing);
        let counts = |turn: &i64| {
            *turn > now && !is_raised && next_send.is_none_or(|next_send| *turn > next_send)
        };
        Self {
            next_send: next_send.filter(|next_send| *next_send > now),
            next_turn: next_turn.filter(counts),
        }
    }
}

impl SlotRequest {
    /// A new delivery waits in the instance for a send slot this close.
    const NEAR: i64 = 1_000_000;
    /// The same for a delivery whose turn came. Turns of one second are redelivered together, as SQS counts
    /// delays in whole seconds.
    const NEAR_FOR_FIRST: i64 = 3_000_000;

    /// The time between two send slots, in microseconds.
    pub fn spacing(&self) -> i64 {
        i64::try_from(self.rate.spacing().as_micros()).unwrap_or(i64::MAX)
    }

    /// Plans the request at `now` (microseconds) with this `backlog`.
    pub fn plan(&self, backlog: Backlog, now: i64) -> SlotPlan {
        let spacing = self.spacing().max(1);
        let start = backlog.next_send.unwrap_or(now);
        let fitting = |near: i64| {
            let left = now.saturating_add(near).saturating_sub(start);
            let count = if left < 0 { 0 } else { left / spacing + 1 };
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let first = self.first.min(fitting(Self::NEAR_FOR_FIRST));
        let is_behind_others = backlog.next_turn.is_some() || first < self.first;
        let new = fitting(Self::NEAR).saturating_sub(first).min(self.new);
        let new = if is_behind_others { 0 } else { new };
        let sends = first.saturating_add(new);
        let others = self.first.saturating_add(self.new).saturating_sub(sends);
        let length = |count: u32| spacing.saturating_mul(i64::from(count));
        let near = if new > 0 { Self::NEAR } else { Self::NEAR_FOR_FIRST };
        let latest = now.saturating_add(near).saturating_sub(length(sends.saturating_sub(1)));
        SlotPlan {
            sends,
            sends_length: length(sends),
            turns_length: length(others),
            latest: if sends > 0 { latest } else { i64::MAX },
        }
    }
}

impl SlotPlan {
    /// The stored times after the plan was carried out at `now`.
    pub fn applied(&self, backlog: Backlog, now: i64, spacing: i64) -> StoredSlots {
        let next_send = backlog.next_send.unwrap_or(now).saturating_add(self.sends_length);
        let next_turn = backlog.next_turn.unwrap_or(next_send).saturating_add(self.turns_length);
        StoredSlots {
            next_send: Some(next_send),
            next_turn: Some(next_turn),
            spacing: Some(spacing),
        }
    }

    /// The answer to the request, from the stored times after the plan.
    pub fn slots(&self, next_send: i64, next_turn: i64) -> Slots {
        let time = |micros: i64| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX);
        Slots {
            sends: self.sends,
            send_at: time(next_send.saturating_sub(self.sends_length)),
            turn_at: time(next_turn.saturating_sub(self.turns_length)),
        }
    }
}

impl Slots {
    /// The send slot or the turn of delivery number `index`.
    pub fn of(&self, index: u32, spacing: Duration) -> Slot {
        let after = |start: Timestamp, count: u32| {
            start.checked_add(spacing.saturating_mul(count)).unwrap_or(Timestamp::MAX)
        };
        match index.checked_sub(self.sends) {
            None => Slot::Send(after(self.send_at, index)),
            Some(index) => Slot::Turn(after(self.turn_at, index)),
        }
    }
}

/// When a delivery continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// It is sent at this time, not later: see [`MaxPerSecond::MAX_LATENESS`].
    Send(Timestamp),
    /// It asks for a send slot at this time.
    Turn(Timestamp),
}

#[cfg(test)]
mod tests;
