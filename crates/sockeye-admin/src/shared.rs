//! What the parts of the admin namespace share.

use std::sync::Arc;

use serde::Serialize;
use sockeye::{Id, IntoArgs, Io, Room, Socket};
use tokio::time::{Duration, Instant, MissedTickBehavior, interval};

use crate::{
    Mode,
    auth::Gate,
    clock,
    observer::AdminObserver,
    options::Settings,
    random::ClientIds,
    serialized::SerializedSocket,
    stats::{Sampler, ServerStats},
    watch::Watch,
};

pub(crate) struct Shared {
    pub(crate) io: Io,
    pub(crate) settings: Settings,
    pub(crate) gate: Gate,
    pub(crate) watch: Watch,
    ids: ClientIds,
    hostname: String,
    started: Instant,
}

impl Shared {
    pub(crate) fn new(io: Io, settings: Settings, gate: Gate) -> Self {
        let hostname = gethostname::gethostname().to_string_lossy().into_owned();
        Self {
            io,
            settings,
            gate,
            watch: Watch::default(),
            ids: ClientIds::default(),
            hostname,
            started: Instant::now(),
        }
    }

    pub(crate) fn shows_everything(&self) -> bool {
        self.settings.mode == Mode::Development
    }

    /// Tells all admins. Nothing waits, and one that reads too slowly loses its session, not the others theirs.
    pub(crate) fn tell(&self, event: &str, args: impl IntoArgs) {
        // Queued by the call.
        drop(self.io.of(&*self.settings.namespace).local().emit(event, args));
    }

    pub(crate) fn observe(self: &Arc<Self>) -> Option<sockeye_core::Observing> {
        let observer = AdminObserver::new(Arc::downgrade(self));
        self.shows_everything().then(|| self.io.observe(Arc::new(observer)))
    }

    /// A socket has come.
    pub(crate) fn tell_joined(&self, socket: &Socket) {
        self.tell_room("room_joined", socket.namespace_name(), &Room::from(socket.id()), socket.id());
        self.tell("socket_connected", (&self.serialized_new(socket), clock::now()));
    }

    pub(crate) fn tell_room(&self, event: &str, namespace: &str, room: &Room, socket: Id) {
        self.tell(event, (namespace, room, &socket, clock::now()));
    }

    fn serialized_new(&self, socket: &Socket) -> impl Serialize + use<> {
        SerializedSocket::new(socket, &self.ids, &self.settings.hidden_headers)
    }

    /// The sockets of all namespaces.
    pub(crate) fn all_sockets(&self) -> Vec<SerializedSocket> {
        let namespaces = self.io.namespaces();
        let sockets = namespaces.iter().flat_map(|one| self.io.of(&*one.name).local_sockets());
        sockets
            .take(self.settings.max_listed)
            .map(|socket| SerializedSocket::of(&socket, &self.ids, &self.settings.hidden_headers))
            .collect()
    }

    /// Tells the numbers every two seconds, for as long as it is polled.
    pub(crate) async fn report(self: Arc<Self>) {
        let mut sampler = Sampler::new(self.io.stats());
        let mut seconds = interval(SAMPLE);
        seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // The first tick comes at once: an admin need not wait for the first numbers.
        seconds.tick().await;
        loop {
            self.tell_stats(&mut sampler);
            for _ in 0..SAMPLES_PER_REPORT {
                seconds.tick().await;
                sampler.sample(self.io.stats());
            }
        }
    }

    fn tell_stats(&self, sampler: &mut Sampler) {
        let server_id = self.settings.server_id.as_deref().unwrap_or(&self.hostname);
        let uptime = self.started.elapsed().as_secs_f64();
        let rows = sampler.take();
        self.tell(
            "server_stats",
            &ServerStats::new((server_id, &self.hostname), uptime, sampler.last(), rows),
        );
    }
}

const SAMPLE: Duration = Duration::from_secs(1);

/// The UI calls a server unhealthy that it has not heard of for ten seconds.
const SAMPLES_PER_REPORT: usize = 2;
