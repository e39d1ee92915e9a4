//! A server on this thread, and clients on another: what this thread allocates is the server's.

use std::{sync::Arc, thread};

use allocation_counter::AllocationInfo;
use axum::{Router, routing::get};
use sockeye::{Namespace, Sockeye};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::Notify,
};

/// A server of one thread, mounted as in the README. It runs while something is [`counted`](Self::counted).
pub(crate) struct World {
    runtime: Runtime,
    port: u16,
}

impl World {
    pub(crate) fn new(namespace: Namespace) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let sockeye = Sockeye::builder().namespace("/", namespace).build();
        let app = Router::new().route("/", get(|| async { "a chat" })).merge(sockeye.router());
        let port = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let port = listener.local_addr().unwrap().port();
            tokio::spawn(async { axum::serve(listener, app).await });
            port
        });
        Self { runtime, port }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Lets the server run until the client has done its work on a thread of its own, and counts what the server's
    /// thread has allocated.
    pub(crate) fn counted<C: Send + 'static>(
        &self,
        mut client: C,
        work: impl FnOnce(&mut C) + Send + 'static,
    ) -> (C, AllocationInfo) {
        let ended = Arc::new(Notify::new());
        let end = End(Arc::clone(&ended));
        let thread = thread::spawn(move || {
            let _end = end;
            work(&mut client);
            client
        });
        let allocated = allocation_counter::measure(|| self.runtime.block_on(ended.notified()));
        (thread.join().expect("the client got what it expected"), allocated)
    }
}

/// Tells that the client's thread ends, also by a panic.
struct End(Arc<Notify>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}
