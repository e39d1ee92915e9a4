//! Procedural macros of sockeye.
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

mod arguments;
mod attribute;
mod debug_handler;
mod event_type;

/// Makes the compiler say which part of an event handler is at fault.
///
/// A handler is any `async fn` whose arguments are extractors and whose return value is a reply, so when one
/// argument does not fit, the compiler can only say that the *function* is no handler. With this attribute each
/// argument, the return value and the future are checked one by one, and the message points at the culprit:
///
/// ```text
/// error[E0277]: `u32` cannot be extracted from an event
///  --> src/chat.rs:3:18
///   |
/// 3 | async fn message(n: u32) {}
///   |                     ^^^ not an extractor
/// ```
///
/// It changes nothing about the function, and does nothing in a release build.
///
/// # The state
///
/// The state is read off an argument `State<App>`; without one it is `()`. Where extractors of your own need
/// another, name it: `#[debug_handler(state = App)]`.
///
/// # Limits
///
/// A generic function, a method with `self`, and a function with more than 16 arguments cannot be checked, and the
/// attribute says so.
#[proc_macro_attribute]
pub fn debug_handler(attribute: TokenStream, item: TokenStream) -> TokenStream {
    debug_handler::expand(attribute.into(), &item.into()).into()
}

/// Makes a type an event of a contract: its name on the wire, and what acknowledges it.
///
/// ```text
/// #[derive(Deserialize, EventType)]
/// #[event("message", ack = Sent)]
/// struct NewMessage {
///     text: String,
/// }
/// ```
///
/// | in the parentheses | means | default |
/// |---|---|---|
/// | `"message"` | the event's name, first | must be given |
/// | `ack = Sent` | the type of the ack's argument; `Args<(A, B)>` for several | `()`: an ack without arguments |
/// | `ts = "{ text: string }"` | how TypeScript writes the event's argument | `unknown` |
/// | `ack_ts = "{ id: number }"` | how TypeScript writes the ack's argument | `unknown`; nothing if `ack` is `()` |
///
/// What stands behind `ts` and `ack_ts` is an expression, of anything that becomes a `Cow<'static, str>`: a literal, or a
/// call such as `<Self as ts_rs::TS>::inline()`.
#[proc_macro_derive(EventType, attributes(event))]
pub fn event_type(item: TokenStream) -> TokenStream {
    event_type::expand(item.into()).into()
}
