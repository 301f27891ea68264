//! `make import`: an export of another platform, tried, imported, interrupted and imported again.

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
/// Every fiftieth is paused, and so many are created before the run is killed.
const PAUSED: usize = WEBHOOKS / 50;
const BEFORE_THE_KILL: usize = 120;

/// The platform's list responses, in a folder of their own.
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

    /// The command for an account, with its key or with the platform's.
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

/// What a run prints that takes all, with the time that it takes.
fn finish(what: &str, mut command: Command) -> String {
    let began = Instant::now();
    let output = command.output().expect("python");
    let said = String::from_utf8(output.stdout).expect("a text");
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    println!("{what}: {:.1} s", began.elapsed().as_secs_f64());
    for line in said.lines().rev().take(2) {
        println!("    {line}");
    }
    assert!(!said.contains("s3cr3t") && !said.contains("t0ken") && !said.contains("91806828"));
    said
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
async fn five_hundred_webhooks_are_imported_once_each_though_a_run_is_killed() {
    let (account, export) = (new_account().await, Export::new());
    let platform_key = setting("CALLHOOK_PLATFORM_KEY");
    let said = finish("dry run", export.import(&account, &platform_key, &["--dry-run"]));
    assert_eq!(said.matches("  would be created  -  ").count(), WEBHOOKS, "{said}");
    assert!(said.contains("100 subscriptions: 100 would be created"), "{said}");
    assert!(all(&account.api, "/v1/webhooks").await.is_empty());

    let mut run = export.import(&account, &platform_key, &[]);
    let mut run = run.env("PYTHONUNBUFFERED", "1").stdout(Stdio::piped()).spawn().expect("python");
    let lines = BufReader::new(run.stdout.take().expect("its output")).lines();
    let created = lines.map_while(Result::ok).filter(|line| line.contains("  created  "));
    assert_eq!(created.take(BEFORE_THE_KILL).count(), BEFORE_THE_KILL);
    run.kill().expect("a run");
    run.wait().expect("its end");

    let said = finish("the rest", export.import(&account, &platform_key, &[]));
    let exist = said.matches("  exists  ").count();
    assert!((BEFORE_THE_KILL..WEBHOOKS).contains(&exist), "{exist} existed");
    let webhooks = all(&account.api, "/v1/webhooks").await;
    let names: HashSet<&str> = webhooks.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!((webhooks.len(), names.len()), (WEBHOOKS, WEBHOOKS));
    assert_eq!(webhooks.iter().filter(|one| one["status"] == "inactive").count(), PAUSED);
    assert!(webhooks.iter().all(|one| one["bearer_secret"]["set_at"].is_string()));
    assert_eq!(all(&account.api, "/v1/subscriptions").await.len(), SUBSCRIPTIONS);

    let said = finish("once more", export.import(&account, account.api.key(), &[]));
    assert!(said.contains("500 webhooks: 500 exists"), "{said}");
    assert!(said.contains("100 subscriptions: 100 exists"), "{said}");
    assert_eq!(all(&account.api, "/v1/webhooks").await, webhooks, "nothing has changed");
    assert_eq!(all(&account.api, "/v1/subscriptions").await.len(), SUBSCRIPTIONS);
}
