//! The filters of templates: `{{ to | slice: -10 }}`.
//!
//! In: a value, arguments, and the account's time zone. Out: a value, or a [`RenderFailure`]. Each
//! filter charges the bytes of its result to the budget of the rendering before it allocates them.
//!
//! The filters mean what standard Liquid says, or PHP where that differs (`slice` without a length,
//! `date_format`). They are our own, registered with `liquid-core`: those of `liquid-lib` count bytes
//! instead of characters, calculate in 64 bits (and panic beyond), and allocate without a limit.

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

pub(super) use self::call::RenderState;
use self::call::{Call, CompiledFilter};
pub(super) use self::time::{check_format, format_warning};
use super::error::RenderFailure;

type Apply = fn(&Call<'_>) -> Result<Value, RenderFailure>;

/// A filter.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    /// How many arguments without a name it takes.
    pub(super) arguments: RangeInclusive<usize>,
    /// The names of its optional named arguments, such as `allow_false: true`.
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

    /// Whether an expression that ends with this filter prints JSON.
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

/// The filter `name`.
pub(super) fn find(name: &str) -> Option<&'static Definition> {
    all().find(|filter| filter.name == name)
}

/// Liquid with these filters and no tags.
pub(super) static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    for definition in all() {
        let name = definition.name.to_owned();
        language.filters.register(name, FilterParser(definition).into());
    }
    language
});

#[derive(Clone)]
struct FilterParser(&'static Definition);

impl ParseFilter for FilterParser {
    fn parse(&self, mut arguments: FilterArguments<'_>) -> liquid_core::Result<Box<dyn Filter>> {
        let positional = arguments.positional.by_ref().collect();
        // `CheckedExpression` has refused unknown names.
        let known = |name: &str| self.0.named.iter().find(|known| **known == name).copied();
        let named = arguments.keyword.by_ref();
        let named = named.filter_map(|(name, it)| Some((known(name)?, it))).collect();
        Ok(Box::new(CompiledFilter::new(self.0, positional, named)))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

impl FilterReflection for FilterParser {
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
