//! Who may come, case by case.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{
    Origins,
    warned::{MOST, Told, Warned, readable},
};

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    lines.iter().map(line).collect()
}

fn allows(origins: &Origins, origin: &str, host: &str) -> bool {
    origins.allows(&headers(&[("origin", origin), ("host", host), ("cookie", "a=1")]))
}

#[test]
fn the_same_host_is_compared_without_port_and_scheme() {
    let same_host = Origins::default();
    for (origin, host) in [
        ("https://a.example", "a.example"),
        ("http://a.example:8080", "a.example"),
        ("https://A.Example", "a.eXample:443"),
        ("http://localhost:5173", "localhost:3000"),
        ("http://[::1]:3000", "[::1]"),
        ("http://127.0.0.1", "127.0.0.1:80"),
    ] {
        assert!(allows(&same_host, origin, host), "{origin} at {host}");
    }
    for (origin, host) in [
        ("https://b.example", "a.example"),
        ("https://a.example.evil.example", "a.example"),
        ("https://evil-a.example", "a.example"),
        ("https://sub.a.example", "a.example"),
        ("https://a.example", ""),
        ("http://[::1]", "[::2]"),
    ] {
        assert!(!allows(&same_host, origin, host), "{origin} at {host}");
    }
}

#[test]
fn the_same_host_asks_only_where_a_browser_sends_cookies() {
    let same_host = Origins::same_host();
    assert!(same_host.allows(&headers(&[("origin", "https://b.example"), ("host", "a.example")])));
    assert!(same_host.allows(&headers(&[("cookie", "a=1"), ("host", "a.example")])));
    assert!(!same_host.allows(&headers(&[("origin", "https://a.example"), ("cookie", "a=1")])), "no host");
}

#[test]
fn what_names_no_page_is_foreign() {
    let any = Origins::any();
    for origin in [
        "null",
        "",
        "a.example",
        "//a.example",
        "://a.example",
        "https://",
        "https://a.example/",
        "https://a.example/x",
        "https://user@a.example",
        "https://a.example:",
        "https://a.example:x",
        "https://a.example:+80",
        "https://a.example:65536",
        "https://a.example a.example",
        "https://a.example, https://b.example",
        "1s://a.example",
        "https://[::1",
        "https://[a.example]",
        "https://::1",
        "https://a.example\u{e9}",
        "https://*",
        "https://a.example?",
    ] {
        for origins in [Origins::same_host(), Origins::list(["https://a.example"])] {
            assert!(!allows(&origins, origin, "a.example"), "{origin:?}");
        }
        assert!(allows(&any, origin, "a.example"), "{origin:?}");
        assert!(Origins::try_list([origin]).is_err(), "{origin:?}");
    }
    let two = headers(&[
        ("host", "a.example"),
        ("cookie", "a=1"),
        ("origin", "https://a.example"),
        ("origin", "null"),
    ]);
    assert!(!Origins::same_host().allows(&two));
}

#[test]
fn a_list_compares_whole_origins_with_or_without_cookies() {
    let list = Origins::list(["https://A.example", "http://b.example:81", "app://c.example"]);
    let allows = |origin| list.allows(&headers(&[("origin", origin), ("host", "own.example:3000")]));
    for origin in [
        "https://a.example",
        "https://a.example:443",
        "http://b.example:81",
        "app://c.example",
        "http://own.example",
        "https://own.example:3001",
    ] {
        assert!(allows(origin), "{origin}");
    }
    for origin in
        ["http://a.example", "https://a.example:444", "http://b.example", "https://c.example", "null"]
    {
        assert!(!allows(origin), "{origin}");
    }
    assert!(list.allows(&headers(&[("host", "own.example")])), "no browser");
}

#[test]
fn the_forwarded_host_counts_behind_a_trusted_proxy_alone() {
    let lines = [
        ("origin", "https://a.example"),
        ("cookie", "a=1"),
        ("host", "10.0.0.7"),
        ("x-forwarded-host", "a.example:8443"),
    ];
    let headers = headers(&lines);
    let same_host = Origins::same_host();
    assert!(same_host.judge(&headers, None, true).is_ok());
    assert_eq!(same_host.judge(&headers, None, false), Err(&b"https://a.example"[..]));
    assert!(!same_host.allows(&headers));
}

#[test]
fn http_2_names_the_host_as_its_authority() {
    let headers = headers(&[("origin", "https://a.example"), ("cookie", "a=1")]);
    assert!(Origins::same_host().judge(&headers, Some("a.example:8443"), false).is_ok());
    assert!(Origins::same_host().judge(&headers, Some("b.example"), false).is_err());
}

#[test]
fn each_origin_is_named_once_and_their_number_is_bounded() {
    let warned = Warned::default();
    assert_eq!(warned.tell("https://first.example"), Told::Named);
    assert_eq!(warned.tell("https://first.example"), Told::Silent);
    for number in 2..MOST {
        assert_eq!(warned.tell(&number.to_string()), Told::Named);
    }
    assert_eq!(warned.tell("the last"), Told::Enough);
    assert_eq!(warned.tell("one too many"), Told::Silent);
    assert_eq!(warned.named(), MOST);
}

#[test]
fn what_an_attacker_writes_is_escaped_and_cut() {
    assert_eq!(readable(b"https://a\n\x1b[31m\xff\""), r#"https://a\n\x1b[31m\xff\""#);
    assert_eq!(readable(&[b'a'; 1000]), format!("{}...", "a".repeat(300)));
}

#[cfg(feature = "cors")]
#[tokio::test]
async fn the_cors_layer_says_the_same() {
    use http::{Method, Request, Response};
    use tower::{Layer, ServiceExt, service_fn};

    let ask = async |origins: Origins, origin: &str| {
        let service = service_fn(async |_: Request<()>| {
            Ok::<_, std::convert::Infallible>(Response::new(String::new()))
        });
        let request = Request::builder()
            .method(Method::OPTIONS)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .body(())
            .unwrap();
        let answer = origins.cors_layer().layer(service).oneshot(request).await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        (header("access-control-allow-origin"), header("access-control-allow-credentials"))
    };
    let list = Origins::list(["https://A.example:443", "http://b.example:81"]);
    let yes = Some("true".to_owned());
    assert_eq!(
        ask(list.clone(), "https://a.example").await,
        (Some("https://a.example".to_owned()), yes.clone())
    );
    assert_eq!(ask(list.clone(), "http://b.example:81").await, (Some("http://b.example:81".to_owned()), yes));
    assert_eq!(ask(list, "http://b.example").await.0, None);
    assert_eq!(ask(Origins::any(), "http://b.example").await, (Some("*".to_owned()), None));
    assert_eq!(ask(Origins::same_host(), "http://b.example").await.0, None);
}
