//! A scripted server that counts connections and requests.

use super::*;

/// The server's action after a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Do {
    /// Answers with 200.
    Accept,
    /// Answers with 200 and closes unannounced.
    AcceptAndClose,
    /// Closes without a response.
    Close,
    /// Resets without a response.
    Reset,
    /// Sends nothing.
    Hang,
    /// Answers with bytes that are not HTTP.
    NotHttp,
}

pub(super) struct Server {
    pub(super) url: Url,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server that acts as `script` says for the connection's number and the request's number on it.
    pub(super) async fn start(script: impl Fn(usize, usize) -> Do + Send + Sync + 'static) -> Self {
        let connections = Arc::<AtomicUsize>::default();
        let requests = Arc::<AtomicUsize>::default();
        let counts = (Arc::clone(&connections), Arc::clone(&requests));
        let script = Arc::new(script);
        let url = server(move |mut stream, connection| {
            let ((connections, requests), script) = (counts.clone(), Arc::clone(&script));
            async move {
                connections.fetch_add(1, Ordering::SeqCst);
                for request in 0.. {
                    if read_request(&mut stream).await.is_empty() {
                        return;
                    }
                    requests.fetch_add(1, Ordering::SeqCst);
                    match script(connection, request) {
                        Do::Accept => stream.write_all(ACCEPTED).await.unwrap(),
                        Do::AcceptAndClose => return stream.write_all(ACCEPTED).await.unwrap(),
                        Do::Close => return,
                        Do::Reset => return stream.set_zero_linger().unwrap(),
                        Do::Hang => std::future::pending().await,
                        Do::NotHttp => stream.write_all(b"220 mail\r\n").await.unwrap(),
                    }
                }
            }
        })
        .await;
        Self { url, connections, requests }
    }

    /// The numbers of connections and requests so far.
    pub(super) fn seen(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.requests.load(Ordering::SeqCst))
    }

    pub(super) async fn result(&self, client: &HttpClient) -> Result<u16, NoResponse> {
        send(client, &self.url, LONG_TIMEOUT).await.result
    }
}

/// Accepts the first request on each connection, then acts as `then`.
pub(super) fn first_then(then: Do) -> impl Fn(usize, usize) -> Do + Send + Sync + 'static {
    move |_, request| if request == 0 { Do::Accept } else { then }
}
