//! The same origins for tower-http's CORS layer.

use http::{HeaderValue, Method, header};
use tower_http::cors::{Any, CorsLayer};

use super::{Kind, Origins};

impl Origins {
    /// The layer that lets pages of these origins, and no others, read the answers of the application's routes and of
    /// polling, so that they are stated once.
    ///
    /// | origins | the layer |
    /// |---|---|
    /// | [`list`](Self::list) | answers preflights of the listed origins; GET and POST, `Content-Type`, with credentials |
    /// | [`any`](Self::any) | answers all preflights; without credentials, which browsers do not allow here |
    /// | [`same_host`](Self::same_host) | lets no other origin in |
    ///
    /// More methods and headers are added as to any layer:
    /// `origins.cors_layer().allow_methods([Method::GET, Method::PUT])`.
    pub fn cors_layer(&self) -> CorsLayer {
        let layer = CorsLayer::new();
        match &self.0 {
            Kind::SameHost => layer,
            Kind::List(sites) => layer
                // An origin that was read has nothing in it that a header's value could not hold.
                .allow_origin(
                    sites
                        .iter()
                        .filter_map(|site| HeaderValue::try_from(site.to_string()).ok())
                        .collect::<Vec<_>>(),
                )
                .allow_credentials(true)
                .allow_methods(METHODS)
                .allow_headers([header::CONTENT_TYPE]),
            Kind::Any => layer.allow_origin(Any).allow_methods(METHODS).allow_headers([header::CONTENT_TYPE]),
        }
    }
}

const METHODS: [Method; 2] = [Method::GET, Method::POST];
