use super::*;
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn secret(n: u8) -> SigningSecret {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode([n; 32]);
    SigningSecret::parse(&format!("whsec_{base64}")).unwrap()
}

fn first(n: u8) -> SigningSecrets {
    SigningSecrets::new(secret(n), at(0))
}

fn overlap(seconds: u32) -> Overlap {
    Overlap::from_json(&json!(seconds)).unwrap()
}

/// Whether a receiver that knows `secret` accepts the header.
fn verifies(header: &str, secret: &SigningSecret, id: &str, at: Timestamp, body: &[u8]) -> bool {
    let expected = SigningSecrets::new(secret.clone(), at).sign(id, at, body);
    header.split(' ').any(|signature| signature == expected)
}

/// The numbers of the secrets (1 to 9) that sign at `second`.
fn signing(secrets: &SigningSecrets, second: i64) -> Vec<u8> {
    let header = secrets.sign("id", at(second), b"body");
    (1..10).filter(|n| verifies(&header, &secret(*n), "id", at(second), b"body")).collect()
}

#[test]
fn signatures_match_the_test_vectors() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../../tests/vectors/signatures.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let text = |name: &str| case[name].as_str().unwrap();
        let secret = SigningSecret::parse(text("secret")).unwrap();
        let sent_at = at(case["timestamp"].as_i64().unwrap());
        let secrets = SigningSecrets::new(secret, sent_at);
        let header = secrets.sign(text("id"), sent_at, text("body").as_bytes());
        assert_eq!(header, text("signature"));
    }
}

#[test]
fn the_previous_secret_signs_until_its_end() {
    let rotated = first(1).rotated(secret(2), overlap(60), at(100)).unwrap();
    assert_eq!(signing(&rotated, 100), [1, 2]);
    assert_eq!(signing(&rotated, 159), [1, 2]);
    assert_eq!(signing(&rotated, 160), [2]);
    assert_eq!((rotated.current(), rotated.set_at()), (&secret(2), at(100)));
    assert_eq!(rotated.live_at(at(160)), SigningSecrets::new(secret(2), at(100)));
    let header = rotated.sign("id", at(100), b"");
    assert!(header.starts_with("v1,") && header.contains(" v1,"), "{header}");
    assert!(verifies(header.split(' ').next().unwrap(), &secret(2), "id", at(100), b""));
}

#[test]
fn at_most_five_secrets_are_live() {
    let mut secrets = first(1);
    for n in 2..=5 {
        secrets = secrets.rotated(secret(n), overlap(100), at(n.into())).unwrap();
    }
    assert_eq!(signing(&secrets, 10), [1, 2, 3, 4, 5]);
    let refused = secrets.rotated(secret(6), overlap(100), at(10)).unwrap_err();
    assert_eq!(refused, TooManySecrets { first_end: at(102) });
    let later = secrets.rotated(secret(6), overlap(100), at(102)).unwrap();
    assert_eq!(signing(&later, 102), [2, 3, 4, 5, 6]);
    // A rotation without an overlap is always possible.
    let alone = secrets.rotated(secret(6), Overlap::NONE, at(10)).unwrap();
    assert_eq!(signing(&alone, 10), [6]);
}

#[test]
fn a_short_overlap_does_not_shorten_an_earlier_long_one() {
    let rotated = first(1).rotated(secret(2), overlap(100), at(0)).unwrap();
    let again = rotated.rotated(secret(3), overlap(1), at(10)).unwrap();
    assert_eq!(signing(&again, 10), [1, 2, 3]);
    assert_eq!(signing(&again, 99), [1, 3]);
}

#[test]
fn a_repeated_rotation_changes_nothing() {
    let rotated = first(1).rotated(secret(2), overlap(60), at(100)).unwrap();
    assert_eq!(rotated.rotated(secret(2), overlap(60), at(110)), Ok(rotated.clone()));
    // Ended secrets are dropped, and earlier ones can be ended.
    let alone = SigningSecrets::new(secret(2), at(100));
    assert_eq!(rotated.rotated(secret(2), overlap(60), at(160)), Ok(alone.clone()));
    assert_eq!(rotated.rotated(secret(2), Overlap::NONE, at(110)), Ok(alone));
}

#[test]
fn a_rotation_back_to_an_earlier_secret_is_possible() {
    let rotated = first(1).rotated(secret(2), overlap(60), at(100)).unwrap();
    let back = rotated.rotated(secret(1), overlap(60), at(110)).unwrap();
    assert_eq!(back.current(), &secret(1));
    assert_eq!(signing(&back, 110), [1, 2]);
    assert_eq!(back.earlier().len(), 1, "no secret signs twice");
}

#[test]
fn reads_show_times_and_no_secret() {
    let rotated = first(1).rotated(secret(2), overlap(60), at(100)).unwrap();
    let shown = rotated.to_json();
    let expected = json!({
        "set_at": "1970-01-01T00:01:40Z", "earlier": [{"until": "1970-01-01T00:02:40Z"}],
    });
    assert_eq!(shown, expected);
    let printed = format!("{rotated:?}");
    for n in [1, 2] {
        assert!(!printed.contains(&secret(n).reveal()["whsec_".len()..]), "{printed}");
    }
}

proptest! {
    #[test]
    fn a_flipped_bit_changes_the_signature(
        id in "[a-zA-Z0-9_-]{1,40}",
        second in 0..4_000_000_000_i64,
        body in proptest::collection::vec(any::<u8>(), 0..300),
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let secrets = first(1).rotated(secret(2), overlap(60), at(second)).unwrap();
        let header = secrets.sign(&id, at(second), &body);
        // Flips one bit of the signed text: in the id, the time or the body.
        let message = [format!("{id}.{second}.").as_bytes(), &body].concat();
        let mut flipped = message.clone();
        flipped[position.index(message.len())] ^= 1 << bit;
        let mut again = String::new();
        let mut signatures = Vec::new();
        for n in [1, 2] {
            let mut signature = String::new();
            secret(n).sign(&[&flipped], &mut signature);
            prop_assert!(!header.contains(&signature), "with secret {}", n);
            secret(n).sign(&[&message], &mut again);
            signatures.push(std::mem::take(&mut again));
        }
        signatures.reverse();
        prop_assert_eq!(header, signatures.join(" "));
    }

    #[test]
    fn a_signature_with_another_secret_is_refused(
        key in proptest::collection::vec(any::<u8>(), 24..65), body in ".{0,100}",
    ) {
        use base64::Engine as _;
        prop_assume!(key != [1; 32]);
        let base64 = base64::engine::general_purpose::STANDARD.encode(&key);
        let foreign = SigningSecret::parse(&format!("whsec_{base64}")).unwrap();
        let header = first(1).sign("id", at(7), body.as_bytes());
        prop_assert!(!verifies(&header, &foreign, "id", at(7), body.as_bytes()));
        prop_assert!(verifies(&header, &secret(1), "id", at(7), body.as_bytes()));
    }
}
