//! TLS, with a certificate for `localhost` made for these tests.

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{HandshakeKind, ServerConfig};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use super::*;

const AUTHORITY: &[u8] = include_bytes!("authority.der");
const CERTIFICATE: &[u8] = include_bytes!("localhost.der");
const KEY: &[u8] = include_bytes!("localhost.key.der");

/// A server that accepts one request on each connection; its URL, and the kinds of its handshakes.
async fn secure_server() -> (Url, UnboundedReceiver<Option<HandshakeKind>>) {
    secure_server_with(CERTIFICATE, false).await
}

/// The same with another certificate. If `closes`, it closes after each response, without a TLS alert.
async fn secure_server_with(
    certificate: &'static [u8],
    closes: bool,
) -> (Url, UnboundedReceiver<Option<HandshakeKind>>) {
    let provider = rustls::crypto::ring::default_provider();
    let config = ServerConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_slice(certificate)],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY)),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (seen, handshakes) = unbounded_channel();
    let mut url = server(move |stream, _| {
        let (acceptor, seen) = (acceptor.clone(), seen.clone());
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut buffer = [0; 1024];
            let mut request = Vec::new();
            while !request.ends_with(br#"{"a":1}"#) {
                let read = stream.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            seen.send(stream.get_ref().1.handshake_kind()).unwrap();
            stream.write_all(ACCEPTED).await.unwrap();
            if !closes {
                std::future::pending::<()>().await;
            }
        }
    })
    .await;
    url.set_scheme("https").unwrap();
    url.set_host(Some("localhost")).unwrap();
    (url, handshakes)
}

fn client() -> HttpClient {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_slice(AUTHORITY)).unwrap();
    HttpClient::with(AddressPolicy::LOCAL, Arc::new(SystemResolver), roots.into(), POOL_LIMITS)
        .unwrap()
}

#[tokio::test]
async fn tls_sessions_outlive_connections() {
    let (url, mut handshakes) = secure_server().await;
    let client = client();
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(200));
    assert_eq!(handshakes.recv().await, Some(Some(HandshakeKind::Full)));
    client.wake_after(Duration::from_mins(1));
    assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(200));
    assert_eq!(handshakes.recv().await, Some(Some(HandshakeKind::Resumed)));
}

#[tokio::test]
async fn a_tls_receiver_that_closes_unannounced_gets_every_request() {
    let (url, _handshakes) = secure_server_with(CERTIFICATE, true).await;
    let client = client();
    for _ in 0..50 {
        assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(200));
    }
}

#[tokio::test]
async fn an_untrusted_certificate_is_classified_and_gets_no_request() {
    for (certificate, why) in [
        (&include_bytes!("self_signed.der")[..], NoResponse::TlsSelfSigned),
        (&include_bytes!("self_signed_authority.der")[..], NoResponse::TlsSelfSigned),
        (&include_bytes!("expired.der")[..], NoResponse::TlsExpired),
        (&include_bytes!("not_valid_yet.der")[..], NoResponse::TlsExpired),
    ] {
        let (url, mut handshakes) = secure_server_with(certificate, false).await;
        assert_eq!(send(&client(), &url, LONG_TIMEOUT).await.result, Err(why));
        assert!(handshakes.try_recv().is_err(), "a request was sent");
    }
    let (url, mut handshakes) = secure_server().await;
    let attempt = send(&super::client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::TlsUnknownIssuer));
    let mut other = url.clone();
    other.set_host(Some("127.0.0.1")).unwrap();
    let attempt = send(&client(), &other, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::TlsWrongName));
    assert!(handshakes.try_recv().is_err(), "a request was sent");
}

/// The result with a server that answers the first bytes of a handshake with `bytes`.
async fn result_of_handshake(bytes: &'static [u8]) -> Result<u16, NoResponse> {
    let mut url = server(move |mut stream, _| async move {
        let mut hello = [0; 16 * 1024];
        let _ = stream.read(&mut hello).await.unwrap();
        stream.write_all(bytes).await.unwrap();
    })
    .await;
    url.set_scheme("https").unwrap();
    send(&client(), &url, LONG_TIMEOUT).await.result
}

#[tokio::test]
async fn a_failed_handshake_is_classified() {
    for (name, bytes, why) in [
        ("HTTP", &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], NoResponse::TlsNotTls),
        ("SSH", b"SSH-2.0-server\r\n", NoResponse::TlsNotTls),
        ("an alert: handshake failure", b"\x15\x03\x03\0\x02\x02\x28", NoResponse::TlsIncompatible),
        ("an alert: version", b"\x15\x03\x01\0\x02\x02\x46", NoResponse::TlsIncompatible),
        ("an alert: no such name", b"\x15\x03\x03\0\x02\x02\x70", NoResponse::TlsOther),
        ("nothing", b"", NoResponse::TlsInterrupted),
    ] {
        assert_eq!(result_of_handshake(bytes).await, Err(why), "{name}");
    }
}

#[tokio::test]
async fn a_reset_handshake_is_interrupted() {
    let mut url = server(|stream, _| async move { stream.set_zero_linger().unwrap() }).await;
    url.set_scheme("https").unwrap();
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::TlsInterrupted));
}

#[tokio::test]
async fn a_receiver_that_requires_a_client_certificate_is_a_tls_failure() {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_slice(AUTHORITY)).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients.build().unwrap())
        .with_single_cert(
            vec![CertificateDer::from_slice(CERTIFICATE)],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY)),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let mut url = server(move |stream, _| {
        let acceptor = acceptor.clone();
        async move {
            let _ = acceptor.accept(stream).await;
        }
    })
    .await;
    url.set_scheme("https").unwrap();
    url.set_host(Some("localhost")).unwrap();
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Err(NoResponse::TlsOther));
}
