//! The filters of templates.
//!
//! They are registered with `liquid-core` and are ours: those of `liquid-lib` count bytes
//! instead of characters, calculate in 64 bits (and panic beyond), and take memory before
//! anyone can object. What they mean is standard Liquid; where PHP's differs (a `slice` without
//! a length, `date_format`), PHP's.

mod call;
mod html;
mod json;
mod list;
mod number;
mod php_date;
mod strftime;
mod text;
mod text_size;
mod time;

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use liquid_core::parser::{FilterArguments, FilterReflection, ParameterReflection};
use liquid_core::{Filter, Language, ParseFilter, Value};

use self::call::{Applied, Call};
pub(super) use self::call::{LOOKING, State};
pub(super) use self::time::{check_format, doubt_format};
use super::error::RenderFailure;

type Apply = fn(&Call<'_>) -> Result<Value, RenderFailure>;

/// One filter.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    /// How many arguments it takes.
    pub(super) arguments: RangeInclusive<usize>,
    /// The names of arguments such as `allow_false: true`, which it may have beside these.
    pub(super) named: &'static [&'static str],
    apply: Apply,
}

const fn filter(name: &'static str, arguments: RangeInclusive<usize>, apply: Apply) -> Definition {
    Definition { name, arguments, named: &[], apply }
}

impl Definition {
    const fn with_named(mut self, named: &'static [&'static str]) -> Self {
        self.named = named;
        self
    }

    /// Whether its result is JSON where it is the last filter.
    pub(super) fn makes_json(&self) -> bool {
        matches!(self.name, "json" | "number")
    }
}

/// The names of all filters.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|filter| filter.name)
}

fn all() -> impl Iterator<Item = &'static Definition> {
    [
        text::FILTERS,
        text_size::FILTERS,
        list::FILTERS,
        number::FILTERS,
        time::FILTERS,
        json::FILTERS,
    ]
    .into_iter()
    .flatten()
}

/// The filter of this name.
pub(super) fn find(name: &str) -> Option<&'static Definition> {
    all().find(|filter| filter.name == name)
}

/// Liquid with these filters and without tags.
pub(super) static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    for definition in all() {
        let name = definition.name.to_owned();
        language.filters.register(name, Parser(definition).into());
    }
    language
});

#[derive(Clone)]
struct Parser(&'static Definition);

impl ParseFilter for Parser {
    fn parse(&self, mut arguments: FilterArguments<'_>) -> liquid_core::Result<Box<dyn Filter>> {
        let positional = arguments.positional.by_ref().collect();
        // The outline has checked the names.
        let known = |name: &str| self.0.named.iter().find(|known| **known == name).copied();
        let named = arguments.keyword.by_ref();
        let named = named.filter_map(|(name, it)| Some((known(name)?, it))).collect();
        Ok(Box::new(Applied::new(self.0, positional, named)))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

impl FilterReflection for Parser {
    fn name(&self) -> &str {
        self.0.name
    }

    fn description(&self) -> &'static str {
        ""
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

#[cfg(test)]
mod tests;
