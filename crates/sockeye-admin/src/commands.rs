//! What admins may do: events of the UI, none of which is answered.

use std::sync::Arc;

use serde_json::Value;
use sockeye::{Args, Broadcast, Namespace, Raw};

use crate::{
    events::{FilledAll, Forwarded},
    shared::Shared,
};

/// Adds the four commands. What makes no sense is ignored, as is a namespace that does not exist.
pub(crate) fn add(namespace: Namespace, shared: &Arc<Shared>) -> Namespace {
    let [emit, join, leave, disconnect] = [(); 4].map(|()| shared.clone());
    namespace
        .on("emit", move |Raw(arguments): Raw| {
            let shared = emit.clone();
            async move {
                let Ok(values) = serde_json::from_str::<Vec<Value>>(arguments.as_json()) else { return };
                let [Value::String(namespace), filter, Value::String(event), values @ ..] = &*values else {
                    return;
                };
                let filter = match filter {
                    Value::Null => None,
                    Value::String(room) => Some(&**room),
                    // Not everybody, for that was not asked for.
                    _ => return,
                };
                let target = target(&shared, namespace, filter);
                let values = FilledAll { values, attachments: arguments.attachments() };
                ignore(target.emit(event, Forwarded(values)).await);
            }
        })
        .on("join", move |Args((namespace, room, filter)): Args<(String, String, Option<String>)>| {
            let shared = join.clone();
            async move {
                let target = target(&shared, &namespace, filter.as_deref());
                ignore(target.join(room).await);
            }
        })
        .on("leave", move |Args((namespace, room, filter)): Args<(String, String, Option<String>)>| {
            let shared = leave.clone();
            async move {
                let target = target(&shared, &namespace, filter.as_deref());
                ignore(target.leave(room).await);
            }
        })
        .on(
            "_disconnect",
            move |Args((namespace, close, filter)): Args<(String, Option<bool>, Option<String>)>| {
                let shared = disconnect.clone();
                async move {
                    let target = target(&shared, &namespace, filter.as_deref());
                    if close.unwrap_or_default() {
                        ignore(target.close().await);
                    } else {
                        ignore(target.disconnect().await);
                    }
                }
            },
        )
}

/// All sockets of a namespace, or those in a room, which may be that of one socket.
fn target(shared: &Shared, namespace: &str, filter: Option<&str>) -> Broadcast {
    let all = shared.io.of(namespace);
    match filter {
        Some(room) => all.to(room),
        None => all,
    }
}

/// An admin may ask for what is not there, or not allowed: the UI expects no answer.
fn ignore<E: std::fmt::Display>(result: Result<(), E>) {
    if let Err(error) = result {
        tracing::debug!(target: "sockeye::admin", %error, "a command of an admin had no effect");
    }
}
