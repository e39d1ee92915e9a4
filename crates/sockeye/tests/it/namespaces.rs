//! Namespaces that are added while the server runs, or before it is built.

use sockeye::{AddNamespaceError, Data, Io, Namespace, Sockeye};

use crate::kit::{BOTH, Client, Log};

fn echo() -> Namespace {
    Namespace::new().on("echo", async |Data(text): Data<String>| Data(text))
}

fn names(io: &Io) -> Vec<(String, usize)> {
    io.namespaces().iter().map(|info| (info.name.to_string(), info.sockets)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_namespace_is_added_before_the_server_is_built_and_while_it_runs() {
    let io = Io::new();
    io.add_namespace("/early", echo()).unwrap();
    assert_eq!(io.namespaces(), []);
    let app = Sockeye::builder().handle(&io).namespace("/", Namespace::new()).build().router();
    assert_eq!(names(&io), [("/".to_owned(), 0), ("/early".to_owned(), 0)]);
    for via in BOTH {
        let (mut client, _) = Client::join(&app, via).await;
        client.connect("40/early,").await;
        client.send(r#"42/early,1["echo","hi"]"#).await;
        assert_eq!(client.packet().await, r#"43/early,1["hi"]"#);

        let name = format!("/late-{via:?}");
        client.send(&format!("40{name},")).await;
        assert_eq!(client.packet().await, format!(r#"44{name},{{"message":"Invalid namespace"}}"#));
        io.add_namespace(name.clone(), echo()).unwrap();
        client.connect(&format!("40{name},")).await;
        io.of(&name).emit("news", 1).await.unwrap();
        assert_eq!(client.packet().await, format!(r#"42{name},["news",1]"#));
        assert_eq!(names(&io).last(), Some(&(name, 1)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_is_taken_or_none_is_told() {
    let io = Io::new();
    let add = |name: &str| io.add_namespace(name, echo());
    for bad in ["chat", "", "/a,b", "/a?b", "/tenant/{id}"] {
        assert!(matches!(add(bad), Err(AddNamespaceError::InvalidName(_))), "{bad}");
    }
    assert_eq!(add("chat").unwrap_err().to_string(), "the name of a namespace begins with a slash");
    assert_eq!(add("/early"), Ok(()));
    assert_eq!(add("/early"), Err(AddNamespaceError::Taken));
    let sockeye = Sockeye::builder().handle(&io).namespace("/", Namespace::new()).build();
    assert_eq!(add("/"), Err(AddNamespaceError::Taken));
    assert_eq!(add("/early"), Err(AddNamespaceError::Taken));
    assert_eq!(add("/late"), Ok(()));
    drop(sockeye);
    assert_eq!(add("/later"), Err(AddNamespaceError::Closed));
    assert_eq!(io.namespaces(), []);
}

#[test]
#[should_panic(expected = "the namespace \"/\" was added twice")]
fn a_name_that_was_added_and_that_the_builder_has_too() {
    let io = Io::new();
    io.add_namespace("/", echo()).unwrap();
    Sockeye::builder().handle(&io).namespace("/", Namespace::new()).build();
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_add_a_namespace() {
    let log = Log::default();
    let open = {
        let log = log.clone();
        async move |io: Io, Data(name): Data<String>| {
            log.write(format!("{:?}", io.add_namespace(name, echo())));
        }
    };
    let app = Sockeye::builder().namespace("/", Namespace::new().on("open", open)).build().router();
    let (mut client, _) = Client::join(&app, BOTH[0]).await;
    for _ in 0..2 {
        client.send(r#"421["open","/room"]"#).await;
        assert_eq!(client.packet().await, "431[]");
    }
    assert_eq!(log.lines(), ["Ok(())", "Err(Taken)"]);
    client.connect("40/room,").await;
}
