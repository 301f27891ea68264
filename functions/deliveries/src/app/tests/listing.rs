use callhook::testing::log::attempt;

use super::*;

/// The numbers of the reports that a path lists, over all pages.
async fn listed(world: &World, path: &str) -> Vec<u16> {
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.api.get(&format!("{path}&limit=3{cursor}")).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let page = page.json();
        for delivery in page["data"].as_array().unwrap() {
            let id = delivery["report_id"].as_str().unwrap();
            numbers.push(u16::from_str_radix(&id[id.len() - 4..], 16).unwrap());
        }
        let Some(next) = page["next_cursor"].as_str() else { return numbers };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn deliveries_are_listed_by_status_and_time() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let next_attempt_at = at();
    for (n, state) in [
        (1, DeliveryState::Delivered),
        (2, failed()),
        (3, skipped()),
        (4, DeliveryState::Retrying { next_attempt_at }),
        (5, DeliveryState::Pending { next_attempt_at }),
        (6, DeliveryState::Delivered),
        (7, failed()),
    ] {
        let key = key(webhook, report_id(CALL_END + u64::from(n) * 1_000, n));
        write(&world.tables.deliveries(), update("acme", key, state)).await;
    }
    let path = format!("/v1/webhooks/{webhook}/deliveries");
    for (query, numbers) in [
        ("", &[7, 6, 5, 4, 3, 2, 1][..]),
        ("status=failed", &[7, 2]),
        ("status=failing", &[7, 5, 4, 3, 2]),
        ("status=delivered", &[6, 1]),
        ("status=pending", &[5]),
        ("from=2021-04-09T16:27:58Z&to=2021-04-09%2016:28:01", &[5, 4, 3]),
        ("status=failing&from=2021-04-09+16:28:00", &[7, 5]),
        ("to=2021-04-09", &[]),
    ] {
        assert_eq!(listed(&world, &format!("{path}?{query}")).await, numbers, "{query}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_webhook_or_filter_is_refused() {
    let world = World::start().await;
    let (webhook, other) = (world.webhook().await, world.webhook().await);
    for n in 1..3 {
        world.delivery(webhook, n, failed()).await;
    }
    let list = |webhook: WebhookId| format!("/v1/webhooks/{webhook}/deliveries?limit=1");
    let page = world.api.get(&format!("{}&status=failed", list(webhook))).await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let own = world.api.get(&format!("{}&status=failed&cursor={cursor}", list(webhook))).await;
    assert_eq!(own.json()["data"].as_array().unwrap().len(), 1, "{own:?}");
    for path in [
        format!("{}&cursor={cursor}", list(webhook)),
        format!("{}&status=skipped&cursor={cursor}", list(webhook)),
        format!("{}&status=failed&from=2021-04-09&cursor={cursor}", list(webhook)),
        format!("{}&status=failed&cursor={cursor}", list(other)),
        format!("/v1/webhooks/{webhook}/replays?cursor={cursor}"),
    ] {
        let reply = world.api.get(&path).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}: {reply:?}");
        assert!(reply.body.contains("`cursor` is of another list"), "{reply:?}");
    }
}

#[tokio::test]
async fn a_list_shows_no_reports_and_no_responses() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    let key = key(webhook, report_id(CALL_END, 1));
    let mut made = update("acme", key, failed());
    made.attempt = Some(attempt(Ok(500), b"the response of the receiver"));
    write(&world.tables.deliveries(), made).await;
    let path = format!("/v1/webhooks/{webhook}/deliveries");
    let reply = world.api.get(&path).await;
    insta::assert_snapshot!(reply.body.replace(&webhook.to_string(), "<webhook>"));
}

/// The ids of the deliveries that a path lists, over all pages.
async fn keys_of(world: &World, path: &str) -> Vec<String> {
    let (mut keys, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.api.get(&format!("{path}&limit=3{cursor}")).await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        let page = page.json();
        let data = page["data"].as_array().unwrap();
        keys.extend(data.iter().map(|delivery| delivery["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { return keys };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn undelivered_deliveries_are_listed_even_of_deleted_webhooks() {
    let world = World::start().await;
    let (kept, deleted) = (world.webhook().await, world.webhook().await);
    let mut made = Vec::new();
    for n in 0..10 {
        let webhook = if n % 2 == 0 { kept } else { deleted };
        let state = [failed(), skipped(), DeliveryState::Delivered][usize::from(n) % 3].clone();
        let key = key(webhook, report_id(CALL_END + u64::from(n) * 1_000, n));
        write(&world.tables.deliveries(), update("acme", key, state.clone())).await;
        made.push((key, state));
    }
    let acme = "acme".parse().unwrap();
    world.tables.config().delete_webhook(&acme, deleted, 1).await.unwrap();
    let listed = |wanted: &dyn Fn(&DeliveryKey, &DeliveryState) -> bool| -> Vec<String> {
        let latest_first = made.iter().rev();
        let undelivered = latest_first.filter(|(_, state)| *state != DeliveryState::Delivered);
        let wanted = undelivered.filter(|(key, state)| wanted(key, state));
        wanted.map(|(key, _)| key.to_string()).collect()
    };
    for (query, wanted) in [
        (String::new(), listed(&|_, _| true)),
        ("status=failing".to_owned(), listed(&|_, _| true)),
        ("status=skipped".to_owned(), listed(&|_, state| *state == skipped())),
        (format!("webhook_id={kept}"), listed(&|key, _| key.webhook_id == kept)),
        (format!("webhook_id={deleted}"), listed(&|key, _| key.webhook_id == deleted)),
        (
            format!("webhook_id={deleted}&status=failed"),
            listed(&|key, state| key.webhook_id == deleted && *state == failed()),
        ),
        ("to=2021-04-09".to_owned(), Vec::new()),
    ] {
        assert_eq!(keys_of(&world, &format!("/v1/deliveries?{query}")).await, wanted, "{query}");
    }
    let other = world.api.with_caller(account("other"));
    assert_eq!(other.get("/v1/deliveries").await.json()["data"], json!([]));
}

#[tokio::test]
async fn the_list_of_an_account_refuses_foreign_webhooks_and_cursors() {
    let world = World::start().await;
    let webhook = world.webhook().await;
    for n in 1..3 {
        world.delivery(webhook, n, failed()).await;
    }
    let page = world.api.get("/v1/deliveries?limit=1").await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = world.api.get(&format!("/v1/deliveries?limit=1&cursor={cursor}")).await.json();
    assert_ne!(next["data"][0]["id"], page["data"][0]["id"]);
    for (path, says) in [
        (format!("/v1/deliveries?status=failed&cursor={cursor}"), "`cursor` is of another list"),
        (format!("/v1/deliveries?webhook_id={webhook}&cursor={cursor}"), "is of another list"),
        ("/v1/deliveries?status=delivered".to_owned(), "`status` cannot be `delivered`"),
        ("/v1/deliveries?webhook_id=crm".to_owned(), "`webhook_id` must be a UUID"),
    ] {
        let reply = world.api.get(&path).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}: {reply:?}");
        assert!(reply.body.contains(says), "{path}: {reply:?}");
    }
    let other = world.api.with_caller(account("other"));
    for path in
        [format!("/v1/deliveries?webhook_id={webhook}"), format!("/v1/deliveries?cursor={cursor}")]
    {
        let reply = other.get(&path).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}: {reply:?}");
    }
}
