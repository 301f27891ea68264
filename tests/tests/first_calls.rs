//! The README's first calls, run in a shell unchanged.

use callhook_tests::cloud::{new_account, setting};
use callhook_tests::receiver::Receiver;
use callhook_tests::wait::SOON;
use tokio::process::Command;

/// The shell lines of the section "First calls", without the one that reads variables from `make run`.
fn pasted() -> String {
    let readme = include_str!("../../README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("First calls\n"));
    let lines = section.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("    "));
    let lines = lines.filter(|line| *line != r#"eval "$(make -s env)""#);
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_first_calls_of_the_readme_deliver_three_reports() {
    let account = new_account().await;
    let receiver = Receiver::start().await;
    let pasted = pasted();
    assert!(!pasted.is_empty(), "README.md has no section `First calls`");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &pasted])
        .env("URL", setting("CALLHOOK_URL"))
        .env("KEY", account.api.key())
        .env("RECEIVER", receiver.url(""))
        .output()
        .await
        .expect("bash runs");
    let (answers, errors) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{answers}\n{errors}");
    assert!(!answers.contains("\"status\":4"), "an answer is a problem: {answers}\n{errors}");

    let received = receiver.wait_for(3, SOON).await;
    let mut paths: Vec<_> = received.iter().map(|request| request.path.clone()).collect();
    paths.sort();
    assert!(paths[0].starts_with("/ack?id=call-"), "{paths:?}");
    assert_eq!(paths[1..], ["/first", "/first"], "{paths:?}");
    let composed = received.iter().find(|request| request.path.starts_with("/ack")).unwrap();
    assert_eq!(composed.header("authorization"), "Bearer s3cr3t");
    assert_eq!(composed.body, r#"{"to":"918867130000","status":"answer"}"#);
}
