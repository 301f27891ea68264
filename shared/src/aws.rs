//! The settings that all AWS clients share, from what Lambda puts into the environment.
//!
//! Lambda gives a function static credentials for the life of its instance, so the credential
//! chain of `aws-config`, its STS and SSO clients and their start-up time are not needed.

use std::{env, fs};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder as HttpClientBuilder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::config::{self, ConfigError};

/// The authorities that sign the endpoints of AWS, so that no cold start reads and parses the
/// system's 140 of them: Amazon Trust Services' four roots and the one that they were signed by
/// (<https://www.amazontrust.com/repository/>).
const AMAZON_ROOTS: &[u8] = include_bytes!("aws/roots.pem");

/// Reads region and credentials, and for a cloud that is not AWS `AWS_ENDPOINT_URL` and
/// `AWS_CA_BUNDLE` (a PEM file), as all tools of AWS do.
pub fn from_env() -> Result<SdkConfig, ConfigError> {
    let credentials = Credentials::new(
        config::required("AWS_ACCESS_KEY_ID")?,
        config::required("AWS_SECRET_ACCESS_KEY")?,
        env::var("AWS_SESSION_TOKEN").ok().filter(|token| !token.is_empty()),
        None,
        "environment",
    );
    let endpoint = env::var("AWS_ENDPOINT_URL").ok().filter(|url| !url.is_empty());
    let region = config::required("AWS_REGION")?;
    let roots = match env::var("AWS_CA_BUNDLE").ok().filter(|path| !path.is_empty()) {
        Some(path) => Roots::Only(bundle(&path)?),
        None => Roots::of_region(&region),
    };
    Ok(settings(Region::new(region), credentials, endpoint, roots))
}

/// Whom a client believes that it talks to AWS.
enum Roots {
    /// The authorities in a PEM file.
    Only(Vec<u8>),
    /// Those of the system.
    System,
}

impl Roots {
    /// The endpoints of China have certificates of others.
    fn of_region(region: &str) -> Self {
        if region.starts_with("cn-") { Self::System } else { Self::Only(AMAZON_ROOTS.to_vec()) }
    }

    fn trust_store(self) -> TrustStore {
        match self {
            Self::Only(roots) => TrustStore::empty().with_pem_certificate(roots),
            Self::System => TrustStore::default(),
        }
    }
}

/// The certificates in the file at `path`. The SDK panics on a file that holds none.
fn bundle(path: &str) -> Result<Vec<u8>, ConfigError> {
    let invalid = |reason| ConfigError::Invalid { name: "AWS_CA_BUNDLE", reason };
    let pem = fs::read(path)
        .map_err(|error| invalid(format!("names {path}, which cannot be read: {error}")))?;
    if String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
        Ok(pem)
    } else {
        Err(invalid(format!("names {path}, which holds no certificate as PEM")))
    }
}

/// Settings for a given region and endpoint (`None`: AWS itself).
pub fn sdk_config(region: Region, credentials: Credentials, endpoint: Option<String>) -> SdkConfig {
    settings(region, credentials, endpoint, Roots::Only(AMAZON_ROOTS.to_vec()))
}

fn settings(
    region: Region,
    credentials: Credentials,
    endpoint: Option<String>,
    roots: Roots,
) -> SdkConfig {
    let tls = TlsContext::builder().with_trust_store(roots.trust_store()).build();
    let client = HttpClientBuilder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    let mut settings = SdkConfig::builder()
        .region(region)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(client.tls_context(tls.unwrap_or_default()).build_https());
    settings.set_endpoint_url(endpoint);
    settings.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_are_those_of_amazon_except_in_china() {
        assert!(matches!(Roots::of_region("cn-north-1"), Roots::System));
        let Roots::Only(roots) = Roots::of_region("eu-central-1") else { panic!("the system's") };
        let roots = String::from_utf8(roots).unwrap();
        assert_eq!(roots.matches("-----BEGIN CERTIFICATE-----").count(), 5);
        // It panics on what it cannot read.
        let credentials = Credentials::new("a", "b", None, None, "test");
        sdk_config(Region::from_static("eu-central-1"), credentials, None);
    }

    #[test]
    fn a_bundle_that_is_none_is_told_before_the_sdk_meets_it() {
        let error = bundle("Cargo.toml").unwrap_err().to_string();
        assert!(error.contains("Cargo.toml, which holds no certificate"), "{error}");
        let error = bundle("/none").unwrap_err().to_string();
        assert!(error.contains("/none, which cannot be read"), "{error}");
    }
}
