//! A value that may hold bytes at any depth.
#![allow(dead_code, reason = "each test uses its part")]

use std::fmt;

use bytes::Bytes;
use proptest::prelude::*;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Text(String),
    Bytes(Bytes),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl Tree {
    pub(crate) fn attachments(&self) -> usize {
        match self {
            Self::Bytes(_) => 1,
            Self::List(trees) => trees.iter().map(Self::attachments).sum(),
            Self::Map(entries) => entries.iter().map(|(_, tree)| tree.attachments()).sum(),
            _ => 0,
        }
    }
}

/// Trees of all kinds. A key may look like a placeholder's, as long as its value does not make it one.
pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Null),
        any::<bool>().prop_map(Tree::Bool),
        any::<u64>().prop_map(Tree::Unsigned),
        (i64::MIN..0).prop_map(Tree::Signed),
        ".{0,20}".prop_map(Tree::Text),
        bytes(),
        bytes(),
    ];
    leaf.prop_recursive(5, 32, 5, |inner| {
        let key =
            prop_oneof![8 => ".{0,5}", 1 => Just("num".to_owned()), 1 => Just("_placeholder".to_owned())];
        let entry = (key, inner.clone()).prop_map(|(key, tree)| {
            let forged = key == "_placeholder" && tree == Tree::Bool(true);
            (key, if forged { Tree::Null } else { tree })
        });
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Tree::List),
            prop::collection::vec(entry, 0..5).prop_map(|mut entries| {
                entries.sort_by(|left, right| left.0.cmp(&right.0));
                entries.dedup_by(|left, right| left.0 == right.0);
                Tree::Map(entries)
            }),
        ]
    })
}

fn bytes() -> impl Strategy<Value = Tree> {
    prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| Tree::Bytes(bytes.into()))
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Unsigned(number) => serializer.serialize_u64(*number),
            Self::Signed(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(trees) => serializer.collect_seq(trees),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, tree) in entries {
                    map.serialize_entry(key, tree)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Signed(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Tree, E> {
        Ok(Tree::Bytes(Bytes::copy_from_slice(bytes)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut trees = Vec::new();
        while let Some(tree) = seq.next_element()? {
            trees.push(tree);
        }
        Ok(Tree::List(trees))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}
