//! Compares the metrics of the functions with the table of `docs/metrics.md`.

use std::path::Path;

use callhook::runtime::telemetry::metrics::{COLD_START, Counter, Timer};
use strum::VariantArray as _;

/// Name, service, unit and dimensions.
type Row = [String; 4];

fn row(name: &str, service: &str, unit: &str, dimensions: &str) -> Row {
    [name, service, unit, dimensions].map(str::to_owned)
}

fn implemented() -> Vec<Row> {
    let counters = Counter::VARIANTS.iter();
    let counters = counters.map(|it| row(it.name(), it.service(), "Count", "service"));
    let timers = Timer::VARIANTS.iter();
    let timers = timers.map(|it| row(it.name(), it.service(), "Milliseconds", "service"));
    let cold_start = row(COLD_START, "each function", "Count", "service, function_name");
    counters.chain(timers).chain([cold_start]).collect()
}

/// The rows of the page's first table.
fn documented(page: &str) -> Vec<Row> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| metric |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<_> = line.split('|').map(|cell| cell.trim().replace('`', "")).collect();
        match cells.as_slice() {
            [_, name, service, unit, dimensions, value, _] if !value.is_empty() => {
                row(name, service, unit, dimensions)
            }
            _ => row(line, "", "", ""),
        }
    };
    rows.map(row).collect()
}

#[test]
fn the_metrics_page_lists_every_metric() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/metrics.md")).unwrap();
    let (mut implemented, mut documented) = (implemented(), documented(&page));
    implemented.sort();
    documented.sort();
    assert_eq!(documented, implemented);
    for [name, service, ..] in implemented.iter().filter(|[name, ..]| name != COLD_START) {
        assert!(root.join("functions").join(service).is_dir(), "{name}: {service}");
    }
}
