use serde_json::{Value, json};

use super::*;
use crate::domain::api_key::ApiKey;

const NOW: Timestamp = Timestamp::constant(1_764_205_483, 0);

fn hours(hours: i64) -> Timestamp {
    NOW + SignedDuration::from_hours(hours)
}

/// The key that `grant` allows for `request`, or the error.
fn made(owner: &KeyOwner, grant: &Grant, request: &Value) -> Result<StoredKey, String> {
    let request = KeyRequest::parse(request.as_object().unwrap(), owner, grant, NOW);
    let request = request.map_err(|errors| errors.to_string())?;
    Ok(request.into_stored_key(&ApiKey::generate().unwrap(), owner, NOW))
}

fn acme() -> KeyOwner {
    KeyOwner::Account("acme".parse().unwrap())
}

fn maker(scopes: &[Scope]) -> StoredKey {
    let operator = Grant::of_operator(Scopes::all());
    let scopes: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    let request = json!({"name": "maker", "scopes": scopes, "expires_in_days": 2});
    made(&KeyOwner::Platform, &operator, &request).unwrap()
}

#[test]
fn a_key_grants_only_the_scopes_that_it_has() {
    for own in Scope::ALL {
        let maker = maker(&[*own, Scope::Platform]);
        for owner in [acme(), KeyOwner::Platform] {
            for asked in Scope::ALL {
                let request = json!({"name": "n", "scopes": [asked.as_str()]});
                let made = made(&owner, &Grant::of(&maker), &request);
                let may_have = owner == KeyOwner::Platform || asked.is_of_accounts();
                let has = maker.scopes.contains(*asked);
                assert_eq!(made.is_ok(), may_have && has, "{own:?} {owner:?} {asked:?}");
            }
        }
    }
}

#[test]
fn a_request_without_scopes_gets_the_scopes_of_its_maker() {
    let made =
        |scopes: &[Scope], owner| made(&owner, &Grant::of(&maker(scopes)), &json!({"name": "n"}));
    let both = [Scope::ReportsWrite, Scope::Platform];
    assert_eq!(made(&both, acme()).unwrap().scopes, Scopes::new([Scope::ReportsWrite]));
    assert_eq!(made(&both, KeyOwner::Platform).unwrap().scopes, Scopes::new(both));
    let nothing = made(&[Scope::Platform], acme()).unwrap_err();
    assert!(nothing.starts_with("`scopes` cannot be granted"), "{nothing}");
}

#[test]
fn a_key_expires_no_later_than_its_maker_and_the_deployments_longest_lifetime() {
    let maker = maker(Scope::ALL);
    assert_eq!(maker.expires_at, Some(hours(48)));
    let operator = Grant::of_operator(maker.scopes.clone());
    for (grant, days, latest) in [
        (Grant::of(&maker), "0", Some(hours(48))),
        (Grant::of(&maker), "1", Some(hours(24))),
        (Grant::of(&maker), "3", Some(hours(48))),
        (operator.clone(), "3", Some(hours(72))),
        (operator, "0", None),
    ] {
        let grant = grant.limited(days.parse().unwrap(), NOW);
        let made = |request| made(&acme(), &grant, &request);
        assert_eq!(made(json!({"name": "n"})).unwrap().expires_at, latest, "{days}");
        let soon = json!({"name": "n", "expires_at": hours(1)});
        assert_eq!(made(soon).unwrap().expires_at, Some(hours(1)));
        let Some(latest) = latest else { continue };
        for late in [
            json!({"name": "n", "expires_at": latest + SignedDuration::from_secs(1)}),
            json!({"name": "n", "expires_in_days": 4}),
        ] {
            let refused = made(late).unwrap_err();
            assert!(refused.contains(&format!("must be {latest} at the latest")), "{refused}");
        }
    }
}

#[test]
fn a_key_names_its_maker() {
    let maker = maker(Scope::ALL);
    assert_eq!(maker.created_by, None, "the operator has no key");
    let made = made(&acme(), &Grant::of(&maker), &json!({"name": "n"})).unwrap();
    assert_eq!(made.created_by, Some(maker.id));
}

#[test]
fn a_lifetime_is_a_number_of_days() {
    for good in ["0", "1", "3650"] {
        assert!(good.parse::<KeyLifetime>().is_ok(), "{good}");
    }
    for wrong in ["", "-1", "3651", "1.5", "a year"] {
        assert_eq!(wrong.parse::<KeyLifetime>(), Err(InvalidKeyLifetime), "{wrong}");
    }
}
