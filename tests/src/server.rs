//! A server of one test: an axum application with sockeye in it, on a free port of loopback.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use axum::Router;
use sockeye::Io;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::notes::Notes;
use crate::tls::Tls;

/// The state of the test's application.
#[derive(Clone, Debug)]
pub struct App {
    /// The handle, as an application keeps it.
    pub io: Io,
    /// What handlers note down.
    pub notes: Notes,
}

/// A running server; it can be stopped and started again on the same port.
pub struct Server {
    address: SocketAddr,
    notes: Notes,
    build: Box<dyn Fn(App) -> Router + Send + Sync>,
    tls: Option<Tls>,
    running: Mutex<Running>,
}

struct Running {
    io: Io,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts what `build` makes.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start(build: impl Fn(App) -> Router + Send + Sync + 'static) -> Self {
        Self::start_with(None, build).await
    }

    /// The same, behind TLS when there is some.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start_with(tls: Option<Tls>, build: impl Fn(App) -> Router + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let notes = Notes::default();
        let running = Mutex::new(run(listener, &build, tls.clone(), &notes));
        Self { address, notes, build: Box::new(build), tls, running }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The handle of what runs now.
    #[must_use]
    pub fn io(&self) -> Io {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).io.clone()
    }

    /// What handlers noted down, restarts included.
    #[must_use]
    pub const fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Shuts down gracefully and closes the port.
    ///
    /// # Panics
    /// When the server itself panicked.
    pub async fn stop(&self) {
        let (stop, task) = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            (running.stop.take(), running.task.take())
        };
        drop(stop);
        if let Some(task) = task {
            task.await.expect("the server ends without a panic");
        }
    }

    /// Starts again on the same port, with everything new but the notes.
    ///
    /// # Panics
    /// When the port has been taken by somebody else meanwhile.
    pub async fn start_again(&self) {
        let listener = TcpListener::bind(self.address).await.expect("the port is still free");
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) =
            run(listener, &self.build, self.tls.clone(), &self.notes);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = &self.running.lock().unwrap_or_else(PoisonError::into_inner).task {
            task.abort();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

fn run(listener: TcpListener, build: &dyn Fn(App) -> Router, tls: Option<Tls>, notes: &Notes) -> Running {
    let io = Io::new();
    let router = build(App { io: io.clone(), notes: notes.clone() });
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = io.shutdown_on(async move {
        let _ = stopped.await;
    });
    let task = tokio::spawn(async move {
        if let Some(tls) = tls {
            return tls.serve(listener, router, shutdown).await;
        }
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(shutdown).await.expect("axum serves");
    });
    Running { io, stop: Some(stop), task: Some(task) }
}
