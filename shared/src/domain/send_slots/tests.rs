//! Simulates many instances, a late queue, and a receiver that checks every second.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;

const START: i64 = 1_700_000_000_000_000;
const SECOND: i64 = 1_000_000;

fn rate(per_second: u16) -> MaxPerSecond {
    MaxPerSecond::from_json(&json!(per_second)).unwrap()
}

/// The stored times, without a table.
#[derive(Default)]
struct Store(StoredSlots);

impl Store {
    fn take(&mut self, request: SlotRequest, now: i64) -> Slots {
        let backlog = Backlog::of(self.0, request.spacing(), now);
        let plan = request.plan(backlog, now);
        self.0 = plan.applied(backlog, now, request.spacing());
        plan.slots(self.0.next_send.unwrap(), self.0.next_turn.unwrap())
    }
}

/// Simulates batches of deliveries that arrive at the given times. Returns when each was sent, and how
/// often one was queued. `late` is how late the queue redelivers a message due at a time.
fn simulate(
    per_second: u16,
    arrivals: &[(i64, u32)],
    mut late: impl FnMut(i64) -> i64,
) -> (Vec<i64>, u32) {
    let rate = rate(per_second);
    let mut store = Store::default();
    // Batches by time: how many had a turn, and how many are new.
    let mut batches: BTreeMap<i64, (u32, u32)> = BTreeMap::new();
    for (at, count) in arrivals {
        batches.entry(*at).or_default().1 += count;
    }
    let (mut sent, mut queued) = (Vec::new(), 0);
    while let Some((now, (first, new))) = batches.pop_first() {
        // Records of one batch are at most ten of the queue of retries.
        let (first, later) = (first.min(10), first.saturating_sub(10));
        if later > 0 {
            batches.entry(now + 1).or_default().0 += later;
        }
        let slots = store.take(SlotRequest { first, new, rate }, now);
        for index in 0..first + new {
            match slots.of(index, rate.spacing()) {
                Slot::Send(at) => sent.push(at.as_microsecond()),
                Slot::Turn(at) => {
                    queued += 1;
                    // SQS counts the delay in whole seconds.
                    let delay = (at.as_microsecond() - now).max(0);
                    let due = now + (delay + SECOND - 1) / SECOND * SECOND;
                    batches.entry((due + late(due)).max(now + 1)).or_default().0 += 1;
                }
            }
        }
    }
    sent.sort_unstable();
    (sent, queued)
}

#[track_caller]
fn assert_bound(per_second: u16, sent: &[i64], what: &str) {
    // Requests may arrive with different delays, which the spacing allows for.
    let network = i64::try_from(MaxPerSecond::SPREAD.as_micros()).unwrap() - 1;
    for window in sent.windows(usize::from(per_second) + 1) {
        let span = window[window.len() - 1] - window[0];
        assert!(span - network > SECOND, "{what}: {} in {span} µs", window.len());
    }
}

#[test]
fn no_second_exceeds_the_limit_however_late_the_queue_is() {
    let minute = |due: i64| due.rem_euclid(7) * 10 * SECOND;
    let clumps = |due: i64| (due / SECOND * SECOND + 5 * SECOND) - due;
    for per_second in [1, 2, 5, 10, 20, 100, 1_000] {
        let count = u32::from(per_second) * 8;
        for (arrivals, what) in [
            (vec![(START, count)], "together"),
            ((0..8).map(|n| (START + n * 300_000, count / 8)).collect(), "in batches"),
            ((0..8).map(|n| (START + n, count / 8)).collect(), "to several instances"),
            (vec![(START, count / 2), (START + 3 * SECOND, count / 2)], "while others wait"),
        ] {
            let expected =
                usize::try_from(arrivals.iter().map(|(_, count)| count).sum::<u32>()).unwrap();
            for (late, how) in [
                (&(|_| 0_i64) as &dyn Fn(i64) -> i64, "in time"),
                (&|_| 700_000, "late"),
                (&minute, "up to a minute late"),
                (&clumps, "in clumps"),
                (&|due| (START + 600 * SECOND - due).max(0), "ten minutes later"),
            ] {
                let what = format!("{per_second} a second, {what}, {how}");
                let (sent, _) = simulate(per_second, &arrivals, late);
                assert_eq!(sent.len(), expected, "{what}: each once");
                assert_bound(per_second, &sent, &what);
            }
        }
    }
}

#[test]
fn a_punctual_queue_redelivers_each_delivery_once_and_keeps_the_rate() {
    for per_second in [1_u16, 5, 50, 1_000] {
        let count = u32::from(per_second) * 60;
        let (sent, queued) = simulate(per_second, &[(START, count)], |_| 50_000);
        assert!(queued <= count + count / 10, "{queued} of {count} were queued");
        let took = sent[sent.len() - 1] - START;
        let least = 60 * (SECOND + i64::try_from(MaxPerSecond::SPREAD.as_micros()).unwrap());
        assert!(took < least + 5 * SECOND, "{per_second} a second took {took} µs");
    }
}

#[test]
fn waiting_deliveries_go_before_new_ones() {
    let (rate, mut store) = (rate(5), Store::default());
    let spacing = rate.spacing();
    let at = |micros| Timestamp::from_microsecond(micros).unwrap();
    let slots = store.take(SlotRequest { first: 0, new: 40, rate }, START);
    assert_eq!((slots.sends, slots.send_at), (5, at(START)));
    assert_eq!(slots.turn_at, at(START) + spacing * 5);
    // The backlog is not empty: a new delivery goes to its end, though a send slot is near.
    let slots = store.take(SlotRequest { first: 0, new: 1, rate }, START + 2 * SECOND);
    assert_eq!((slots.sends, slots.turn_at), (0, at(START) + spacing * 40));
    let slots = store.take(SlotRequest { first: 2, new: 0, rate }, START + 2 * SECOND);
    assert_eq!((slots.sends, slots.send_at), (2, at(START + 2 * SECOND)));
}

#[test]
fn a_raised_limit_does_not_wait_for_the_backlog_of_the_lower_one() {
    let mut store = Store::default();
    store.take(SlotRequest { first: 0, new: 3_600, rate: rate(1) }, START);
    let raised = SlotRequest { first: 0, new: 5, rate: rate(100) };
    let slots = store.take(raised, START + 2 * SECOND);
    assert_eq!(slots.sends, 5);
    let lowered = store.take(SlotRequest { first: 0, new: 1, rate: rate(1) }, START + 2 * SECOND);
    assert!(lowered.send_at > Timestamp::from_microsecond(START + 2 * SECOND).unwrap());
}
