//! Pages of lists, continued by a cursor.

use std::collections::HashMap;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::input::fields::FieldErrors;

const LIMIT: &str = "limit";
const CURSOR: &str = "cursor";

/// A request for a page: at most `limit` items after the item `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest<Id> {
    /// 1 to [`PageRequest::MAX_LIMIT`].
    pub limit: usize,
    /// The last item of the previous page; `None` for the first page.
    pub after: Option<Id>,
}

/// Identifies a list. A cursor carries the tag, so that a cursor of another list is refused. It is not
/// a secret.
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

    /// The tag of the list of `kind` of `owner`, with the filters of `query`: all parameters but `limit`
    /// and `cursor`.
    pub fn new(kind: &str, owner: &str, query: &HashMap<String, String>) -> Self {
        let filters = query.iter().filter(|(name, _)| *name != LIMIT && *name != CURSOR);
        let mut filters: Vec<_> = filters.collect();
        filters.sort_unstable();
        let filters = filters.into_iter().flat_map(|(name, value)| [name, value]);
        let mut hash = Sha256::new();
        for part in [kind, owner].into_iter().chain(filters.map(String::as_str)) {
            // The length separates a part from the next.
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
    /// The default page size.
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

/// An item of a list, or its id if the stored item cannot be parsed, so that one bad item does not hide
/// the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed<T> {
    /// The item.
    Item(T),
    /// It cannot be parsed. Its key is logged for the operator.
    Unreadable {
        /// Its id.
        id: String,
    },
}

impl<T> Listed<T> {
    /// The message shown for an unreadable item.
    pub const MESSAGE: &str =
        "The item stored under this id cannot be read. Ask the operator of Callhook to repair it.";

    /// Applies `show` to the item.
    pub fn map<U>(self, show: impl FnOnce(T) -> U) -> Listed<U> {
        match self {
            Self::Item(item) => Listed::Item(show(item)),
            Self::Unreadable { id } => Listed::Unreadable { id },
        }
    }

    /// The item, if it could be parsed.
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

/// A page of a list, as a store returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// The position after which the next page begins; `None` on the last page. Callers see it with the
    /// list's tag.
    pub next_cursor: Option<String>,
}

/// A page as the API shows it.
#[derive(Debug, Serialize)]
pub struct ShownPage<T> {
    data: Vec<T>,
    /// The `cursor` of the next page; `null` on the last.
    next_cursor: Option<String>,
}

impl<T> Page<Listed<T>> {
    /// Applies `show` to each item that could be parsed.
    pub fn map_readable<U>(self, show: impl Fn(T) -> U) -> Page<Listed<U>> {
        self.map(|listed| listed.map(&show))
    }
}

impl<T> Page<T> {
    /// The page as the API shows it to callers of `list`.
    pub fn shown(self, list: &ListTag) -> ShownPage<T> {
        let next_cursor = self.next_cursor.map(|position| format!("{position}.{}", list.0));
        ShownPage { data: self.data, next_cursor }
    }

    /// Applies `show` to each item.
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        let data = self.data.into_iter().map(show).collect();
        Page { data, next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::WebhookId;

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
