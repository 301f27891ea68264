//! Filters that change texts: case, white space, escaping, replacements, `default`.

use liquid_core::model::State;
use liquid_core::{Value, ValueView as _};
use percent_encoding::percent_decode_str;
use url::form_urlencoded::byte_serialize;

use super::call::Call;
use super::{Definition, filter, html};
use crate::domain::compose::error::RenderFailure;
use crate::domain::compose::raw_json;

type Outcome = Result<Value, RenderFailure>;

pub(super) const FILTERS: &[Definition] = &[
    filter("append", 1..=1, append),
    filter("prepend", 1..=1, prepend),
    filter("upcase", 0..=0, upcase),
    filter("upper", 0..=0, upcase),
    filter("downcase", 0..=0, downcase),
    filter("lower", 0..=0, downcase),
    filter("capitalize", 0..=0, capitalize),
    filter("strip", 0..=0, |call| call.copy_text(call.text()?.trim())),
    filter("lstrip", 0..=0, |call| call.copy_text(call.text()?.trim_start())),
    filter("rstrip", 0..=0, |call| call.copy_text(call.text()?.trim_end())),
    filter("strip_newlines", 0..=0, strip_newlines),
    filter("newline_to_br", 0..=0, newline_to_br),
    filter("strip_html", 0..=0, strip_html),
    filter("escape", 0..=0, |call| escape(call, false)),
    filter("escape_once", 0..=0, |call| escape(call, true)),
    filter("url_encode", 0..=0, url_encode),
    filter("url_decode", 0..=0, url_decode),
    filter("replace", 1..=2, |call| replace(call, &call.text_argument(1)?, usize::MAX)),
    filter("replace_first", 1..=2, |call| replace(call, &call.text_argument(1)?, 1)),
    filter("remove", 1..=1, |call| replace(call, "", usize::MAX)),
    filter("remove_first", 1..=1, |call| replace(call, "", 1)),
    filter("default", 1..=1, default).with_named(&["allow_false"]),
];

fn append(call: &Call<'_>) -> Outcome {
    concat(call, &call.text()?, &call.text_argument(0)?)
}

fn prepend(call: &Call<'_>) -> Outcome {
    concat(call, &call.text_argument(0)?, &call.text()?)
}

fn concat(call: &Call<'_>, first: &str, second: &str) -> Outcome {
    call.charge(first.len() + second.len())?;
    Ok(Call::charged_text([first, second].concat()))
}

/// The largest growth of a text by a change of case: `ΐ` of 2 bytes becomes 6.
const CASE_GROWTH: usize = 3;

fn upcase(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    call.charge(max_cased_bytes(&text))?;
    Ok(Call::charged_text(text.to_uppercase()))
}

fn downcase(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    call.charge(max_cased_bytes(&text))?;
    Ok(Call::charged_text(text.to_lowercase()))
}

fn max_cased_bytes(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.len() * CASE_GROWTH }
}

fn capitalize(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    call.charge(max_cased_bytes(&text))?;
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let rest = chars.flat_map(char::to_lowercase);
    Ok(Call::charged_text(first.chain(rest).collect()))
}

fn strip_newlines(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    call.charge(text.len())?;
    Ok(Call::charged_text(text.replace(['\r', '\n'], "")))
}

fn newline_to_br(call: &Call<'_>) -> Outcome {
    const BREAK: &str = "<br />\n";
    let text = call.text()?;
    call.charge(text.len() + text.matches('\n').count() * BREAK.len())?;
    Ok(Call::charged_text(text.replace("\r\n", "\n").replace('\n', BREAK)))
}

fn strip_html(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    call.charge(text.len() * 3)?;
    Ok(Call::charged_text(html::strip(&text)))
}

fn escape(call: &Call<'_>, once: bool) -> Outcome {
    const ENTITIES: [&str; 5] = ["&lt;", "&gt;", "&#39;", "&quot;", "&amp;"];
    if call.input.is_nil() {
        return Ok(Value::Nil);
    }
    let text = call.text()?;
    call.charge(text.len() + text.matches(['<', '>', '\'', '"', '&']).count() * 5)?;
    let mut escaped = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\'' => escaped.push_str("&#39;"),
            '"' => escaped.push_str("&quot;"),
            '&' => {
                let rest = text.get(i..).unwrap_or_default();
                let is_entity = ENTITIES.iter().any(|entity| rest.starts_with(entity));
                escaped.push_str(if once && is_entity { "&" } else { "&amp;" });
            }
            other => escaped.push(other),
        }
    }
    Ok(Call::charged_text(escaped))
}

fn url_encode(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    call.charge(byte_serialize(text.as_bytes()).map(str::len).sum())?;
    Ok(Call::charged_text(byte_serialize(text.as_bytes()).collect()))
}

fn url_decode(call: &Call<'_>) -> Outcome {
    let text = call.text()?;
    // Each byte that is not UTF-8 becomes U+FFFD, which has three bytes.
    call.charge(text.len() * 3)?;
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8_lossy();
    Ok(Call::charged_text(decoded.into_owned()))
}

fn replace(call: &Call<'_>, with: &str, times: usize) -> Outcome {
    let text = call.text()?;
    let search = call.text_argument(0)?;
    let found = text.matches(search.as_str()).take(times).count();
    let added = with.len().saturating_sub(search.len());
    call.charge(text.len().saturating_add(found.saturating_mul(added)))?;
    Ok(Call::charged_text(text.replacen(search.as_str(), with, times)))
}

/// The argument if the input is nil, `false`, or an empty text, list or object; with `allow_false:
/// true`, `false` stays.
fn default(call: &Call<'_>) -> Outcome {
    let keeps_false = call.named("allow_false").is_some_and(|it| it.query_state(State::Truthy));
    let is_false = call.input.as_scalar().is_some_and(|scalar| scalar.to_bool() == Some(false));
    let is_empty = if is_false {
        !keeps_false
    } else {
        call.input.query_state(State::DefaultValue) || raw_json::is_empty_object(call.input)
    };
    match call.argument(0) {
        Some(argument) if is_empty => call.copy(argument),
        _ => call.copy(call.input),
    }
}
