//! The Liquid engine's runtime for one request.
//!
//! In: [`Variables`] and [`Secrets`]. Out: the engine's value of each variable and path that an
//! expression names, its memory charged to the budget of the rendering.

use std::collections::BTreeSet;

use liquid_core::model::{KString, KStringCow, KStringRef, ScalarCow};
use liquid_core::runtime::{PartialStore, Registers, Renderable};
use liquid_core::{Error, Runtime, Value, ValueCow, ValueView as _};
use serde_json::Value as Json;

use super::error::RenderFailure;
use super::filters::RenderState;
use super::raw_json;
use super::secrets::Secrets;
use super::variables::{Variable, Variables};
use crate::domain::report::Mask;

/// The variables and secrets of one rendering, and the state that its filters share.
pub(super) struct Scope<'v, 's> {
    variables: &'v Variables<'v>,
    pub(super) secrets: Secrets<'s>,
    registers: Registers,
}

/// Memory charged for a converted value, in addition to its text.
const VALUE_BYTES: usize = 64;

impl<'v, 's> Scope<'v, 's> {
    pub(super) fn new(variables: &'v Variables<'v>, secrets: Secrets<'s>) -> Self {
        let registers = Registers::default();
        {
            let mut state = registers.get_mut::<RenderState>();
            state.zone = Some(variables.zone.clone());
            state.now = variables.now;
        }
        Self { variables, secrets, registers }
    }

    /// Removes and returns the failure of a filter or variable that made the engine give up.
    pub(super) fn take_failure(&self) -> Option<RenderFailure> {
        self.registers.get_mut::<RenderState>().failure.take()
    }

    /// The value of a path; nil if there is none.
    fn value(&self, path: &[ScalarCow<'_>]) -> Result<ValueCow<'_>, RenderFailure> {
        let Some((name, path)) = path.split_first() else {
            return Ok(ValueCow::Owned(Value::Nil));
        };
        match self.variables.find(&name.to_kstr()) {
            None => Ok(ValueCow::Owned(Value::Nil)),
            Some(Variable::Field(value)) => self.resolve(value, path),
            Some(Variable::Text(text)) => Ok(ValueCow::Owned(text_at(text.into_owned(), path))),
        }
    }

    fn resolve<'j>(
        &'j self,
        mut value: &'j Json,
        path: &[ScalarCow<'_>],
    ) -> Result<ValueCow<'j>, RenderFailure> {
        for (i, step) in path.iter().enumerate() {
            let name = step.to_kstr();
            let is_last = i + 1 == path.len();
            let next = match value {
                Json::Object(object) if self.variables.mask.hides(&name) => {
                    let Some(number) = object.get(name.as_str()).and_then(raw_json::masked_number)
                    else {
                        return Ok(ValueCow::Owned(Value::Nil));
                    };
                    self.registers.get_mut::<RenderState>().charge(VALUE_BYTES + number.len())?;
                    let rest = path.get(i + 1..).unwrap_or_default();
                    return Ok(ValueCow::Owned(text_at(number, rest)));
                }
                Json::Object(object) => object.get(name.as_str()),
                Json::Array(list) => match name.as_str() {
                    "first" => list.first(),
                    "last" => list.last(),
                    _ => step.to_integer().and_then(|index| element(list, index)),
                },
                _ => None,
            };
            match next {
                Some(next) => value = next,
                None if is_last && name == "size" => {
                    let text = value.as_str().map_or(0, str::len);
                    self.registers.get_mut::<RenderState>().charge_reading(text)?;
                    return Ok(ValueCow::Owned(size_of(value)));
                }
                None => return Ok(ValueCow::Owned(Value::Nil)),
            }
        }
        Ok(match value {
            // Most variables are texts; borrowing avoids a copy.
            Json::String(text) => ValueCow::Borrowed(text),
            other => {
                let mut state = self.registers.get_mut::<RenderState>();
                ValueCow::Owned(to_liquid(other, self.variables.mask, &mut state)?)
            }
        })
    }
}

/// The element at `index`; a negative index counts from the end.
fn element(list: &[Json], index: i64) -> Option<&Json> {
    if index < 0 {
        let from_end = usize::try_from(index.unsigned_abs()).ok()?;
        list.get(list.len().checked_sub(from_end)?)
    } else {
        list.get(usize::try_from(index).ok()?)
    }
}

fn size_of(value: &Json) -> Value {
    match value {
        Json::Null | Json::Bool(_) => Value::Nil,
        Json::Number(number) => size(number.to_string().len()),
        Json::String(text) => size(text.chars().count()),
        Json::Array(list) => size(list.len()),
        Json::Object(object) => size(object.len()),
    }
}

fn size(size: usize) -> Value {
    Value::scalar(i64::try_from(size).unwrap_or(i64::MAX))
}

/// The value at `path` below a text: the text itself, its `size`, or nil.
fn text_at(text: String, path: &[ScalarCow<'_>]) -> Value {
    match path {
        [] => Value::scalar(text),
        [step] if step.to_kstr() == "size" => size(text.chars().count()),
        _ => Value::Nil,
    }
}

/// Converts JSON to the engine's value. Numbers keep every digit, objects their order.
fn to_liquid(value: &Json, mask: Mask, state: &mut RenderState) -> Result<Value, RenderFailure> {
    Ok(match value {
        Json::Null => Value::Nil,
        Json::Bool(value) => Value::scalar(*value),
        Json::Number(number) => {
            let text = number.as_str();
            let is_small = text.len() < 20 && !text.contains(['.', 'e', 'E']);
            state.charge(text.len() + if is_small { VALUE_BYTES } else { raw_json::OVERHEAD })?;
            raw_json::wrap_number(text.to_owned())
        }
        Json::String(text) => {
            state.charge(VALUE_BYTES + text.len())?;
            Value::scalar(text.clone())
        }
        Json::Array(list) => {
            state.charge(VALUE_BYTES.saturating_mul(list.len() + 1))?;
            let mut values = Vec::with_capacity(list.len());
            for value in list {
                values.push(to_liquid(value, mask, state)?);
            }
            Value::Array(values)
        }
        Json::Object(_) => {
            state.charge(raw_json::OVERHEAD)?;
            let mut out = raw_json::ChargedWriter::new(|bytes| state.charge(bytes));
            let written = raw_json::write_masked(value, mask, &mut out);
            raw_json::wrap(out.finish(written)?)
        }
    })
}

impl Runtime for Scope<'_, '_> {
    fn get(&self, path: &[ScalarCow<'_>]) -> liquid_core::Result<ValueCow<'_>> {
        self.value(path).map_err(|failure| {
            self.registers.get_mut::<RenderState>().failure = Some(failure);
            Error::with_msg("refused")
        })
    }

    fn try_get(&self, path: &[ScalarCow<'_>]) -> Option<ValueCow<'_>> {
        self.get(path).ok()
    }

    fn registers(&self) -> &Registers {
        &self.registers
    }

    // The other methods serve tags, which are refused.

    fn partials(&self) -> &dyn PartialStore {
        &NoPartials
    }

    fn name(&self) -> Option<KStringRef<'_>> {
        None
    }

    fn roots(&self) -> BTreeSet<KStringCow<'_>> {
        BTreeSet::new()
    }

    fn set_global(&self, _: KString, _: Value) -> Option<Value> {
        None
    }

    fn set_index(&self, _: KString, _: Value) -> Option<Value> {
        None
    }

    fn get_index<'i>(&'i self, _: &str) -> Option<ValueCow<'i>> {
        None
    }
}

#[derive(Debug)]
struct NoPartials;

impl PartialStore for NoPartials {
    fn contains(&self, _: &str) -> bool {
        false
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn try_get(&self, _: &str) -> Option<std::sync::Arc<dyn Renderable>> {
        None
    }

    fn get(&self, _: &str) -> liquid_core::Result<std::sync::Arc<dyn Renderable>> {
        Err(Error::with_msg("there are no partials"))
    }
}
