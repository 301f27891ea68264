//! Checks the URL of a webhook against the address policy, without a DNS look-up.

use callhook::domain::address::AddressPolicy;
use callhook::domain::webhook::{Webhook, WebhookDraft};
use callhook::input::fields::FieldErrors;
use serde_json::{Map, Value};
use url::Url;

/// Adds the address policy's refusal of the URL to the errors of `draft`, so that one answer names all
/// mistakes. The URL of `current` passes: rules that became stricter must not keep its owner from
/// pausing a webhook.
pub(crate) fn checked(
    draft: Result<WebhookDraft, FieldErrors>,
    policy: AddressPolicy,
    fields: &Map<String, Value>,
    current: Option<&Webhook>,
) -> Result<WebhookDraft, FieldErrors> {
    let refusal = match &draft {
        Ok(draft) if current.is_some_and(|current| has_same_url(current, draft)) => None,
        Ok(draft) => policy.check_url(draft.composer.base_url()).err(),
        Err(errors) if errors.iter().any(|error| error.field == "url") => None,
        // Templates are not compiled: they can only follow the part of the URL that is checked.
        Err(_) => {
            let url = fields.get("url").and_then(Value::as_str);
            let url = url.and_then(|url| Url::parse(url).ok());
            url.and_then(|url| policy.check_url(&url).err())
        }
    };
    let Some(refusal) = refusal else { return draft };
    let mut errors = draft.err().unwrap_or_default();
    errors.add("url", refusal);
    Err(errors)
}

fn has_same_url(current: &Webhook, draft: &WebhookDraft) -> bool {
    current.settings.request.url == draft.settings.request.url
}
