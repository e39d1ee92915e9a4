//! The example answers as its README says.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{app, engine};

async fn ask(app: &axum::Router, request: axum::http::request::Builder, body: &'static str) -> String {
    let response = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
}

#[tokio::test]
async fn echoes_by_polling() {
    let app = app(&engine());
    let uri = "/engine.io/?EIO=4&transport=polling";
    let open = ask(&app, Request::get(uri), "").await;
    let sid = open.split('"').nth(3).unwrap();
    let uri = format!("{uri}&sid={sid}");
    assert_eq!(ask(&app, Request::post(&uri), "4hello\x1ebAQID").await, "ok");
    assert_eq!(ask(&app, Request::get(&uri), "").await, "4hello\x1ebAQID");
}
