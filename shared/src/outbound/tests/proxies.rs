//! The client ignores proxies of the environment.

use std::env;
use std::process::Command;

use super::*;

/// The URL to which the test's child process sends its request.
const TARGET: &str = "CALLHOOK_TEST_TARGET";
const NAME: &str = "outbound::tests::proxies::proxies_of_the_environment_are_ignored";

/// Runs the test in a child process, because the environment of this one cannot be changed.
fn run_with_proxy(proxy: &str, target: &Url) -> String {
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
async fn proxies_of_the_environment_are_ignored() {
    if let Ok(target) = env::var(TARGET) {
        let target = Url::parse(&target).unwrap();
        assert_eq!(send(&client(), &target, LONG_TIMEOUT).await.result, Ok(200));
        return;
    }
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    let target = server(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(ACCEPTED).await.unwrap();
    })
    .await;
    let run = move || run_with_proxy(&format!("http://{address}"), &target);
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.contains("1 passed"), "{output}");
    // The proxy's first connection is this one: the child made none.
    let own = TcpStream::connect(address).await.unwrap();
    assert_eq!(proxy.accept().await.unwrap().1, own.local_addr().unwrap());
}
