//! The filters of templates.
//!
//! They are registered with `liquid-core` and are ours: those of `liquid-lib` count bytes
//! instead of characters, calculate in 64 bits (and panic beyond), and take memory before
//! anyone can object. What they mean is standard Liquid; where PHP's differs (a `slice` without
//! a length, `date_format`), PHP's.

mod call;
mod list;
mod number;
mod php_date;
mod text;
mod text_size;
mod time;

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use liquid_core::parser::{FilterArguments, FilterReflection, ParameterReflection};
use liquid_core::{Filter, Language, ParseFilter, Value};

use self::call::{Applied, Call};
pub(super) use self::call::{LOOKING, State};
use super::error::RenderFailure;

type Apply = fn(&Call<'_>) -> Result<Value, RenderFailure>;

/// One filter.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    /// How many arguments it takes.
    pub(super) arguments: RangeInclusive<usize>,
    apply: Apply,
}

const fn filter(name: &'static str, arguments: RangeInclusive<usize>, apply: Apply) -> Definition {
    Definition { name, arguments, apply }
}

fn all() -> impl Iterator<Item = &'static Definition> {
    [text::FILTERS, text_size::FILTERS, list::FILTERS, number::FILTERS, time::FILTERS]
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
        if let Some((name, _)) = arguments.keyword.next() {
            let message = format!("the argument `{name}:` is not supported");
            return Err(liquid_core::Error::with_msg(message));
        }
        let arguments = arguments.positional.collect();
        Ok(Box::new(Applied::new(self.0, arguments)))
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
