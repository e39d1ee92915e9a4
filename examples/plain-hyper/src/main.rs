//! A hyper server without a router: sockeye is a layer in front of the service that answers everything else.
#![forbid(unsafe_code)]

use std::{convert::Infallible, env, io};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use sockeye::{Data, Namespace, Sockeye};
use tokio::{net::TcpListener, signal::ctrl_c};
use tower::{ServiceBuilder, service_fn};

/// What the server was before it had sockets.
async fn hello(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::from(format!("hello from {}\n", request.uri().path()))))
}

async fn shout(Data(text): Data<String>) -> Data<String> {
    Data(text.to_uppercase())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let sockeye = Sockeye::builder().namespace("/", Namespace::new().on("shout", shout)).build();
    let service = ServiceBuilder::new().layer(sockeye.layer()).service(service_fn(hello));

    let port: u16 = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(3000);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let accept = async {
        loop {
            let (stream, _) = listener.accept().await?;
            let service = TowerToHyperService::new(service.clone());
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // Without `with_upgrades` every client stays on polling.
            tokio::spawn(connection.with_upgrades());
        }
    };
    tokio::select! {
        ended = accept => ended,
        _ = ctrl_c() => {
            // Clients see the end and come back later; what was queued for them is written first.
            sockeye.io().shutdown().await;
            Ok(())
        }
    }
}
