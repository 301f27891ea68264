//! Logs panics with their location, and with their message if it is a constant. A formatted message may quote data,
//! such as a report.

use std::any::Any;
use std::panic::{self, PanicHookInfo};

/// Replaces the standard hook, which prints the whole message.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(log));
}

fn log(info: &PanicHookInfo<'_>) {
    let location = info.location().map(ToString::to_string);
    let panic_message = constant_message(info.payload());
    tracing::error!(location = location.as_deref(), panic_message, "panicked");
}

fn constant_message(payload: &dyn Any) -> &'static str {
    let constant = payload.downcast_ref::<&'static str>();
    constant.copied().unwrap_or("(omitted: it may contain data)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn only_a_constant_message_is_logged() {
        let number = "918867130000".to_owned();
        let text = number.clone();
        let formatted = catch_unwind(move || panic!("cannot read {text}")).unwrap_err();
        assert_eq!(constant_message(&*formatted), "(omitted: it may contain data)");
        let constant = catch_unwind(|| panic!("a bug")).unwrap_err();
        assert_eq!(constant_message(&*constant), "a bug");
        let unwrapped = catch_unwind(move || number.parse::<u8>().unwrap()).unwrap_err();
        assert!(constant_message(&*unwrapped).starts_with("(omitted"));
    }
}
