//! `config.toml` as it is written.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::DeTable;

use super::Fault;
use crate::text::{self, At};

/// The file. What a key may be called, and how the values go together, is `resolve`'s.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    /// Ports that are never assigned: numbers, and ranges as in `"9000-9010"`.
    #[cfg_attr(test, schemars(with = "Vec<AvoidedSchema>"))]
    pub(super) avoid: Vec<Spanned<Numbers>>,
    /// The numbers of each service type, as in `"9200-9299"`. A name that is not built in makes a new type: its ports are
    /// those of variables with that name, `SEARCH_PORT` for `search`.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, RangeSchema>"))]
    pub(super) ranges: BTreeMap<Spanned<String>, Spanned<Range>>,
    /// Words that make a variable's name mean a type, besides those that are built in and the type's own name.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, Vec<String>>"))]
    pub(super) words: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    /// The variable that a project's only service of a type is read from.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub(super) variables: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// The first and the last number, as in `"9200-9299"`.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[schemars(transparent, rename = "Range")]
#[expect(dead_code)]
struct RangeSchema(#[schemars(regex(pattern = r"^\s*[0-9]{4,5}\s*-\s*[0-9]{4,5}\s*$"))] String);

/// A port, or the first and the last of several, as in `"9000-9010"`.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[schemars(untagged, rename = "Avoided")]
#[expect(dead_code)]
enum AvoidedSchema {
    /// One port.
    Port(std::num::NonZeroU16),
    /// The first and the last of several ports.
    Range(#[schemars(regex(pattern = r"^\s*[0-9]{1,5}\s*-\s*[0-9]{1,5}\s*$"))] String),
}

impl File {
    /// What can be set.
    pub(super) const KEYS: [&str; 4] = ["avoid", "ranges", "words", "variables"];

    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let fault = |source: toml::de::Error| Fault {
            at: At::of(text, source.span()),
            message: source.message().to_owned(),
        };
        let table = DeTable::parse(text).map_err(fault)?;
        let is_unknown = |name: &str| !Self::KEYS.contains(&name);
        if let Some(name) = table.get_ref().keys().find(|name| is_unknown(name.get_ref())) {
            let help = match text::nearest(name.get_ref(), Self::KEYS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the settings are {}", Self::KEYS.map(|key| format!("`{key}`")).join(", ")),
            };
            let message = format!("there is no setting `{}`; {help}", name.get_ref());
            return Err(Fault { at: At::of(text, Some(name.span())), message });
        }
        Self::deserialize(toml::de::Deserializer::from(table)).map_err(fault)
    }
}

/// A range of numbers: `"9200-9299"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range(pub(super) RangeInclusive<u16>);

/// One number or a range of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbers(pub(super) RangeInclusive<u16>);

/// Reads `9200-9299`; what is wrong where it is no range.
fn range(text: &str) -> Result<RangeInclusive<u16>, String> {
    let number = |text: &str| text.trim().parse::<u16>().ok().filter(|number| *number > 0);
    let Some((first, last)) =
        text.split_once('-').and_then(|(first, last)| Some((number(first)?, number(last)?)))
    else {
        return Err(format!(
            "`{text}` is not a range: write the first and the last number, as in \"9200-9299\"; the highest is 65535"
        ));
    };
    match first <= last {
        true => Ok(first..=last),
        false => Err(format!("the range {first}-{last} is empty: write \"{last}-{first}\"")),
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = deserializer.deserialize_str(NumbersVisitor { may_be_one: false })?;
        Ok(Self(text.0))
    }
}

impl<'de> Deserialize<'de> for Numbers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumbersVisitor { may_be_one: true })
    }
}

struct NumbersVisitor {
    may_be_one: bool,
}

impl Visitor<'_> for NumbersVisitor {
    type Value = Numbers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = if self.may_be_one { "a port, or " } else { "" };
        write!(f, "{one}the first and the last number in quotation marks, as in \"9200-9299\"")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Numbers, E> {
        let port = u16::try_from(number).ok().filter(|port| self.may_be_one && *port > 0);
        match port {
            Some(port) => Ok(Numbers(port..=port)),
            None if self.may_be_one => {
                Err(E::custom(format!("{number} is not a port: ports are 1 to 65535")))
            }
            None => Err(E::invalid_type(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Numbers, E> {
        range(text).map(Numbers).map_err(E::custom)
    }
}
