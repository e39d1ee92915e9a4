//! Documents that several people write at the same time: each is a namespace, made for the first who opens it.
#![forbid(unsafe_code)]

mod document;
mod library;
mod lobby;

use std::{env, io};

use axum::Router;
use sockeye::Sockeye;
use tokio::{net::TcpListener, signal::ctrl_c};

use self::library::Library;

#[tokio::main]
async fn main() -> io::Result<()> {
    let sockeye = Sockeye::builder()
        .namespace("/", lobby::namespace())
        .namespace("/document/{number}", document::namespace())
        .on_namespace(|document| println!("{} is open", document.name()))
        .build_with_state(Library::default());
    let app = Router::new().merge(sockeye.router());

    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(sockeye.io().shutdown_on(ctrl_c())).await
}
