//! A page, the client it needs, and one event: all from one server.
#![forbid(unsafe_code)]

use std::{env, io};

use axum::{Router, response::Html, routing::get};
use sockeye::{ClientFiles, Data, Namespace, Sockeye};
use tokio::{net::TcpListener, signal::ctrl_c};

/// Where npm has put the client.
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/socket.io-client/dist");

#[tokio::main]
async fn main() -> io::Result<()> {
    let sockeye = Sockeye::builder()
        .client_files(ClientFiles::from_dir(CLIENT)?)
        .namespace("/", Namespace::new().on("greet", greet))
        .build();
    let app = Router::new().route("/", get(page)).merge(sockeye.router());

    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(sockeye.io().shutdown_on(ctrl_c())).await
}

async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}

/// What it returns is the ack.
async fn greet(Data(name): Data<String>) -> Data<String> {
    Data(format!("Hello, {name}!"))
}
