//! The moment at which an event has entered its handler.

use std::{future::poll_fn, pin::pin};

use crate::Entry;

/// Runs the body of a handler, and tells the socket once the body has been polled for the first time.
///
/// Until then the next event of that socket is held back, so that a slow extractor lets nothing overtake. Told after
/// that first poll and not before it: behind a layer that runs handlers on another task, "before" would let the next
/// event race with the first lines of this one.
pub(super) async fn entering<F: Future>(body: F, entry: Entry) -> F::Output {
    let mut body = pin!(body);
    let mut entry = Some(entry);
    poll_fn(|cx| {
        let polled = body.as_mut().poll(cx);
        if let Some(entry) = entry.take() {
            entry.enter();
        }
        polled
    })
    .await
}
