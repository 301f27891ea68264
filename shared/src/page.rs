//! Lists in pages, continued by a cursor.

use std::collections::HashMap;
use std::str::FromStr;

use serde::Serialize;

use crate::fields::FieldErrors;

/// Which part of a list is asked for: at most `limit` items after the one named by `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest<Id> {
    /// 1 to [`PageRequest::MAX_LIMIT`].
    pub limit: usize,
    /// The last item of the page before; `None` for the first page.
    pub after: Option<Id>,
}

impl<Id: FromStr> PageRequest<Id> {
    /// The largest page.
    pub const MAX_LIMIT: usize = 100;
    /// The page size when none is asked for.
    pub const DEFAULT_LIMIT: usize = 50;

    /// Reads `limit` and `cursor` of a query string.
    pub fn from_query(query: &HashMap<String, String>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let limit = match query.get("limit").map(|text| text.parse()) {
            None => Self::DEFAULT_LIMIT,
            Some(Ok(limit)) if (1..=Self::MAX_LIMIT).contains(&limit) => limit,
            Some(_) => {
                let max = Self::MAX_LIMIT;
                errors.add("limit", format_args!("must be a whole number from 1 to {max}"));
                Self::DEFAULT_LIMIT
            }
        };
        let after = query.get("cursor").and_then(|text| {
            let id = text.parse().ok();
            if id.is_none() {
                errors.add("cursor", "must be the `next_cursor` of the page before");
            }
            id
        });
        errors.into_result(Self { limit, after })
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// What to send as `cursor` for the next page; `null` on the last.
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::WebhookId;

    fn read(pairs: &[(&str, &str)]) -> Result<PageRequest<WebhookId>, FieldErrors> {
        let query = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        PageRequest::from_query(&query)
    }

    #[test]
    fn limit_and_cursor_are_checked() {
        assert_eq!(read(&[]).unwrap(), PageRequest { limit: 50, after: None });
        let id = WebhookId::generate();
        let page = read(&[("limit", "100"), ("cursor", &id.to_string())]).unwrap();
        assert_eq!(page, PageRequest { limit: 100, after: Some(id) });
        for limit in ["0", "101", "-1", "x", ""] {
            assert!(read(&[("limit", limit)]).is_err(), "{limit}");
        }
        let both = read(&[("limit", "0"), ("cursor", "nonsense")]).unwrap_err();
        assert_eq!(both.iter().count(), 2, "{both}");
    }
}
