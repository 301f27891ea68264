//! CPU time and memory of a process, from `/proc`.

use std::fs;
use std::time::Duration;

use crate::Failure;

/// The CPU time of all live threads of a process.
///
/// From `schedstat`, which counts nanoseconds; `stat` counts ticks of 10 ms. Ended threads are not included:
/// the functions have one long-lived thread and few others.
pub(crate) fn cpu(pid: u32) -> Result<Duration, Failure> {
    let mut nanoseconds = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let on_cpu = text.split(' ').next().ok_or("an empty schedstat")?;
        nanoseconds += on_cpu.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// The peak of a process's resident memory, in MiB.
pub(crate) fn peak_memory_mib(pid: u32) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("no VmHWM")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}
