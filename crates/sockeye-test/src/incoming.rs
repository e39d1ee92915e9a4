//! What the server says, sorted by socket.

use serde_json::Value;
use sockeye_proto::{
    Group,
    socket::{client::Incoming, encode::EventWriter},
};

use crate::{
    connect::ConnectError,
    state::{Came, Shared, SocketState, Stage},
};

/// Takes one packet. Gives the ack to send at once, if somebody answers by himself; what no client could understand is
/// the error.
pub(crate) fn take(shared: &Shared, incoming: Incoming<'_>) -> Result<Option<Group>, String> {
    match incoming {
        Incoming::Connect { namespace, payload } => {
            let payload = json(&payload);
            change(shared, namespace, |socket| socket.join(&payload))?;
        }
        Incoming::ConnectError { namespace, payload } => {
            let error = ConnectError::of_packet(&json(&payload));
            change(shared, namespace, |socket| socket.stage = Stage::Refused(error))?;
        }
        Incoming::Disconnect { namespace } => {
            change(shared, namespace, |socket| socket.leave("io server disconnect"))?;
        }
        Incoming::Ack { namespace, id, arguments } => {
            change(shared, &namespace, |socket| {
                // Whoever asked may have given up.
                if let Some(asked) = socket.acks.remove(&id) {
                    let _ = asked.send(Ok(arguments));
                }
            })?;
        }
        Incoming::Event { namespace, ack, name, arguments } => {
            let came = Came { name: name.into_owned(), arguments, ack };
            return event(shared, &namespace, came);
        }
    }
    Ok(None)
}

fn event(shared: &Shared, namespace: &str, came: Came) -> Result<Option<Group>, String> {
    // Taken out while it runs, for it is the test's own code.
    let answerer = change(shared, namespace, |socket| {
        socket.hear(&came);
        came.ack.and_then(|_| socket.answerers.remove(&came.name))
    })?;
    let (Some(ack), Some(mut answerer)) = (came.ack, answerer) else {
        change(shared, namespace, |socket| socket.came.push_back(came))?;
        return Ok(None);
    };
    let mut writer = EventWriter::ack(namespace, ack);
    let written = answerer(&came.arguments, &mut writer);
    change(shared, namespace, |socket| {
        socket.answerers.entry(came.name.clone()).or_insert(answerer);
    })?;
    match written {
        Ok(()) => Ok(Some(writer.finish())),
        Err(fault) => Err(format!("{came} could not be answered: {fault}")),
    }
}

fn change<T>(
    shared: &Shared,
    namespace: &str,
    change: impl FnOnce(&mut SocketState) -> T,
) -> Result<T, String> {
    shared
        .change(|state| state.socket(namespace).map(change))
        .ok_or_else(|| format!("the server spoke to the namespace `{namespace}`, which nobody has asked for"))
}

fn json(payload: &[u8]) -> Value {
    serde_json::from_slice(payload).unwrap_or_default()
}
