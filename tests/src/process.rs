//! Processes of functions on the local cloud.

use std::collections::HashMap;
use std::fs;
use std::process::Command;

use aws_credential_types::Credentials;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;

use crate::cloud::{cloud_pid, deployed_name, setting};

/// The functions, as the Makefile names them.
pub const FUNCTIONS: [&str; 10] = [
    "accounts",
    "authorizer",
    "console",
    "deliver",
    "deliveries",
    "eraser",
    "ingest",
    "replay",
    "stats",
    "webhooks",
];

/// A running process of a function.
pub struct Instance {
    /// The process id.
    pub pid: u32,
    environment: HashMap<String, String>,
}

impl Instance {
    /// The running instances of a function.
    pub fn all_of(function: &str) -> Vec<Self> {
        let (cloud, name) = (cloud_pid(), deployed_name(function));
        let processes = fs::read_dir("/proc").expect("/proc");
        processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| parent_of(*pid) == Some(cloud))
            .filter_map(Self::read)
            .filter(|instance| instance.environment.get("AWS_LAMBDA_FUNCTION_NAME") == Some(&name))
            .collect()
    }

    fn read(pid: u32) -> Option<Self> {
        let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
        let environment = String::from_utf8_lossy(&environment)
            .split('\0')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Self { pid, environment })
    }

    /// Kills the process with SIGKILL.
    pub fn kill(&self) {
        let killed = Command::new("kill").args(["-9", &self.pid.to_string()]).status();
        assert!(
            killed.expect("the program kill").success(),
            "process {} has ended already",
            self.pid
        );
    }

    /// Resident memory, in MiB.
    pub fn resident_mib(&self) -> f64 {
        self.memory_mib("VmRSS:")
    }

    /// Peak of the resident memory, in MiB.
    pub fn peak_mib(&self) -> f64 {
        self.memory_mib("VmHWM:")
    }

    fn memory_mib(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("a status");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a line of memory");
        let kib: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("KiB");
        kib / 1024.0
    }

    /// Configuration of AWS with the credentials of this instance's role. Calls name the tests as their
    /// application, so that the audit of permissions does not count them as the function's.
    pub fn aws(&self) -> SdkConfig {
        let text = |name: &str| self.environment.get(name).cloned().unwrap_or_default();
        let credentials = Credentials::new(
            text("AWS_ACCESS_KEY_ID"),
            text("AWS_SECRET_ACCESS_KEY"),
            Some(text("AWS_SESSION_TOKEN")),
            None,
            "the function's role",
        );
        let region = Region::new(setting("AWS_REGION"));
        let config = callhook::aws::client::sdk_config(
            region,
            credentials,
            Some(setting("AWS_ENDPOINT_URL")),
        );
        let name = AppName::new("callhook-tests").expect("a name");
        config.into_builder().app_name(name).build()
    }
}

fn parent_of(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}
