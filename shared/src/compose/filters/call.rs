//! One use of a filter, and what all uses of one rendering share.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use liquid_core::model::KStringCow;
use liquid_core::{Expression, Filter, Runtime, Value, ValueCow, ValueView};

use super::Definition;
use super::number::MAX_TEXT;
use crate::compose::error::RenderFailure;
use crate::compose::limits;

/// Memory of a value beside its text: the value itself and the allocator's share.
const VALUE_BYTES: usize = 64;

/// Looking at so many bytes costs as much as making one: a filter that only counts takes time
/// as well.
pub(in crate::compose) const LOOKING: usize = 8;

/// What one rendering shares among its filters; it travels in the runtime's registers.
#[derive(Default)]
pub(in crate::compose) struct State {
    /// Bytes that filters made so far.
    spent: usize,
    /// Why the rendering ended: the engine's own errors repeat values.
    pub(in crate::compose) failure: Option<RenderFailure>,
    /// The account's zone.
    pub(in crate::compose) zone: Option<TimeZone>,
    /// When the rendering takes place.
    pub(in crate::compose) now: Timestamp,
}

impl State {
    /// Takes `bytes` from the budget, before they are allocated.
    pub(in crate::compose) fn charge(&mut self, bytes: usize) -> Result<(), RenderFailure> {
        self.spent = self.spent.saturating_add(bytes);
        if self.spent > limits::FILTER_BYTES {
            return Err(RenderFailure::TooMuchWork { limit: limits::FILTER_BYTES });
        }
        Ok(())
    }
}

/// A filter with its arguments, as compiled.
#[derive(Debug)]
pub(super) struct Applied {
    definition: &'static Definition,
    arguments: Box<[Expression]>,
    named: Box<[(&'static str, Expression)]>,
}

impl Applied {
    pub(super) fn new(
        definition: &'static Definition,
        arguments: Box<[Expression]>,
        named: Box<[(&'static str, Expression)]>,
    ) -> Self {
        Self { definition, arguments, named }
    }
}

impl fmt::Display for Applied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.definition.name)
    }
}

impl Filter for Applied {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> liquid_core::Result<Value> {
        let arguments = self.arguments.iter().map(|argument| argument.evaluate(runtime));
        let call = Call {
            definition: self.definition,
            input,
            arguments: arguments.collect::<Result<_, _>>()?,
            named: &self.named,
            runtime,
        };
        (self.definition.apply)(&call).map_err(|failure| {
            runtime.registers().get_mut::<State>().failure = Some(failure);
            liquid_core::Error::with_msg("refused")
        })
    }
}

/// A filter at work.
pub(super) struct Call<'a> {
    definition: &'static Definition,
    pub(super) input: &'a dyn ValueView,
    arguments: Vec<ValueCow<'a>>,
    named: &'a [(&'static str, Expression)],
    runtime: &'a dyn Runtime,
}

impl<'a> Call<'a> {
    /// The argument at `index`, from 0.
    pub(super) fn argument(&self, index: usize) -> Option<&ValueCow<'a>> {
        self.arguments.get(index)
    }

    /// The argument `name: …`.
    pub(super) fn named(&self, name: &str) -> Option<ValueCow<'a>> {
        let (_, argument) = self.named.iter().find(|(it, _)| *it == name)?;
        argument.try_evaluate(self.runtime)
    }

    /// The input as text.
    pub(super) fn text(&self) -> Result<KStringCow<'_>, RenderFailure> {
        self.text_of(self.input)
    }

    /// An argument as text; empty if it was left out.
    pub(super) fn text_argument(&self, index: usize) -> Result<KStringCow<'_>, RenderFailure> {
        match self.argument(index) {
            Some(argument) => self.text_of(argument),
            None => Ok(KStringCow::from_static("")),
        }
    }

    fn text_of<'v>(&self, value: &'v dyn ValueView) -> Result<KStringCow<'v>, RenderFailure> {
        if let Some(scalar) = value.as_scalar() {
            let text = scalar.to_kstr();
            self.charge(text.len() / LOOKING)?;
            // The template's `5.0`, which the engine prints as `5`.
            if scalar.type_name() == "fractional number" && !text.contains('.') {
                return Ok(KStringCow::from_string(format!("{text}.0")));
            }
        } else {
            self.charge(weight(value))?;
        }
        Ok(value.to_kstr())
    }

    /// An argument that is a whole number.
    pub(super) fn whole_argument(&self, index: usize) -> Result<Option<i64>, RenderFailure> {
        let Some(argument) = self.argument(index).filter(|argument| !argument.is_nil()) else {
            return Ok(None);
        };
        let number = argument.as_scalar().filter(|scalar| scalar.to_kstr().len() <= MAX_TEXT);
        let number = number.and_then(|scalar| scalar.to_integer());
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.refuse("takes a whole number")),
        }
    }

    /// A text that was made; its bytes are charged before by [`Call::charge`].
    pub(super) fn made(text: String) -> Value {
        Value::scalar(text)
    }

    /// Text of the input or of an argument.
    pub(super) fn copied(&self, text: &str) -> Result<Value, RenderFailure> {
        self.charge(text.len())?;
        Ok(Value::scalar(text.to_owned()))
    }

    /// A value of the input or an argument.
    pub(super) fn cloned(&self, value: &dyn ValueView) -> Result<Value, RenderFailure> {
        self.charge(weight(value))?;
        Ok(value.to_value())
    }

    /// Takes `bytes` from the budget of the rendering.
    pub(super) fn charge(&self, bytes: usize) -> Result<(), RenderFailure> {
        self.runtime.registers().get_mut::<State>().charge(bytes)
    }

    /// Takes a list of `values` with `text` bytes in all from the budget.
    pub(super) fn charge_list(&self, values: usize, text: usize) -> Result<(), RenderFailure> {
        self.charge(values.saturating_mul(VALUE_BYTES).saturating_add(text))
    }

    /// The account's zone.
    pub(super) fn zone(&self) -> TimeZone {
        let state = self.runtime.registers().get_mut::<State>();
        state.zone.clone().unwrap_or(TimeZone::UTC)
    }

    /// When the rendering takes place.
    pub(super) fn now(&self) -> Timestamp {
        self.runtime.registers().get_mut::<State>().now
    }

    /// The failure that says what the filter takes.
    pub(super) fn refuse(&self, takes: &'static str) -> RenderFailure {
        RenderFailure::Filter { filter: self.definition.name, takes }
    }
}

/// What a value takes in memory, about, and at least the bytes of its text.
fn weight(value: &dyn ValueView) -> usize {
    let inner = if let Some(array) = value.as_array() {
        array.values().map(weight).sum()
    } else if let Some(object) = value.as_object() {
        let entries = object.iter();
        entries.map(|(name, value)| VALUE_BYTES + name.len() + weight(value)).sum()
    } else {
        value.as_scalar().map_or(0, |scalar| scalar.to_kstr().len())
    };
    VALUE_BYTES + inner
}
