//! The time after which a failing webhook is deactivated.

use std::str::FromStr;
use std::time::Duration;

/// How long every attempt of a webhook has to fail before Callhook deactivates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisableAfter(Duration);

/// The text is not a number of days.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be a number of days")]
pub struct InvalidDays;

impl DisableAfter {
    /// The duration.
    pub fn duration(self) -> Duration {
        self.0
    }
}

/// The template's default: five days.
impl Default for DisableAfter {
    fn default() -> Self {
        Self(Duration::from_hours(5 * 24))
    }
}

/// Reads a number of days; fractions are for tests.
impl FromStr for DisableAfter {
    type Err = InvalidDays;

    fn from_str(text: &str) -> Result<Self, InvalidDays> {
        const SECONDS_PER_DAY: f64 = 86_400.0;
        let days: f64 = text.parse().map_err(|_| InvalidDays)?;
        let duration = Duration::try_from_secs_f64(days * SECONDS_PER_DAY);
        duration.map(Self).map_err(|_| InvalidDays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_may_have_a_fraction() {
        assert_eq!("5".parse(), Ok(DisableAfter::default()));
        assert_eq!("0.5".parse(), Ok(DisableAfter(Duration::from_hours(12))));
        for wrong in ["", "-1", "five", "inf", "NaN", "1e300"] {
            assert_eq!(wrong.parse::<DisableAfter>(), Err(InvalidDays), "{wrong}");
        }
    }

    #[test]
    fn the_default_is_the_templates() {
        let template = include_str!("../../../../infra/template.yaml");
        let parameter = template.split("\n  DisableAfterDays:\n").nth(1).unwrap();
        let default = parameter.lines().find_map(|line| line.trim().strip_prefix("Default: "));
        assert_eq!(default.unwrap().parse(), Ok(DisableAfter::default()));
    }
}
