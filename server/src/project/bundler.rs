//! Programs that bundle a package's code for browsers, and how a variable gets into what they build.
//!
//! A page has no environment. A bundler replaces a lookup in its code, `import.meta.env.VITE_API_PORT`, by the value that the
//! variable has where the bundler runs. Most read only variables with a prefix, so that no secret gets into a page by
//! accident. What is known of each bundler is one row.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::pattern::{Pattern, is_like, regex};
use crate::variable::Variable;
pub use rows::BUNDLERS;

/// A program that bundles code for browsers.
#[derive(Debug)]
pub struct Bundler {
    /// Its name, as its own documentation has it.
    pub name: &'static str,
    evidence: Evidence,
    /// How code in a page reads a variable; `None` where the bundler has no way for that.
    pub lookup: Option<PublicLookup>,
    /// Files of a package that run in Node all the same, unless they say `"use client"`: names, or paths below the package.
    server: &'static [&'static str],
    /// What to do by hand where the code cannot read a variable.
    advice: &'static str,
    /// The page of its documentation that says so.
    pub documentation: &'static str,
    /// A package that has it: its `package.json`, and the files beside that.
    #[cfg_attr(not(test), expect(dead_code, reason = "run as the row's test"))]
    example: (&'static str, &'static [&'static str]),
}

/// What tells that a package has a bundler.
#[derive(Debug)]
struct Evidence {
    /// It depends on one of these.
    dependencies: &'static [&'static str],
    /// A script starts one of these programs.
    programs: &'static [&'static str],
    /// It has a file of one of these names, in which `*` stands for any text.
    files: &'static [&'static str],
    /// Whether there must be a page as well: libraries and servers are built with the same program.
    needs_page: bool,
}

/// How code in a page reads a variable.
#[derive(Debug, Clone, Copy)]
pub struct PublicLookup {
    /// The object whose members are the variables.
    pub object: Object,
    /// Which variables the bundler reads.
    pub access: Access,
}

/// The object whose members are the variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// `process.env`, which is there in Node, too.
    ProcessEnv,
    /// `import.meta.env`, which only the bundler knows.
    ImportMetaEnv,
}

impl Object {
    /// As code writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ProcessEnv => "process.env",
            Self::ImportMetaEnv => "import.meta.env",
        }
    }
}

/// Which variables a bundler reads from its environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Those with this prefix, or with the one that an option of its configuration names.
    Prefix(&'static str, Option<&'static str>),
    /// All.
    All,
    /// Those that its configuration names.
    Declared,
}

/// The page that a package serves or builds.
pub(super) const PAGE: &str = "index.html";

/// Packages that draw a page.
const PAGE_LIBRARIES: &[&str] = &[
    "@angular/core",
    "alpinejs",
    "htmx.org",
    "jquery",
    "lit",
    "preact",
    "react-dom",
    "solid-js",
    "svelte",
    "vue",
];

/// What a package's files say about its bundler.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Package {
    /// The packages that it depends on.
    dependencies: BTreeSet<String>,
    /// Its scripts.
    scripts: Vec<String>,
    /// What the files say that configure bundlers, by name.
    files: BTreeMap<String, Configuration>,
    has_page: bool,
    /// The first row that fits: frameworks come before what they are built on.
    bundler: Option<&'static Bundler>,
}

/// What a file says that configures a bundler.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Configuration {
    /// The prefixes that its options name, by option; `None` where the option has another value than a text.
    prefixes: BTreeMap<String, Option<String>>,
    /// The port variables that it names.
    variables: BTreeSet<Variable>,
}

/// The bundler of a package, as the package has configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// The bundler.
    pub bundler: &'static Bundler,
    package: Arc<Package>,
}

/// Whether a bundler puts a variable of that name into pages by its prefix alone: `VITE_API_URL`.
pub(super) fn is_public(name: &str) -> bool {
    BUNDLERS.iter().filter_map(|row| row.lookup).any(|lookup| match lookup.access {
        Access::Prefix(prefix, _) => name.starts_with(prefix),
        Access::All | Access::Declared => false,
    })
}

/// Whether a file of that name says something about a bundler.
pub(super) fn is_telling(name: &str) -> bool {
    name == PAGE || BUNDLERS.iter().any(|row| row.evidence.has_file(name))
}

impl Package {
    /// Adds what its `package.json` says.
    pub(super) fn add_manifest(
        &mut self,
        dependencies: impl Iterator<Item = String>,
        scripts: impl Iterator<Item = String>,
    ) {
        self.dependencies.extend(dependencies);
        self.scripts.extend(scripts);
        self.has_page |= PAGE_LIBRARIES.iter().any(|library| self.dependencies.contains(*library));
        self.bundler = BUNDLERS.iter().find(|row| row.evidence.applies(self));
    }

    /// Adds a file that [tells](is_telling) something about a bundler.
    pub(super) fn add_file(&mut self, name: &str, text: &str) {
        match name {
            PAGE => self.has_page = true,
            _ => drop(self.files.insert(name.to_owned(), Configuration::of(text))),
        }
        self.bundler = BUNDLERS.iter().find(|row| row.evidence.applies(self));
    }

    /// Adds what another file of the same directory says.
    pub(super) fn extend(&mut self, other: &Self) {
        self.files.extend(other.files.iter().map(|(name, file)| (name.clone(), file.clone())));
        self.has_page |= other.has_page;
        self.add_manifest(other.dependencies.iter().cloned(), other.scripts.iter().cloned());
    }

    /// The package's bundler; `None` where it has none.
    pub(super) fn bundled(self: &Arc<Self>) -> Option<Bundled> {
        Some(Bundled { bundler: self.bundler?, package: Arc::clone(self) })
    }
}

impl Configuration {
    fn of(text: &str) -> Self {
        let prefixes = PREFIX_OPTION.captures_iter(text).map(|captures| {
            (captures["option"].to_owned(), captures.name("prefix").map(|prefix| prefix.as_str().to_owned()))
        });
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        let words = text.split(|character| !is_name(character)).filter(|word| word.contains("PORT"));
        let variables = words.filter_map(|word| word.parse().ok()).filter(Variable::is_port_name);
        Self { prefixes: prefixes.collect(), variables: variables.collect() }
    }
}

impl PartialEq for Bundler {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Bundler {}

impl Evidence {
    fn has_file(&self, name: &str) -> bool {
        self.files.iter().any(|pattern| is_like(name, pattern))
    }

    fn applies(&self, package: &Package) -> bool {
        let starts = |script: &String| {
            script.split([' ', '&', ';', '|', '"', '\'']).any(|word| self.programs.contains(&word))
        };
        let is_there = self.dependencies.iter().any(|name| package.dependencies.contains(*name))
            || package.scripts.iter().any(starts)
            || package.files.keys().any(|name| self.has_file(name));
        is_there && (!self.needs_page || package.has_page)
    }
}

/// `envPrefix: "APP_"`, `envPrefix: ["APP_", "VITE_"]`: the first.
static PREFIX_OPTION: Pattern = regex!(
    r#"(?P<option>\w*Prefix)["']?\s*:\s*(?P<value>\[?\s*(?:["'`](?P<prefix>[A-Za-z_][A-Za-z0-9_]*)["'`])?)"#
);

impl Bundled {
    /// The name under which a page reads a variable; `None` where no value would get there.
    #[must_use]
    pub fn public_name(&self, variable: &Variable) -> Option<Variable> {
        match self.bundler.lookup?.access {
            Access::Prefix(..) => format!("{}{variable}", self.prefix()?).parse().ok(),
            Access::All => Some(variable.clone()),
            Access::Declared => self.declares(variable).then(|| variable.clone()),
        }
    }

    /// The variable that is meant by a name with the bundler's prefix: `API_PORT` by `VITE_API_PORT`. `VITE_PORT` is the
    /// port of the bundler's own server.
    #[must_use]
    pub fn meant(&self, name: &Variable) -> Option<Variable> {
        let variable: Variable = name.as_str().strip_prefix(self.prefix()?)?.parse().ok()?;
        (variable.is_port_name() && variable.service_name().is_some()).then_some(variable)
    }

    /// Whether a file of the package runs in Node by its name or its path below the package.
    pub(super) fn runs_in_node(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let place = path.to_str().unwrap_or_default().replace('\\', "/");
        self.bundler.evidence.has_file(name)
            || self.bundler.server.iter().any(|pattern| match pattern.contains('/') {
                true => is_like(&place, pattern),
                false => is_like(name, pattern),
            })
    }

    /// What to do by hand where the code cannot read a variable. `WEB_PORT` stands for any, `{port}` for its number.
    #[must_use]
    pub fn advice(&self) -> String {
        match (self.bundler.lookup.map(|lookup| lookup.access), self.prefix()) {
            (Some(Access::Prefix(usual, _)), Some(prefix)) => self.bundler.advice.replace(usual, prefix),
            (Some(Access::Prefix(..)), None) => rows::RELATIVE.to_owned(),
            _ => self.bundler.advice.to_owned(),
        }
    }

    /// Whether code that looks variables up as the bundler wants it runs in Node as well.
    #[must_use]
    pub fn is_understood_by_node(&self) -> bool {
        self.bundler.lookup.is_some_and(|lookup| lookup.object == Object::ProcessEnv)
    }

    /// The prefix of the variables that a page can read; `None` where it has none or it is not known.
    fn prefix(&self) -> Option<&str> {
        let Access::Prefix(usual, option) = self.bundler.lookup?.access else { return None };
        let chosen = |option: &str| self.configurations().find_map(|it| it.prefixes.get(option));
        match option.and_then(chosen) {
            Some(prefix) => prefix.as_deref(),
            None => Some(usual),
        }
    }

    fn declares(&self, variable: &Variable) -> bool {
        self.configurations().any(|configuration| configuration.variables.contains(variable))
    }

    fn configurations(&self) -> impl Iterator<Item = &Configuration> {
        self.package.files.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(manifest: &str, files: &[(&str, &str)]) -> Arc<Package> {
        let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap();
        let keys = |key: &str| -> Vec<String> {
            manifest[key].as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
        };
        let values = |key: &str| -> Vec<String> {
            let values = manifest[key].as_object().map(|object| object.values()).into_iter().flatten();
            values.map(|value| value.as_str().unwrap().to_owned()).collect()
        };
        let mut package = Package::default();
        let dependencies = keys("dependencies").into_iter().chain(keys("devDependencies"));
        package.add_manifest(dependencies, values("scripts").into_iter());
        for (name, text) in files {
            assert!(is_telling(name), "{name}");
            package.add_file(name, text);
        }
        Arc::new(package)
    }

    fn name(package: &Arc<Package>) -> Option<&'static str> {
        package.bundled().map(|bundled| bundled.bundler.name)
    }

    #[test]
    fn every_row_is_found_in_its_example_and_has_a_page() {
        for row in BUNDLERS {
            let (manifest, files) = row.example;
            let files: Vec<(&str, &str)> =
                files.iter().filter(|name| is_telling(name)).map(|name| (*name, "")).collect();
            assert_eq!(name(&package(manifest, &files)), Some(row.name));
            assert_eq!(row.documentation.is_empty(), row.name == "another bundler", "{}", row.name);
        }
    }

    #[test]
    fn a_library_or_server_that_is_bundled_is_no_page() {
        for manifest in [
            r#"{"dependencies": {"express": "5"}, "devDependencies": {"webpack": "5"}}"#,
            r#"{"devDependencies": {"vite": "8", "vitest": "4"}}"#,
            r#"{"scripts": {"build": "esbuild src/index.ts"}}"#,
        ] {
            assert_eq!(name(&package(manifest, &[])), None, "{manifest}");
        }
        assert_eq!(
            name(&package(r#"{"scripts": {"dev": "vite --port 5173"}}"#, &[("index.html", "")])),
            Some("Vite")
        );
    }

    fn public_name(package: &Arc<Package>, variable: &str) -> Option<String> {
        Some(package.bundled()?.public_name(&variable.parse().unwrap())?.to_string())
    }

    #[test]
    fn a_prefix_is_the_one_of_the_configuration() {
        let vite = r#"{"dependencies": {"react-dom": "19"}}"#;
        for (configuration, expected) in [
            ("export default {}", Some("VITE_API_PORT")),
            ("export default { envPrefix: 'APP_' }", Some("APP_API_PORT")),
            ("export default { envPrefix: [\"APP_\", \"VITE_\"] }", Some("APP_API_PORT")),
            ("export default { envPrefix: prefix() }", None),
        ] {
            let package = package(vite, &[("vite.config.ts", configuration)]);
            assert_eq!(public_name(&package, "API_PORT").as_deref(), expected, "{configuration}");
        }
    }

    #[test]
    fn webpack_has_only_what_its_configuration_names() {
        let manifest = r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"webpack": "5"}}"#;
        let text = "plugins: [new webpack.EnvironmentPlugin({ API_PORT: null })]";
        let package = package(manifest, &[("webpack.config.js", text)]);
        assert_eq!(public_name(&package, "API_PORT").as_deref(), Some("API_PORT"));
        assert_eq!(public_name(&package, "WEB_PORT"), None);
    }

    #[test]
    fn a_public_name_means_the_variable_behind_its_prefix() {
        let package = package(r#"{"dependencies": {"next": "16"}}"#, &[]);
        let bundled = package.bundled().unwrap();
        let meant = |name: &str| bundled.meant(&name.parse().unwrap()).map(|variable| variable.to_string());
        assert_eq!(meant("NEXT_PUBLIC_API_PORT").as_deref(), Some("API_PORT"));
        for name in ["NEXT_PUBLIC_PORT", "NEXT_PUBLIC_API_URL", "API_PORT", "VITE_API_PORT"] {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
