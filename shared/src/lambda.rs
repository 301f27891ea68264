//! The loop of a function: an event in, an answer out.
//!
//! `lambda_runtime` alone notes the path of every field while it reads an event, for an error that
//! next to never comes, and opens a span for each that no line of the log shows. Here the bytes of
//! an event come to the function as they are.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use bytes::Bytes;
use lambda_runtime::tower::layer::layer_fn;
use lambda_runtime::{Context, Error, LambdaEvent, LambdaInvocation, Runtime, Service, service_fn};
use serde::Serialize;

const TICK: Duration = Duration::from_millis(900);

/// Has `handler` work on the events of this instance, one after the other.
pub async fn run<H, F, R>(handler: H) -> Result<(), Error>
where
    H: Fn(Bytes, Context) -> F + Send + 'static,
    F: Future<Output = Result<R, Error>> + Send + 'static,
    R: Serialize + Send + 'static,
{
    let event = Held::default();
    let taken = event.clone();
    let service = service_fn(move |given: LambdaEvent<()>| handler(taken.take(), given.context));
    let runtime =
        Runtime::new(service).layer(layer_fn(move |inner| Raw { inner, event: event.clone() }));
    tokio::spawn(tick());
    // As a task of its own, which is run at once when an answer has come: what is not one is looked
    // for by another system call first.
    tokio::spawn(runtime.run()).await?
}

/// Keeps a timer that is over before all timeouts that are seconds long: setting one that is over
/// before all others costs a system call, and there are some for every call of AWS.
async fn tick() {
    loop {
        tokio::time::sleep(TICK).await;
    }
}

/// The bytes of the event that is worked on.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<Bytes>>);

impl Held {
    fn put(&self, event: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = event;
    }

    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Takes the event out of what `lambda_runtime` reads.
struct Raw<S> {
    inner: S,
    event: Held,
}

impl<S: Service<LambdaInvocation>> Service<LambdaInvocation> for Raw<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut invocation: LambdaInvocation) -> S::Future {
        let nothing = Bytes::from_static(b"null");
        self.event.put(std::mem::replace(&mut invocation.body, nothing));
        self.inner.call(invocation)
    }
}
