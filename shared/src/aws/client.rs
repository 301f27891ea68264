//! The configuration of all AWS clients, from the environment variables that Lambda sets.
//!
//! Lambda sets static credentials for the life of an instance, so Callhook does without
//! `aws-config`, its credential chain, STS and SSO clients and their start-up time.

mod http;

use std::env;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::runtime::config::{self, ConfigError};
use crate::runtime::roots;

/// Reads region and credentials, and for another endpoint than AWS's `AWS_ENDPOINT_URL` and
/// `AWS_CA_BUNDLE` (a PEM file), as AWS's own tools do.
pub fn from_env() -> Result<SdkConfig, ConfigError> {
    let credentials = Credentials::new(
        config::required("AWS_ACCESS_KEY_ID")?,
        config::required("AWS_SECRET_ACCESS_KEY")?,
        optional("AWS_SESSION_TOKEN"),
        None,
        "environment",
    );
    let region = Region::new(config::required("AWS_REGION")?);
    let roots = match optional("AWS_CA_BUNDLE") {
        Some(path) => read_bundle(&path)?.into(),
        None => roots::public(),
    };
    Ok(config_with(region, credentials, optional("AWS_ENDPOINT_URL"), roots))
}

/// The configuration for a region and an endpoint (`None`: AWS's own).
pub fn sdk_config(region: Region, credentials: Credentials, endpoint: Option<String>) -> SdkConfig {
    config_with(region, credentials, endpoint, roots::public())
}

fn config_with(
    region: Region,
    credentials: Credentials,
    endpoint: Option<String>,
    roots: Arc<RootCertStore>,
) -> SdkConfig {
    let mut settings = SdkConfig::builder()
        .region(region)
        // Responses are small, and every call has a timeout.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    // Fails only if ring supports no TLS version of rustls, which no build does. Without a client,
    // every call fails with an error that says so.
    settings.set_http_client(http::client(roots).ok());
    settings.set_endpoint_url(endpoint);
    settings.build()
}

/// The certificate authorities in the PEM file at `path`.
fn read_bundle(path: &str) -> Result<RootCertStore, ConfigError> {
    let invalid = |reason: String| ConfigError::Invalid {
        name: "AWS_CA_BUNDLE",
        reason: format!("names {path}, {reason}"),
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .map_err(|error| invalid(format!("which cannot be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    // System bundles contain certificates that rustls rejects.
    roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    if roots.is_empty() {
        return Err(invalid("which holds no certificate as PEM".to_owned()));
    }
    Ok(roots)
}

fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unusable_bundle_is_named_in_the_error() {
        let error = read_bundle("Cargo.toml").unwrap_err().to_string();
        assert!(error.contains("Cargo.toml, which holds no certificate"), "{error}");
        let error = read_bundle("/none").unwrap_err().to_string();
        assert!(error.contains("/none, which cannot be read"), "{error}");
    }
}
