//! What is logged of a panic: where it was, and its message if that stands in the code. A message
//! that was put together then and there may quote what was worked on, such as a report.

use std::any::Any;
use std::panic::{self, PanicHookInfo};

/// In place of the standard hook, which prints the whole message.
pub(super) fn log_without_data() {
    panic::set_hook(Box::new(log));
}

fn log(info: &PanicHookInfo<'_>) {
    let location = info.location().map(ToString::to_string);
    let said = said(info.payload());
    tracing::error!(location = location.as_deref(), said, "a panic");
}

fn said(payload: &dyn Any) -> &'static str {
    let fixed = payload.downcast_ref::<&'static str>();
    fixed.copied().unwrap_or("(left out, since it may hold data)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn only_a_message_of_the_code_itself_is_logged() {
        let number = "918867130000".to_owned();
        let text = number.clone();
        let formatted = catch_unwind(move || panic!("cannot read {text}")).unwrap_err();
        assert_eq!(said(&*formatted), "(left out, since it may hold data)");
        let fixed = catch_unwind(|| panic!("a bug")).unwrap_err();
        assert_eq!(said(&*fixed), "a bug");
        let unwrapped = catch_unwind(move || number.parse::<u8>().unwrap()).unwrap_err();
        assert!(said(&*unwrapped).starts_with("(left out"));
    }
}
