//! How an argument is extracted. These types are only ever inferred; they keep implementations apart.

use std::marker::PhantomData;

/// From the event itself.
#[derive(Debug)]
pub enum Event {}

/// From the handshake's request, by an extractor of axum.
#[derive(Debug)]
pub enum Handshake {}

/// From the event and its arguments.
#[derive(Debug)]
pub enum Payload {}

/// From the event's first argument, by a type that is the event: [`EventType`](crate::EventType).
#[derive(Debug)]
pub enum Contract {}

/// Without the arguments although it is the last; `M` says from what.
#[derive(Debug)]
pub struct Parts<M>(PhantomData<M>);
