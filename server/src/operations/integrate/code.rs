//! Programs that load `.env` by a library load `.ports.env` before it. The libraries here leave alone what is set already, so
//! that the environment counts first and `.ports.env` before `.env`; each passes over a file that is missing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::work::{Work, newline, ports_env_from};
use super::{State, Target};
use crate::error::Result;
use crate::pattern::{Pattern, regex};
use crate::ports_env::FILE_NAME;
use crate::project::wiring;

/// How programs in one language load `.env`.
struct Loader {
    extension: &'static str,
    /// Files that are looked at in the root and in components, besides those that speak of ports.
    entries: &'static [&'static str],
    /// The line that loads `.env`: its indentation, and what is called.
    line: &'static Pattern,
    /// What comes before it: `{call}` stands for what is called, `{path}` for `.ports.env` from the file's component.
    load: &'static str,
    /// What to do where no file has such a line.
    advice: &'static str,
}

macro_rules! target {
    ($name:literal, $summary:literal, $loader:ident) => {
        Target {
            name: $name,
            summary: $summary,
            plan: |work| plan(work, &$loader),
            is_needed: |work| loading(work, &$loader).is_ok_and(|files| !files.is_empty()),
        }
    };
}

pub(super) const PYTHON: Target =
    target!("python", "python-dotenv loads .ports.env before .env", PYTHON_DOTENV);
pub(super) const DJANGO: Target =
    target!("django", "django-environ reads .ports.env before .env", DJANGO_ENVIRON);
pub(super) const DOTENV: Target =
    target!("dotenv", "the dotenv package of Node loads .ports.env before .env", NODE_DOTENV);
pub(super) const RAILS: Target = target!("rails", "the gem dotenv loads .ports.env before .env", RUBY_DOTENV);
pub(super) const GO: Target = target!("go", "godotenv loads .ports.env before .env", GODOTENV);
pub(super) const DOTNET: Target = target!("dotnet", "DotNetEnv loads .ports.env before .env", DOTNET_ENV);

static LOAD_DOTENV: Pattern =
    regex!(r"(?m)^([ \t]*)((?:dotenv\.)?load_dotenv)\([^\n]*\)[ \t]*(?:#[^\n]*)?\r?$");
static PYTHON_DOTENV: Loader = Loader {
    extension: "py",
    entries: &["manage.py", "main.py", "app.py", "wsgi.py", "asgi.py", "settings.py", "config.py"],
    line: &LOAD_DOTENV,
    load: "{call}(\"{path}\")",
    advice: "no file calls load_dotenv() of python-dotenv; start the program with `port-manager run`",
};

static READ_ENV: Pattern = regex!(r"(?m)^([ \t]*)((?:environ\.Env|env)\.read_env)\([^\n]*\)[ \t]*\r?$");
static DJANGO_ENVIRON: Loader = Loader {
    extension: "py",
    entries: &["settings.py", "settings/base.py", "config/settings.py"],
    line: &READ_ENV,
    load: "{call}(\"{path}\")",
    advice: "no file calls read_env() of django-environ; start the server with `port-manager run python manage.py runserver`",
};

static DOTENV_CONFIG: Pattern =
    regex!(r#"(?m)^([ \t]*)((?:require\(['"]dotenv['"]\)|dotenv)\.config)\([^\n]*\);?[ \t]*\r?$"#);
static NODE_DOTENV: Loader = Loader {
    extension: "js ts mjs cjs mts cts",
    entries: &[
        "server.js",
        "index.js",
        "app.js",
        "src/index.js",
        "src/index.ts",
        "src/server.ts",
        "src/main.ts",
    ],
    line: &DOTENV_CONFIG,
    load: "{call}({ path: '{path}' });",
    advice: "no file calls config() of dotenv; `port-manager integrate package-json` is for scripts",
};

static BUNDLER_REQUIRE: Pattern = regex!(r"(?m)^([ \t]*)(Dotenv)(?:::Rails)?\.load\b[^\n]*\r?$");
static RUBY_DOTENV: Loader = Loader {
    extension: "rb",
    entries: &["config/application.rb", "config/boot.rb", "config/environment.rb", "app.rb"],
    line: &BUNDLER_REQUIRE,
    load: "{call}.load(\"{path}\")",
    advice: "no file calls Dotenv.load; add `Dotenv.load(\".ports.env\") if defined?(Dotenv)` below Bundler.require in \
             config/application.rb, or start the server with `port-manager run bin/rails server`",
};

static GODOTENV_LOAD: Pattern = regex!(
    r"(?m)^([ \t]*)(?:(?:_|err)[ \t]*:?=[ \t]*|if[ \t]+err[ \t]*:=[ \t]*)?(godotenv)\.Load\([^\n]*\r?$"
);
static GODOTENV: Loader = Loader {
    extension: "go",
    entries: &["main.go"],
    line: &GODOTENV_LOAD,
    load: "_ = {call}.Load(\"{path}\")",
    advice: "no file calls godotenv.Load(); start the program with `port-manager run go run .`",
};

static DOTNET_LOAD: Pattern =
    regex!(r"(?m)^([ \t]*)((?:DotNetEnv\.)?Env)\.(?:[A-Za-z]+\(\)\.)*Load\([^\n]*\);[ \t]*\r?$");
static DOTNET_ENV: Loader = Loader {
    extension: "cs",
    entries: &["Program.cs"],
    line: &DOTNET_LOAD,
    load: "{call}.NoClobber().Load(\"{path}\");",
    advice: "no file calls Env.Load() of DotNetEnv; start the program with `port-manager run dotnet run`",
};

fn plan(work: &mut Work<'_>, loader: &Loader) -> Result<State> {
    let files = loading(work, loader)?;
    if files.is_empty() {
        return Ok(State::NotUsed(loader.advice.to_owned()));
    }
    for path in files {
        let Some(text) = work.text(&path)? else { continue };
        let component = work.map().components().of(&path);
        if let Some(edited) = loader.with_load(&text, &ports_env_from(&component.0)) {
            work.set(&path, edited)?;
        }
    }
    Ok(State::Done)
}

/// The files that load `.env`.
fn loading(work: &Work<'_>, loader: &Loader) -> Result<Vec<PathBuf>> {
    let is_of_language = |path: &Path| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        loader.extension.split(' ').any(|known| known == extension)
    };
    let places = work.map().ports().iter().flat_map(|port| port.places.iter());
    let mut candidates: BTreeSet<PathBuf> = places
        .filter(|place| place.runtime.is_here() && is_of_language(&place.path))
        .map(|place| place.path.clone())
        .collect();
    let components = work.map().components();
    let directories = components.directories().chain([Path::new("")]);
    candidates
        .extend(directories.flat_map(|directory| loader.entries.iter().map(|name| directory.join(name))));
    let mut found = Vec::new();
    // Unasked, only what reads a port variable is changed.
    let reads = |path: &Path| {
        work.is_asked || wiring::read_below(work.map(), &components.of(path).0).next().is_some()
    };
    for path in candidates.into_iter().filter(|path| reads(path)) {
        if work.text(&path)?.is_some_and(|text| loader.line.is_match(&text)) {
            found.push(path);
        }
    }
    Ok(found)
}

impl Loader {
    /// The text with the load before the first line that loads `.env`; `None` where it is there.
    fn with_load(&self, text: &str, path: &str) -> Option<String> {
        if text.contains(FILE_NAME) {
            return None;
        }
        let line = self.line.captures(text)?;
        let at = line.get(0)?.start();
        let [indent, call] = [1, 2].map(|group| line.get(group).map_or("", |group| group.as_str()));
        let load = self.load.replace("{call}", call).replace("{path}", path);
        let (before, behind) = text.split_at(at);
        Some(format!("{before}{indent}{load}{}{behind}", newline(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_loads_our_file_first() {
        let cases: [(&Loader, &str, &str); 6] = [
            (
                &PYTHON_DOTENV,
                "from dotenv import load_dotenv\n\nload_dotenv()\n",
                "from dotenv import load_dotenv\n\nload_dotenv(\"../.ports.env\")\nload_dotenv()\n",
            ),
            (
                &DJANGO_ENVIRON,
                "env.read_env(BASE_DIR / '.env')\r\n",
                "env.read_env(\"../.ports.env\")\r\nenv.read_env(BASE_DIR / '.env')\r\n",
            ),
            (
                &NODE_DOTENV,
                "require('dotenv').config();\n",
                "require('dotenv').config({ path: '../.ports.env' });\nrequire('dotenv').config();\n",
            ),
            (&RUBY_DOTENV, "Dotenv.load\n", "Dotenv.load(\"../.ports.env\")\nDotenv.load\n"),
            (
                &GODOTENV,
                "\tif err := godotenv.Load(); err != nil {\n",
                "\t_ = godotenv.Load(\"../.ports.env\")\n\tif err := godotenv.Load(); err != nil {\n",
            ),
            (
                &DOTNET_ENV,
                "DotNetEnv.Env.TraversePath().Load();\n",
                "DotNetEnv.Env.NoClobber().Load(\"../.ports.env\");\nDotNetEnv.Env.TraversePath().Load();\n",
            ),
        ];
        for (loader, before, after) in cases {
            assert_eq!(loader.with_load(before, "../.ports.env").as_deref(), Some(after));
            assert_eq!(loader.with_load(after, "../.ports.env"), None, "a second time");
        }
        assert_eq!(PYTHON_DOTENV.with_load("def load_dotenv():\n", ".ports.env"), None);
    }
}
