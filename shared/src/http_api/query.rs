//! Query parameters. A route names its parameters, and any other is refused: a misspelt filter would not filter.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use url::form_urlencoded;

use super::problem::Problem;
use crate::input::fields::{FieldErrors, clip};

/// The query parameters of a route.
pub trait Parameters: Send {
    /// Their names.
    const NAMES: &'static [&'static str];
}

/// No parameters.
pub struct NoParameters;

impl Parameters for NoParameters {
    const NAMES: &'static [&'static str] = &[];
}

/// The parameters of a list without filters.
pub struct Paging;

impl Parameters for Paging {
    const NAMES: &'static [&'static str] = &["limit", "cursor"];
}

/// The parameter that carries the key in the platform's own API.
const ACCESS_TOKEN: &str = "access_token";

/// Reads a query; 400 if a parameter is not among `P`'s or is repeated.
pub fn read_query<P: Parameters>(query: Option<&str>) -> Result<HashMap<String, String>, Problem> {
    let mut read = HashMap::new();
    let mut errors = FieldErrors::default();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if !P::NAMES.contains(&&*name) {
            errors.add(clip(&name), unknown(&name, P::NAMES));
            continue;
        }
        match read.entry(name.into_owned()) {
            Entry::Vacant(entry) => {
                entry.insert(value.into_owned());
            }
            Entry::Occupied(entry) => {
                errors.add(entry.key().as_str(), "is repeated; send it once");
            }
        }
    }
    errors.into_result(read).map_err(Problem::invalid_parameters)
}

/// The message of an unknown parameter, which completes "`name` …".
fn unknown(name: &str, known: &[&str]) -> String {
    let accepted = match known {
        [] => "accepts none".to_owned(),
        known => format!("accepts `{}`", known.join("`, `")),
    };
    let hint = match name {
        ACCESS_TOKEN => "; send a key in the header `Authorization: Bearer chk_…`",
        _ => "",
    };
    format!("is not a parameter of this route, which {accepted}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<P: Parameters>(query: &str) -> Result<HashMap<String, String>, String> {
        let read = read_query::<P>(Some(query));
        read.map_err(|problem| problem.to_value()["detail"].as_str().unwrap().to_owned())
    }

    #[test]
    fn known_parameters_are_read() {
        assert_eq!(read_query::<Paging>(None).unwrap(), HashMap::new());
        for nothing in ["", "&", "&&"] {
            assert_eq!(read::<NoParameters>(nothing), Ok(HashMap::new()), "{nothing}");
        }
        let both = HashMap::from([("limit", "2"), ("cursor", "a b&c")]);
        let both = both.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(read::<Paging>("limit=2&cursor=a+b%26c"), Ok(both.collect()));
    }

    #[test]
    fn an_unknown_or_repeated_parameter_is_refused() {
        for (query, says) in [
            (
                "number=91",
                "`number` is not a parameter of this route, which accepts `limit`, `cursor`",
            ),
            ("Limit=2", "`Limit` is not a parameter"),
            ("limit%5B%5D=2", "`limit[]` is not a parameter"),
            ("=", "`` is not a parameter"),
            ("limit=2&limit=2", "`limit` is repeated; send it once"),
            ("access_token=x", "; send a key in the header `Authorization: Bearer chk_…`"),
        ] {
            let refusal = read::<Paging>(query).unwrap_err();
            assert!(refusal.contains(says), "{query}: {refusal}");
        }
        let refusal = read::<NoParameters>("limit=2").unwrap_err();
        assert_eq!(refusal, "`limit` is not a parameter of this route, which accepts none");
    }

    #[test]
    fn the_listed_errors_are_bounded() {
        let many: Vec<_> = (0..1_000).map(|n| format!("{n}{}=", "x".repeat(100))).collect();
        let many = many.join("&");
        let problem = read_query::<NoParameters>(Some(&many)).unwrap_err().to_value();
        assert_eq!(problem["errors"].as_array().unwrap().len(), FieldErrors::MAX + 1);
        assert!(problem.to_string().len() < 8_000, "{problem}");
    }
}
