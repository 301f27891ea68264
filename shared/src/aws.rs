//! The settings that all AWS clients share, from what Lambda puts into the environment.
//!
//! Lambda gives a function static credentials for the life of its instance, so the credential
//! chain of `aws-config`, its STS and SSO clients and their start-up time are not needed.

use std::env;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder as HttpClientBuilder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_types::SdkConfig;
use aws_types::region::Region;

use crate::config::{self, ConfigError};

/// Reads region and credentials, and `AWS_ENDPOINT_URL` for a cloud that is not AWS.
pub fn from_env() -> Result<SdkConfig, ConfigError> {
    let credentials = Credentials::new(
        config::required("AWS_ACCESS_KEY_ID")?,
        config::required("AWS_SECRET_ACCESS_KEY")?,
        env::var("AWS_SESSION_TOKEN").ok().filter(|token| !token.is_empty()),
        None,
        "environment",
    );
    let endpoint = env::var("AWS_ENDPOINT_URL").ok().filter(|url| !url.is_empty());
    Ok(sdk_config(Region::new(config::required("AWS_REGION")?), credentials, endpoint))
}

/// Settings for a given region and endpoint (`None`: AWS itself).
pub fn sdk_config(region: Region, credentials: Credentials, endpoint: Option<String>) -> SdkConfig {
    let mut settings = SdkConfig::builder()
        .region(region)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(
            HttpClientBuilder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https(),
        );
    settings.set_endpoint_url(endpoint);
    settings.build()
}
