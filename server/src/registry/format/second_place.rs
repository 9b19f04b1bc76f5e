//! Where a registry gives a port for the second time: what is read into maps does not know any more.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::port::Port;

/// The line and the column, both from 1, where the port stands for the second time in a registry that
/// can be read.
pub(super) fn of(port: Port, text: &str) -> (usize, usize) {
    let mut is_known = false;
    let search = Search { port, place: Place::File, is_known: &mut is_known };
    // It ends there with an error, which knows where it is.
    match search.deserialize(&mut serde_json::Deserializer::from_str(text)) {
        Err(error) => (error.line(), error.column().max(1)),
        Ok(()) => (1, 1),
    }
}

/// What part of the file is read.
#[derive(Clone, Copy)]
enum Place {
    File,
    Projects,
    Project,
    Ports,
    Assignment,
    Port,
    Reservations,
}

impl Place {
    /// The part behind a key, if the port may stand in it.
    fn behind(self, key: &str) -> Option<Self> {
        match (self, key) {
            (Self::File, "projects") => Some(Self::Projects),
            (Self::File, "reservations") => Some(Self::Reservations),
            (Self::Projects, _) => Some(Self::Project),
            (Self::Project, "ports") => Some(Self::Ports),
            (Self::Ports, _) => Some(Self::Assignment),
            (Self::Assignment, "port") => Some(Self::Port),
            _ => None,
        }
    }
}

/// Reads until the port was found twice.
struct Search<'s> {
    port: Port,
    place: Place,
    /// Whether it was found once.
    is_known: &'s mut bool,
}

impl Search<'_> {
    fn look_at<E: serde::de::Error>(&mut self, port: Port) -> Result<(), E> {
        if port == self.port && std::mem::replace(self.is_known, true) {
            return Err(E::custom("it stands here"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        match self.place {
            Place::Port => self.look_at(Port::deserialize(deserializer)?),
            _ => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        while let Some(key) = access.next_key::<String>()? {
            if let Place::Reservations = self.place {
                self.look_at(key.parse().map_err(A::Error::custom)?)?;
            }
            match self.place.behind(&key) {
                Some(place) => {
                    let Search { port, is_known, .. } = &mut self;
                    access.next_value_seed(Search { port: *port, place, is_known })?;
                }
                None => {
                    access.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}
