//! The cost of composing and signing a request alone.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Instant;

use callhook::domain::compose::limits::BODY_BYTES;
use callhook::domain::compose::{ComposeSettings, Composer, Secrets, Variables};
use callhook::domain::report::{Mask, Report};
use callhook::domain::signing::{Overlap, SigningSecret, SigningSecrets};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Figures;
use crate::Failure;

/// The documented composed request.
const SETTINGS: &str = r#"{
    "method": "POST",
    "url": "https://www.domain.com/ack/receive?id={{id}}",
    "headers": {"Authorization": "Bearer %token%"},
    "body": {"format": "json", "template":
        {"id": "{{id}}", "to": "{{to}}", "status": "{{status}}", "duration": "{{duration}}"}}
}"#;
const REPORT: &str = r#"{
    "id": "26074c32-b316-4ffa-99d7-9f6a99da56d6", "bridge": 918068280000, "from": 918919520000,
    "to": 918867130000, "source": "OBD", "mid": "1234-1333-00001", "flow_id": 123,
    "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55", "duration": "23",
    "status": "ANSWER", "variables": {"otp": "12344"}
}"#;
/// The usual size of a default payload.
const PAYLOAD_BYTES: usize = 400;
/// Calls per measurement, and measurements. The best one counts, as other load only adds time.
const ROUNDS: u32 = 1_000;
const MEASUREMENTS: u32 = 25;

/// Adds the figures.
pub(crate) fn measure(figures: &mut Figures) -> Result<(), Failure> {
    composing(figures)?;
    signing(figures)
}

fn composing(figures: &mut Figures) -> Result<(), Failure> {
    let settings = ComposeSettings::parse(&serde_json::from_str(SETTINGS)?)?;
    let names = BTreeSet::from(["token".to_owned()]);
    let composer = Composer::compile(&settings, &names)?;
    let report = Report::parse(REPORT)?;
    let variables = Variables {
        report: &report,
        report_id: "01890a5d-ac96-874b-bcce-b302099a8058".parse()?,
        webhook_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse()?,
        now: Timestamp::now(),
        zone: TimeZone::UTC,
        mask: Mask::default(),
    };
    let token = |_: &str| Some("s3cr3t");
    composer.render(&variables, Secrets::Known(&token))?;

    let render = best(|| {
        let request = composer.render(black_box(&variables), Secrets::Known(&token));
        black_box(request.is_ok());
    });
    figures.add("compose.cpu_us", render)?;
    let compile = best(|| {
        let composer = Composer::compile(black_box(&settings), &names);
        black_box(composer.is_ok());
    });
    figures.add("compose.compile_us", compile)
}

fn signing(figures: &mut Figures) -> Result<(), Failure> {
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
    figures.add("sign.cpu_us", sign(&one, &payload))?;
    figures.add("sign.five_secrets_us", sign(&five, &payload))?;
    figures.add("sign.largest_body_us", sign(&one, &largest))?;
    let text = one.current().reveal();
    let read = best(|| {
        black_box(SigningSecret::parse(black_box(&text)).is_ok());
    });
    figures.add("sign.read_secret_us", read)
}

/// The microseconds of one call of `work`.
fn best(work: impl Fn()) -> f64 {
    let measure = |_| {
        let start = Instant::now();
        (0..ROUNDS).for_each(|_| work());
        start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
    };
    (0..MEASUREMENTS).map(measure).fold(f64::INFINITY, f64::min)
}
