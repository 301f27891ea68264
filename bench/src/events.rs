//! Events of functions: documented reports, in messages of SQS and requests of API Gateway.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use callhook::domain::account::AccountId;
use callhook::domain::ids::{ReportId, WebhookId};
use callhook::domain::message::{AcceptedReport, ReportsMessage};
use callhook::domain::report::Report;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Failure;
use crate::cloud::REPORTS_QUEUE;

/// The account of all measurements.
pub(crate) const ACCOUNT: &str = "acme";

/// The documented report of a finished call, with a unique id, for these webhooks. Without any, the subscribed
/// webhooks of its account get it.
pub(crate) fn report(number: u64, webhooks: &[WebhookId]) -> Value {
    let mut report = json!({
        "id": format!("26074c32-b316-4ffa-99d7-{number:012}"),
        "bridge": 918_068_280_000_u64, "from": 918_919_520_000_u64, "to": 918_867_130_000_u64,
        "source": "OBD", "mid": "1234-1333-00001", "flow_id": 123,
        "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55", "duration": "23",
        "status": "ANSWER",
    });
    if let (false, Some(report)) = (webhooks.is_empty(), report.as_object_mut()) {
        report.insert("webhook_ids".to_owned(), json!(webhooks));
    }
    report
}

/// Unique numbers of reports.
#[derive(Default)]
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// A message as ingest sends it.
pub(crate) fn message(reports: &[Value]) -> Result<String, Failure> {
    message_of(ACCOUNT, reports)
}

/// The same for another account.
pub(crate) fn message_of(account: &str, reports: &[Value]) -> Result<String, Failure> {
    let account_id: AccountId = account.parse()?;
    let received_at = Timestamp::now();
    let accepted = |report: &Value| -> Result<AcceptedReport, Failure> {
        let report = Report::parse(&report.to_string())?;
        let id = ReportId::derive(&account_id, &report, None, received_at);
        Ok(AcceptedReport { id, report: report.into() })
    };
    let reports = reports.iter().map(accepted).collect::<Result<_, _>>()?;
    Ok(ReportsMessage { account_id: account_id.clone(), received_at, reports, fan_out: None }
        .to_json()?)
}

/// A batch of the named queue with these messages.
pub(crate) fn sqs_event(queue: &str, messages: &[String]) -> String {
    let record = |(index, body): (usize, &String)| {
        json!({
            "messageId": format!("059f36b4-87a3-44ab-83d2-{index:012}"),
            "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a".repeat(5),
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183",
                "SenderId": "AIDAIENQZJOLO23YVJ4VO", "MessageGroupId": ACCOUNT,
                "ApproximateFirstReceiveTimestamp": "1545082649185",
            },
            "messageAttributes": {},
            "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:us-east-1:123456789012:{queue}"),
            "awsRegion": "us-east-1",
        })
    };
    json!({ "Records": messages.iter().enumerate().map(record).collect::<Vec<_>>() }).to_string()
}

/// The caller of the API.
#[derive(Clone, Copy)]
pub(crate) enum Caller {
    Platform,
    Account,
}

/// An authorized request of API Gateway.
pub(crate) fn api_event(caller: Caller, method: &str, path: &str, body: &str) -> String {
    let (account, scopes) = match caller {
        Caller::Platform => (Value::Null, "platform accounts:read accounts:write reports:write"),
        Caller::Account => (
            json!(ACCOUNT),
            "reports:write reports:read webhooks:read webhooks:write deliveries:read",
        ),
    };
    let mut lambda = json!({"key_id": "measured", "scopes": scopes});
    if let (Some(account), Some(context)) = (account.as_str(), lambda.as_object_mut()) {
        context.insert("account_id".to_owned(), json!(account));
    }
    json!({
        "version": "2.0", "routeKey": format!("{method} {path}"), "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*", "authorization": "Bearer chk_…", "content-type": "application/json",
            "host": "abcdefghij.execute-api.us-east-1.amazonaws.com", "user-agent": "curl/8",
            "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
            "x-forwarded-for": "192.0.2.1", "x-forwarded-port": "443", "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012", "apiId": "abcdefghij",
            "authorizer": {"lambda": lambda},
            "domainName": "abcdefghij.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "abcdefghij",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                "userAgent": "curl/8",
            },
            "requestId": "JKJaXmPLvHcESHA=", "routeKey": format!("{method} {path}"),
            "stage": "$default", "time": "10/Mar/2020:05:16:23 +0000",
            "timeEpoch": 1_583_817_383_220_i64,
        },
        "body": body, "isBase64Encoded": false,
    })
    .to_string()
}

/// A request of API Gateway to authorize an unknown key.
pub(crate) fn authorizer_event() -> String {
    let bearer = format!("Bearer chk_0123456789ab_{}", "x".repeat(43));
    json!({
        "version": "2.0", "type": "REQUEST", "routeArn": "arn:aws:execute-api:us-east-1:1:x/y",
        "identitySource": [bearer], "routeKey": "GET /v1/webhooks",
        "rawPath": "/v1/webhooks", "rawQueryString": "",
        "headers": {"authorization": bearer},
        "requestContext": {
            "accountId": "1", "apiId": "x", "domainName": "x", "domainPrefix": "x",
            "http": {
                "method": "GET", "path": "/v1/webhooks", "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1", "userAgent": "curl/8",
            },
            "requestId": "x", "routeKey": "GET /v1/webhooks", "stage": "$default",
            "time": "10/Mar/2020:05:16:23 +0000", "timeEpoch": 1_583_817_383_220_i64,
        },
    })
    .to_string()
}

/// The stream record of a delivery. Sequence numbers increase.
fn stream_event(webhook: WebhookId) -> String {
    static SEQUENCE: AtomicU64 = AtomicU64::new(0);
    let sequence = SEQUENCE.fetch_add(1, Ordering::Relaxed).to_string();
    let at = json!({"S": "2026-11-27T00:00:00Z"});
    json!({"shardId": "shardId-00000001795737600000-00000001", "Records": [{"eventName": "INSERT", "dynamodb": {
        "SequenceNumber": sequence,
        "NewImage": {
            "pk": {"S": format!("{webhook}#0")},
            "sk": {"S": "01890a5d-ac96-774b-bcce-b302099a8057"},
            "account_id": {"S": ACCOUNT},
            "received_at": at,
            "status": {"S": "delivered"},
            "scheduled_attempts": {"N": "1"},
            "attempts": {"L": [{"M": {
                "at": at, "number": {"N": "1"}, "status_code": {"N": "200"},
                "latency_ms": {"N": "41"}, "taken": {"BOOL": true},
            }}]},
            "updated_at": at,
            "expires_at": {"N": "1800000000"},
            "revision": {"N": "1"},
        },
    }}]})
    .to_string()
}

/// The functions of the template.
pub(crate) const FUNCTIONS: [&str; 10] = [
    "authorizer",
    "console",
    "accounts",
    "webhooks",
    "ingest",
    "deliver",
    "deliveries",
    "replay",
    "eraser",
    "stats",
];

/// The first event of a function: one that it answers after a call of its table or queue.
pub(crate) fn first_event(function: &str, webhook: WebhookId) -> Result<String, Failure> {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let get = |caller, path: &str| api_event(caller, "GET", path, "");
    Ok(match function {
        "authorizer" => authorizer_event(),
        "console" => get(Caller::Account, "/v1/openapi.json"),
        "accounts" => get(Caller::Platform, "/v1/accounts"),
        "webhooks" => get(Caller::Account, "/v1/webhooks"),
        "deliveries" => get(Caller::Account, &format!("/v1/reports/{id}")),
        "ingest" => {
            api_event(Caller::Account, "POST", "/v1/reports", &report(1, &[webhook]).to_string())
        }
        "deliver" => sqs_event(REPORTS_QUEUE, &[message(&[report(1, &[webhook])])?]),
        "replay" => sqs_event("replays", &[json!({
            "v": 1, "kind": "replay", "account_id": ACCOUNT, "webhook_id": webhook, "replay_id": id,
        })
        .to_string()]),
        "eraser" => sqs_event("erasures", &[json!({
            "v": 1, "kind": "erase_report", "account_id": ACCOUNT, "report_id": id,
            "asked_at": "2026-11-27T00:00:00Z",
        })
        .to_string()]),
        "stats" => stream_event(webhook),
        _ => return Err(format!("there is no function {function}").into()),
    })
}

/// The path of a function's binary, in the folder `CALLHOOK_BINARIES` or else that of `make build-release`.
pub(crate) fn bootstrap(root: &Path, function: &str) -> PathBuf {
    let folder = env::var_os("CALLHOOK_BINARIES")
        .map_or_else(|| root.join("target/lambda-release"), PathBuf::from);
    folder.join(function).join("bootstrap")
}
