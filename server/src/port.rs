//! A TCP or UDP port number that something can listen on.

use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

/// A port number, 1 to 65535 (RFC 6335, section 6). Zero means "any free port" to the
/// operating system, so it is not a port and cannot be represented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Port(NonZeroU16);

/// Ports that browsers refuse to open ("bad port" in the Fetch standard, section 2.9), so that no
/// project is ever given one.
const BLOCKED_BY_BROWSERS: &[u16] = &[
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

impl Port {
    /// The port of that number; `None` for 0.
    #[must_use]
    pub const fn new(number: u16) -> Option<Self> {
        match NonZeroU16::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number, 1 to 65535.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// Whether browsers refuse to open this port.
    #[must_use]
    pub fn is_blocked_by_browsers(self) -> bool {
        BLOCKED_BY_BROWSERS.binary_search(&self.get()).is_ok()
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text is not a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a port: a port is a whole number from 1 to 65535")]
pub struct NotAPort;

impl FromStr for Port {
    type Err = NotAPort;

    /// Decimal digits only: no sign, no white space, no separators.
    fn from_str(text: &str) -> Result<Self, NotAPort> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAPort);
        }
        text.parse().ok().and_then(Self::new).ok_or(NotAPort)
    }
}

impl<'de> Deserialize<'de> for Port {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Numbers of any size, so that one too large is said to be no port.
        struct PortVisitor;

        impl Visitor<'_> for PortVisitor {
            type Value = Port;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a port, which is a whole number from 1 to 65535")
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Port, E> {
                let port = u16::try_from(number).ok().and_then(Port::new);
                port.ok_or_else(|| E::custom(format!("{number} is {NotAPort}")))
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Port, E> {
                let number =
                    u64::try_from(number).map_err(|_| E::custom(format!("{number} is {NotAPort}")))?;
                self.visit_u64(number)
            }
        }

        deserializer.deserialize_u64(PortVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_whole_number_from_1_to_65535() {
        assert_eq!("8080".parse(), Ok(Port::new(8080).unwrap()));
        assert_eq!("65535".parse::<Port>().map(Port::get), Ok(65535));
        for text in ["", "0", "65536", "-1", "+80", " 80", "80 ", "8_080", "0x50", "８０"] {
            assert_eq!(text.parse::<Port>(), Err(NotAPort), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_port_in_json_is_told_in_words_of_ports() {
        let told = |text| serde_json::from_str::<Port>(text).unwrap_err().to_string();
        assert_eq!(serde_json::from_str::<Port>("8080").unwrap().get(), 8080);
        for number in ["0", "-1", "65536", "80000"] {
            let expected = format!("{number} is not a port: a port is a whole number from 1 to 65535");
            assert!(told(number).starts_with(&expected), "{}", told(number));
        }
        assert_eq!(
            told("\"8080\""),
            "invalid type: string \"8080\", expected a port, which is a whole number from 1 to 65535 at line 1 column 6"
        );
    }

    #[test]
    fn the_list_of_blocked_ports_can_be_searched() {
        assert!(BLOCKED_BY_BROWSERS.is_sorted());
        assert!(Port::new(6000).unwrap().is_blocked_by_browsers());
        assert!(!Port::new(8080).unwrap().is_blocked_by_browsers());
    }
}
