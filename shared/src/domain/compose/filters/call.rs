//! One call of a filter, and the budget that all calls of one rendering share.
//!
//! In: input, arguments and the engine's runtime. Out: the value that the filter's function returns.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use liquid_core::model::KStringCow;
use liquid_core::{Expression, Filter, Runtime, Value, ValueCow, ValueView};

use super::Definition;
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::limits;

/// Memory charged for a value, in addition to its text: the value itself and the allocator's overhead.
const VALUE_BYTES: usize = 64;

/// Reading this many bytes is charged as one: a filter that only counts takes time as well.
const READ_BYTES_PER_CHARGED: usize = 8;

/// The state that the filters of one rendering share, kept in the runtime's registers.
#[derive(Default)]
pub(in crate::domain::compose) struct RenderState {
    /// Bytes charged so far.
    charged: usize,
    /// Why the rendering ended. The engine's own errors are not shown, as they repeat values.
    pub(in crate::domain::compose) failure: Option<RenderFailure>,
    /// The account's time zone.
    pub(in crate::domain::compose) zone: Option<TimeZone>,
    /// The time of the rendering.
    pub(in crate::domain::compose) now: Timestamp,
}

impl RenderState {
    /// Charges `bytes` to the budget; called before they are allocated.
    pub(in crate::domain::compose) fn charge(&mut self, bytes: usize) -> Result<(), RenderFailure> {
        self.charged = self.charged.saturating_add(bytes);
        if self.charged > limits::FILTER_BYTES {
            return Err(RenderFailure::TooMuchWork { limit: limits::FILTER_BYTES });
        }
        Ok(())
    }

    /// Charges the time that reading `bytes` takes.
    pub(in crate::domain::compose) fn charge_reading(
        &mut self,
        bytes: usize,
    ) -> Result<(), RenderFailure> {
        self.charge(bytes / READ_BYTES_PER_CHARGED)
    }
}

/// A compiled filter with its arguments.
#[derive(Debug)]
pub(super) struct CompiledFilter {
    definition: &'static Definition,
    arguments: Box<[Expression]>,
    named: Box<[(&'static str, Expression)]>,
}

impl CompiledFilter {
    pub(super) fn new(
        definition: &'static Definition,
        arguments: Box<[Expression]>,
        named: Box<[(&'static str, Expression)]>,
    ) -> Self {
        Self { definition, arguments, named }
    }
}

impl fmt::Display for CompiledFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.definition.name)
    }
}

impl Filter for CompiledFilter {
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
            runtime.registers().get_mut::<RenderState>().failure = Some(failure);
            liquid_core::Error::with_msg("refused")
        })
    }
}

/// One call of a filter.
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

    /// The input as text; charges its reading.
    pub(super) fn text(&self) -> Result<KStringCow<'_>, RenderFailure> {
        self.text_of(self.input)
    }

    /// An argument as text; empty if absent. Charges its reading.
    pub(super) fn text_argument(&self, index: usize) -> Result<KStringCow<'_>, RenderFailure> {
        match self.argument(index) {
            Some(argument) => self.text_of(argument),
            None => Ok(KStringCow::from_static("")),
        }
    }

    fn text_of<'v>(&self, value: &'v dyn ValueView) -> Result<KStringCow<'v>, RenderFailure> {
        if let Some(scalar) = value.as_scalar() {
            let text = scalar.to_kstr();
            self.charge_reading(text.len())?;
            // The literal `5.0` of a template, which the engine prints as `5`.
            if scalar.type_name() == "fractional number" && !text.contains('.') {
                return Ok(KStringCow::from_string(format!("{text}.0")));
            }
        } else {
            self.charge(memory_bytes(value))?;
        }
        Ok(value.to_kstr())
    }

    /// An argument as a whole number; `None` if absent or nil.
    pub(super) fn whole_argument(&self, index: usize) -> Result<Option<i64>, RenderFailure> {
        let Some(argument) = self.argument(index).filter(|argument| !argument.is_nil()) else {
            return Ok(None);
        };
        let number =
            argument.as_scalar().filter(|scalar| scalar.to_kstr().len() <= limits::NUMBER_BYTES);
        let number = number.and_then(|scalar| scalar.to_integer());
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.failure("takes a whole number")),
        }
    }

    /// A new text as a value. The filter has charged its bytes ([`Call::charge`]).
    pub(super) fn charged_text(text: String) -> Value {
        Value::scalar(text)
    }

    /// Charges and copies a part of the input or of an argument.
    pub(super) fn copy_text(&self, text: &str) -> Result<Value, RenderFailure> {
        self.charge(text.len())?;
        Ok(Value::scalar(text.to_owned()))
    }

    /// Charges and copies a value of the input or of an argument.
    pub(super) fn copy(&self, value: &dyn ValueView) -> Result<Value, RenderFailure> {
        self.charge(memory_bytes(value))?;
        Ok(value.to_value())
    }

    /// Charges `bytes` to the budget of the rendering.
    pub(super) fn charge(&self, bytes: usize) -> Result<(), RenderFailure> {
        self.runtime.registers().get_mut::<RenderState>().charge(bytes)
    }

    /// Charges the time that reading `bytes` takes.
    pub(super) fn charge_reading(&self, bytes: usize) -> Result<(), RenderFailure> {
        self.runtime.registers().get_mut::<RenderState>().charge_reading(bytes)
    }

    /// Charges a list of `values` with `text` bytes in all.
    pub(super) fn charge_list(&self, values: usize, text: usize) -> Result<(), RenderFailure> {
        self.charge(values.saturating_mul(VALUE_BYTES).saturating_add(text))
    }

    /// The account's time zone.
    pub(super) fn zone(&self) -> TimeZone {
        let state = self.runtime.registers().get_mut::<RenderState>();
        state.zone.clone().unwrap_or(TimeZone::UTC)
    }

    /// The time of the rendering.
    pub(super) fn now(&self) -> Timestamp {
        self.runtime.registers().get_mut::<RenderState>().now
    }

    /// The failure "the filter `name` `reason`".
    pub(super) fn failure(&self, reason: &'static str) -> RenderFailure {
        RenderFailure::Filter { filter: self.definition.name, reason }
    }
}

/// Estimate of a value's memory, at least the bytes of its text.
fn memory_bytes(value: &dyn ValueView) -> usize {
    let inner = if let Some(array) = value.as_array() {
        array.values().map(memory_bytes).sum()
    } else if let Some(object) = value.as_object() {
        let entries = object.iter();
        entries.map(|(name, value)| VALUE_BYTES + name.len() + memory_bytes(value)).sum()
    } else {
        value.as_scalar().map_or(0, |scalar| scalar.to_kstr().len())
    };
    VALUE_BYTES + inner
}
