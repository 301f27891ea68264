//! A server that does on each connection what a script says, and counts.

use super::*;

/// What a server does on a connection when another request has come.
#[derive(Debug, Clone, Copy)]
pub(super) enum Do {
    /// Answers with 200.
    Take,
    /// Answers with 200 and closes, without having announced it.
    TakeAndClose,
    /// Closes without an answer.
    Close,
    /// Resets without an answer.
    Reset,
    /// Nothing more.
    Hang,
    /// Answers what is not HTTP.
    Babble,
}

/// A server, and how many connections and requests it has seen.
pub(super) struct Server {
    pub(super) url: Url,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    /// Does on each connection what `script` says for it and the number of the request on it.
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
                        Do::Take => stream.write_all(TAKEN).await.unwrap(),
                        Do::TakeAndClose => return stream.write_all(TAKEN).await.unwrap(),
                        Do::Close => return,
                        Do::Reset => return stream.set_zero_linger().unwrap(),
                        Do::Hang => std::future::pending().await,
                        Do::Babble => stream.write_all(b"220 mail\r\n").await.unwrap(),
                    }
                }
            }
        })
        .await;
        Self { url, connections, requests }
    }

    /// The connections and the requests so far.
    pub(super) fn seen(&self) -> (usize, usize) {
        (self.connections.load(Ordering::SeqCst), self.requests.load(Ordering::SeqCst))
    }

    pub(super) async fn result(&self, client: &HttpClient) -> Result<u16, NoResponse> {
        send(client, &self.url, ENOUGH).await.result
    }
}

/// Takes the first request on each connection, then does something else.
pub(super) fn first_then(then: Do) -> impl Fn(usize, usize) -> Do + Send + Sync + 'static {
    move |_, request| if request == 0 { Do::Take } else { then }
}
