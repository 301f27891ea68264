//! Malformed response heads. A response counts as long as its status is unambiguous.

use super::*;

/// Checks the result of each response, by name.
async fn assert_results(answers: &[(&'static str, &'static str, Result<u16, NoResponse>)]) {
    for (name, answer, expected) in answers {
        assert_eq!(result_of(answer).await, *expected, "{name}: {answer:?}");
    }
}

#[tokio::test]
async fn malformed_headers_do_not_change_the_status() {
    assert_results(&[
        ("a folded line", "HTTP/1.1 200 OK\r\nx: a\r\n b\r\n\tc\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("a fold before any header", "HTTP/1.1 200 OK\r\n a\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("a space before the colon", "HTTP/1.1 202 OK\r\ncontent-length : 0\r\nx\t: y\r\n\r\n", Ok(202)),
        (
            "a PHP warning",
            "HTTP/1.1 200 OK\r\nPHP Warning:  foo in /var/www/a.php on line 3\r\ncontent-length: 0\r\n\r\n",
            Ok(200),
        ),
        ("no colon", "HTTP/1.1 200 OK\r\nno colon here\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("no name", "HTTP/1.1 200 OK\r\n: y\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("a name of two words", "HTTP/1.1 200 OK\r\nx y: z\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("a name that is not ASCII", "HTTP/1.1 200 OK\r\nß: y\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("a value that is not ASCII", "HTTP/1.1 200 OK\r\nx: grün\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("a control character", "HTTP/1.1 200 OK\r\nx: \x01\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("markup before the headers", "HTTP/1.1 200 OK\r\n<br />\r\n\r\n", Ok(200)),
        ("the same length twice", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok", Ok(200)),
    ])
    .await;
}

#[tokio::test]
async fn unusual_status_lines_are_read() {
    assert_results(&[
        ("line ends without CR", "HTTP/1.1 200 OK\ncontent-length: 0\n\n", Ok(200)),
        ("no reason", "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("an empty reason", "HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n", Ok(200)),
        (
            "a reason that is not ASCII",
            "HTTP/1.1 200 Angenommen für dich\r\ncontent-length: 0\r\n\r\n",
            Ok(200),
        ),
        (
            "another reason",
            "HTTP/1.1 200 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
            Ok(200),
        ),
        ("empty lines before it", "\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", Ok(200)),
        ("HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nbody", Ok(200)),
        (
            "HTTP/1.0 with keep-alive",
            "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n\r\nbody",
            Ok(200),
        ),
        ("no headers", "HTTP/1.1 200 OK\r\n\r\n", Ok(200)),
        (
            "an interim response before it",
            "HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            Ok(200),
        ),
        ("204 with a body", "HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nbody", Ok(204)),
        ("304 with a body", "HTTP/1.1 304 Not Modified\r\ncontent-length: 4\r\n\r\nbody", Ok(304)),
    ])
    .await;
}

#[tokio::test]
async fn an_ambiguous_response_is_a_protocol_error() {
    assert_results(&[
        (
            "two lengths",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok",
            Err(NoResponse::Protocol),
        ),
        (
            "a length below zero",
            "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            Err(NoResponse::Protocol),
        ),
        (
            "a length beyond 64 bits",
            "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551616\r\n\r\n",
            Err(NoResponse::Protocol),
        ),
        (
            "a zero byte",
            "HTTP/1.1 200 OK\r\nx: \0\r\ncontent-length: 0\r\n\r\n",
            Err(NoResponse::Protocol),
        ),
        (
            "a line before the status",
            "PHP Warning: foo\r\nHTTP/1.1 200 OK\r\n\r\n",
            Err(NoResponse::Protocol),
        ),
        ("no version", "200 OK\r\n\r\n", Err(NoResponse::Protocol)),
        ("HTTP/2", "HTTP/2 200 OK\r\n\r\n", Err(NoResponse::Protocol)),
        ("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", Err(NoResponse::Protocol)),
        ("no empty line", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n", Err(NoResponse::Closed)),
        ("nothing", "", Err(NoResponse::Closed)),
    ])
    .await;
}

#[tokio::test]
async fn a_redirect_is_a_response_whatever_its_location() {
    for location in [
        "/",
        "http://127.0.0.1:1/",
        "https://169.254.169.254/",
        "http://999.999.999.999/",
        "http://[::1/",
        "http://a b/",
        "//",
        "http://",
        "http://user:pw@:99999/",
        "javascript:alert(1)",
        "mailto:a@b",
        "data:,",
        "\u{fc}",
        "",
    ] {
        for code in [301, 302, 303, 307, 308] {
            let answer = format!(
                "HTTP/1.1 {code} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
            );
            assert_eq!(result_of(answer.leak()).await, Ok(code), "{location:?}");
        }
    }
}

#[tokio::test]
async fn an_unexpected_body_does_not_answer_the_next_request() {
    let url = server(|mut stream, _| async move {
        while !read_request(&mut stream).await.is_empty() {
            let answer = b"HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nbody";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
    })
    .await;
    let client = client();
    for _ in 0..20 {
        assert_eq!(send(&client, &url, LONG_TIMEOUT).await.result, Ok(204));
    }
}

#[tokio::test]
async fn a_response_before_the_body_was_read_counts() {
    let url = server(|mut stream, _| async move {
        let mut beginning = [0; 64];
        let _ = stream.read(&mut beginning).await.unwrap();
        stream.write_all(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        // Closing with unread bytes resets the connection.
    })
    .await;
    let mut request = request(&url);
    request.body = Some(Bytes::from(vec![b'x'; 256 * 1024]));
    let attempt = client().send(&acme(), request, LONG_TIMEOUT).await.unwrap();
    assert_eq!(attempt.result, Ok(413));
}
