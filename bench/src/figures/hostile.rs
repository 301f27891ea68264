//! The memory of deliver while all receivers in flight make it buffer as much as they can.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callhook::testing::NewWebhook;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::Figures;
use crate::Failure;
use crate::cloud::REPORTS_QUEUE;
use crate::events::{message_of, report, sqs_event};
use crate::world::World;

/// The maximum of requests in flight of an instance.
const IN_FLIGHT: usize = 250;
/// More than hyper buffers of a head (about 400 KiB). Sent as one line, as hyper also limits lines.
const HEAD_BYTES: usize = 400 * 1024;
/// Long enough that all heads are open at the same time.
const TIMEOUT_SECONDS: u32 = 10;

/// Adds the figure.
pub(crate) async fn measure(root: &Path, figures: &mut Figures) -> Result<(), Failure> {
    let receiver = HostileReceiver::start().await?;
    let mut world = World::new(root).await?;
    // Two accounts, as one may not use all permits of an instance.
    let mut messages = Vec::new();
    for account in ["hostile-1", "hostile-2"] {
        world.use_account(account).await?;
        let mut webhooks = Vec::with_capacity(IN_FLIGHT / 2);
        for number in 0..IN_FLIGHT / 2 {
            let webhook = NewWebhook::new(&receiver.url)
                .with("name", number.to_string())
                .with("timeout_seconds", TIMEOUT_SECONDS)
                .retrying_after(&[3_600]);
            webhooks.push(world.webhook(webhook).await?);
        }
        messages.push(message_of(account, &[report(world.numbers.next(), &webhooks)])?);
    }
    let deliver = world.start("deliver").await?;
    let event = sqs_event(REPORTS_QUEUE, &messages);
    deliver.invoke(event).await?;
    let most = receiver.counts.most.load(Ordering::Relaxed);
    if most != IN_FLIGHT {
        return Err(
            format!("{most} of {IN_FLIGHT} hostile heads were sent at the same time").into()
        );
    }
    figures.add("memory.deliver.hostile_250.mb", deliver.peak_memory_mib()?)?;
    deliver.stop().await
}

/// Answers each request with a head that never ends.
struct HostileReceiver {
    url: String,
    counts: Arc<Counts>,
}

/// Open connections whose head was sent, and their maximum.
#[derive(Default)]
struct Counts {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl HostileReceiver {
    async fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/hook", listener.local_addr()?);
        let counts = Arc::<Counts>::default();
        let shared = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counts = Arc::clone(&shared);
                // An error says that deliver has disconnected.
                tokio::spawn(async move { answer(stream, &counts).await.ok() });
            }
        });
        Ok(Self { url, counts })
    }
}

async fn answer(mut stream: TcpStream, counts: &Counts) -> std::io::Result<()> {
    let mut request = vec![0; 4096];
    let _ = stream.read(&mut request).await?;
    stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").await?;
    stream.write_all(&vec![b'x'; HEAD_BYTES]).await?;
    let now = counts.now.fetch_add(1, Ordering::Relaxed) + 1;
    counts.most.fetch_max(now, Ordering::Relaxed);
    // Until the other side disconnects.
    while !matches!(stream.read(&mut request).await, Ok(0) | Err(_)) {}
    counts.now.fetch_sub(1, Ordering::Relaxed);
    Ok(())
}
