//! Lambda's Runtime API on loopback, and an instance of a function.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Method, StatusCode};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::Failure;
use crate::http::{Answer, answer, serve};
use crate::process;

/// An instance of a function, which is killed when this value is dropped.
pub(crate) struct Instance {
    child: Child,
    pid: u32,
    events: mpsc::Sender<Bytes>,
    waiting: Waiting,
    /// From the start of the process to its first request for an event.
    pub(crate) init: Duration,
    output: Arc<Output>,
}

/// Bytes that an instance has written to CloudWatch Logs.
#[derive(Default)]
struct Output {
    logged: AtomicU64,
    metrics: AtomicU64,
}

/// The overhead of CloudWatch Logs per line.
pub(crate) const BYTES_OF_A_LINE: u64 = 26;
/// The text that marks lines of metrics.
const METRICS_MARK: &str = "\"CloudWatchMetrics\"";

/// The receiver of the answer to the event in flight.
type Waiting = Arc<Mutex<Option<oneshot::Sender<Result<Bytes, String>>>>>;

/// The result of an invocation.
pub(crate) struct Invoked {
    pub(crate) answer: Bytes,
    /// From the event to the answer.
    pub(crate) took: Duration,
}

/// The deadline of the start of an instance, and of an invocation.
const DEADLINE: Duration = Duration::from_mins(2);
/// The function's timeout as the instance sees it.
const TIMEOUT: Duration = Duration::from_mins(2);

impl Instance {
    /// Starts `bootstrap` with `environment` and the variables of Lambda.
    pub(crate) async fn start(
        bootstrap: &Path,
        environment: &[(&str, String)],
    ) -> Result<Self, Failure> {
        Self::start_command(Command::new(bootstrap), environment).await
    }

    /// The same with a command that runs it.
    pub(crate) async fn start_command(
        mut command: Command,
        environment: &[(&str, String)],
    ) -> Result<Self, Failure> {
        let (events, queue) = mpsc::channel::<Bytes>(1);
        let queue = Arc::new(tokio::sync::Mutex::new(queue));
        let waiting = Waiting::default();
        let (first, asked) = oneshot::channel();
        let first = Arc::new(Mutex::new(Some(first)));
        let api = {
            let waiting = Arc::clone(&waiting);
            move |parts: http::request::Parts, body: Bytes| {
                let (queue, waiting) = (Arc::clone(&queue), Arc::clone(&waiting));
                if parts.method == Method::GET
                    && let Some(first) = locked(&first).take()
                {
                    let _ = first.send(Instant::now());
                }
                async move {
                    if parts.method == Method::GET {
                        return next(queue.lock().await.recv().await);
                    }
                    let text = String::from_utf8_lossy(&body).into_owned();
                    let result =
                        if parts.uri.path().ends_with("/response") { Ok(body) } else { Err(text) };
                    if let Some(waiting) = locked(&waiting).take() {
                        let _ = waiting.send(result);
                    }
                    answer(StatusCode::ACCEPTED, Bytes::new())
                }
            }
        };
        let address = serve(api, None).await?;

        let started = Instant::now();
        let mut child = command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "measured")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "none")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "none")
            .env("POWERTOOLS_METRICS_NAMESPACE", "Callhook/callhook")
            .env("POWERTOOLS_SERVICE_NAME", "measured")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()?;
        let output = Arc::<Output>::default();
        if let Some(written) = child.stdout.take() {
            let output = Arc::clone(&output);
            tokio::spawn(async move {
                let mut lines = BufReader::new(written).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    output.add(&line);
                }
            });
        }
        let pid = child.id().ok_or("the function ended immediately")?;
        let ready =
            timeout(DEADLINE, asked).await.map_err(|_| "the function requests no event")??;
        let init = ready.duration_since(started);
        Ok(Self { child, pid, events, waiting, init, output })
    }

    /// Sends an event; returns the answer.
    pub(crate) async fn invoke(&self, event: impl Into<Bytes>) -> Result<Invoked, Failure> {
        let (done, result) = oneshot::channel();
        *locked(&self.waiting) = Some(done);
        let started = Instant::now();
        self.events.send(event.into()).await?;
        let answer =
            timeout(DEADLINE, result).await.map_err(|_| "the function does not answer")??;
        let took = started.elapsed();
        Ok(Invoked { answer: answer?, took })
    }

    /// The CPU time so far.
    pub(crate) fn cpu(&self) -> Result<Duration, Failure> {
        process::cpu(self.pid)
    }

    /// The CPU time since it was `before`.
    pub(crate) fn cpu_since(&self, before: Duration) -> Result<Duration, Failure> {
        Ok(self.cpu()?.saturating_sub(before))
    }

    /// The peak of resident memory, in MiB.
    pub(crate) fn peak_memory_mib(&self) -> Result<f64, Failure> {
        process::peak_memory_mib(self.pid)
    }

    /// The logged bytes so far, without metrics.
    pub(crate) fn logged(&self) -> u64 {
        self.output.logged.load(Ordering::Relaxed)
    }

    /// The bytes of metrics so far.
    pub(crate) fn metrics(&self) -> u64 {
        self.output.metrics.load(Ordering::Relaxed)
    }

    /// Sends SIGTERM, and waits for the end.
    pub(crate) async fn terminate(mut self) -> Result<(), Failure> {
        Command::new("kill").arg(self.pid.to_string()).status().await?;
        self.child.wait().await?;
        Ok(())
    }

    /// Kills it, and waits for the end.
    pub(crate) async fn stop(mut self) -> Result<(), Failure> {
        self.child.kill().await?;
        Ok(())
    }
}

impl Output {
    fn add(&self, line: &str) {
        let bytes = if line.contains(METRICS_MARK) { &self.metrics } else { &self.logged };
        bytes.fetch_add(line.len() as u64 + BYTES_OF_A_LINE, Ordering::Relaxed);
    }
}

fn next(event: Option<Bytes>) -> Answer {
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    let Some(event) = event else { return answer(StatusCode::GONE, Bytes::new()) };
    let deadline = SystemTime::now() + TIMEOUT;
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let request = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let mut answer = answer(StatusCode::OK, event);
    for (name, value) in [
        ("lambda-runtime-aws-request-id", format!("00000000-0000-4000-8000-{request:012}")),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:1:function:x".to_owned()),
        ("content-type", "application/json".to_owned()),
    ] {
        if let Ok(value) = value.parse() {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
