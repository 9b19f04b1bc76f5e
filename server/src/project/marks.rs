//! Files whose names tell that a directory holds a program of its own. Nothing of them is read.

use std::fs;
use std::path::Path;

use crate::analysis::{FileAt, Language, Packs, Runtime};

/// Manifests. A name with a `*` in front ends like that.
const MANIFESTS: [&str; 31] = [
    "*.cabal",
    "*.csproj",
    "*.fsproj",
    "*.gemspec",
    "*.sln",
    "*.vbproj",
    "Cargo.toml",
    "Gemfile",
    "Package.swift",
    "Pipfile",
    "Project.toml",
    "build.gradle",
    "build.gradle.kts",
    "build.sbt",
    "build.zig",
    "composer.json",
    "deno.json",
    "deno.jsonc",
    "deps.edn",
    "dune-project",
    "gleam.toml",
    "go.mod",
    "mix.exs",
    "package.json",
    "pom.xml",
    "project.clj",
    "pubspec.yaml",
    "pyproject.toml",
    "requirements.txt",
    "setup.py",
    "stack.yaml",
];

/// Files that start programs, wherever these lie.
const RUNNERS: [&str; 8] = [
    "GNUmakefile",
    "Justfile",
    "Makefile",
    "Procfile",
    "Procfile.dev",
    "Taskfile.yml",
    "justfile",
    "makefile",
];

/// The words that say that a file is an example of another.
const OF_EXAMPLES: &[&str] = &["example", "sample", "template", "dist"];

/// The name of the file that an example of it is for: `.env` for `.env.example` and for `env-example-relational`; `None` for what is
/// not an example.
pub(crate) fn exemplified(name: &str) -> Option<&str> {
    let words = || name.split(['.', '-', '_']);
    let by_end = OF_EXAMPLES.iter().find_map(|word| name.strip_suffix(word)?.strip_suffix('.'));
    let is_env = words().any(|word| word == "env") && words().any(|word| OF_EXAMPLES.contains(&word));
    by_end.or_else(|| is_env.then_some(".env"))
}

/// Whether Process Compose reads a file of that name, which starts processes of this machine.
pub(crate) fn is_process_compose(name: &str) -> bool {
    name.starts_with("process-compose")
}

/// What the names of a directory's files tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// It has a manifest: `package.json`, `go.mod`.
    pub(super) manifest: bool,
    /// It has a compose file.
    pub(super) compose: bool,
    /// It has a file that starts programs: `Makefile`, `Procfile`.
    pub(super) runner: bool,
}

impl Marks {
    /// Those of a directory; none of one that cannot be read.
    pub(super) fn of(directory: &Path) -> Self {
        let mut marks = Self::default();
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            if let Some(name) = entry.file_name().to_str() {
                marks.add(name);
            }
        }
        marks
    }

    /// Whether the directory holds a program of its own.
    pub(super) fn is_program(self) -> bool {
        self.manifest || self.compose
    }

    /// Whether programs are started from the directory.
    pub(super) fn is_start(self) -> bool {
        self.is_program() || self.runner
    }

    fn add(&mut self, name: &str) {
        self.manifest |= is_manifest(name);
        self.compose |= is_compose_file(name);
        self.runner |= RUNNERS.contains(&name);
    }
}

/// Whether a file of that name is a manifest.
pub(super) fn is_manifest(name: &str) -> bool {
    MANIFESTS.iter().any(|known| match known.strip_prefix('*') {
        Some(end) => name.ends_with(end),
        None => name == *known,
    })
}

/// Whether a file's name is a compose file's that is used on this machine: `compose.yaml`,
/// `docker-compose.dev.yml`, but not `compose.prod.yaml`.
pub(super) fn is_compose_file(name: &str) -> bool {
    let runtime = || {
        let language = Language::Compose.name();
        Packs::built_in().files.runtime(FileAt { path: Path::new(name), text: "", language, beside: &[] })
    };
    Language::Compose.has_name(name) && runtime().is_none_or(Runtime::is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_known_by_its_name() {
        for (name, expected) in [
            (".env.example", Some(".env")),
            ("settings.php.dist", Some("settings.php")),
            (".env.example.complete", Some(".env")),
            ("env-example-relational", Some(".env")),
            ("sample.env", Some(".env")),
            (".env.local.sample", Some(".env.local")),
            (".env", None),
            (".env.production", None),
            ("example.js", None),
        ] {
            assert_eq!(exemplified(name), expected, "{name}");
        }
    }

    #[test]
    fn names_tell_what_a_directory_holds() {
        let marks = |name: &str| {
            let mut marks = Marks::default();
            marks.add(name);
            (marks.manifest, marks.compose, marks.runner)
        };
        for name in ["package.json", "Shop.csproj", "build.gradle.kts", "go.mod"] {
            assert_eq!(marks(name), (true, false, false), "{name}");
        }
        for name in ["compose.yaml", "docker-compose.dev.yml", "shop-compose.yaml"] {
            assert_eq!(marks(name), (false, true, false), "{name}");
        }
        for name in ["Makefile", "Procfile"] {
            assert_eq!(marks(name), (false, false, true), "{name}");
        }
        for name in [
            "package-lock.json",
            "compose.prod.yaml",
            "docker-compose-staging.yml",
            "compose.test.yaml",
            "docker-compose.ci.yml",
            "docker-stack.yml",
            "process-compose.yaml",
            "README.md",
            "csproj",
        ] {
            assert_eq!(marks(name), (false, false, false), "{name}");
        }
    }
}
