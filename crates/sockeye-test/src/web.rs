//! HTTP requests of a client beside its session, and waiting with patience.

use std::{future::Future, panic::Location};

use axum::body::Body;
use http::{HeaderValue, Request, header};
use serde::Serialize;

use crate::{answer::Answer, device::Device};

/// Sends a request and awaits the answer.
pub(crate) async fn send(
    device: Device,
    request: Request<Body>,
    caller: &'static Location<'static>,
) -> Answer {
    let what = format!("the answer to {} {}", request.method(), request.uri());
    match patient(&device, caller, &what, device.send(request)).await {
        Ok(answer) => answer,
        Err(_) => panic!("{caller}: the connection ended before {what} was whole"),
    }
}

#[track_caller]
pub(crate) fn get(uri: &str) -> Request<Body> {
    match Request::get(uri).body(Body::empty()) {
        Ok(request) => request,
        Err(error) => panic!("{uri:?}: {error}"),
    }
}

#[track_caller]
pub(crate) fn post<T: Serialize + ?Sized>(uri: &str, body: &T) -> Request<Body> {
    let json = match serde_json::to_vec(body) {
        Ok(json) => json,
        Err(error) => panic!("the body of {uri:?} is no JSON: {error}"),
    };
    match Request::post(uri).body(Body::from(json)) {
        Ok(mut request) => {
            let kind = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::CONTENT_TYPE, kind);
            request
        }
        Err(error) => panic!("{uri:?}: {error}"),
    }
}

/// Awaits what a test relies on; fails the test when it takes too long.
pub(crate) async fn patient<F: Future>(
    device: &Device,
    caller: &'static Location<'static>,
    what: &str,
    awaited: F,
) -> F::Output {
    match tokio::time::timeout(device.patience, awaited).await {
        Ok(output) => output,
        Err(_) if device.network.is_cut() => {
            panic!("{caller}: {what} did not come within {:?}; the network is cut", device.patience)
        }
        Err(_) => panic!("{caller}: {what} did not come within {:?}", device.patience),
    }
}
