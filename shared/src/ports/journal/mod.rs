//! Reading the journal through [`JournalReader`](crate::ports::store::JournalReader).

pub mod feed;
pub mod scan;
