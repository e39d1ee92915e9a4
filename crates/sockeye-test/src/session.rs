//! One session of a client: a handle for its sockets, and the task that drives it.

use std::sync::Arc;

use sockeye_proto::Group;
use tokio::sync::mpsc;

use crate::{
    Transport,
    device::Device,
    state::{Phase, Shared},
};

mod driver;
mod hands;
mod requests;
mod websocket;

use self::driver::Input;

/// A session. When the last handle is gone, so is the client: its connections end, as those of a closed tab.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) device: Device,
    pub(crate) shared: Arc<Shared>,
    inputs: mpsc::UnboundedSender<Input>,
}

impl Session {
    /// Begins to open a session.
    pub(crate) fn open(device: Device, transport: Transport, query: String) -> Arc<Self> {
        let shared = Arc::<Shared>::default();
        let (inputs, entered) = mpsc::unbounded_channel();
        let hands = hands::Hands::new(device.clone(), query, shared.clone(), inputs.clone());
        tokio::spawn(driver::run(hands, entered, transport));
        Arc::new(Self { device, shared, inputs })
    }

    /// Waits until it is open; the reason is the error.
    pub(crate) async fn opened(&self) -> Result<String, &'static str> {
        self.shared
            .clone()
            .until(|state| match &state.phase {
                Phase::Opening => None,
                Phase::Open { sid } => Some(Ok(sid.clone())),
                Phase::Closed(reason) => Some(Err(*reason)),
            })
            .await
    }

    /// Sends a packet.
    pub(crate) fn send(&self, group: Group) {
        let _ = self.inputs.send(Input::Send(group));
    }

    /// Says goodbye, behind what was sent.
    pub(crate) fn close(&self) {
        let _ = self.inputs.send(Input::Close);
    }

    /// Ends every connection without a goodbye.
    pub(crate) fn vanish(&self) {
        let _ = self.inputs.send(Input::Vanish);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.vanish();
    }
}
