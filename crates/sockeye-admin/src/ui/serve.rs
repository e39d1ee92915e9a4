//! The files over HTTP.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::{
    Router,
    body::Body,
    extract::OriginalUri,
    response::{IntoResponse as _, Response},
};
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
        REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    },
};
use tower_service::Service;

use super::{INDEX, Ui, files::File};

/// The answer of [`Ui`].
pub type UiFuture = Ready<Result<Response, Infallible>>;

impl<B> Service<Request<B>> for Ui {
    type Response = Response;
    type Error = Infallible;
    type Future = UiFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> UiFuture {
        ready(Ok(self.answer(&request)))
    }
}

impl Ui {
    /// A router that serves it below a path such as `/admin`, to be merged into another one; layers go around it there.
    ///
    /// # Panics
    /// When the path is empty or does not begin with a slash, as [`Router::nest_service`] does.
    #[track_caller]
    pub fn router<S: Clone + Send + Sync + 'static>(self, path: &str) -> Router<S> {
        Router::new().nest_service(path, self)
    }

    fn answer<B>(&self, request: &Request<B>) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
        }
        let name = match request.uri().path().trim_start_matches('/') {
            // Links of the page are relative, so its address must end with a slash.
            "" => match folder_without_slash(request) {
                Some(location) => {
                    return (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response();
                }
                None => INDEX,
            },
            name => name,
        };
        match self.files.find(name) {
            Some(file) => self.file(name, file, request),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }

    fn file<B>(&self, name: &str, file: &File, request: &Request<B>) -> Response {
        let known = request.headers().get_all(IF_NONE_MATCH).iter().any(|tags| names(tags, &file.tag));
        let mut response = match (known, request.method()) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (false, &Method::HEAD) => Body::empty().into_response(),
            _ => Body::from(file.content.clone()).into_response(),
        };
        let headers = response.headers_mut();
        set(headers, CONTENT_TYPE, &file.kind);
        set(headers, ETAG, &file.tag);
        // Names with a hash in them change with their content.
        let for_ever = name.split('.').count() > 2 && !name.starts_with("icons/");
        set(
            headers,
            CACHE_CONTROL,
            if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" },
        );
        set(headers, CONTENT_SECURITY_POLICY, &self.policy.text());
        set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(headers, REFERRER_POLICY, "same-origin");
        response
    }
}

/// Where to go instead, if the address as the browser knows it names the folder without its slash: relative, so that it
/// is right behind a proxy too.
fn folder_without_slash<B>(request: &Request<B>) -> Option<String> {
    let original =
        request.extensions().get::<OriginalUri>().map_or_else(|| request.uri(), |OriginalUri(uri)| uri);
    let (_, last) = original.path().rsplit_once('/')?;
    (!last.is_empty()).then(|| format!("./{last}/"))
}

fn names(tags: &HeaderValue, tag: &str) -> bool {
    let Ok(tags) = tags.to_str() else { return false };
    tags.split(',')
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

fn set(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
