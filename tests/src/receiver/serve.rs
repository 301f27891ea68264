//! The server of a receiver: HTTP/1.1 by hyper, until a fault takes over the connection.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{LOCATION, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::{Answer, Fault, Received};

/// What the connections of a receiver share.
#[derive(Default)]
pub(super) struct State {
    /// All requests, in the order of arrival.
    pub(super) received: Mutex<Vec<Received>>,
    /// Answers that a test has set, by path.
    pub(super) answers: Mutex<HashMap<String, Answer>>,
    /// Requests so far by path and `webhook-id`, for the answers that depend on it.
    visits: Mutex<HashMap<(String, String), u32>>,
}

impl State {
    fn answer_to(&self, path: &str) -> Answer {
        self.answers.lock().unwrap().get(path).copied().unwrap_or_else(|| Answer::for_path(path))
    }

    fn visits_before(&self, path: &str, id: &str) -> u32 {
        let mut visits = self.visits.lock().unwrap();
        let visits = visits.entry((path.to_owned(), id.to_owned())).or_default();
        *visits += 1;
        *visits - 1
    }

    /// Records the status of the request with this number, just before the answer is sent.
    fn set_answered(&self, number: usize, status: Option<u16>) {
        self.received.lock().unwrap()[number].answered = status;
    }
}

pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve_connection(stream, Arc::clone(&state)));
            }
            // Out of file descriptors: retry when some are free.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, state: Arc<State>) {
    let (to_apply, mut faults) = mpsc::channel(1);
    let service = service_fn(|request| answer(request, &state, &to_apply));
    let mut connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // The other side may disconnect.
    tokio::select! {
        _ = &mut connection => {}
        Some(fault) = faults.recv() => {
            let _ = fault.apply(connection.into_parts().io.into_inner()).await;
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    state: &State,
    to_apply: &mpsc::Sender<Fault>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let received = Received {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        arrived: Instant::now(),
        arrived_at: SystemTime::now(),
        answered: None,
    };
    let id = received.header("webhook-id").to_owned();
    let number = {
        let mut all = state.received.lock().unwrap();
        all.push(received);
        all.len() - 1
    };
    let path = parts.uri.path();
    let answer = state.answer_to(path);
    let code = match answer {
        Answer::Status(code) => code,
        Answer::Slow(time) => {
            sleep(time).await;
            200
        }
        Answer::Throttle(_) => 429,
        Answer::Flip if state.visits_before(path, &id).is_multiple_of(2) => 500,
        Answer::FailFirst(failures) if state.visits_before(path, &id) < failures => 500,
        Answer::Flip | Answer::FailFirst(_) | Answer::Echo => 200,
        Answer::Hang => std::future::pending().await,
        Answer::Fault(fault) => {
            state.set_answered(number, fault.status());
            // The channel has capacity for one fault, which ends the connection.
            let _ = to_apply.send(fault).await;
            std::future::pending().await
        }
    };
    state.set_answered(number, Some(code));
    let echo = if answer == Answer::Echo { body } else { Bytes::new() };
    Ok(response(code, answer, echo))
}

fn response(code: u16, answer: Answer, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::OK);
    if response.status().is_redirection() {
        response.headers_mut().insert(LOCATION, HeaderValue::from_static("/redirected"));
    }
    if let Answer::Throttle(seconds) = answer {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
