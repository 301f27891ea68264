//! Lists in pages, continued by a cursor.

use std::collections::HashMap;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::fields::FieldErrors;

const LIMIT: &str = "limit";
const CURSOR: &str = "cursor";

/// Which part of a list is asked for: at most `limit` items after the one named by `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest<Id> {
    /// 1 to [`PageRequest::MAX_LIMIT`].
    pub limit: usize,
    /// The last item of the page before; `None` for the first page.
    pub after: Option<Id>,
}

/// Which list a page is of. A cursor carries it, so that one of another list is refused instead of
/// continuing this one somewhere. It keeps nothing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListTag(String);

/// Completes "`cursor` …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum InvalidCursor {
    #[error("must be the `next_cursor` of the page before")]
    Unreadable,
    #[error(
        "is of another list; send it to the path, and with the filters, of the page that it came \
         with, or leave it out to begin anew"
    )]
    OfAnotherList,
}

impl ListTag {
    /// The length of a tag in a cursor, in characters.
    pub const LEN: usize = 8;

    /// The list of `kind` that belongs to `owner`, with the filters of `query`: all parameters but
    /// `limit` and `cursor`.
    pub fn new(kind: &str, owner: &str, query: &HashMap<String, String>) -> Self {
        let filters = query.iter().filter(|(name, _)| *name != LIMIT && *name != CURSOR);
        let mut filters: Vec<_> = filters.collect();
        filters.sort_unstable();
        let filters = filters.into_iter().flat_map(|(name, value)| [name, value]);
        let mut hash = Sha256::new();
        for part in [kind, owner].into_iter().chain(filters.map(String::as_str)) {
            // A part's length keeps it from running into the next.
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let mut tag = URL_SAFE_NO_PAD.encode(hash.finalize());
        tag.truncate(Self::LEN);
        Self(tag)
    }

    fn read<Id: FromStr>(&self, cursor: &str) -> Result<Id, InvalidCursor> {
        let (id, tag) = cursor.rsplit_once('.').ok_or(InvalidCursor::Unreadable)?;
        let id = id.parse().map_err(|_| InvalidCursor::Unreadable)?;
        if tag == self.0 { Ok(id) } else { Err(InvalidCursor::OfAnotherList) }
    }
}

impl<Id: FromStr> PageRequest<Id> {
    /// The largest page.
    pub const MAX_LIMIT: usize = 100;
    /// The page size when none is asked for.
    pub const DEFAULT_LIMIT: usize = 50;

    /// Reads `limit` and `cursor` of a query string.
    pub fn from_query(
        query: &HashMap<String, String>,
        list: &ListTag,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let limit = match query.get(LIMIT).map(|text| text.parse()) {
            None => Self::DEFAULT_LIMIT,
            Some(Ok(limit)) if (1..=Self::MAX_LIMIT).contains(&limit) => limit,
            Some(_) => {
                let max = Self::MAX_LIMIT;
                errors.add(LIMIT, format_args!("must be a whole number from 1 to {max}"));
                Self::DEFAULT_LIMIT
            }
        };
        let after = query
            .get(CURSOR)
            .and_then(|cursor| list.read(cursor).map_err(|error| errors.add(CURSOR, error)).ok());
        errors.into_result(Self { limit, after })
    }
}

/// An item of a list, or what is left of it if its stored form cannot be read: one bad item does
/// not hide the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed<T> {
    /// The item.
    Item(T),
    /// It cannot be read. An operator finds its key in the log.
    Unreadable {
        /// Its id.
        id: String,
    },
}

impl<T> Listed<T> {
    /// What an unreadable item says.
    pub const MESSAGE: &str =
        "What is stored under this id cannot be read. Ask the operator of Callhook to repair it.";

    /// The item as `show` shows it.
    pub fn map<U>(self, show: impl FnOnce(T) -> U) -> Listed<U> {
        match self {
            Self::Item(item) => Listed::Item(show(item)),
            Self::Unreadable { id } => Listed::Unreadable { id },
        }
    }

    /// The item, if it can be read.
    pub fn item(self) -> Option<T> {
        match self {
            Self::Item(item) => Some(item),
            Self::Unreadable { .. } => None,
        }
    }
}

impl<T: Serialize> Serialize for Listed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Item(item) => item.serialize(serializer),
            Self::Unreadable { id } => {
                let mut shown = serializer.serialize_struct("Unreadable", 3)?;
                shown.serialize_field("id", id)?;
                shown.serialize_field("unreadable", &true)?;
                shown.serialize_field("message", Self::MESSAGE)?;
                shown.end()
            }
        }
    }
}

/// A page of a list, as a store gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// The place in the list behind which the next page begins; `None` on the last page. Callers
    /// see it with the list's tag.
    pub next_cursor: Option<String>,
}

/// A page as callers see it.
#[derive(Debug, Serialize)]
pub struct ShownPage<T> {
    data: Vec<T>,
    /// What to send as `cursor` for the next page; `null` on the last.
    next_cursor: Option<String>,
}

impl<T> Page<Listed<T>> {
    /// The page with each item that can be read as `show` gives it.
    pub fn map_readable<U>(self, show: impl Fn(T) -> U) -> Page<Listed<U>> {
        self.map(|listed| listed.map(&show))
    }
}

impl<T> Page<T> {
    /// The page as the callers of `list` see it.
    pub fn shown(self, list: &ListTag) -> ShownPage<T> {
        let next_cursor = self.next_cursor.map(|place| format!("{place}.{}", list.0));
        ShownPage { data: self.data, next_cursor }
    }

    /// The same page with each item as `show` gives it.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        let data = self.data.into_iter().map(show).collect();
        Page { data, next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::WebhookId;

    fn query(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn list(kind: &str, owner: &str, filters: &[(&str, &str)]) -> ListTag {
        ListTag::new(kind, owner, &query(filters))
    }

    fn read(pairs: &[(&str, &str)]) -> Result<PageRequest<WebhookId>, FieldErrors> {
        PageRequest::from_query(&query(pairs), &list("webhooks", "acme", pairs))
    }

    fn cursor(id: WebhookId, list: &ListTag) -> String {
        let page: Page<()> = Page { data: Vec::new(), next_cursor: Some(id.to_string()) };
        page.shown(list).next_cursor.unwrap()
    }

    #[test]
    fn limit_and_cursor_are_checked() {
        assert_eq!(read(&[]).unwrap(), PageRequest { limit: 50, after: None });
        let id = WebhookId::generate();
        let next = cursor(id, &list("webhooks", "acme", &[]));
        assert_eq!(next.len(), 36 + 1 + ListTag::LEN);
        let page = read(&[("limit", "100"), ("cursor", &next)]).unwrap();
        assert_eq!(page, PageRequest { limit: 100, after: Some(id) });
        for limit in ["0", "101", "-1", "x", "", "1.5", " 1"] {
            assert!(read(&[("limit", limit)]).is_err(), "{limit}");
        }
        for nonsense in ["nonsense", "", ".", &id.to_string(), &format!("x{next}")] {
            let both = read(&[("limit", "0"), ("cursor", nonsense)]).unwrap_err();
            assert_eq!(both.iter().count(), 2, "{both}");
            assert!(both.to_string().ends_with("must be the `next_cursor` of the page before"));
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let own = list("webhooks", "acme", &[("name", "CRM")]);
        let id = WebhookId::generate();
        let asked = |cursor: &str| {
            let query = query(&[("name", "CRM"), ("limit", "7"), ("cursor", cursor)]);
            PageRequest::<WebhookId>::from_query(&query, &own)
        };
        assert_eq!(asked(&cursor(id, &own)).unwrap().after, Some(id));
        for other in [
            list("subscriptions", "acme", &[("name", "CRM")]),
            list("webhooks", "other", &[("name", "CRM")]),
            list("webhooks", "acme", &[("name", "crm")]),
            list("webhooks", "acme", &[]),
            list("webhooks", "acme", &[("name", "CRM"), ("status", "x")]),
            list("webhook", "sacme", &[("name", "CRM")]),
        ] {
            let error = asked(&cursor(id, &other)).unwrap_err().to_string();
            assert!(error.starts_with("`cursor` is of another list"), "{error}");
        }
    }
}
