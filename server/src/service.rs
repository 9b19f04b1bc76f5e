//! What listens on a port, which numbers it is given, and how a name or a number suggests one.

mod type_name;
mod types;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use type_name::{NotATypeName, TypeName};
pub use types::{ServiceType, ServiceTypes};

/// A type of service. [`ServiceTypes`] gives each a range of numbers that its ports are chosen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// What a browser opens.
    Web,
    /// What other programs call.
    Api,
    /// A database.
    Db,
    /// A cache.
    Cache,
    /// A message queue.
    Queue,
    /// Metrics, traces and dashboards.
    Monitoring,
    /// Temporal and its tools.
    Temporal,
    /// Everything else.
    Misc,
    /// A type that a user's `config.toml` adds, or added once.
    Named(TypeName),
}

/// One row for each type: its name, its numbers, the variable it is read from, and the words that give
/// it away in a variable's, a container's, an image's or a package's name.
struct Row {
    service: Service,
    name: &'static str,
    range: RangeInclusive<u16>,
    variable: &'static str,
    words: &'static [&'static str],
}

const TABLE: [Row; 8] = [
    Row {
        service: Service::Web,
        name: "web",
        range: 8000..=8099,
        variable: "WEB_PORT",
        words: &[
            "web",
            "www",
            "frontend",
            "front",
            "client",
            "ui",
            "app",
            "site",
            "http",
            "https",
            "nginx",
            "proxy",
            "gateway",
            "vite",
            "next",
            "nuxt",
            "react",
            "angular",
            "vue",
            "svelte",
            "storefront",
        ],
    },
    Row {
        service: Service::Api,
        name: "api",
        range: 8100..=8199,
        variable: "API_PORT",
        words: &[
            "api", "backend", "back", "server", "grpc", "rest", "graphql", "rpc", "flask", "django",
            "fastapi", "express", "gin", "worker",
        ],
    },
    Row {
        service: Service::Db,
        name: "db",
        range: 5400..=5499,
        variable: "DB_PORT",
        words: &[
            "db",
            "database",
            "postgres",
            "postgresql",
            "pg",
            "mysql",
            "mariadb",
            "mongo",
            "mongodb",
            "mssql",
            "sqlserver",
            "oracle",
            "cockroach",
            "cassandra",
            "clickhouse",
            "elasticsearch",
            "opensearch",
            "neo4j",
            "timescale",
            "timescaledb",
            "postgis",
            "psycopg",
            "psycopg2",
        ],
    },
    Row {
        service: Service::Cache,
        name: "cache",
        range: 6300..=6399,
        variable: "REDIS_PORT",
        words: &["cache", "redis", "valkey", "memcached", "memcache", "dragonfly", "keydb", "ioredis"],
    },
    Row {
        service: Service::Queue,
        name: "queue",
        range: 5670..=5680,
        variable: "QUEUE_PORT",
        words: &[
            "queue",
            "mq",
            "amqp",
            "rabbit",
            "rabbitmq",
            "kafka",
            "nats",
            "broker",
            "zookeeper",
            "redpanda",
            "pulsar",
            "amqplib",
        ],
    },
    Row {
        service: Service::Monitoring,
        name: "monitoring",
        range: 9000..=9099,
        variable: "METRICS_PORT",
        words: &[
            "monitoring",
            "metrics",
            "prometheus",
            "grafana",
            "jaeger",
            "otel",
            "zipkin",
            "loki",
            "tempo",
            "alertmanager",
            "statsd",
            "exporter",
            "collector",
        ],
    },
    Row {
        service: Service::Temporal,
        name: "temporal",
        range: 7230..=7239,
        variable: "TEMPORAL_PORT",
        words: &["temporal", "temporalio"],
    },
    Row {
        service: Service::Misc,
        name: "misc",
        range: 3000..=3099,
        variable: "MISC_PORT",
        words: &["misc", "docs", "mail", "smtp", "storybook", "debug"],
    },
];

impl Service {
    /// The names of the types that come with the program, in the order in which tables and help show them.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.name)
    }

    /// Its name: `web`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name.as_str(),
            service => TABLE.iter().find(|row| row.service == *service).map_or("", |row| row.name),
        }
    }

    /// Whether programs of a project connect to it, and are not it: a database, a cache, a queue.
    #[must_use]
    pub fn is_infrastructure(self) -> bool {
        matches!(self, Self::Db | Self::Cache | Self::Queue | Self::Temporal)
    }

    /// The service that a name speaks of, by the words that come with the program: what a text means must not depend on
    /// who reads it. [`ServiceTypes::of_name`] also knows the user's words. The name may be a variable (`API_PORT`), a
    /// container or image (`bitnami/postgresql:16`), an identifier (`apiPort`) or a package. Of several words
    /// the last that says something decides: `web_db` is a database.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        words(name).iter().rev().find_map(|word| Self::of_word(word))
    }

    /// The words of a name that mean the type, as they come with the program.
    #[must_use]
    pub fn words(self) -> &'static [&'static str] {
        TABLE.iter().find(|row| row.service == self).map_or(&[], |row| row.words)
    }

    fn of_word(word: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.words.contains(&word)).map(|row| row.service)
    }
}

/// The words of a name in lower case: `apiPort2`, `API_PORT` and `api-port` all give `api`, `port`;
/// `HTTPServer` gives `http`, `server`.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let is_boundary = !character.is_alphabetic();
        let begins_word = character.is_uppercase()
            && (previous.is_lowercase()
                || (previous.is_uppercase() && characters.peek().is_some_and(|next| next.is_lowercase())));
        if is_boundary || begins_word {
            words.push(String::new());
        }
        if !is_boundary && let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Service {
    type Err = NotATypeName;

    /// The service of that name, which need not have a range of numbers here: the registry keeps what it was given.
    fn from_str(text: &str) -> Result<Self, NotATypeName> {
        match TABLE.iter().find(|row| row.name == text) {
            Some(row) => Ok(row.service),
            None => text.parse().map(Self::Named),
        }
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Service {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_of_the_enum_has_its_row() {
        for row in &TABLE {
            assert_eq!(row.name.parse(), Ok(row.service));
            assert_eq!(row.service.name(), row.name);
        }
    }

    #[test]
    fn a_name_is_taken_apart_however_it_is_spelled() {
        for name in ["apiPort2", "API_PORT", "api-port", "api.port", "APIPort"] {
            assert_eq!(words(name), ["api", "port"], "{name}");
        }
        assert_eq!(words("HTTPServer"), ["http", "server"]);
        assert_eq!(words("PORTS"), ["ports"]);
        assert!(words("8080").is_empty());
    }

    #[test]
    fn a_name_suggests_its_service() {
        let cases = [
            ("API_PORT", Service::Api),
            ("apiPort", Service::Api),
            ("bitnami/postgresql:16", Service::Db),
            ("web_db", Service::Db),
            ("REDIS_PORT", Service::Cache),
            ("rabbitmq:3-management", Service::Queue),
            ("METRICS_PORT", Service::Monitoring),
        ];
        for (name, service) in cases {
            assert_eq!(Service::of_name(name), Some(service), "{name}");
        }
        assert_eq!(Service::of_name("PORT"), None);
        assert_eq!(Service::of_name("support"), None);
    }
}
