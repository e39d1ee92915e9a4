//! Whether clients go on where they were.

use sockeye_core::Recovery;

use super::Builder;

impl<S> Builder<S> {
    /// Lets clients that lost their connection go on where they were: same id, rooms and data, and the events they have
    /// missed. Default: off, and then nothing is kept and no event carries an offset.
    ///
    /// ```
    /// use std::time::Duration;
    /// use sockeye::{Namespace, Recovery, Sockeye, Socket};
    ///
    /// async fn connected(socket: Socket) {
    ///     if !socket.recovered() {
    ///         let _ = socket.emit("state", "all of it").await;
    ///     }
    /// }
    ///
    /// let sockeye = Sockeye::builder()
    ///     .recovery(Recovery::for_at_most(Duration::from_secs(120)).bytes(64 << 20))
    ///     .namespace("/", Namespace::new().on_connect(connected))
    ///     .build();
    /// ```
    pub fn recovery(mut self, recovery: Recovery) -> Self {
        self.settings.recovery = Some(recovery);
        self
    }
}
