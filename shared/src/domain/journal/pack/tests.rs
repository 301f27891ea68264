use jiff::SignedDuration;

use super::*;
use crate::domain::ids::{ReportId, WebhookId};
use crate::domain::journal::CallFacts;
use crate::domain::report::Report;

fn row(millis: i64, number: usize) -> JournalRow {
    let report = serde_json::json!({
        "id": format!("3f2b8a1c-{number:04}"), "from": 918_068_280_000_u64, "to": 918_867_130_000_u64 + number as u64,
        "bridge": 918_068_289_999_u64, "mid": format!("1234-1333-{number}"), "flow_id": 123, "source": "OBD",
        "status": "ANSWER", "start_at": "2021-04-09 16:27:39", "end_at": "2021-04-09 16:27:55",
    });
    let report = Report::parse(&report.to_string()).unwrap();
    let account = "acme".parse().unwrap();
    let at = Timestamp::from_millisecond(1_764_205_483_000 + millis).unwrap();
    let id = ReportId::derive(&account, &report, None, at);
    JournalRow::new(id, at, &report, vec![WebhookId::generate()])
}

fn unpacked(pages: &[PackedPage]) -> Vec<JournalRow> {
    pages.iter().flat_map(|page| page.rows.unpack().unwrap()).collect()
}

#[test]
fn unpacked_rows_equal_packed_rows() {
    for count in [1, 2, 10, 25, 1_000] {
        let rows: Vec<_> = (0..count).map(|i| row(i64::try_from(i).unwrap(), i)).collect();
        let pages = pack(rows.iter().rev().cloned().collect());
        assert_eq!(unpacked(&pages), rows, "{count}");
        assert_eq!(matches!(pages[0].rows, PackedRows::Plain(_)), count <= 2, "{count}");
    }
}

#[test]
fn ten_rows_take_one_write_unit() {
    let rows: Vec<_> = (0..10).map(|i| row(i64::try_from(i).unwrap() * 30, i)).collect();
    let size: usize = pack(rows).iter().map(|page| page.rows.len()).sum();
    // The key, the attribute names and the expiry take 120 bytes.
    assert!(size + 120 <= 1_024, "{size} bytes");
}

#[test]
fn receipts_of_a_page_lie_within_its_span() {
    let span = i64::try_from(PAGE_SPAN.as_millis()).unwrap();
    let times = [0, 5, span, span + 1, 3 * span, -7];
    let pages = pack(times.iter().enumerate().map(|(i, at)| row(*at, i)).collect());
    let counts: Vec<_> = pages.iter().map(|page| page.rows.unpack().unwrap().len()).collect();
    assert_eq!(counts, [3, 2, 1]);
    for page in pages {
        assert!(page.newest.duration_since(page.oldest) <= PAGE_SPAN);
    }
}

#[test]
fn a_page_has_a_maximum_size() {
    let mut large = row(0, 0);
    large.webhook_ids = (0..1_000).map(|_| WebhookId::generate()).collect();
    let pages = pack(
        (0..20)
            .map(|i| JournalRow { received_at: row(i, 0).received_at, ..large.clone() })
            .collect(),
    );
    assert!(pages.len() > 5, "{}", pages.len());
    assert_eq!(unpacked(&pages).len(), 20);
    assert!(pages.iter().all(|page| page.rows.len() < 300 * 1024));
}

#[test]
fn fields_of_any_length_are_cut_at_a_character() {
    let report = serde_json::json!({"from": "ü".repeat(300), "mid": null, "to": "", "id": 7.5});
    let facts = CallFacts::of(&Report::parse(&report.to_string()).unwrap());
    assert_eq!(facts.from.unwrap().len(), 254);
    assert_eq!(
        (facts.mid, facts.to.as_deref(), facts.call_id.as_deref()),
        (None, Some(""), Some("7.5"))
    );
}

#[test]
fn malformed_pages_are_errors() {
    let bomb = {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(1));
        encoder.write_all(&vec![b' '; 64 * 1024 * 1024]).unwrap();
        encoder.finish().unwrap()
    };
    for bad in [
        PackedRows::Plain("{}".into()),
        PackedRows::Deflated(vec![7; 30]),
        PackedRows::Deflated(bomb),
    ] {
        assert!(bad.unpack().is_err());
    }
    assert!(pack(Vec::new()).is_empty());
    assert_eq!(PAGE_SPAN, SignedDuration::from_secs(10));
}
