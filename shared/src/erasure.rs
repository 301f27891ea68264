//! Erasing what is stored of a report.
//!
//! Copies of a report may be on their way in a queue. A [`Tombstone`] is what is left: it holds
//! nothing of the report, and has deliver drop those copies for as long as one can live.

use std::time::Duration;

use jiff::Timestamp;

use crate::account::AccountId;
use crate::ids::ReportId;
use crate::retry::RetrySchedule;
use crate::store::{ErasureMarker, ReportEraser, StoreError, WebhookHistory};

/// Reports of which nothing is stored that an account may have erased in an hour. Their ids cannot be told from
/// made-up ones, and each costs a tombstone of 211 days, a message and two looks at the log.
pub const UNKNOWN_PER_HOUR: u32 = 100;

/// How long after an erasure another of the same report makes no work: its tombstone stands, and has deliver drop copies.
pub const REPEAT_WINDOW: Duration = Duration::from_hours(24);

/// Names a report of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReportKey {
    /// Whose it is.
    pub account_id: AccountId,
    /// Which.
    pub report_id: ReportId,
}

/// That a report was erased, and when somebody asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Which report.
    pub report: ReportKey,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

impl Tombstone {
    /// How long a tombstone stays, of a report or of an account: as long as any attempt may be
    /// put off, and two rounds through the dead letters (7 days in a queue and 14 among the dead
    /// letters, each time). 211 days.
    pub const LIFETIME: Duration = {
        let round = Duration::from_hours((7 + 14) * 24);
        RetrySchedule::MAX_AGE.saturating_add(round).saturating_add(round)
    };

    /// When it may be forgotten, in seconds since the epoch.
    pub fn expires_at(asked_at: Timestamp) -> i64 {
        let lifetime = i64::try_from(Self::LIFETIME.as_secs()).unwrap_or(i64::MAX);
        asked_at.as_second().saturating_add(lifetime)
    }
}

/// Erases what is stored of a report now. The tombstone comes first, and before it the note that has
/// it looked for: whoever writes after having looked for it, or without, has begun before, so a
/// second erasure, when all such writers have ended ([`QuiescePeriod`]), finds the rest. Gives whether
/// there was any of it. `received_at` is when ingest took the report, if that was known before the log forgot it.
pub async fn erase<C: ErasureMarker + WebhookHistory, L: ReportEraser>(
    config: &C,
    log: &L,
    tombstone: &Tombstone,
    received_at: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let account = &tombstone.report.account_id;
    config.mark_erasures(account, tombstone.asked_at).await?;
    log.put_tombstone(tombstone).await?;
    let webhooks = config.current_and_deleted_webhooks(account).await?;
    log.erase(&tombstone.report, &webhooks, received_at).await
}

/// How long it takes until nobody works with what was known before an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuiescePeriod {
    /// The longest run of deliver.
    pub deliver_timeout: Duration,
    /// How long deliver believes what it has read of accounts.
    pub config_cache: Duration,
}

impl QuiescePeriod {
    /// For the clocks of AWS, and for a read of the log that is a moment behind.
    const MARGIN: Duration = Duration::from_secs(30);
    /// The gateway remembers for 60 s what a key may do, and a request takes 30 s at most.
    const REQUESTS: Duration = Duration::from_secs(90);

    /// Until no invocation of deliver is at work that looked for a report's tombstone too early, or
    /// does not look because it knows of no erasure by the account.
    pub fn of_reports(&self) -> Duration {
        self.deliver_timeout + self.config_cache + Self::MARGIN
    }

    /// Until no request of the account is under way, and deliver takes it for erased.
    pub fn of_accounts(&self) -> Duration {
        (self.deliver_timeout + self.config_cache).max(Self::REQUESTS) + Self::MARGIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_outlives_every_message() {
        assert_eq!(Tombstone::LIFETIME.as_secs(), 211 * 24 * 60 * 60);
        let asked_at = Timestamp::from_second(1_700_000_000).unwrap();
        assert_eq!(Tombstone::expires_at(asked_at), 1_700_000_000 + 211 * 86_400);
    }

    #[test]
    fn settling_takes_as_long_as_the_slowest() {
        let seconds = Duration::from_secs;
        let usual = QuiescePeriod { deliver_timeout: seconds(120), config_cache: seconds(30) };
        assert_eq!(usual.of_reports(), seconds(180));
        assert_eq!(usual.of_accounts(), seconds(180));
        let quick = QuiescePeriod { deliver_timeout: seconds(20), config_cache: seconds(1) };
        assert_eq!(quick.of_accounts(), seconds(120), "requests count as well");
    }
}
