//! Requests as bytes on the wire.

use tokio::sync::mpsc::unbounded_channel;

use super::*;

#[tokio::test]
async fn a_request_has_the_given_parts_and_the_clients_headers() {
    let (seen, mut requests) = unbounded_channel();
    let url = server(move |mut stream, _| {
        let seen = seen.clone();
        async move {
            seen.send(read_request(&mut stream).await).unwrap();
            stream.write_all(b"HTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        }
    })
    .await;
    let attempt = send(&client(), &url, LONG_TIMEOUT).await;
    assert_eq!(attempt.result, Ok(202));
    let request = requests.recv().await.unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let expected = format!(
        "POST /hook HTTP/1.1\r\nwebhook-id: r1\r\naccept: */*\r\nuser-agent: Callhook/{}\r\n\
         host: {host}\r\ncontent-length: 7\r\n\r\n{{\"a\":1}}",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(request, expected);
}

#[tokio::test]
async fn credentials_of_a_url_become_a_header_unless_there_is_one() {
    for (more, expected) in [(None, "Basic w7w6cDpx"), (Some("Bearer t"), "Bearer t")] {
        let (seen, mut requests) = unbounded_channel();
        let mut url = server(move |mut stream, _| {
            let seen = seen.clone();
            async move {
                seen.send(read_request(&mut stream).await).unwrap();
                stream.write_all(ACCEPTED).await.unwrap();
            }
        })
        .await;
        url.set_username("ü").unwrap();
        url.set_password(Some("p:q")).unwrap();
        let mut request = request(&url);
        if let Some(more) = more {
            request.headers.insert("authorization", more.parse().unwrap());
        }
        let attempt = client().send(&acme(), request, LONG_TIMEOUT).await.unwrap();
        assert_eq!(attempt.result, Ok(200));
        let request = requests.recv().await.unwrap();
        assert!(request.contains(&format!("\r\nauthorization: {expected}\r\n")), "{request}");
        let host = format!("\r\nhost: 127.0.0.1:{}\r\n", url.port().unwrap());
        assert!(request.contains(&host), "{request}");
    }
}

/// Reads one request without a body.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap() > 0 {}
    String::from_utf8(head).unwrap()
}

/// The head that a server reads of a `GET` for `path`, with `headers`.
async fn head_of(path: &str, headers: HeaderMap) -> String {
    let (seen, mut requests) = unbounded_channel();
    let url = server(move |mut stream, _| {
        let seen = seen.clone();
        async move {
            seen.send(read_head(&mut stream).await).unwrap();
            stream.write_all(ACCEPTED).await.unwrap();
        }
    })
    .await;
    let url = url.join(path).unwrap();
    let request = WebhookRequest {
        method: Method::GET,
        url,
        headers,
        body: None,
        is_paced: false,
        header_capture: HeaderCapture::Failures,
    };
    assert_eq!(
        client().send(&acme(), request, LONG_TIMEOUT).await.unwrap().result,
        Ok(200),
        "{path}"
    );
    requests.recv().await.unwrap()
}

#[tokio::test]
async fn path_and_query_are_sent_exactly_as_composed() {
    for path in [
        "/",
        "/a%2Fb/%E2%82%AC/%zz/%",
        "/a//b/;c=1,2:3@4",
        "/?",
        "/?a=b&a=c&=&&x",
        "/hook?to=%2B91%2088&q='%22%3C%3E&n=a+b",
        "/hook?json={\"a\":[1]}|^`~!$*()",
        "/%F0%9F%93%9E?%f0%9f%93%9e",
    ] {
        let url = Url::parse("http://a.example").unwrap().join(path).unwrap();
        let expected = &url[url::Position::BeforePath..];
        let head = head_of(path, HeaderMap::new()).await;
        assert!(head.starts_with(&format!("GET {expected} HTTP/1.1\r\n")), "{path}: {head}");
    }
}

#[tokio::test]
async fn a_request_without_a_body_has_no_body_headers() {
    let head = head_of("/", HeaderMap::new()).await;
    for name in
        ["content-length", "transfer-encoding", "content-type", "referer", "accept-encoding"]
    {
        assert!(!head.contains(name), "{head}");
    }
}

#[tokio::test]
async fn headers_of_the_webhook_replace_those_of_the_client() {
    let mut headers = HeaderMap::new();
    headers.insert("accept", "text/plain".parse().unwrap());
    headers.insert("user-agent", "PBX/1".parse().unwrap());
    headers.append("x-many", "1".parse().unwrap());
    headers.append("x-many", "2".parse().unwrap());
    let head = head_of("/", headers).await;
    let lines: Vec<_> = head.split("\r\n").skip(1).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[..4], ["accept: text/plain", "user-agent: PBX/1", "x-many: 1", "x-many: 2"]);
    assert!(lines[4].starts_with("host: 127.0.0.1:"), "{head}");
    assert_eq!(lines.len(), 5, "{head}");
}
