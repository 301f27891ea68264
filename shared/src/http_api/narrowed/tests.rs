//! Tests of the access of keys that are limited to one webhook.

use super::*;
use crate::http_api::DeliveriesRead;
use crate::testing::api::{TestCaller, narrowed, request, scoped};

const OWN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a8058";
const REPORT: &str = "019abcde-ac96-774b-bcce-b302099a8058";

/// The account that a handler gets when `caller` calls.
fn account(caller: &TestCaller) -> NarrowableAccount<DeliveriesRead> {
    let request = request(caller, "GET", "/v1/webhooks", &[], "");
    let caller = Caller::from_extensions(request.extensions()).unwrap();
    let (acting, only) = caller.acting_within(request.headers(), DeliveriesRead::SCOPE).unwrap();
    let (id, query) = (acting.account().clone(), HashMap::new());
    NarrowableAccount { caller, query, id, only, types: PhantomData }
}

#[test]
fn a_key_of_one_webhook_reaches_no_other() {
    let of_one = account(&narrowed("acme", OWN, "deliveries:read"));
    let of_all = account(&scoped("acme", "deliveries:read"));
    for (id, is_id) in
        [(OWN, true), (&OWN.to_uppercase(), true), (OTHER, true), ("x", false), ("", false)]
    {
        let is_own = id.eq_ignore_ascii_case(OWN);
        for (account, is_permitted) in [(&of_one, is_own), (&of_all, is_id)] {
            let reached = account.webhook(id);
            assert_eq!(reached.is_ok(), is_permitted, "{id}");
            let delivery = account.delivery(&format!("{id}.{REPORT}"));
            assert_eq!(delivery.is_ok(), is_permitted, "{id}");
            if let (Ok(webhook), Ok((of_delivery, key))) = (reached, delivery) {
                assert_eq!((webhook, key.webhook_id), (of_delivery, webhook.id()));
                assert_eq!(webhook.account().as_str(), "acme");
            }
        }
    }
}

#[test]
fn another_webhook_looks_like_an_unknown_one() {
    let of_one = account(&narrowed("acme", OWN, "deliveries:read"));
    let refused = |problem: Result<PermittedWebhook<'_>, Problem>| problem.unwrap_err().to_value();
    assert_eq!(refused(of_one.webhook(OTHER)), Problem::no_such("webhook").to_value());
    assert_eq!(refused(of_one.webhook(OTHER)), refused(of_one.webhook("x")));
    let delivery = of_one.delivery(&format!("{OTHER}.{REPORT}")).unwrap_err().to_value();
    assert_eq!(delivery, Problem::no_such("delivery").to_value());
}

#[test]
fn the_reach_of_a_key_limits_lists() {
    let (own, other): (WebhookId, WebhookId) = (OWN.parse().unwrap(), OTHER.parse().unwrap());
    let of_one = account(&narrowed("acme", OWN, "deliveries:read"));
    let of_all = account(&scoped("acme", "deliveries:read"));
    assert_eq!(of_one.reach().parts().1, Some(own));
    assert_eq!(of_all.reach().parts().1, None);
    assert_eq!((of_one.reach().permits(own), of_one.reach().permits(other)), (true, false));
    assert_eq!((of_all.reach().permits(own), of_all.reach().permits(other)), (true, true));
}
