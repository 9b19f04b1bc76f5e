//! What is advised for a file of a program that is recognised, one row a format. Each row names the page of the program's own
//! documentation that it follows.

use std::ops::Range;

use super::super::Site;
use crate::analysis::Language;
use crate::pattern::is_like;

/// A format that a program reads.
pub(super) struct Format {
    /// The program, as its documentation calls it.
    #[cfg_attr(not(test), expect(dead_code, reason = "names the row where its test fails"))]
    program: &'static str,
    languages: &'static [Language],
    /// The file's name is like one of these; empty where it may have any.
    names: &'static [&'static str],
    /// The text has all of these in it.
    marks: &'static [&'static str],
    /// `{port}` stands for the number, `{path}` for the keys that lead to it, as the environment of .NET spells them.
    pub(super) advice: &'static str,
    /// The page that says so.
    #[cfg_attr(not(test), expect(dead_code, reason = "for people who read the rows"))]
    documentation: &'static str,
    /// A file of that format.
    #[cfg_attr(not(test), expect(dead_code, reason = "run as the row's test"))]
    example: (&'static str, &'static str),
}

use Language::{Conf, Hcl, Json, Properties, Toml, Xml, Yaml};

/// The rows. The first that applies is given.
pub(super) static FORMATS: &[Format] = &[
    Format {
        program: "ASP.NET Core",
        languages: &[Json],
        names: &["appsettings*.json"],
        marks: &[],
        advice: "leave it as the default; the variable `{path}` overrides it: set it to the same value with `$WEB_PORT` in place of {port} where the program is started",
        documentation: "https://learn.microsoft.com/aspnet/core/fundamentals/configuration/#environment-variables",
        example: (
            "appsettings.json",
            "{\"Kestrel\": {\"Endpoints\": {\"Http\": {\"Url\": \"http://localhost:8080\"}}}}\n",
        ),
    },
    Format {
        program: "dotnet run",
        languages: &[Json],
        names: &["launchSettings.json"],
        marks: &[],
        advice: "the address of a launch profile reads no variables; start it with `dotnet run --urls \"http://localhost:$WEB_PORT\"`, which overrides the profile",
        documentation: "https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints",
        example: (
            "launchSettings.json",
            "{\"profiles\": {\"web\": {\"applicationUrl\": \"http://localhost:8080\"}}}\n",
        ),
    },
    Format {
        program: "VS Code's debugger and tasks",
        languages: &[Json],
        names: &["launch.json", "tasks.json"],
        marks: &[],
        advice: "write `\"${env:WEB_PORT}\"`, which the editor fills in from the environment that it was started in",
        documentation: "https://code.visualstudio.com/docs/reference/variables-reference#_environment-variables",
        example: ("launch.json", "{\"configurations\": [{\"port\": 8080}]}\n"),
    },
    Format {
        program: "VS Code's settings",
        languages: &[Json],
        names: &["settings.json"],
        marks: &[],
        advice: "settings of the editor read no variables; leave the number, or set it in the user's settings of this machine",
        documentation: "https://code.visualstudio.com/docs/reference/variables-reference",
        example: ("settings.json", "{\"liveServer.settings.port\": 8080}\n"),
    },
    Format {
        program: "Angular CLI",
        languages: &[Json],
        names: &["angular.json"],
        marks: &[],
        advice: "leave it as the default, and start it with `ng serve --port ${WEB_PORT:-{port}}`",
        documentation: "https://angular.dev/cli/serve",
        example: ("angular.json", "{\"serve\": {\"options\": {\"port\": 8080}}}\n"),
    },
    Format {
        program: "Firebase emulators",
        languages: &[Json],
        names: &["firebase.json"],
        marks: &[],
        advice: "`firebase.json` reads no variables; write it from a template with `envsubst '$WEB_PORT'` before the emulators start",
        documentation: "https://firebase.google.com/docs/emulator-suite/install_and_configure",
        example: ("firebase.json", "{\"emulators\": {\"auth\": {\"port\": 8080}}}\n"),
    },
    Format {
        program: "Helm",
        languages: &[Yaml],
        names: &["values.y*ml", "values-*.y*ml", "values.*.y*ml"],
        marks: &[],
        advice: "leave it as the chart's default, and set another number where the chart is installed: `helm upgrade --set KEY=$WEB_PORT`",
        documentation: "https://helm.sh/docs/intro/using_helm/#customizing-the-chart-before-installing",
        example: ("values.yaml", "service:\n  port: 8080\n"),
    },
    Format {
        program: "kind",
        languages: &[Yaml],
        names: &[],
        marks: &["apiVersion: kind.x-k8s.io/"],
        advice: "kind reads no variables; write `${WEB_PORT}` in a template, and start it with `envsubst < kind.yaml | kind create cluster --config -`",
        documentation: "https://kind.sigs.k8s.io/docs/user/configuration/",
        example: (
            "kind.yaml",
            "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n  - extraPortMappings:\n      - hostPort: 8080\n",
        ),
    },
    Format {
        program: "Serverless Framework",
        languages: &[Yaml],
        names: &["serverless.y*ml"],
        marks: &[],
        advice: "write `${env:WEB_PORT, '{port}'}`",
        documentation: "https://www.serverless.com/framework/docs/guides/variables/env-vars",
        example: ("serverless.yml", "custom:\n  serverless-offline:\n    httpPort: 8080\n"),
    },
    Format {
        program: "OpenTelemetry Collector",
        languages: &[Yaml],
        names: &[],
        marks: &["receivers:", "exporters:", "pipelines:"],
        advice: "write `${env:WEB_PORT:-{port}}`",
        documentation: "https://opentelemetry.io/docs/collector/configuration/#environment-variables",
        example: (
            "collector.yaml",
            "receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: 0.0.0.0:8080\nexporters:\n  debug:\nservice:\n  pipelines:\n    traces: {receivers: [otlp], exporters: [debug]}\n",
        ),
    },
    Format {
        program: "Apollo Router",
        languages: &[Yaml],
        names: &[],
        marks: &["supergraph:", "listen:"],
        advice: "write `${env.WEB_PORT:-{port}}`",
        documentation: "https://www.apollographql.com/docs/graphos/routing/configuration/yaml#variable-expansion",
        example: ("router.yaml", "supergraph:\n  listen: 127.0.0.1:8080\n"),
    },
    Format {
        program: "Prometheus",
        languages: &[Yaml],
        names: &[],
        marks: &["scrape_configs:"],
        advice: "Prometheus reads no variables here; let `file_sd_configs` name a file with the targets, and write that with `envsubst`",
        documentation: "https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config",
        example: (
            "prometheus.yml",
            "scrape_configs:\n  - static_configs:\n      - targets: ['localhost:8080']\n",
        ),
    },
    Format {
        program: "Grafana's provisioning",
        languages: &[Yaml],
        names: &[],
        marks: &["datasources:", "apiVersion: 1"],
        advice: "write `$WEB_PORT`, which has no default here, and start Grafana with `port-manager run`",
        documentation: "https://grafana.com/docs/grafana/latest/administration/provisioning/#using-environment-variables",
        example: ("datasources.yaml", "apiVersion: 1\ndatasources:\n  - url: http://localhost:8080\n"),
    },
    Format {
        program: "Grafana Mimir",
        languages: &[Yaml],
        names: &["mimir*.y*ml"],
        marks: &[],
        advice: "write `${WEB_PORT:{port}}`, and start it with `-config.expand-env=true`",
        documentation: "https://grafana.com/docs/mimir/latest/configure/about-configurations/",
        example: ("mimir.yaml", "server:\n  http_listen_port: 8080\n"),
    },
    Format {
        program: "Grafana Loki and Tempo",
        languages: &[Yaml],
        names: &["loki*.y*ml", "tempo*.y*ml"],
        marks: &[],
        advice: "write `${WEB_PORT:-{port}}`, and start it with `-config.expand-env=true`",
        documentation: "https://grafana.com/docs/loki/latest/configure/#use-environment-variables-in-the-configuration",
        example: ("loki.yaml", "server:\n  http_listen_port: 8080\n"),
    },
    Format {
        program: "Filebeat and other Beats",
        languages: &[Yaml],
        names: &["filebeat*.yml", "metricbeat*.yml", "heartbeat*.yml"],
        marks: &[],
        advice: "write `${WEB_PORT:{port}}`",
        documentation: "https://www.elastic.co/docs/reference/beats/filebeat/using-environ-vars",
        example: ("filebeat.yml", "output.logstash:\n  hosts: ['localhost:8080']\n"),
    },
    Format {
        program: "Traefik's dynamic configuration",
        languages: &[Yaml, Toml],
        names: &[],
        marks: &["entryPoints", "routers"],
        advice: "Traefik reads its dynamic configuration as a Go template: write `{{ env \"WEB_PORT\" }}`",
        documentation: "https://doc.traefik.io/traefik/providers/file/#go-templating",
        example: (
            "dynamic.yml",
            "http:\n  routers:\n    web:\n      entryPoints: [web]\n  services:\n    web:\n      url: http://localhost:8080\n",
        ),
    },
    Format {
        program: "Traefik's static configuration",
        languages: &[Yaml, Toml],
        names: &[],
        marks: &["entryPoints"],
        advice: "Traefik reads its static configuration from one source and no variables in a file; give all of it as flags, this one as `--entryPoints.NAME.address=:${WEB_PORT:-{port}}`",
        documentation: "https://doc.traefik.io/traefik/getting-started/configuration-overview/",
        example: ("traefik.yml", "entryPoints:\n  web:\n    address: ':8080'\n"),
    },
    Format {
        program: "Envoy",
        languages: &[Yaml],
        names: &[],
        marks: &["static_resources:"],
        advice: "Envoy reads no variables; write the file with `envsubst '$WEB_PORT'`, or overlay this part with `--config-yaml`",
        documentation: "https://www.envoyproxy.io/docs/envoy/latest/operations/cli#cmdoption-config-yaml",
        example: (
            "envoy.yaml",
            "static_resources:\n  listeners:\n    - address:\n        socket_address: {address: 0.0.0.0, port_value: 8080}\n",
        ),
    },
    Format {
        program: "Rails",
        languages: &[Yaml],
        names: &["database.yml", "cable.yml", "sidekiq.yml", "mongoid.yml", "storage.yml", "cache.yml"],
        marks: &[],
        advice: "Rails fills in ERB: write `<%= ENV.fetch(\"WEB_PORT\", {port}) %>`",
        documentation: "https://guides.rubyonrails.org/configuring.html#configuring-a-database",
        example: ("database.yml", "development:\n  adapter: postgresql\n  port: 8080\n"),
    },
    Format {
        program: "Consul",
        languages: &[Hcl],
        names: &["consul*.hcl"],
        marks: &["ports {"],
        advice: "HCL of Consul reads no variables; give the port to `consul agent`, such as `-http-port=$WEB_PORT`",
        documentation: "https://developer.hashicorp.com/consul/docs/reference/cli/agent",
        example: ("consul.hcl", "ports {\n  http = 8080\n}\n"),
    },
    Format {
        program: "Nomad",
        languages: &[Hcl],
        names: &["*.nomad", "*.nomad.hcl"],
        marks: &[],
        advice: "declare `variable \"web_port\"` with the default {port}, use `var.web_port` here, and set `NOMAD_VAR_web_port=$WEB_PORT`",
        documentation: "https://developer.hashicorp.com/nomad/docs/reference/hcl2/variables",
        example: (
            "web.nomad.hcl",
            "job \"web\" {\n  group \"web\" {\n    network {\n      port \"http\" {\n        static = 8080\n      }\n    }\n  }\n}\n",
        ),
    },
    Format {
        program: "HOCON",
        languages: &[Conf],
        names: &["application*.conf", "reference*.conf"],
        marks: &[],
        advice: "keep this line, and write the same key with `${?WEB_PORT}` on the line below: it counts where the variable is set",
        documentation: "https://github.com/lightbend/config/blob/main/HOCON.md#optional-system-or-env-variable-overrides",
        example: ("application.conf", "shop {\n  port = 8080\n}\n"),
    },
    Format {
        program: "PHP",
        languages: &[Conf],
        names: &["php*.ini", "xdebug*.ini", "*xdebug.ini", "opcache.ini"],
        marks: &[],
        advice: "write `${WEB_PORT}`, which PHP fills in; since PHP 8.3 also `${WEB_PORT:-{port}}`",
        documentation: "https://www.php.net/manual/en/configuration.file.php",
        example: ("xdebug.ini", "xdebug.client_port = 8080\n"),
    },
    Format {
        program: "Supervisor",
        languages: &[Conf],
        names: &[],
        marks: &["[program:"],
        advice: "write `%(ENV_WEB_PORT)s`, and start supervisord with `port-manager run`: without the variable it does not start",
        documentation: "http://supervisord.org/configuration.html#environment-variables",
        example: (
            "supervisord.conf",
            "[program:web]\ncommand = web\n[inet_http_server]\nport = 127.0.0.1:8080\n",
        ),
    },
    Format {
        program: "uWSGI",
        languages: &[Conf],
        names: &[],
        marks: &["[uwsgi]"],
        advice: "write `$(WEB_PORT)`, and start uWSGI with `port-manager run`: the variable has no default here",
        documentation: "https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html#environment-variables",
        example: ("uwsgi.ini", "[uwsgi]\nhttp = 127.0.0.1:8080\n"),
    },
    Format {
        program: "Redis",
        languages: &[Conf],
        names: &["redis*.conf"],
        marks: &[],
        advice: "leave it as the default, and start it with `redis-server redis.conf --port ${WEB_PORT:-{port}}`",
        documentation: "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
        example: ("redis.conf", "port 8080\n"),
    },
    Format {
        program: "PostgreSQL",
        languages: &[Conf],
        names: &["postgresql*.conf"],
        marks: &[],
        advice: "leave it as the default, and start it with `postgres -p ${WEB_PORT:-{port}}`",
        documentation: "https://www.postgresql.org/docs/current/app-postgres.html",
        example: ("postgresql.conf", "port = 8080\n"),
    },
    Format {
        program: "Rocket",
        languages: &[Toml],
        names: &["Rocket.toml"],
        marks: &[],
        advice: "leave it as the default; `ROCKET_PORT=$WEB_PORT` overrides it",
        documentation: "https://rocket.rs/guide/v0.5/configuration/#environment-variables",
        example: ("Rocket.toml", "[default]\nport = 8080\n"),
    },
    Format {
        program: "Wrangler",
        languages: &[Toml],
        names: &["wrangler.toml"],
        marks: &[],
        advice: "leave it as the default, and start it with `wrangler dev --port ${WEB_PORT:-{port}}`",
        documentation: "https://developers.cloudflare.com/workers/wrangler/commands/#dev",
        example: ("wrangler.toml", "[dev]\nport = 8080\n"),
    },
    Format {
        program: "Streamlit",
        languages: &[Toml],
        names: &[],
        marks: &["[server]", "headless"],
        advice: "leave it as the default; `STREAMLIT_SERVER_PORT=$WEB_PORT` overrides it",
        documentation: "https://docs.streamlit.io/develop/concepts/configuration/options",
        example: ("config.toml", "[server]\nheadless = true\nport = 8080\n"),
    },
    Format {
        program: "Grafana",
        languages: &[Conf],
        names: &["grafana*.ini"],
        marks: &[],
        advice: "leave it as the default; `GF_SERVER_HTTP_PORT=$WEB_PORT` overrides it, and other keys in the same way, `GF_SECTION_KEY`",
        documentation: "https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#override-configuration-with-environment-variables",
        example: ("grafana.ini", "[server]\nhttp_port = 8080\n"),
    },
    Format {
        program: "Kafka",
        languages: &[Properties],
        names: &["server*.properties", "broker*.properties"],
        marks: &["broker"],
        advice: "Kafka reads no variables here; start it with `kafka-server-start.sh server.properties --override listeners=PLAINTEXT://:$WEB_PORT`",
        documentation: "https://kafka.apache.org/documentation/#brokerconfigs",
        example: ("server.properties", "broker.id=0\nkafka.port=8080\n"),
    },
    Format {
        program: "Maven",
        languages: &[Xml],
        names: &["pom.xml"],
        marks: &[],
        advice: "write `${env.WEB_PORT}`, which has no default, or put the number into a property and give `-Dweb.port=$WEB_PORT`",
        documentation: "https://maven.apache.org/pom.html#Properties",
        example: ("pom.xml", "<project><properties><web.port>8080</web.port></properties></project>\n"),
    },
    Format {
        program: "Logback",
        languages: &[Xml],
        names: &["logback*.xml"],
        marks: &[],
        advice: "write `${WEB_PORT:-{port}}`",
        documentation: "https://logback.qos.ch/manual/configuration.html#defaultValuesForVariables",
        example: ("logback.xml", "<configuration><appender><port>8080</port></appender></configuration>\n"),
    },
    Format {
        program: "Log4j 2",
        languages: &[Xml],
        names: &["log4j2*.xml"],
        marks: &[],
        advice: "write `${env:WEB_PORT:-{port}}`",
        documentation: "https://logging.apache.org/log4j/2.x/manual/lookups.html#EnvironmentLookup",
        example: ("log4j2.xml", "<Configuration><Socket port=\"8080\"/></Configuration>\n"),
    },
];

/// The format of a file.
pub(super) fn of(site: &Site<'_>) -> Option<&'static Format> {
    let applies = |format: &Format| {
        format.languages.contains(&site.language)
            && (format.names.is_empty() || format.names.iter().any(|name| is_like(site.file_name, name)))
            && format.marks.iter().all(|mark| site.text.contains(mark))
    };
    site.format(|| FORMATS.iter().position(applies)).map(|index| &FORMATS[index])
}

/// The keys that lead to a place in JSON, as the environment of .NET spells them: `Kestrel__Endpoints__Http__Url`.
pub(super) fn path(text: &str, span: &Range<usize>) -> String {
    let mut keys: Vec<String> = Vec::new();
    // What was read last, and may be a key.
    let mut last = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if at >= span.start {
            break;
        }
        match character {
            '"' => {
                last.clear();
                while let Some((at, character)) = characters.next() {
                    match character {
                        '"' => break,
                        // The place itself is in this text.
                        _ if at >= span.start => return keys.join("__"),
                        '\\' => {
                            characters.next();
                        }
                        character => last.push(character),
                    }
                }
            }
            '/' if characters.peek().is_some_and(|(_, next)| *next == '/') => {
                characters.by_ref().find(|(_, character)| *character == '\n');
            }
            ':' => {
                keys.pop();
                keys.push(std::mem::take(&mut last));
            }
            '{' => keys.push(String::new()),
            '[' => keys.push("0".to_owned()),
            '}' | ']' => {
                keys.pop();
            }
            ',' => {
                if let Some(index) =
                    keys.last_mut().and_then(|key| Some((key.parse::<usize>().ok()?.saturating_add(1), key)))
                {
                    *index.1 = index.0.to_string();
                }
            }
            _ => {}
        }
    }
    keys.join("__")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::{Meaning, SyntaxCache, analyze};
    use crate::rewrite::by_hand;

    #[test]
    fn every_format_is_recognised_and_advised_by_its_own_row() {
        for format in FORMATS {
            let (name, text) = format.example;
            let language = Language::of_path(Path::new(name)).unwrap();
            let site = Site::new(name, text, language);
            let recognised = of(&site).map(|format| format.program);
            assert_eq!(recognised, Some(format.program), "{name}");
            assert!(format.documentation.starts_with("http"), "{}", format.program);
            let analysis = analyze(text, language, &mut SyntaxCache::default());
            let advice = analysis.occurrences.iter().find_map(|occurrence| match &occurrence.meaning {
                Meaning::Literal(literal) => {
                    by_hand(&site, literal, &occurrence.span, Some(&"DB_PORT".parse().unwrap()))
                }
                _ => None,
            });
            let advice = advice.unwrap_or_else(|| panic!("{}: no advice", format.program));
            let reads = format.advice.contains("WEB_PORT");
            assert_eq!(advice.contains("DB_PORT"), reads, "{}: {advice}", format.program);
            assert!(!advice.contains("WEB_PORT") && !advice.contains("{p"), "{advice}");
        }
    }

    #[test]
    fn keys_of_json_lead_to_a_place() {
        for (text, expected) in [
            (
                "{\"Kestrel\": {\"Endpoints\": {\"Http\": {\"Url\": \"http://localhost:8080\"}}}}",
                "Kestrel__Endpoints__Http__Url",
            ),
            (
                "{\"A\": {\"B\": 1}, // {\n\"ConnectionStrings\": {\"X\": \"a\", \"Default\": \"Server=localhost,8080\"}}",
                "ConnectionStrings__Default",
            ),
            ("{\"Hosts\": [\"a:1\", \"localhost:8080\"]}", "Hosts__1"),
            ("{\"Port\": 8080}", "Port"),
        ] {
            let start = text.find("8080").unwrap();
            assert_eq!(path(text, &(start..start + 4)), expected, "{text}");
        }
    }
}
