use serde_json::Value;

use super::*;
use crate::domain::address::WebhookUrl;

fn check(policy: AddressPolicy, url: &str) -> Result<(), Refusal> {
    policy.check_url(WebhookUrl::parse(url).unwrap().as_url())
}

fn why(policy: AddressPolicy, url: &str) -> String {
    check(policy, url).unwrap_err().to_string()
}

/// `AddressPolicy::PUBLIC` without `https_only`, as the vectors have `http` URLs.
const UNENCRYPTED: AddressPolicy = AddressPolicy { private_networks: false, https_only: false };

fn vectors(list: &str) -> Vec<Value> {
    let vectors = include_str!("../../../../../tests/vectors/addresses.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    vectors[list].as_array().unwrap().clone()
}

#[test]
fn every_url_of_the_vectors_is_refused_by_its_text() {
    let urls = vectors("refuse_urls");
    assert_eq!(urls.len(), 53);
    let mut by_policy = 0;
    for url in &urls {
        let url = url.as_str().unwrap();
        // Templates in scheme, host, port and user are refused where they are compiled.
        let Some(url) = WebhookUrl::parse(url).ok().filter(|_| !url.contains("{{")) else {
            continue;
        };
        assert!(UNENCRYPTED.check_url(url.as_url()).is_err(), "{url:?}");
        assert!(AddressPolicy::PUBLIC.check_url(url.as_url()).is_err(), "{url:?}");
        by_policy += 1;
    }
    assert_eq!(by_policy, 44);
}

#[test]
fn every_dns_answer_of_the_vectors_holds_a_refused_address() {
    for answer in vectors("refuse_when_a_name_resolves_to") {
        let addresses: Vec<IpAddr> = serde_json::from_value(answer).unwrap();
        let refused = addresses.iter().filter(|it| UNENCRYPTED.check_address(**it).is_err());
        assert_eq!(refused.count(), 1, "{addresses:?}");
    }
    for address in vectors("allow_addresses") {
        let address: IpAddr = serde_json::from_value(address).unwrap();
        assert_eq!(UNENCRYPTED.check_address(address), Ok(()), "{address}");
    }
}

#[test]
fn names_of_private_networks_are_refused() {
    for host in [
        "localhost",
        "LOCALHOST.",
        "foo.localhost",
        "printer.local",
        "metadata.google.internal",
        "ip-10-0-0-1.eu-west-1.compute.internal.",
        "router.home.arpa",
        "instance-data",
        "metadata.",
        "ⓛocalhost",
        "localhos%74",
    ] {
        let url = format!("https://{host}/");
        assert_eq!(check(AddressPolicy::PUBLIC, &url), Err(Refusal::Name), "{host}");
        assert_eq!(check(AddressPolicy::LOCAL, &url), Ok(()), "{host}");
    }
    for host in ["localhost.example", "internal.example.com", "local.io", "10.in-addr.arpa", "a.b"]
    {
        assert_eq!(check(AddressPolicy::PUBLIC, &format!("https://{host}/")), Ok(()), "{host}");
    }
}

#[test]
fn every_spelling_of_an_address_is_refused() {
    for host in [
        "127.0.0.1.",
        "0x7f.1",
        "017700000001",
        "127。0。0。1",
        "１２７.0.0.1",
        "%31%32%37.0.0.1",
        "[::FFFF:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[fe80::1]",
        "[2001:0:53aa:64c::]",
        "[2606:4700::5efe:127.0.0.1]",
        "[2606:4700::200:5efe:10.0.0.1]",
    ] {
        let refusal = check(AddressPolicy::PUBLIC, &format!("https://{host}/")).unwrap_err();
        assert!(matches!(refusal, Refusal::Address { .. }), "{host}: {refusal}");
    }
}

#[test]
fn private_networks_can_be_allowed_but_metadata_addresses_cannot() {
    for host in ["127.0.0.1", "10.1.2.3", "192.168.0.1", "100.64.0.1", "[::1]", "[fd12::1]"] {
        assert_eq!(check(AddressPolicy::LOCAL, &format!("http://{host}:8080/")), Ok(()), "{host}");
    }
    for host in [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",
        "[fd00:ec2::254]",
        "[fd00:ec2::23]",
        "[fd20:ce::254]",
        "[::ffff:169.254.169.254]",
        "[::ffff:168.63.129.16]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b::a83f:8110]",
        "[2002:a9fe:a9fe::]",
        "[fe80::1]",
        "0.0.0.0",
        "224.0.0.1",
    ] {
        let url = format!("http://{host}/");
        assert!(check(AddressPolicy::LOCAL, &url).is_err(), "{host}");
        assert!(check(UNENCRYPTED, &url).is_err(), "{host}");
    }
}

#[test]
fn a_refusal_tells_the_rule_and_the_reason() {
    let public = AddressPolicy::PUBLIC;
    let refusals = [
        why(public, "http://example.com/"),
        why(public, "https://example.com:25/"),
        why(public, "https://foo.localhost/"),
        why(public, "https://2130706433/"),
        why(public, "https://user:pw@169.254.169.254/latest/meta-data/"),
        why(public, "https://[64:ff9b::a9fe:a9fe]/"),
        why(public, "https://[4000::1]/"),
    ];
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn allowed_urls_pass() {
    for url in [
        "https://example.com/",
        "https://u:p@hooks.example.com:8443/a?b=c",
        "https://1.1.1.1/",
        "https://[2606:4700:4700::1111]/",
        "https://[64:ff9b::808:808]/",
        "https://[2606:4700::5efe:8.8.8.8]/",
        "https://xn--bcher-kva.example:65535/",
    ] {
        assert_eq!(check(AddressPolicy::PUBLIC, url), Ok(()), "{url}");
    }
    assert_eq!(check(UNENCRYPTED, "http://example.com/"), Ok(()));
}
