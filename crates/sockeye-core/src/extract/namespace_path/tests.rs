//! What a name gives, by type.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::*;
use crate::{
    Event, FromEvent, FromEventParts, IntoReply, LocalAdapter, NamespaceContext, SocketConfig,
    testing::{World, event},
};

fn parameters(pairs: &[(&str, &str)]) -> Parameters {
    Parameters::new(pairs.iter().map(|&(name, value)| (name.into(), value.into())))
}

fn told<T: DeserializeOwned + std::fmt::Debug>(pairs: &[(&str, &str)]) -> String {
    read::<T>(&parameters(pairs)).unwrap_err().to_string()
}

#[derive(Debug, Deserialize, PartialEq)]
struct Document {
    tenant: String,
    number: u32,
    #[serde(default)]
    section: Option<Section>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Section {
    Head,
    Body,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Tenant(u64);

#[derive(Debug, Deserialize, PartialEq)]
struct Pair(String, Tenant);

const ONE: &[(&str, &str)] = &[("tenant", "7")];
const TWO: &[(&str, &str)] = &[("tenant", "a b"), ("number", "12")];

#[test]
fn a_name_is_read_as_whatever_is_asked_for() {
    assert_eq!(read::<u64>(&parameters(ONE)), Ok(7));
    assert_eq!(read::<String>(&parameters(ONE)), Ok("7".to_owned()));
    assert_eq!(read::<Tenant>(&parameters(ONE)), Ok(Tenant(7)));
    assert_eq!(read::<Option<i8>>(&parameters(ONE)), Ok(Some(7)));
    assert_eq!(read::<f64>(&parameters(ONE)), Ok(7.0));
    assert_eq!(read::<char>(&parameters(ONE)), Ok('7'));
    assert_eq!(read::<bool>(&parameters(&[("on", "true")])), Ok(true));
    assert_eq!(read::<Section>(&parameters(&[("section", "body")])), Ok(Section::Body));
    assert_eq!(read::<(u8,)>(&parameters(ONE)), Ok((7,)));
    assert_eq!(read::<()>(&parameters(TWO)), Ok(()));
    assert_eq!(read::<(String, u32)>(&parameters(TWO)), Ok(("a b".to_owned(), 12)));
    assert_eq!(read::<Pair>(&parameters(TWO)), Ok(Pair("a b".to_owned(), Tenant(12))));
    assert_eq!(read::<Vec<String>>(&parameters(TWO)), Ok(vec!["a b".to_owned(), "12".to_owned()]));
    let pairs: Vec<(String, String)> = read(&parameters(ONE)).unwrap();
    assert_eq!(pairs, [("tenant".to_owned(), "7".to_owned())]);
    let map: HashMap<String, String> = read(&parameters(TWO)).unwrap();
    assert_eq!(map.get("tenant").map(String::as_str), Some("a b"));
    let document = Document { tenant: "a b".to_owned(), number: 12, section: None };
    assert_eq!(read::<Document>(&parameters(TWO)), Ok(document));
    let pairs = [TWO, &[("section", "head")]].concat();
    assert_eq!(read::<Document>(&parameters(&pairs)).unwrap().section, Some(Section::Head));
}

#[test]
fn what_does_not_fit_is_told_and_the_value_is_not_repeated() {
    assert_eq!(told::<u64>(&[("tenant", "x")]), "`tenant` does not fit: invalid digit found in string");
    assert_eq!(
        told::<u8>(&[("tenant", "256")]),
        "`tenant` does not fit: number too large to fit in target type"
    );
    assert_eq!(told::<u64>(TWO), "the name has 2 parameters, and one value is asked for");
    assert_eq!(told::<(u64, u64)>(ONE), "the name has 1 parameters, and 2 values are asked for");
    assert_eq!(told::<Document>(ONE), "missing field `number`");
    assert!(told::<Document>(&[("tenant", "a"), ("number", "-1")]).starts_with("`number` does not fit: "));
    assert!(told::<Section>(&[("section", "foot")]).starts_with("`section` does not fit: unknown variant"));
    assert!(told::<HashMap<String, Vec<u8>>>(ONE).starts_with("`tenant` does not fit: invalid type"));
}

/// A socket in a namespace with these parameters, and its event.
fn event_in(pairs: Option<&[(&str, &str)]>) -> Event {
    let mut world = World::new();
    if let Some(pairs) = pairs {
        let adapter = Arc::new(LocalAdapter::new(world.rooms.clone()));
        let context =
            NamespaceContext::new("/tenant/7", adapter, world.rooms.clone(), SocketConfig::default());
        world.namespace = Arc::new(context.with_parameters(Some(parameters(pairs))));
    }
    event(&world.socket(), "e", "[]")
}

/// Extracts as an argument of a handler: the types of `via` are inferred, so there is one way only.
async fn handle<T: FromEvent<(), M>, M>(event: Event) -> Result<T, String> {
    T::from_event(event, &()).await.map_err(|error| error.into_reply().as_json().unwrap().to_owned())
}

#[tokio::test]
async fn handlers_and_admission_read_the_same_parameters() {
    let event = event_in(Some(ONE));
    let mut request = event.parts().socket().request();
    let admission = <NamespacePath<u64> as FromRequestParts<()>>::from_request_parts(&mut request, &()).await;
    assert_eq!(admission, Ok(NamespacePath(7)));
    // An extractor of the application that needs the whole request meets them too.
    let (mut parts, arguments) = event.into_parts();
    assert_eq!(parts.request().extensions.get::<Parameters>().unwrap().value("tenant"), Some("7"));
    let event = Event::from_parts(parts, arguments);
    assert_eq!(handle::<NamespacePath<u64>, _>(event).await, Ok(NamespacePath(7)));
    assert_eq!(handle::<Option<NamespacePath<u8>>, _>(event_in(Some(ONE))).await, Ok(Some(NamespacePath(7))));
    let refused = handle::<NamespacePath<bool>, _>(event_in(Some(ONE))).await.unwrap_err();
    assert!(
        refused.starts_with(r#"[{"error":{"code":"bad_request","message":"`tenant` does not fit"#),
        "{refused}"
    );
}

#[tokio::test]
async fn a_namespace_without_parameters_is_a_mistake_unless_one_asks_for_an_option() {
    let refused = handle::<NamespacePath<u64>, _>(event_in(None)).await.unwrap_err();
    let told = r#"[{"error":{"code":"internal_server_error","message":"internal error","status":500}}]"#;
    assert_eq!(refused, told);
    assert_eq!(handle::<Option<NamespacePath<u64>>, _>(event_in(None)).await, Ok(None));
}

/// Beside other extractors of both kinds, and last or not, the compiler knows which way is meant.
#[test]
fn it_is_an_argument_like_others() {
    fn argument<T: FromEventParts<(), M>, M>() {}
    argument::<NamespacePath<u64>, _>();
    argument::<Option<NamespacePath<u64>>, _>();
    argument::<Result<NamespacePath<u64>, NamespacePathRejection>, _>();
}
