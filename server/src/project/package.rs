//! What a `package.json` says of the services that a project needs: by its dependencies and by the
//! programs that its scripts start.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::port::Port;
use crate::service::Service;

/// Packages and programs that listen, or that connect to something that does.
const KNOWN: &[(Service, &[&str])] = &[
    (
        Service::Web,
        &[
            "vite",
            "next",
            "nuxt",
            "astro",
            "gatsby",
            "parcel",
            "react-scripts",
            "webpack-dev-server",
            "http-server",
            "live-server",
            "serve",
            "ng",
            "vue-cli-service",
            "remix",
            "@angular/core",
            "@vue/cli-service",
            "@sveltejs/kit",
            "@remix-run/dev",
            "@react-router/dev",
        ],
    ),
    (
        Service::Api,
        &[
            "express",
            "fastify",
            "koa",
            "hono",
            "restify",
            "json-server",
            "uvicorn",
            "gunicorn",
            "flask",
            "@nestjs/core",
            "@hapi/hapi",
            "@apollo/server",
            "@hono/node-server",
            "@grpc/grpc-js",
        ],
    ),
    (
        Service::Db,
        &[
            "pg",
            "postgres",
            "mysql",
            "mysql2",
            "mariadb",
            "mongodb",
            "mongoose",
            "mssql",
            "tedious",
            "neo4j-driver",
            "cassandra-driver",
            "@elastic/elasticsearch",
            "@opensearch-project/opensearch",
            "@clickhouse/client",
        ],
    ),
    (Service::Cache, &["redis", "ioredis", "iovalkey", "memcached", "memjs", "bull", "bullmq"]),
    (Service::Queue, &["amqplib", "amqp-connection-manager", "kafkajs", "nats", "rhea"]),
    (Service::Temporal, &["@temporalio/client", "@temporalio/worker"]),
];

/// Words of a command before the program that it starts.
const RUNNERS: &[&str] =
    &["npx", "pnpx", "bunx", "exec", "cross-env", "env", "dotenv", "dotenvx", "run", "--"];

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Package {
    dependencies: BTreeMap<String, serde::de::IgnoredAny>,
    dev_dependencies: BTreeMap<String, serde::de::IgnoredAny>,
    scripts: BTreeMap<String, String>,
}

/// The services that a `package.json` tells of, each once, in the order in which services are
/// listed; none where the text is not one.
pub(super) fn services(text: &str) -> Vec<Service> {
    let package: Package = serde_json::from_str(text).unwrap_or_default();
    let by_dependency =
        package.dependencies.keys().chain(package.dev_dependencies.keys()).filter_map(|name| known(name));
    let by_script = package.scripts.iter().flat_map(|(name, script)| of_script(name, script));
    let mut services: Vec<Service> = by_dependency.chain(by_script).collect();
    services.sort();
    services.dedup();
    services
}

fn known(name: &str) -> Option<Service> {
    KNOWN.iter().find(|(_, names)| names.contains(&name)).map(|(service, _)| *service)
}

/// The services that the commands of a script start.
fn of_script(name: &str, script: &str) -> Vec<Service> {
    let commands = script.split(['&', '|', ';', '\n']);
    commands
        .filter_map(|command| {
            let words: Vec<&str> = command.split_whitespace().collect();
            let program = words.iter().find(|word| !is_prelude(word))?;
            let by_port = || Service::of_name(name).or_else(|| port_of(&words).and_then(Service::of_port));
            known(program).or_else(|| port_of(&words).and_then(|_| by_port()))
        })
        .collect()
}

fn is_prelude(word: &str) -> bool {
    let is_assignment =
        word.split_once('=').is_some_and(|(name, _)| name.parse::<crate::variable::Variable>().is_ok());
    is_assignment || RUNNERS.contains(&word)
}

/// The number that a command is told to listen on: `PORT=8080`, `--port 8080`, `--port=8080`,
/// `-p 8080`.
fn port_of(words: &[&str]) -> Option<Port> {
    let after_flag = words.windows(2).find_map(|pair| match pair {
        ["--port" | "-p", number] => number.parse().ok(),
        _ => None,
    });
    let assigned = || {
        words.iter().find_map(|word| {
            word.strip_prefix("PORT=").or_else(|| word.strip_prefix("--port="))?.parse().ok()
        })
    };
    after_flag.or_else(assigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_tell_what_is_needed() {
        let text = r#"{
            "dependencies": { "express": "5", "pg": "8", "ioredis": "5", "left-pad": "1" },
            "devDependencies": { "vite": "7", "typescript": "5" }
        }"#;
        assert_eq!(services(text), [Service::Web, Service::Api, Service::Db, Service::Cache]);
    }

    #[test]
    fn scripts_tell_what_they_start() {
        let cases: [(&str, &str, &[Service]); 7] = [
            ("dev", "next dev -p 3000", &[Service::Web]),
            ("dev", "npx cross-env NODE_ENV=development vite", &[Service::Web]),
            ("mock", "tsc && json-server db.json", &[Service::Api]),
            ("dev", "PORT=8080 node --watch server.js", &[Service::Web]),
            ("api", "node server.js --port=4000", &[Service::Api]),
            ("start", "node server.js", &[]),
            ("lint", "eslint . && echo serve", &[]),
        ];
        for (name, script, expected) in cases {
            assert_eq!(of_script(name, script), expected, "{script}");
        }
    }

    #[test]
    fn what_is_no_package_tells_nothing() {
        for text in ["", "[]", "{", r#"{"dependencies": ["express"]}"#] {
            assert_eq!(services(text), [], "{text:?}");
        }
    }
}
