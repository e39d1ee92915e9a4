//! What an application may have a say in before, and around, the answers of the engine.

mod allow;
mod caught;
mod front;
mod headers;
mod ids;
mod refusals;

use std::{fmt, sync::Arc, time::Duration};

use sockeye_proto::Frame;

pub use self::allow::Refused;
pub(crate) use self::{
    allow::AllowRequest,
    front::Front,
    headers::{Dress, HeaderHook},
    ids::GenerateId,
    refusals::OnRefusal,
};
use crate::SessionCookie;

/// The hooks of an engine; none of them costs anything while it is not set.
#[derive(Clone, Debug)]
pub(crate) struct Hooks {
    pub(crate) front: Option<Hook<Front>>,
    pub(crate) allow_request: Option<Hook<AllowRequest>>,
    pub(crate) generate_id: Option<Hook<GenerateId>>,
    /// How long each of the two may take.
    pub(crate) handshake_timeout: Duration,
    pub(crate) connection_error: Option<Hook<OnRefusal>>,
    pub(crate) initial_headers: Option<Hook<HeaderHook>>,
    pub(crate) headers: Option<Hook<HeaderHook>>,
    pub(crate) initial_packet: Option<Frame>,
    pub(crate) cookie: Option<SessionCookie>,
}

impl Hooks {
    /// Whether a handshake has to wait for anybody.
    pub(crate) const fn ask(&self) -> bool {
        self.allow_request.is_some() || self.generate_id.is_some()
    }
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            front: None,
            allow_request: None,
            generate_id: None,
            handshake_timeout: Duration::from_secs(10),
            connection_error: None,
            initial_headers: None,
            headers: None,
            initial_packet: None,
            cookie: None,
        }
    }
}

/// A function of the application.
pub(crate) struct Hook<F: ?Sized>(pub(crate) Arc<F>);

impl<F: ?Sized> Clone for Hook<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<F: ?Sized> fmt::Debug for Hook<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}
