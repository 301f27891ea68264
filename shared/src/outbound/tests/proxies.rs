//! The environment cannot send requests elsewhere.

use std::env;
use std::process::Command;

use super::*;

/// Where the test that runs in a process of its own sends its request.
const TARGET: &str = "CALLHOOK_TEST_TARGET";
const NAME: &str = "outbound::tests::proxies::proxies_of_the_environment_are_not_used";

/// Nothing but a new process has another environment.
fn in_an_environment_with_proxy(proxy: &str, target: &Url) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    for scheme in ["HTTP", "HTTPS", "ALL"] {
        let variable = format!("{scheme}_PROXY");
        command.env(variable.to_lowercase(), proxy).env(variable, proxy);
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy").env(TARGET, target.as_str());
    let output = command.args(["--exact", NAME]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn proxies_of_the_environment_are_not_used() {
    if let Ok(target) = env::var(TARGET) {
        let target = Url::parse(&target).unwrap();
        assert_eq!(send(&client(), &target, ENOUGH).await.result, Ok(200));
        return;
    }
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    let target = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(TAKEN).await.unwrap();
    })
    .await;
    let run = move || in_an_environment_with_proxy(&format!("http://{address}"), &target);
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.contains("1 passed"), "{output}");
    // Whoever came first would be accepted first.
    let own = TcpStream::connect(address).await.unwrap();
    assert_eq!(proxy.accept().await.unwrap().1, own.local_addr().unwrap());
}
