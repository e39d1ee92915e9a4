//! Elements, entries and variants, filled as they are read.

use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::{
    FillSeed, Source,
    visitor::{FillVisitor, Role},
};

pub(super) struct FillSeq<'de, A> {
    pub(super) inner: A,
    pub(super) source: Source<'de>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for FillSeq<'de, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(FillSeed { seed, source: self.source })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

pub(super) struct FillMap<'de, A> {
    pub(super) inner: A,
    pub(super) source: Source<'de>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for FillMap<'de, A> {
    type Error = A::Error;

    /// Keys hold no attachments.
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(FillSeed { seed, source: self.source })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

pub(super) struct FillEnum<'de, A> {
    pub(super) inner: A,
    pub(super) source: Source<'de>,
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for FillEnum<'de, A> {
    type Error = A::Error;
    type Variant = FillVariant<'de, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, inner) = self.inner.variant_seed(seed)?;
        Ok((value, FillVariant { inner, source: self.source }))
    }
}

pub(super) struct FillVariant<'de, A> {
    inner: A,
    source: Source<'de>,
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for FillVariant<'de, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.newtype_variant_seed(FillSeed { seed, source: self.source })
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.inner.tuple_variant(len, FillVisitor { visitor, source: self.source, role: Role::Plain })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.inner.struct_variant(fields, FillVisitor { visitor, source: self.source, role: Role::Plain })
    }
}
