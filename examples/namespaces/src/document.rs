//! One document. What is declared here is built once, and serves all of them.

use axum::extract::State;
use sockeye::{Data, Namespace, NamespacePath, Refusal, Socket};

use crate::library::Library;

pub(crate) fn namespace() -> Namespace<Library> {
    Namespace::new().admit(admit).on("read", read).on("write", write)
}

/// Whoever asks for a document that is not there leaves nothing behind.
async fn admit(
    State(library): State<Library>,
    NamespacePath(number): NamespacePath<usize>,
) -> Result<(), Refusal> {
    library.text(number).map(drop).ok_or_else(|| Refusal::new("there is no such document"))
}

async fn read(
    State(library): State<Library>,
    NamespacePath(number): NamespacePath<usize>,
) -> Data<Option<String>> {
    Data(library.text(number))
}

/// `broadcast` is everybody else in this document, and in no other.
async fn write(
    State(library): State<Library>,
    NamespacePath(number): NamespacePath<usize>,
    socket: Socket,
    Data(line): Data<String>,
) {
    library.write(number, &line);
    // Queued by now; there is no other node that would have to be waited for.
    drop(socket.broadcast().emit("line", &line));
}
