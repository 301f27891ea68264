//! The processes that run the functions on the local cloud.

use std::collections::HashMap;
use std::fs;
use std::process::Command;

use aws_credential_types::Credentials;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;

use crate::cloud::{cloud_pid, deployed_name, setting};

/// The functions, by the names that the Makefile has for them.
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

/// A running instance of a function.
pub struct Instance {
    /// Its process.
    pub pid: u32,
    environment: HashMap<String, String>,
}

impl Instance {
    /// The instances of a function that the cloud has started so far.
    pub fn all_of(function: &str) -> Vec<Self> {
        let (cloud, name) = (cloud_pid(), deployed_name(function));
        let processes = fs::read_dir("/proc").expect("the processes of a Linux");
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

    /// Ends the process at once, as a crash does.
    pub fn kill(&self) {
        let killed = Command::new("kill").args(["-9", &self.pid.to_string()]).status();
        assert!(killed.expect("the program kill").success(), "process {} is gone", self.pid);
    }

    /// Memory that is resident now, in MiB.
    pub fn resident_mib(&self) -> f64 {
        self.memory_mib("VmRSS:")
    }

    /// The most memory that was ever resident, in MiB.
    pub fn peak_mib(&self) -> f64 {
        self.memory_mib("VmHWM:")
    }

    fn memory_mib(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("its status");
        let line = status.lines().find(|line| line.starts_with(name)).expect("its memory");
        let kib: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("KiB");
        kib / 1024.0
    }

    /// AWS with the credentials of this instance's role, and nothing more. The calls bear the
    /// tests' name, so that the audit of permissions does not take them for the function's.
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
        let config =
            callhook::aws::sdk_config(region, credentials, Some(setting("AWS_ENDPOINT_URL")));
        let name = AppName::new("callhook-tests").expect("a name");
        config.into_builder().app_name(name).build()
    }
}

fn parent_of(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}
