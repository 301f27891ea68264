//! Misbehaviour of a receiver: bytes written straight to the connection.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// What a receiver does to a connection instead of answering properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Resets it before the first byte.
    Reset,
    /// Sends bytes that are not HTTP, and closes.
    NotHttp,
    /// Answers 200 and closes without `connection: close`.
    Close,
    /// Announces 1,000 bytes with a 200, sends four, and resets. The status arrived, so the request counts
    /// as accepted.
    Half,
    /// Sends a 200, then a byte a second until the other side leaves.
    Trickle,
    /// Sends a 200 and 1 GiB as fast as the other side reads.
    Endless,
}

/// Sent repeatedly, so that 1 GiB is never in memory.
static FILLER: [u8; 64 * 1024] = [b'x'; 64 * 1024];
const GIBIBYTE: usize = 1 << 30;

impl Fault {
    /// The status of the answer's head, if it has one.
    pub(super) fn status(self) -> Option<u16> {
        match self {
            Self::Reset | Self::NotHttp => None,
            Self::Close | Self::Half | Self::Trickle | Self::Endless => Some(200),
        }
    }

    /// Applies the fault. An error says that the other side has disconnected.
    pub(super) async fn apply(self, mut stream: TcpStream) -> io::Result<()> {
        match self {
            Self::Reset => reset(stream),
            Self::NotHttp => stream.write_all(b"SSH-2.0-nothing\r\n").await,
            Self::Close => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await
            }
            Self::Half => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf").await?;
                reset(stream)
            }
            Self::Trickle => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                loop {
                    stream.write_all(b".").await?;
                    sleep(Duration::from_secs(1)).await;
                }
            }
            Self::Endless => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {GIBIBYTE}\r\n\r\n");
                stream.write_all(head.as_bytes()).await?;
                for _ in 0..GIBIBYTE / FILLER.len() {
                    stream.write_all(&FILLER).await?;
                }
                Ok(())
            }
        }
    }
}

/// Resets the connection: closing with a zero linger time sends RST. Bytes written before are sent already.
fn reset(stream: TcpStream) -> io::Result<()> {
    stream.set_zero_linger()?;
    drop(stream);
    Ok(())
}
