//! The verdict of an attempt: what the receiver's answer means for the delivery and for its webhook.
//! A success code, 410 (gone), an address that the policy refuses, and the wait before a retry are
//! told apart here only.

use std::time::Duration;

use callhook::domain::delivery::Attempt;

use crate::pending::Job;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The receiver accepted the report: it answered with one of the webhook's success codes.
    Delivered,
    /// The receiver answered 410: its URL will never accept anything. The delivery ends as failed, and the
    /// webhook is disabled.
    Gone,
    /// The address policy refused the request, which was not sent. The delivery ends as failed: the policy
    /// will be the same at the next attempt.
    Refused,
    /// The receiver gave another answer, or none. The next attempt follows after `retry_in`; without one the
    /// delivery ends as failed.
    Failed { retry_in: Option<Duration> },
}

impl Verdict {
    const GONE: u16 = 410;

    pub(crate) fn of(job: &Job, attempt: &Attempt) -> Self {
        let (delivery, settings) = (&job.delivery, &job.target.webhook.settings);
        match attempt.result {
            Ok(code) if settings.success_codes.contain(code) => Self::Delivered,
            Ok(Self::GONE) => Self::Gone,
            Err(reason) if reason.is_refusal() => Self::Refused,
            _ if !delivery.trigger.follows_schedule() => Self::Failed { retry_in: None },
            // With the wait that the receiver asks for in `Retry-After` (`callhook::domain::retry`).
            _ => {
                let retry_in = settings.retry.wait_after(delivery.attempt, attempt.retry_after);
                Self::Failed { retry_in }
            }
        }
    }

    /// How long after the attempt the next one follows; `None` if none does.
    pub(crate) fn retry_in(self) -> Option<Duration> {
        match self {
            Self::Failed { retry_in } => retry_in,
            Self::Delivered | Self::Gone | Self::Refused => None,
        }
    }

    /// Whether the delivery ends as failed.
    pub(crate) fn is_final_failure(self) -> bool {
        self != Self::Delivered && self.retry_in().is_none()
    }

    /// Whether the attempt says anything about its receiver. A refused request never got there.
    pub(crate) fn counts_for_health(self) -> bool {
        self != Self::Refused
    }
}
