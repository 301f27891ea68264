//! The HTTP edge of the API functions: who calls, what they sent, and how they are answered.

mod body;
mod caller;
mod calling_key;
mod error;
mod evidence;
mod narrowed;
mod problem;
mod query;
mod reply;
mod serve;
mod unreadable;

pub use self::body::{JsonObject, OptionalJsonObject, twice};
pub use self::caller::{
    ActingAccount, ActingFor, Caller, DeliveriesRead, DeliveriesWrite, PlatformCaller,
    ReportsErase, RequiredScope, WebhooksRead, WebhooksWrite,
};
pub use self::calling_key::CallingKey;
pub use self::error::ErrorView;
pub use self::evidence::{EvidenceView, ShownUrl};
pub use self::narrowed::{NarrowableAccount, PermittedWebhook, Reach};
pub use self::problem::{Problem, ProblemKind};
pub use self::query::{NoParameters, Paging, Parameters, read_query};
pub use self::reply::{
    REQUEST_ID, accepted, created, json_reply, method_not_allowed, no_content, not_found,
    request_id, with_request_id,
};
#[cfg(feature = "testing")]
pub(crate) use self::serve::request_from;
pub use self::serve::{serve, serve_with_metrics};
pub use self::unreadable::{Expected, utf8};
