//! The server of the play, and what it writes down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use sockeye::{Data, Io, Namespace, NoAck, Recovery, Socket, Sockeye};

pub(crate) const NAMESPACES: [&str; 2] = ["/", "/b"];

/// What handlers wrote down, by the id of the socket.
#[derive(Clone, Default)]
pub(crate) struct Book(Arc<Mutex<HashMap<String, Page>>>);

#[derive(Default)]
pub(crate) struct Page {
    pub(crate) socket: Option<Socket>,
    pub(crate) connects: usize,
    pub(crate) disconnects: usize,
    /// The numbers that came, in the order in which their handlers began.
    pub(crate) numbers: Vec<u32>,
    /// Those of them whose echo was taken.
    pub(crate) echoed: Vec<u32>,
}

impl Book {
    pub(crate) fn write<T>(&self, id: &str, change: impl FnOnce(&mut Page) -> T) -> T {
        change(self.0.lock().unwrap().entry(id.to_owned()).or_default())
    }

    pub(crate) fn pages(&self) -> Vec<(String, Page)> {
        self.0.lock().unwrap().drain().collect()
    }
}

fn namespace(book: &Book) -> Namespace {
    let (comes, counts, goes) = (book.clone(), book.clone(), book.clone());
    Namespace::new()
        .on_connect(async move |socket: Socket| {
            comes.write(socket.id().as_str(), |page| {
                page.connects += 1;
                page.socket = Some(socket.clone());
            });
            let _ = socket.join(["everybody", "some"]).await;
        })
        .on("number", async move |socket: Socket, Data(number): Data<u32>| {
            counts.write(socket.id().as_str(), |page| page.numbers.push(number));
            if socket.emit("echo", number).await.is_ok() {
                counts.write(socket.id().as_str(), |page| page.echoed.push(number));
            }
            Data(number)
        })
        .on("ask me", async |socket: Socket| {
            let answer = socket.emit_with_ack::<u32>("double", 21).await;
            Data(answer.unwrap_or_default())
        })
        .on("throw me out", async |socket: Socket| {
            let _ = socket.disconnect().await;
            NoAck
        })
        .on_disconnect(async move |socket: Socket| {
            goes.write(socket.id().as_str(), |page| page.disconnects += 1);
        })
}

pub(crate) fn server(book: &Book, recovers: bool) -> (Sockeye, Io) {
    let mut builder = Sockeye::builder();
    if recovers {
        builder = builder.recovery(Recovery::for_at_most(Duration::from_secs(60)));
    }
    let sockeye =
        NAMESPACES.iter().fold(builder, |builder, name| builder.namespace(*name, namespace(book))).build();
    let io = sockeye.io().clone();
    (sockeye, io)
}
