//! What the signature of a request costs: a default payload with one live secret, and with as many
//! as there may be; the largest composed body; and reading a secret, which is done once per
//! cached webhook.
//!
//! `cargo run --release -p callhook --example signing_cost`

use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use callhook::compose::limits::BODY_BYTES;
use callhook::signing::{Overlap, SigningSecret, SigningSecrets};
use jiff::Timestamp;

/// Rounds of one measurement, and measurements; the best counts, since whatever else the
/// machine does only adds.
const ROUNDS: u32 = 200;
const MEASUREMENTS: u32 = 25;
/// Bytes of a default payload, as it is usual.
const PAYLOAD_BYTES: usize = 400;

fn main() -> Result<(), Box<dyn Error>> {
    let now = Timestamp::now();
    let one = SigningSecrets::new(SigningSecret::generate()?, now);
    let mut five = one.clone();
    for _ in 1..SigningSecrets::MAX_LIVE {
        five = five.rotated(SigningSecret::generate()?, Overlap::default(), now)?;
    }
    let (payload, largest) = (vec![b'x'; PAYLOAD_BYTES], vec![b'x'; BODY_BYTES]);
    let sign = |secrets: &SigningSecrets, body: &[u8]| {
        best(|| {
            black_box(secrets.sign("0178b776-1ef8-8b84-b3cc-9e478dccfe28", now, black_box(body)));
        })
    };
    let text = one.current().reveal();
    let read = best(|| {
        black_box(SigningSecret::parse(black_box(&text)).is_ok());
    });
    let mut out = std::io::stdout();
    writeln!(out, "signing.cpu_us: {:.2}", sign(&one, &payload))?;
    writeln!(out, "signing.five_secrets_us: {:.2}", sign(&five, &payload))?;
    writeln!(out, "signing.largest_body_us: {:.2}", sign(&one, &largest))?;
    writeln!(out, "signing.read_secret_us: {read:.2}")?;
    Ok(())
}

/// Microseconds of one call of `work`.
fn best(work: impl Fn()) -> f64 {
    let measure = |_| {
        let start = Instant::now();
        (0..ROUNDS).for_each(|_| work());
        start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
    };
    (0..MEASUREMENTS).map(measure).fold(f64::INFINITY, f64::min)
}
