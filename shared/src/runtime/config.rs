//! Settings from the environment, read once at start.

use std::env;
use std::fmt;
use std::str::FromStr;

use crate::domain::address::AddressPolicy;
use crate::domain::health::DisableAfter;

/// A setting that is missing or invalid; the function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The variable is not set.
    #[error("the environment variable {0} is not set; the template sets it")]
    Missing(&'static str),
    /// The variable has an invalid value.
    #[error("the environment variable {name} {reason}")]
    Invalid {
        /// The name of the variable.
        name: &'static str,
        /// The reason why its value is invalid.
        reason: String,
    },
}

/// The text of the variable `name`.
pub fn required(name: &'static str) -> Result<String, ConfigError> {
    env::var(name).ok().filter(|text| !text.is_empty()).ok_or(ConfigError::Missing(name))
}

/// The value of the variable `name`.
pub fn parsed<T: FromStr>(name: &'static str) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    read(name, &required(name)?)
}

/// The value of the variable `name`, or `default` if it is not set.
pub fn parsed_or<T: FromStr>(name: &'static str, default: T) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    match env::var(name) {
        Ok(text) => read(name, &text),
        Err(_) => Ok(default),
    }
}

/// The policy of `ALLOW_PRIVATE_NETWORKS` and `HTTPS_ONLY`, each `true` or `false`; the defaults are those of
/// [`AddressPolicy::PUBLIC`].
pub fn address_policy() -> Result<AddressPolicy, ConfigError> {
    let AddressPolicy { private_networks, https_only } = AddressPolicy::PUBLIC;
    Ok(AddressPolicy {
        private_networks: parsed_or("ALLOW_PRIVATE_NETWORKS", private_networks)?,
        https_only: parsed_or("HTTPS_ONLY", https_only)?,
    })
}

/// The value of `DISABLE_AFTER_DAYS`, or the default if it is not set.
pub fn disable_after() -> Result<DisableAfter, ConfigError> {
    parsed_or("DISABLE_AFTER_DAYS", DisableAfter::default())
}

fn read<T: FromStr>(name: &'static str, text: &str) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    text.parse().map_err(|error: T::Err| ConfigError::Invalid {
        name,
        reason: format!("cannot be read: {error}"),
    })
}
