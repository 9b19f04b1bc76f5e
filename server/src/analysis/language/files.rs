//! Which files are written in which language, by their names.

use std::path::Path;

use crate::pattern::is_like;

/// Which files are written in a language.
pub(super) struct Files {
    /// Endings behind the last dot.
    pub(super) extensions: &'static [&'static str],
    /// Names that say it whatever their ending is. A `*` stands for any text.
    pub(super) names: &'static [&'static str],
    /// Names that do not, although one of the others is like them.
    pub(super) other_names: &'static [&'static str],
    /// Whether it does not matter how names are spelled.
    pub(super) ignores_case: bool,
    /// Names that take more than a pattern to tell.
    pub(super) is_named: fn(&str) -> bool,
    /// Places that say it: what a file is called in them, or what they are called themselves.
    pub(super) is_at: fn(&Path) -> bool,
}

/// Files that nothing tells.
pub(super) const NO_FILES: Files = Files {
    extensions: &[],
    names: &[],
    other_names: &[],
    ignores_case: false,
    is_named: |_| false,
    is_at: |_| false,
};

pub(super) const fn by_extension(extensions: &'static [&'static str]) -> Files {
    Files { extensions, ..NO_FILES }
}

pub(super) const fn by_name(names: &'static [&'static str]) -> Files {
    Files { names, ..NO_FILES }
}

impl Files {
    /// Whether a file's name says it, whatever its ending is.
    pub(super) fn has_name(&self, name: &str) -> bool {
        let lower;
        let name = match self.ignores_case && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => {
                lower = name.to_ascii_lowercase();
                lower.as_str()
            }
            false => name,
        };
        let is_any = |patterns: &[&str]| patterns.iter().any(|pattern| is_like(name, pattern));
        (is_any(self.names) || (self.is_named)(name)) && !is_any(self.other_names)
    }
}

/// Whether the name is that of a variant of a configuration, which is told apart behind the ending: `nginx.conf.default`.
pub(super) fn is_variant_of_conf(name: &str) -> bool {
    let is_variant = |(_, variant): (&str, &str)| VARIANTS.contains(&variant);
    [".conf.", ".cnf."].iter().any(|ending| name.rsplit_once(ending).is_some_and(is_variant))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Language;

    /// Checks that files of these names are in the language, and those not.
    fn names(language: Language, names: &[&str], others: &[&str]) {
        for name in names {
            assert!(language.has_name(name), "{name}");
        }
        for name in others {
            assert!(!language.has_name(name), "{name}");
        }
    }

    #[test]
    fn a_file_of_variables_is_no_script_that_is_called_like_one() {
        names(
            Language::Env,
            &[
                ".env",
                ".env.local",
                "app.env.sample",
                ".env-sample",
                "env-example_postgres",
                ".envrc",
                "env.dist",
            ],
            &["env", "env.ts", "load.env.js", ".env-cmdrc", "env-example.md", "environment"],
        );
    }

    #[test]
    fn a_compose_file_may_have_a_variant_in_its_name() {
        names(
            Language::Compose,
            &[
                "compose.yaml",
                "docker-compose.dev.yml",
                "web-compose.yml",
                "web.compose.yml",
                "Docker-Stack.yml",
            ],
            &["process-compose.yaml", "compose.json", "composer.yml", "services.yml"],
        );
    }

    #[test]
    fn a_dockerfile_may_have_a_name_on_either_side() {
        names(
            Language::Dockerfile,
            &["Dockerfile", "Dockerfile.dev", "web.dockerfile", "Containerfile-dev"],
            &["Dockerfiles", "mydockerfile"],
        );
    }

    #[test]
    fn a_file_is_of_a_server_by_its_name_or_place() {
        names(Language::Conf, &["nginx.conf.default", "sshd_config"], &["nginx.conf.md"]);
        assert!(
            is_site(Path::new("sites-enabled/example.com")) && is_site(Path::new("nginx/conf.d/default"))
        );
        assert!(!is_site(Path::new("php/conf.d/default")) && !is_site(Path::new("nginx/conf.d/a.md")));
        assert!(is_drop_in(Path::new("web.service.d/a.conf")) && !is_drop_in(Path::new("web.d/a.conf")));
        assert!(is_kept_as_env(Path::new(".envs/.local/.web")) && !is_kept_as_env(Path::new(".envs/a.md")));
    }
}
