//! What may stand in the parentheses of `#[debug_handler(..)]`.

use proc_macro2::Span;
use syn::{
    Token, Type,
    parse::{Parse, ParseStream},
};

/// The arguments of the attribute: nothing, or `state = Type`.
pub(crate) struct Attribute {
    pub(crate) state: Option<Type>,
}

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(Self { state: None });
        }
        let key: syn::Ident = input.parse()?;
        if key != "state" {
            return Err(syn::Error::new(key.span(), "expected `state = YourState`"));
        }
        input.parse::<Token![=]>()?;
        let state = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        if input.is_empty() {
            Ok(Self { state: Some(state) })
        } else {
            Err(syn::Error::new(Span::call_site(), "expected nothing after `state = YourState`"))
        }
    }
}
