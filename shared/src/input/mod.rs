//! Reading JSON, pages and time ranges that callers send.

pub mod fields;
pub mod json;
pub mod page;
pub mod time_range;
pub mod written_time;
