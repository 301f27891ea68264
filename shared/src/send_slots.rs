//! Send times under a webhook's rate limit.
//!
//! All instances of deliver share two times of a webhook. `next_send` is the next free send time:
//! every request takes one just before it goes out, whatever it waited for, so requests are never
//! closer together than the rate's spacing. `next_turn` is the end of the line of deferred
//! deliveries: it says when the next one that finds no send time near comes back for one. A turn
//! is no right to send, so a queue that is late by minutes causes no burst.

use std::time::Duration;

use jiff::Timestamp;

use crate::webhook::MaxPerSecond;

/// Deliveries of one webhook that are about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRequest {
    /// Those whose turn came, and probes of an open circuit.
    pub first: u32,
    /// Those that had no turn so far. While others have one, they go to the end of the line.
    pub new: u32,
    /// The webhook's limit.
    pub rate: MaxPerSecond,
}

/// What a request was given. The deliveries that go first come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// How many may be sent soon.
    pub sends: u32,
    /// When the first of them may be sent; the others follow at [`MaxPerSecond::spacing`].
    pub send_at: Timestamp,
    /// The turn of the first of the others; the rest follow at the same spacing.
    pub turn_at: Timestamp,
}

/// What is stored of a webhook, in microseconds since the epoch, as far as it matters now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// The next free send time, if it is later than now.
    pub next_send: Option<i64>,
    /// The end of the line, if deliveries wait in it.
    pub next_turn: Option<i64>,
}

/// What is stored of a webhook, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredSlots {
    /// The next free send time.
    pub next_send: Option<i64>,
    /// The end of the line.
    pub next_turn: Option<i64>,
    /// The spacing of the last request, in microseconds.
    pub spacing: Option<i64>,
}

/// How a request is met, provided that the backlog is as assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotPlan {
    /// How many get a send time.
    pub sends: u32,
    /// How far that moves `next_send`, in microseconds.
    pub sends_length: i64,
    /// How far the others move `next_turn`, in microseconds.
    pub turns_length: i64,
    /// The latest `next_send` for which the plan holds.
    pub latest: i64,
}

impl Backlog {
    /// What of `stored` matters at `now` (microseconds) for requests with `spacing`.
    ///
    /// A line with wider spacing than this is one of a lower limit: new deliveries do not queue behind it.
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
    /// A send time this close is waited for in the instance by a new delivery.
    const NEAR: i64 = 1_000_000;
    /// The same for one whose turn came. Those of a second come back together, as SQS counts delays
    /// in whole seconds.
    const NEAR_FOR_FIRST: i64 = 3_000_000;

    /// The time between two send times, in microseconds.
    pub fn spacing(&self) -> i64 {
        i64::try_from(self.rate.spacing().as_micros()).unwrap_or(i64::MAX)
    }

    /// How the request is met at `now` (microseconds) with this `backlog`.
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
    /// What is stored after the plan was carried out at `now`.
    pub fn applied(&self, backlog: Backlog, now: i64, spacing: i64) -> StoredSlots {
        let next_send = backlog.next_send.unwrap_or(now).saturating_add(self.sends_length);
        let next_turn = backlog.next_turn.unwrap_or(next_send).saturating_add(self.turns_length);
        StoredSlots {
            next_send: Some(next_send),
            next_turn: Some(next_turn),
            spacing: Some(spacing),
        }
    }

    /// What the request was given, by what is stored then.
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
    /// The send time or the turn of delivery number `index`.
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

/// When a delivery goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// It is sent then, and not later: see [`MaxPerSecond::MAX_LATENESS`].
    Send(Timestamp),
    /// It asks for a send time then.
    Turn(Timestamp),
}

#[cfg(test)]
mod tests;
