//! `make import`: a dry run, an interrupted import, and its repetition.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test shows its figures, and its helpers fail it"
)]

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use callhook_tests::api::Api;
use callhook_tests::cloud::{Account, new_account, setting, unique_id};
use callhook_tests::python::command;
use serde_json::{Value, json};

const WEBHOOKS: usize = 500;
const SUBSCRIPTIONS: usize = 100;
/// Every fiftieth webhook is paused.
const PAUSED: usize = WEBHOOKS / 50;
/// Webhooks that are created before the run is killed.
const BEFORE_THE_KILL: usize = 120;

/// A folder with list responses of the other platform.
struct Export {
    folder: PathBuf,
}

impl Export {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("callhook-import-{}", unique_id()));
        std::fs::create_dir(&folder).expect("a folder");
        let webhook = |i: usize| {
            json!({"id": i, "name": format!("Client {i}"), "uri": format!("https://client-{i}.example.com/hook?id={{{{id}}}}"),
                "status": u8::from(!i.is_multiple_of(50)), "secret": format!("s3cr3t-{i}"), "token": format!("t0ken-{i}")})
        };
        let subscription = |i: usize| json!({"webhook_id": i, "event": "voice:message:out", "identity": 918_068_280_000 + i});
        let page = |data: Vec<Value>| json!({"status": "success", "code": 200, "data": data, "links": {}, "meta": {}});
        let write = |name: &str, page: Value| {
            std::fs::write(folder.join(name), page.to_string()).expect("a file");
        };
        write("webhooks.json", page((0..WEBHOOKS).map(webhook).collect()));
        write("subscriptions.json", page((0..SUBSCRIPTIONS).map(subscription).collect()));
        Self { folder }
    }

    /// The import command for an account, with a key of the account or of the platform.
    fn import(&self, account: &Account, key: &str, more: &[&str]) -> Command {
        let file = |name: &str| self.folder.join(name).display().to_string();
        let mut import = command(&["infra/import_webhooks.py", &file("webhooks.json")]);
        import.args(["--subscriptions", &file("subscriptions.json"), "--account", &account.id]);
        import.args(["--per-second", "1000"]).args(more);
        import.env("URL", setting("CALLHOOK_URL")).env("KEY", key);
        import
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(Path::new(&self.folder));
    }
}

/// Runs the command to its end, which must succeed; prints its time and returns its output.
fn finish(what: &str, mut command: Command) -> String {
    let began = Instant::now();
    let ended = command.output().expect("python");
    let output = String::from_utf8(ended.stdout).expect("a text");
    assert!(ended.status.success(), "{output}{}", String::from_utf8_lossy(&ended.stderr));
    println!("{what}: {:.1} s", began.elapsed().as_secs_f64());
    for line in output.lines().rev().take(2) {
        println!("    {line}");
    }
    assert!(
        !output.contains("s3cr3t") && !output.contains("t0ken") && !output.contains("91806828")
    );
    output
}

async fn all(api: &Api, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("{path}?limit=100{cursor}")).await.expect(200);
        items.extend(page["data"].as_array().expect("a list").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

#[tokio::test]
async fn five_hundred_webhooks_are_imported_once_each_when_a_run_is_killed() {
    let (account, export) = (new_account().await, Export::new());
    let platform_key = setting("CALLHOOK_PLATFORM_KEY");
    let output = finish("dry run", export.import(&account, &platform_key, &["--dry-run"]));
    assert_eq!(output.matches("  would be created  -  ").count(), WEBHOOKS, "{output}");
    assert!(output.contains("100 subscriptions: 100 would be created"), "{output}");
    assert!(all(&account.api, "/v1/webhooks").await.is_empty());

    let mut run = export.import(&account, &platform_key, &[]);
    let mut run = run.env("PYTHONUNBUFFERED", "1").stdout(Stdio::piped()).spawn().expect("python");
    let lines = BufReader::new(run.stdout.take().expect("its output")).lines();
    let created = lines.map_while(Result::ok).filter(|line| line.contains("  created  "));
    assert_eq!(created.take(BEFORE_THE_KILL).count(), BEFORE_THE_KILL);
    run.kill().expect("a run");
    run.wait().expect("its end");

    let output = finish("second run", export.import(&account, &platform_key, &[]));
    let exist = output.matches("  exists  ").count();
    assert!((BEFORE_THE_KILL..WEBHOOKS).contains(&exist), "{exist} existed");
    let webhooks = all(&account.api, "/v1/webhooks").await;
    let names: HashSet<&str> = webhooks.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!((webhooks.len(), names.len()), (WEBHOOKS, WEBHOOKS));
    assert_eq!(webhooks.iter().filter(|one| one["status"] == "inactive").count(), PAUSED);
    assert!(webhooks.iter().all(|one| one["bearer_secret"]["set_at"].is_string()));
    assert_eq!(all(&account.api, "/v1/subscriptions").await.len(), SUBSCRIPTIONS);

    let output = finish("third run", export.import(&account, account.api.key(), &[]));
    assert!(output.contains("500 webhooks: 500 exists"), "{output}");
    assert!(output.contains("100 subscriptions: 100 exists"), "{output}");
    assert_eq!(all(&account.api, "/v1/webhooks").await, webhooks, "unchanged");
    assert_eq!(all(&account.api, "/v1/subscriptions").await.len(), SUBSCRIPTIONS);
}
