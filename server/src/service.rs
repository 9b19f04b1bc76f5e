//! What listens on a port, which numbers it is given, and how a name or a number suggests one.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::port::Port;
use crate::variable::Variable;

/// A kind of service. Each has a range of numbers that its ports are chosen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
}

/// One row a service: its name, its numbers, the variable it is read from, and the words that give
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
    /// Every service, in the order in which tables and help show them.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.service)
    }

    fn row(self) -> &'static Row {
        // The table's order is the enum's; a test holds them together.
        &TABLE[self as usize]
    }

    /// Its name: `web`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The numbers that its ports are chosen from.
    #[must_use]
    pub fn range(self) -> RangeInclusive<u16> {
        self.row().range.clone()
    }

    /// The ports of its range, lowest first.
    pub fn ports(self) -> impl Iterator<Item = Port> {
        self.range().filter_map(Port::new)
    }

    /// The ports that the service takes where its range is full, lowest first: the next hundred above the
    /// range that is no other service's. `queue` goes on at 5700, `web` and `api` at 8200.
    pub fn overflow(self) -> impl Iterator<Item = Port> {
        let above = u32::from(*self.range().end()) / 100 + 1;
        let is_taken = |hundred: u32| {
            TABLE.iter().any(|row| {
                (u32::from(*row.range.start()) / 100..=u32::from(*row.range.end()) / 100).contains(&hundred)
            })
        };
        // The table is far below the end of the numbers; a test holds it to that.
        let hundred = (above..u32::from(u16::MAX) / 100).find(|hundred| !is_taken(*hundred));
        let numbers = hundred.map_or(0..0, |hundred| hundred * 100..hundred * 100 + 100);
        numbers.filter_map(|number| u16::try_from(number).ok().and_then(Port::new))
    }

    /// The variable that a project's only service of this kind is read from: `WEB_PORT`.
    #[must_use]
    pub fn variable(self) -> Variable {
        // The table's names are names; a test holds them to it.
        #[expect(clippy::expect_used)]
        self.row().variable.parse().expect("the service table holds variable names")
    }

    /// Whether programs of a project connect to it, and are not it: a database, a cache, a queue.
    #[must_use]
    pub fn is_infrastructure(self) -> bool {
        matches!(self, Self::Db | Self::Cache | Self::Queue | Self::Temporal)
    }

    /// The service whose range holds the port.
    #[must_use]
    pub fn of_port(port: Port) -> Option<Self> {
        TABLE.iter().find(|row| row.range.contains(&port.get())).map(|row| row.service)
    }

    /// The service that a name speaks of. The name may be a variable (`API_PORT`), a container or
    /// image (`bitnami/postgresql:16`), an identifier (`apiPort`) or a package. Of several words
    /// the last that says something decides: `web_db` is a database.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        words(name)
            .iter()
            .rev()
            .find_map(|word| TABLE.iter().find(|row| row.words.contains(&word.as_str())))
            .map(|row| row.service)
    }

    /// The service of a variable: by its name, else by the port, else `misc`.
    #[must_use]
    pub fn of_variable(variable: &Variable, port: Option<Port>) -> Self {
        Self::of_name(variable.as_str()).or_else(|| port.and_then(Self::of_port)).unwrap_or(Self::Misc)
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

/// Why a text is not the name of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no service '{0}'; the services are {services}", services = Service::all().map(Service::name).collect::<Vec<_>>().join(", "))]
pub struct NotAService(String);

impl FromStr for Service {
    type Err = NotAService;

    fn from_str(text: &str) -> Result<Self, NotAService> {
        Self::all().find(|service| service.name() == text).ok_or_else(|| NotAService(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum_and_well_formed() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.service as usize, index);
            assert!(row.service.variable().has_port_word());
            assert_eq!(row.name.parse(), Ok(row.service));
        }
    }

    #[test]
    fn ranges_do_not_overlap() {
        for service in Service::all() {
            for port in service.ports() {
                assert_eq!(Service::of_port(port), Some(service));
            }
        }
    }

    #[test]
    fn a_full_range_overflows_into_a_hundred_of_no_other_service() {
        let first = |service: Service| service.overflow().next().map(Port::get);
        assert_eq!(first(Service::Queue), Some(5700));
        assert_eq!(first(Service::Web), Some(8200), "8100 is api's");
        for service in Service::all() {
            let ports: Vec<Port> = service.overflow().collect();
            assert_eq!(ports.len(), 100, "{service}");
            assert!(
                ports.iter().all(|port| port.get() >= 1024 && Service::of_port(*port).is_none()),
                "{service}"
            );
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

    #[test]
    fn a_number_suggests_its_service() {
        assert_eq!(Port::new(8080).and_then(Service::of_port), Some(Service::Web));
        assert_eq!(Port::new(5432).and_then(Service::of_port), Some(Service::Db));
        assert_eq!(Port::new(1234).and_then(Service::of_port), None);
    }
}
