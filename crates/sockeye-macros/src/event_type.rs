//! Expands `#[derive(EventType)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    DeriveInput, Expr, Ident, LitStr, Token, Type,
    parse::{Parse, ParseStream},
};

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    syn::parse2(item)
        .and_then(|item: DeriveInput| implement(&item))
        .unwrap_or_else(|error| error.to_compile_error())
}

fn implement(item: &DeriveInput) -> syn::Result<TokenStream> {
    let attribute = item.attrs.iter().find(|attribute| attribute.path().is_ident("event"));
    let Some(attribute) = attribute else {
        let message = "say what the event is called: `#[event(\"its name\")]`";
        return Err(syn::Error::new(item.ident.span(), message));
    };
    let Described { name, ack, ts, ack_ts } = attribute.parse_args()?;
    let ack = ack.unwrap_or_else(|| syn::parse_quote!(()));
    let typescript = typescript(&ack, ts.as_ref(), ack_ts.as_ref());
    let ty = &item.ident;
    let (impl_generics, generics, bounds) = item.generics.split_for_impl();
    Ok(quote! {
        impl #impl_generics ::sockeye::__private::EventType for #ty #generics #bounds {
            const NAME: &'static str = #name;
            type Ack = #ack;
            #typescript
        }
    })
}

/// Nothing where nothing is said: the trait knows what that means.
fn typescript(ack: &Type, ts: Option<&Expr>, ack_ts: Option<&Expr>) -> TokenStream {
    if ts.is_none() && ack_ts.is_none() {
        return TokenStream::new();
    }
    let ts = ts.map_or_else(|| quote!("unknown"), |ts| quote!(#ts));
    let no_argument = matches!(ack, Type::Tuple(tuple) if tuple.elems.is_empty());
    let ack_ts = match ack_ts {
        Some(ack_ts) => quote!(.with_ack(#ack_ts)),
        None if no_argument => TokenStream::new(),
        None => quote!(.with_ack("unknown")),
    };
    quote! {
        fn typescript() -> ::sockeye::__private::TypeScript {
            ::sockeye::__private::TypeScript::new(#ts) #ack_ts
        }
    }
}

/// What stands in `#[event(..)]`.
struct Described {
    name: LitStr,
    ack: Option<Type>,
    ts: Option<Expr>,
    ack_ts: Option<Expr>,
}

impl Parse for Described {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut described = Self { name: input.parse()?, ack: None, ts: None, ack_ts: None };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key: Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            match key.to_string().as_str() {
                "ack" => described.ack = Some(input.parse()?),
                "ts" => described.ts = Some(input.parse()?),
                "ack_ts" => described.ack_ts = Some(input.parse()?),
                _ => return Err(syn::Error::new(key.span(), "expected `ack`, `ts` or `ack_ts`")),
            }
        }
        Ok(described)
    }
}
