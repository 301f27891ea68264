//! Sizes as DynamoDB counts them
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>).

use aws_sdk_dynamodb::types::AttributeValue;

use super::item::Item;

/// The bytes of a write unit.
const WRITE_UNIT: usize = 1024;
/// Overhead of a list or map, and of each of its elements, in bytes.
const CONTAINER: usize = 3;
const ELEMENT: usize = 1;

/// The write units that an item of `bytes` costs.
pub(super) fn write_units(bytes: usize) -> usize {
    bytes.div_ceil(WRITE_UNIT)
}

/// The bytes of an item.
pub(super) fn item_bytes(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_bytes(value)).sum()
}

/// The bytes of a list.
pub(super) fn list_bytes(list: &[AttributeValue]) -> usize {
    CONTAINER + list.iter().map(|value| ELEMENT + value_bytes(value)).sum::<usize>()
}

/// The bytes of a value; an upper bound for a number.
fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        // Two digits per byte, one more byte, and one for a sign.
        AttributeValue::N(digits) => {
            let signs = usize::from(digits.starts_with('-'));
            (digits.len() - signs).div_ceil(2) + 1 + signs
        }
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::L(list) => list_bytes(list),
        AttributeValue::M(map) => CONTAINER + ELEMENT * map.len() + item_bytes(map),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        // Callhook stores no other sets.
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::{n, s};
    use super::*;

    #[test]
    fn sizes_are_those_that_dynamodb_documents() {
        let map = |value| AttributeValue::M(Item::from([("ab".to_owned(), value)]));
        for (value, bytes) in [
            (s(""), 0),
            (s("aü•"), 6),
            (n(7), 2),
            (n(12), 2),
            (n(-123), 4),
            (n(1_800_000_000), 6),
            (AttributeValue::Bool(true), 1),
            (AttributeValue::L(Vec::new()), 3),
            (AttributeValue::L(vec![s("abc"), n(1)]), 3 + 4 + 3),
            (map(s("abc")), 3 + 1 + 2 + 3),
            (map(AttributeValue::L(vec![map(n(1))])), 3 + 1 + 2 + (3 + 1 + (3 + 1 + 2 + 2))),
        ] {
            assert_eq!(value_bytes(&value), bytes, "{value:?}");
            let item = Item::from([("pk".to_owned(), value)]);
            assert_eq!(item_bytes(&item), bytes + 2);
        }
        for (bytes, units) in [(1, 1), (1_024, 1), (1_025, 2), (2_048, 2)] {
            assert_eq!(write_units(bytes), units, "{bytes}");
        }
    }
}
