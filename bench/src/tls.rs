//! TLS on loopback, with the tests' certificate for `localhost`.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::Failure;

const CERTIFICATES: &str = "shared/src/outbound/tests";

/// An acceptor of connections for `localhost`.
pub(crate) fn acceptor(root: &Path) -> Result<TlsAcceptor, Failure> {
    let file = |name: &str| std::fs::read(root.join(CERTIFICATES).join(name));
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(file("localhost.key.der")?));
    let certificate = CertificateDer::from(file("localhost.der")?);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Writes the authority's certificate as PEM for `AWS_CA_BUNDLE`; returns the path.
pub(crate) fn authority(root: &Path) -> Result<String, Failure> {
    let der = std::fs::read(root.join(CERTIFICATES).join("authority.der"))?;
    let text = base64(&der);
    let path = root.join("target/bench-authority.pem");
    std::fs::write(
        &path,
        format!("-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"),
    )?;
    path.to_str().map(str::to_owned).ok_or_else(|| "the path is not UTF-8".into())
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut lines = String::new();
    for (index, character) in text.chars().enumerate() {
        lines.push(character);
        if index % 64 == 63 {
            lines.push('\n');
        }
    }
    if !lines.ends_with('\n') {
        lines.push('\n');
    }
    lines
}
