//! Which files are written in which language, by their names.

use std::path::Path;

use crate::pattern::is_like;

/// Which files are written in a language.
pub(super) struct Files {
    /// Endings behind the last dot.
    pub(super) extensions: &'static [&'static str],
    /// Names that say it whatever their ending is. A `*` stands for any text.
    pub(super) names: &'static [&'static str],
    /// Names that take more than a pattern to tell.
    pub(super) is_named: fn(&str) -> bool,
    /// Places that say it: what a file is called in them, or what they are called themselves.
    pub(super) is_at: fn(&Path) -> bool,
}

/// Files that nothing tells.
pub(super) const NO_FILES: Files =
    Files { extensions: &[], names: &[], is_named: |_| false, is_at: |_| false };

pub(super) const fn by_extension(extensions: &'static [&'static str]) -> Files {
    Files { extensions, ..NO_FILES }
}

pub(super) const fn by_name(names: &'static [&'static str]) -> Files {
    Files { names, ..NO_FILES }
}

impl Files {
    /// Whether a file's name says it, whatever its ending is.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.names.iter().any(|pattern| is_like(name, pattern)) || (self.is_named)(name)
    }
}

pub(super) fn is_compose(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    let stem = stem.to_ascii_lowercase();
    // Process Compose starts processes of this machine.
    if stem.starts_with("process-compose") {
        return false;
    }
    stem == "compose"
        || stem.starts_with("docker-compose")
        || stem.starts_with("docker-stack")
        || stem.starts_with("compose.")
        || stem.starts_with("compose-")
        || stem.ends_with("-compose")
        || stem.ends_with(".compose")
}

pub(super) fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["dockerfile", "containerfile"].iter().any(|word| {
        lower == *word
            || lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || lower.strip_suffix(word).is_some_and(|rest| rest.ends_with(['.', '-', '_']))
    })
}

pub(super) fn is_conf(name: &str) -> bool {
    matches!(name, "conf" | "config" | "sshd_config")
        // `nginx.conf.default`, `app.conf.prod`: what is behind it tells the variant apart.
        || [".conf.", ".cnf."].iter().any(|ending| {
            name.rsplit_once(ending).is_some_and(|(_, variant)| VARIANTS.contains(&variant))
        })
}

/// What people call variants of a file of settings.
const VARIANTS: &[&str] = &[
    "default",
    "local",
    "dev",
    "development",
    "test",
    "staging",
    "prod",
    "production",
    "docker",
    "ssl",
    "http",
    "https",
    "nossl",
    "sp",
    "nosp",
    "new",
    "old",
    "orig",
];

/// Endings of what a program makes files of.
const TEMPLATES: &[&str] = &[
    ".template",
    ".tmpl",
    ".tpl",
    ".gotmpl",
    ".ctmpl",
    ".j2",
    ".jinja",
    ".jinja2",
    ".erb",
    ".ejs",
    ".hbs",
    ".mustache",
    ".in",
];

/// Endings of what people make files of.
const EXAMPLES: &[&str] = &[".example", ".sample", ".dist"];

/// The name of what a template or an example makes, `config.yml` of `config.yml.j2`.
pub(super) fn without_template(name: &str) -> Option<&str> {
    TEMPLATES
        .iter()
        .chain(EXAMPLES)
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|rest| !rest.is_empty())
}

/// Whether a program makes another file of the one of this name.
pub(super) fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|ending| name.ends_with(ending))
}

/// Names of environment files without a dot in front, with what may follow: `env-example-postgres`.
const ENVIRONMENTS: &[&str] =
    &["env-example", "env_example", "env.example", "env-sample", "env_sample", "env.sample", "env-template"];

pub(super) fn is_env(name: &str) -> bool {
    let is_script = [".ts", ".js", ".json", ".yml", ".yaml", ".sh", ".py", ".rb", ".php", ".go", ".md"]
        .iter()
        .any(|ending| name.ends_with(ending));
    // `.env-cmdrc` is JSON.
    let is_joined = [".env-", ".env_"].iter().any(|start| name.starts_with(start)) && name != ".env-cmdrc";
    let is_kind =
        |rest: &str| rest.starts_with(['-', '_']) && !rest.contains('.') || matches!(rest, "" | ".txt");
    matches!(name, ".env" | ".envrc" | ".flaskenv" | ".dev.vars")
        || ENVIRONMENTS.iter().any(|start| name.strip_prefix(start).is_some_and(is_kind))
        || without_template(name).is_some_and(|name| matches!(name, "env" | ".envrc" | ".dev.vars"))
        || ((name.contains(".env.") || is_joined) && !is_script)
}

/// Whether it lies where cookiecutter keeps variables, `.envs/.local/.django`.
pub(super) fn is_kept_as_env(path: &Path) -> bool {
    path.extension().is_none()
        && path.parent().is_some_and(|parent| parent.iter().any(|directory| directory == ".envs"))
}

/// Whether it is a site of nginx or Apache, whose names say nothing or end as a domain does: `sites-enabled/example.com`,
/// `nginx/conf.d/default`.
pub(super) fn is_site(path: &Path) -> bool {
    let Some(parent) = path.parent() else { return false };
    let directory = parent.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    matches!(directory, "sites-available" | "sites-enabled")
        || (path.extension().is_none()
            && matches!(directory, "conf.d" | "snippets")
            && parent.iter().any(|directory| directory == "nginx"))
}

/// Whether it is part of a unit of systemd: `web.service.d/override.conf`.
pub(super) fn is_drop_in(path: &Path) -> bool {
    let directory = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    path.extension().is_some_and(|extension| extension == "conf")
        && directory.is_some_and(|name| {
            [".service.d", ".socket.d", ".container.d"].iter().any(|ending| name.ends_with(ending))
        })
}

/// Files that a program writes and nobody edits, whatever their ending is.
pub(super) fn is_generated(name: &str) -> bool {
    matches!(
        name,
        "package-lock.json"
            | "npm-shrinkwrap.json"
            | "composer.lock"
            | "tsconfig.json"
            | "pnpm-lock.yaml"
            | "Cargo.toml"
            | "pyproject.toml"
            | "go.mod"
    ) || (name.starts_with("tsconfig.") && name.ends_with(".json"))
        || name.ends_with(".lock.json")
        || name.ends_with(".min.js")
        || name.ends_with(".pb.go")
        || name.ends_with("_pb2.py")
        || name.ends_with(".d.ts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_template_is_the_one_that_it_makes() {
        assert_eq!(without_template("config.yml.j2"), Some("config.yml"));
        assert_eq!(without_template("config.yml.example"), Some("config.yml"));
        assert_eq!(without_template("config.yml"), None);
        assert_eq!(without_template(".example"), None);
        assert!(is_template("config.yml.j2") && !is_template("config.yml.example"));
    }

    #[test]
    fn a_file_of_variables_is_no_script_that_is_called_like_one() {
        for name in
            [".env", ".env.local", "app.env.sample", ".env-sample", "env-example_postgres", ".envrc.example"]
        {
            assert!(is_env(name), "{name}");
        }
        for name in ["env", "env.ts", "load.env.js", ".env-cmdrc", "env-example.md", "environment"] {
            assert!(!is_env(name), "{name}");
        }
    }

    #[test]
    fn a_compose_file_may_have_a_variant_in_its_name() {
        for name in [
            "compose.yaml",
            "docker-compose.dev.yml",
            "web-compose.yml",
            "web.compose.yml",
            "docker-stack.yml",
        ] {
            assert!(is_compose(name), "{name}");
        }
        for name in ["process-compose.yaml", "compose.json", "composer.yml", "services.yml"] {
            assert!(!is_compose(name), "{name}");
        }
    }

    #[test]
    fn a_dockerfile_may_have_a_name_on_either_side() {
        for name in ["Dockerfile", "Dockerfile.dev", "web.dockerfile", "Containerfile-dev"] {
            assert!(is_dockerfile(name), "{name}");
        }
        assert!(!is_dockerfile("Dockerfiles") && !is_dockerfile("mydockerfile"));
    }

    #[test]
    fn a_file_is_of_a_server_by_its_name_or_place() {
        assert!(is_conf("nginx.conf.default") && !is_conf("nginx.conf.md"));
        assert!(
            is_site(Path::new("sites-enabled/example.com")) && is_site(Path::new("nginx/conf.d/default"))
        );
        assert!(!is_site(Path::new("php/conf.d/default")) && !is_site(Path::new("nginx/conf.d/a.md")));
        assert!(is_drop_in(Path::new("web.service.d/a.conf")) && !is_drop_in(Path::new("web.d/a.conf")));
        assert!(is_kept_as_env(Path::new(".envs/.local/.web")) && !is_kept_as_env(Path::new(".envs/a.md")));
    }

    #[test]
    fn what_a_program_writes_is_generated() {
        for name in ["package-lock.json", "tsconfig.app.json", "a.min.js", "a.pb.go", "a_pb2.py", "a.d.ts"] {
            assert!(is_generated(name), "{name}");
        }
        assert!(!is_generated("package.json") && !is_generated("a.ts"));
    }
}
