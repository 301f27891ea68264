//! TLS to receivers, and the reasons of its failures.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName,
    Error, OtherError, RootCertStore, SignatureScheme,
};
use webpki::EndEntityCert;

use super::ClientError;
use crate::domain::delivery::NoResponse;

/// TLS 1.2 and 1.3 with ring, for certificates that chain to `roots`. Clones share sessions.
pub(super) fn config(roots: Arc<RootCertStore>) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier =
        WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build()?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(DiagnosingVerifier(verifier)))
        .with_no_client_auth())
}

/// The reason that a TLS error stands for.
pub(super) fn reason(error: &Error) -> NoResponse {
    use AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Other, UnknownIssuer,
    };
    match error {
        Error::InvalidCertificate(why) => match why {
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => {
                NoResponse::TlsExpired
            }
            NotValidForName | NotValidForNameContext { .. } => NoResponse::TlsWrongName,
            UnknownIssuer => NoResponse::TlsUnknownIssuer,
            Other(OtherError(other)) if other.is::<SelfSigned>() => NoResponse::TlsSelfSigned,
            _ => NoResponse::TlsOther,
        },
        Error::InvalidMessage(_) => NoResponse::TlsNotTls,
        Error::PeerIncompatible(_)
        | Error::AlertReceived(HandshakeFailure | InsufficientSecurity | ProtocolVersion) => {
            NoResponse::TlsIncompatible
        }
        _ => NoResponse::TlsOther,
    }
}

/// The certificate is signed by its own key.
#[derive(Debug, thiserror::Error)]
#[error("the certificate is self-signed")]
struct SelfSigned;

/// Accepts the certificates that rustls accepts. Among refused ones, it tells self-signed certificates from those of an
/// unknown issuer, because their owners need different advice.
#[derive(Debug)]
struct DiagnosingVerifier(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for DiagnosingVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified =
            self.0.verify_server_cert(certificate, intermediates, name, ocsp_response, now);
        verified.map_err(|error| match error {
            // Most tools mark a self-signed certificate as an authority's, which rustls reports as another error.
            Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::Other(_),
            ) if is_self_signed(certificate) => {
                CertificateError::Other(OtherError(Arc::new(SelfSigned))).into()
            }
            error => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }

    fn root_hint_subjects(&self) -> Option<&[DistinguishedName]> {
        self.0.root_hint_subjects()
    }
}

fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    EndEntityCert::try_from(certificate).is_ok_and(|it| it.issuer() == it.subject())
}
