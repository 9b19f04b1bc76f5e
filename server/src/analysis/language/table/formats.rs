//! The rows of formats, scripts of shells among them.

use super::{Language, Reader, Row};
use crate::analysis::embedded::heredoc;
use crate::analysis::language::files::{Files, NO_FILES, by_extension, by_name};
use crate::analysis::language::files::{is_drop_in, is_kept_as_env, is_variant_of_conf};
use crate::analysis::languages::{
    batch, caddyfile, compose, conf, dockerfile, env, hcl, html, http, json, makefile, powershell, procfile,
    shell, systemd, toml, xml, yaml,
};
use crate::grammar::Grammar;

/// In the order of the enum, behind the programming languages.
pub(super) static ROWS: &[Row] = &[
    Row {
        language: Language::Compose,
        name: "Compose",
        files: Files {
            names: &[
                "compose.y*ml",
                "compose.*.y*ml",
                "compose-*.y*ml",
                "docker-compose*.y*ml",
                "docker-stack*.y*ml",
                "*-compose.y*ml",
                "*.compose.y*ml",
            ],
            // Process Compose starts processes of this machine.
            other_names: &["process-compose*"],
            ignores_case: true,
            ..NO_FILES
        },
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Tree {
            grammar: Grammar::Yaml,
            plain: |_| None,
            is_candidate: yaml::is_candidate,
            read: compose::read,
            embedded: None,
        },
    },
    Row {
        language: Language::Dockerfile,
        name: "Dockerfile",
        files: Files {
            names: &[
                "dockerfile",
                "dockerfile.*",
                "dockerfile-*",
                "dockerfile_*",
                "*.dockerfile",
                "*-dockerfile",
                "*_dockerfile",
                "containerfile",
                "containerfile.*",
                "containerfile-*",
                "containerfile_*",
                "*.containerfile",
                "*-containerfile",
                "*_containerfile",
            ],
            ignores_case: true,
            ..by_extension(&["dockerfile", "containerfile"])
        },
        interpreters: &[],
        // A `#` begins a comment only where the line begins.
        comment: None,
        reader: Reader::Templates(dockerfile::read),
    },
    Row {
        language: Language::Json,
        name: "JSON",
        files: by_extension(&["json", "jsonc", "json5"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Tree {
            grammar: Grammar::Json,
            plain: json::plain,
            is_candidate: json::is_candidate,
            read: json::read,
            embedded: None,
        },
    },
    Row {
        language: Language::Shell,
        name: "Shell",
        files: by_extension(&["sh", "bash", "zsh", "ksh", "bats"]),
        interpreters: &["sh", "bash", "zsh", "ksh", "dash"],
        comment: Some("#"),
        reader: Reader::Tree {
            grammar: Grammar::Bash,
            plain: |_| None,
            is_candidate: shell::is_candidate,
            read: shell::read,
            embedded: Some(heredoc::files),
        },
    },
    Row {
        language: Language::Makefile,
        name: "Makefile",
        files: Files {
            names: &[
                "Makefile",
                "makefile",
                "GNUmakefile",
                "Makefile.*",
                "justfile",
                "Justfile",
                ".justfile",
            ],
            ..by_extension(&["mk", "mak", "just"])
        },
        interpreters: &["make"],
        comment: Some("#"),
        reader: Reader::Lines(makefile::read),
    },
    Row {
        language: Language::Env,
        name: ".env",
        files: Files {
            names: &[
                ".env",
                ".env-*",
                ".env_*",
                "*.env.*",
                ".envrc",
                ".envrc.*",
                ".flaskenv",
                ".dev.vars",
                ".dev.vars.*",
                "env-example*",
                "env_example*",
                "env.example*",
                "env-sample*",
                "env_sample*",
                "env.sample*",
                "env-template*",
                "env.dist",
                "env.template",
                "env.tmpl",
                "env.tpl",
                "env.j2",
                "env.erb",
            ],
            // `.env-cmdrc` is JSON.
            other_names: &[
                ".env-cmdrc",
                "*.ts",
                "*.js",
                "*.json",
                "*.yml",
                "*.yaml",
                "*.sh",
                "*.py",
                "*.rb",
                "*.php",
                "*.go",
                "*.md",
            ],
            is_at: is_kept_as_env,
            ..by_extension(&["env"])
        },
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(env::read),
    },
    Row {
        language: Language::PortsEnv,
        name: ".ports.env",
        files: by_name(&[".ports.env"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(env::read_ports_env),
    },
    Row {
        language: Language::Yaml,
        name: "YAML",
        // foreman's options, and GraphQL's configuration, which may be JSON as well: YAML reads both.
        files: Files { names: &[".foreman", ".graphqlrc"], ..by_extension(&["yml", "yaml"]) },
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Tree {
            grammar: Grammar::Yaml,
            plain: |_| None,
            is_candidate: yaml::is_candidate,
            read: yaml::read,
            embedded: Some(yaml::files),
        },
    },
    Row {
        language: Language::Toml,
        name: "TOML",
        files: by_extension(&["toml"]),
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Templates(toml::read),
    },
    Row {
        language: Language::Conf,
        name: "configuration",
        files: Files {
            names: &["conf", "config", "sshd_config"],
            is_named: is_variant_of_conf,
            ..by_extension(&["ini", "conf", "cfg", "cnf", "config", "vhost", "nginx"])
        },
        interpreters: &[],
        // A `#` begins a comment in all of them only where the line begins.
        comment: None,
        reader: Reader::Templates(conf::read),
    },
    Row {
        language: Language::Properties,
        name: "properties",
        files: by_extension(&["properties"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(conf::read),
    },
    Row {
        language: Language::Xml,
        name: "XML",
        files: by_extension(&["xml", "csproj", "fsproj", "vbproj", "props", "targets", "pubxml", "jmx"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(xml::read),
    },
    Row {
        language: Language::Html,
        name: "HTML",
        files: by_extension(&["html", "htm"]),
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(html::read),
    },
    Row {
        language: Language::Http,
        name: "HTTP requests",
        files: Files { names: &[".restfile"], ..by_extension(&["http", "rest", "restfile"]) },
        interpreters: &[],
        comment: None,
        reader: Reader::Lines(http::read),
    },
    Row {
        language: Language::Procfile,
        name: "Procfile",
        files: Files { names: &["Procfile", "Procfile.*"], ..by_extension(&["procfile"]) },
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(procfile::read),
    },
    Row {
        language: Language::PowerShell,
        name: "PowerShell",
        files: by_extension(&["ps1", "psm1"]),
        interpreters: &["pwsh"],
        comment: Some("#"),
        reader: Reader::Templates(powershell::read),
    },
    Row {
        language: Language::Batch,
        name: "Windows batch",
        files: by_extension(&["bat", "cmd"]),
        interpreters: &[],
        // `& rem` behind a command is one, but what stands before it keeps the white space.
        comment: None,
        reader: Reader::Templates(batch::read),
    },
    Row {
        language: Language::Hcl,
        name: "HCL",
        files: by_extension(&["tf", "hcl", "nomad", "tfvars", "tofu"]),
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Templates(hcl::read),
    },
    Row {
        language: Language::Systemd,
        name: "systemd units",
        files: Files { is_at: is_drop_in, ..by_extension(&["service", "socket", "container"]) },
        interpreters: &[],
        comment: None,
        reader: Reader::Templates(systemd::read),
    },
    Row {
        language: Language::Caddyfile,
        name: "Caddyfile",
        files: Files { names: &["Caddyfile", "Caddyfile.*"], ..by_extension(&["caddyfile"]) },
        interpreters: &[],
        comment: Some("#"),
        reader: Reader::Lines(caddyfile::read),
    },
];
