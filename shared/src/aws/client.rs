//! The settings that all AWS clients share, from what Lambda puts into the environment.
//!
//! Lambda gives a function static credentials for the life of its instance, so the credential
//! chain of `aws-config`, its STS and SSO clients and their start-up time are not needed.

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

/// Reads region and credentials, and for a cloud that is not AWS `AWS_ENDPOINT_URL` and
/// `AWS_CA_BUNDLE` (a PEM file), as all tools of AWS do.
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
        Some(path) => bundle(&path)?.into(),
        None => roots::public(),
    };
    Ok(settings(region, credentials, optional("AWS_ENDPOINT_URL"), roots))
}

/// Settings for a given region and endpoint (`None`: AWS itself).
pub fn sdk_config(region: Region, credentials: Credentials, endpoint: Option<String>) -> SdkConfig {
    settings(region, credentials, endpoint, roots::public())
}

fn settings(
    region: Region,
    credentials: Credentials,
    endpoint: Option<String>,
    roots: Arc<RootCertStore>,
) -> SdkConfig {
    let mut settings = SdkConfig::builder()
        .region(region)
        // Answers are small, and every call has a timeout.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    // Fails for a build of ring without any TLS that rustls knows: there is none, and without a
    // client every call says so.
    settings.set_http_client(http::client(roots).ok());
    settings.set_endpoint_url(endpoint);
    settings.build()
}

/// The authorities in the PEM file at `path`.
fn bundle(path: &str) -> Result<RootCertStore, ConfigError> {
    let invalid = |reason: String| ConfigError::Invalid {
        name: "AWS_CA_BUNDLE",
        reason: format!("names {path}, {reason}"),
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .map_err(|error| invalid(format!("which cannot be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    // The system's bundles hold some that rustls does not take.
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
    fn a_bundle_that_is_none_is_told() {
        let error = bundle("Cargo.toml").unwrap_err().to_string();
        assert!(error.contains("Cargo.toml, which holds no certificate"), "{error}");
        let error = bundle("/none").unwrap_err().to_string();
        assert!(error.contains("/none, which cannot be read"), "{error}");
    }
}
