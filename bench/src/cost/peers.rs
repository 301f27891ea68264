//! What a user would pick instead, by the same price list.

use super::prices::{Dollars, Prices};
use super::usage::CLIENT;

/// A way to have reports delivered, and what it does not do.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) lacks: &'static str,
    pub(crate) dollars: Dollars,
}

/// For each million of reports that `webhooks` want, with bodies of `bytes`.
pub(crate) fn peers(prices: &Prices, webhooks: f64, bytes: f64) -> Vec<Peer> {
    let transfer = webhooks * bytes * 1e6 / 1e9 * prices.transfer_per_gb;
    let topic = Dollars {
        queue: prices.sns_per_million_requests,
        compute: webhooks * prices.sns_per_million_http_deliveries,
        transfer,
        ..Dollars::default()
    };
    let bus = Dollars {
        queue: prices.eventbridge_per_million_events,
        compute: webhooks * prices.eventbridge_per_million_api_destination_invocations,
        transfer,
        ..Dollars::default()
    };
    vec![
        Peer {
            name: "SNS, HTTPS subscriptions",
            lacks: "no composed request or own signature, a subscription to be confirmed by each \
                    client, no log of deliveries, no resend; callers need AWS credentials",
            dollars: topic,
        },
        Peer {
            name: "EventBridge, API destinations",
            lacks: "300 API destinations to a region by default, no signature of the body, no log \
                    of deliveries, no resend; callers need AWS credentials",
            dollars: bus,
        },
        Peer {
            name: "one queue, one function, a message at a time",
            lacks: "as it is usually built: the function reads the webhook, waits for the client \
                    and writes a line of log for each delivery",
            dollars: naive(prices, webhooks, transfer),
        },
    ]
}

/// 128 MB in both functions; the first takes 15 ms, the other 20 ms and what the client takes.
fn naive(prices: &Prices, webhooks: f64, transfer: f64) -> Dollars {
    const GB: f64 = 128.0 / 1024.0;
    let seconds = 0.015 + webhooks * (0.020 + CLIENT.as_secs_f64());
    Dollars {
        api: prices.api_gateway_per_million_requests,
        // Sent, received and deleted, for each delivery.
        queue: webhooks * 3.0 * prices.sqs_per_million_requests,
        compute: (1.0 + webhooks) * prices.lambda_per_million_requests
            + seconds * GB * 1e6 * prices.lambda_per_gb_second_arm64,
        // Reads which webhooks want it and each of them; writes an item of up to 1 KB.
        log: (1.0 + webhooks) * 0.5 * prices.dynamodb_per_million_read_units
            + webhooks * prices.dynamodb_per_million_write_units,
        // START, END and REPORT of each invocation, and a line of its own.
        lines: (1.0 + webhooks) * 500.0 * 1e6 / 1e9 * prices.logs_per_gb,
        transfer,
        ..Dollars::default()
    }
}
