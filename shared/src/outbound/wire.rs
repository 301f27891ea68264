//! A connection as it goes over the wire: when it was made, and how much comes over it.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The most that is read after a request was written, whatever it is: the bounds of HTTP and TLS
/// leave out some things that a client could go on sending for ever, such as 1xx responses.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// What the connections of a client share.
pub(super) struct Connections {
    invocation: AtomicU64,
    /// When so many are open, new ones serve one request only.
    max_kept: usize,
}

/// Counts the invocations of an instance; as an extra of a connection, the one it was made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Invocation(u64);

impl Connections {
    pub(super) fn new(max_kept: usize) -> Self {
        Self { invocation: AtomicU64::default(), max_kept }
    }

    /// The invocation that is under way.
    pub(super) fn invocation(&self) -> Invocation {
        Invocation(self.invocation.load(Ordering::Relaxed))
    }

    /// From now on it is another one.
    pub(super) fn begin_invocation(&self) {
        self.invocation.fetch_add(1, Ordering::Relaxed);
    }
}

/// An open connection.
pub(super) struct Wire {
    stream: TcpStream,
    made_in: Invocation,
    /// Whether another request may use it.
    is_kept: bool,
    /// What may still be read before the next request is written.
    allowed: usize,
    /// Makes it count as open.
    _open: Weak<Connections>,
}

impl Wire {
    pub(super) fn new(
        stream: TcpStream,
        connections: &Arc<Connections>,
        made_in: Invocation,
    ) -> Self {
        let is_kept = Arc::weak_count(connections) < connections.max_kept;
        let open = Arc::downgrade(connections);
        Self { stream, made_in, is_kept, allowed: MAX_RESPONSE_BYTES, _open: open }
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        let connected = Connected::new().extra(self.made_in);
        if !self.is_kept {
            connected.poison();
        }
        connected
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.allowed == 0 {
            return Poll::Ready(Err(io::Error::other("the answer is too long")));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let read = buffer.filled().len().saturating_sub(before);
        self.allowed = self.allowed.saturating_sub(read);
        polled
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.allowed = MAX_RESPONSE_BYTES;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.allowed = MAX_RESPONSE_BYTES;
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
