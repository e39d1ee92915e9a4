//! Requests of a session under way.

use axum::body::Body;
use http::{Method, Request, header};
use sockeye_proto::engine::Req;
use tokio::sync::{mpsc, oneshot};

use super::driver::Input;
use crate::device::Device;

/// A request under way. Dropping it gives the request up, which the server notices when the network lets it.
#[derive(Debug)]
pub(super) struct UnderWay {
    _aborts: oneshot::Sender<()>,
}

/// Sends a request by a task of its own.
pub(super) fn send(
    device: Device,
    req: Req,
    request: Request<Body>,
    inputs: mpsc::UnboundedSender<Input>,
) -> UnderWay {
    let (aborts, aborted) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let exchange = async {
            let answer = device.send(request).await;
            let _ = inputs.send(Input::Answered(req, answer));
        };
        let given_up = async {
            let _ = aborted.await;
            device.network.healed().await;
        };
        tokio::select! {
            // An answer that is there counts, even if the request is given up in the same instant.
            biased;
            () = exchange => {}
            () = given_up => {}
        }
    });
    UnderWay { _aborts: aborts }
}

/// A request for `uri`; with a body it is a POST.
pub(super) fn request(uri: &str, body: Option<Vec<u8>>) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    // Built from a path and an encoded query; what is no URI is left out and refused by the server.
    *request.uri_mut() = uri.parse().unwrap_or_default();
    if let Some(body) = body {
        *request.method_mut() = Method::POST;
        let kind = http::HeaderValue::from_static("text/plain;charset=UTF-8");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        *request.body_mut() = Body::from(body);
    }
    request
}
