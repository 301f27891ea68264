//! TLS, with a certificate for `localhost` that was made for these tests only.

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{HandshakeKind, RootCertStore, ServerConfig};
use std::time::SystemTime;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;

use super::*;

const AUTHORITY: &[u8] = include_bytes!("authority.der");
const CERTIFICATE: &[u8] = include_bytes!("localhost.der");
const KEY: &[u8] = include_bytes!("localhost.key.der");

/// A server that takes one request on each connection; its URL, and the kinds of its handshakes.
async fn secure_server() -> (Url, UnboundedReceiver<Option<HandshakeKind>>) {
    let provider = rustls::crypto::ring::default_provider();
    let config = ServerConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_slice(CERTIFICATE)],
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
            stream.write_all(TAKEN).await.unwrap();
            std::future::pending::<()>().await;
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
    HttpClient::with(roots, 100, this_machine()).unwrap()
}

#[tokio::test]
async fn sessions_outlive_connections() {
    let (url, mut handshakes) = secure_server().await;
    let client = client();
    assert_eq!(send(&client, &url, ENOUGH).await.result, Ok(200));
    assert_eq!(handshakes.recv().await, Some(Some(HandshakeKind::Full)));
    client.wake_at(SystemTime::now() + Duration::from_mins(1));
    assert_eq!(send(&client, &url, ENOUGH).await.result, Ok(200));
    assert_eq!(handshakes.recv().await, Some(Some(HandshakeKind::Resumed)));
}

#[tokio::test]
async fn who_cannot_prove_its_name_gets_nothing() {
    let (url, mut handshakes) = secure_server().await;
    let attempt = send(&super::client(), &url, ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Connect), "an authority that nobody knows");
    let mut other = url.clone();
    other.set_host(Some("127.0.0.1")).unwrap();
    let attempt = send(&client(), &other, ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Connect), "a certificate for another name");
    assert!(handshakes.try_recv().is_err(), "a request was sent");
}

#[tokio::test]
async fn what_is_not_tls_is_no_connection() {
    let mut url = server(|mut stream, _| async move {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        read_request(&mut stream).await;
    })
    .await;
    url.set_scheme("https").unwrap();
    let attempt = send(&client(), &url, ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Connect));
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_no_connection() {
    let mut url = server(|stream, _| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await;
    url.set_scheme("https").unwrap();
    let attempt = send(&client(), &url, ENOUGH).await;
    assert_eq!(attempt.result, Err(NoResponse::Connect));
}
