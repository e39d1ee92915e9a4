//! Where everybody is: which documents are open, and what is said to all who write.

use axum::extract::State;
use sockeye::{Data, Io, Namespace};

use crate::library::Library;

pub(crate) fn namespace() -> Namespace<Library> {
    Namespace::new().on("create", create).on("open", open).on("announce", announce)
}

async fn create(State(library): State<Library>) -> Data<usize> {
    Data(library.add())
}

/// The documents that somebody has open, and how many do.
async fn open(io: Io) -> Data<Vec<(String, usize)>> {
    let documents = io.namespaces().into_iter().filter(|namespace| namespace.pattern.is_some());
    Data(documents.map(|document| (document.name.to_string(), document.sockets)).collect())
}

/// The pattern stands for all namespaces that were made for it.
async fn announce(io: Io, Data(text): Data<String>) {
    drop(io.of("/document/{number}").emit("announcement", &text));
}
