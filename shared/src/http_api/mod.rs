//! The HTTP layer of the API functions: callers, requests and responses.

mod body;
mod caller;
mod calling_key;
mod error;
mod evidence;
mod malformed;
mod narrowed;
mod problem;
mod query;
mod reply;
mod serve;

pub use self::body::{JsonObject, OptionalJsonObject, double_encoding_hint};
pub use self::caller::{
    ActingAccount, ActingFor, Caller, DeliveriesRead, DeliveriesWrite, PlatformCaller,
    ReportsErase, RequiredScope, WebhooksRead, WebhooksWrite,
};
pub use self::calling_key::CallingKey;
pub use self::error::ErrorView;
pub use self::evidence::{EvidenceView, ShownUrl};
pub use self::malformed::{Expected, utf8};
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
