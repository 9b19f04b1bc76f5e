//! Programs that load `.env` by a library load `.ports.env` before it. The libraries here leave alone what is set already, so
//! that the environment counts first and `.ports.env` before `.env`; each passes over a file that is missing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Captures;

use super::work::{Work, newline, ports_env_from};
use super::{State, Target};
use crate::analysis::Language;
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
    /// What comes before it; the first one counts whose import the file has.
    loads: &'static [Load],
    /// Where the library loads `.env` without a call.
    implied: Option<Implied>,
    /// What to do where no file has such a line.
    advice: &'static str,
}

/// A call that loads `.ports.env`.
struct Load {
    /// A line that has to come before it.
    import: Option<&'static str>,
    /// `{call}` stands for what is called, `{path}` for `.ports.env` from the file's component, `{beside}` for `.ports.env` from
    /// the file's own directory.
    text: &'static str,
}

/// A framework that loads `.env` by itself where a package is there.
struct Implied {
    /// The component's manifest, and the line of it that names the package.
    manifest: &'static str,
    package: &'static Pattern,
    /// The file that starts the framework, and the line behind which the package is there.
    file: &'static str,
    line: &'static Pattern,
    load: Load,
}

/// The file in the current directory, as these libraries find `.env`.
const fn here(text: &'static str) -> Load {
    Load { import: None, text }
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

/// Python's libraries look for `.env` beside the file, not in the current directory.
static OF_PYTHON: &[Load] = &[
    Load {
        import: Some("from pathlib import Path"),
        text: "{call}(Path(__file__).resolve().parent / \"{beside}\")",
    },
    Load {
        import: Some("import os"),
        text: "{call}(os.path.join(os.path.dirname(os.path.abspath(__file__)), \"{beside}\"))",
    },
    here("{call}(\"{path}\")"),
];

static LOAD_DOTENV: Pattern =
    regex!(r"(?m)^([ \t]*)((?:dotenv\.)?load_dotenv)\([^\n]*\)[ \t]*(?:#[^\n]*)?\r?$");
static PYTHON_DOTENV: Loader = Loader {
    extension: "py",
    entries: &["manage.py", "main.py", "app.py", "wsgi.py", "asgi.py", "settings.py", "config.py"],
    line: &LOAD_DOTENV,
    loads: OF_PYTHON,
    implied: None,
    advice: "no file calls load_dotenv() of python-dotenv; start the program with `port-manager run`",
};

static READ_ENV: Pattern = regex!(r"(?m)^([ \t]*)((?:environ\.Env|env)\.read_env)\([^\n]*\)[ \t]*\r?$");
static DJANGO_ENVIRON: Loader = Loader {
    extension: "py",
    entries: &["settings.py", "settings/base.py", "config/settings.py"],
    line: &READ_ENV,
    loads: OF_PYTHON,
    implied: None,
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
    loads: &[here("{call}({ path: '{path}' });")],
    implied: None,
    advice: "no file calls config() of dotenv; `port-manager integrate package-json` is for scripts",
};

static DOTENV_LOAD: Pattern = regex!(r"(?m)^([ \t]*)(Dotenv)(?:::Rails)?\.load\b[^\n]*\r?$");
static GEM: Pattern = regex!(r#"(?m)^[ \t]*gem[ \t(]+["']dotenv(?:-rails)?["']"#);
static BUNDLER_REQUIRE: Pattern = regex!(r"(?m)^([ \t]*)()Bundler\.require\b[^\n]*\r?\n");
static RUBY_DOTENV: Loader = Loader {
    extension: "rb",
    entries: &["config/application.rb", "config/boot.rb", "config/environment.rb", "app.rb"],
    line: &DOTENV_LOAD,
    loads: &[here("{call}.load(\"{path}\")")],
    // dotenv-rails loads `.env` where the class of the application begins, and leaves alone what is set by then.
    implied: Some(Implied {
        manifest: "Gemfile",
        package: &GEM,
        file: "config/application.rb",
        line: &BUNDLER_REQUIRE,
        load: here("Dotenv.load(File.expand_path(\"{beside}\", __dir__)) if defined?(Dotenv)"),
    }),
    advice: "no Gemfile names the gem dotenv; start the server with `port-manager run bin/rails server`",
};

static GODOTENV_LOAD: Pattern = regex!(
    r"(?m)^([ \t]*)(?:(?:_|err)[ \t]*:?=[ \t]*|if[ \t]+err[ \t]*:=[ \t]*)?(godotenv)\.Load\([^\n]*\r?$"
);
static GODOTENV: Loader = Loader {
    extension: "go",
    entries: &["main.go"],
    line: &GODOTENV_LOAD,
    loads: &[here("_ = {call}.Load(\"{path}\")")],
    implied: None,
    advice: "no file calls godotenv.Load(); start the program with `port-manager run go run .`",
};

static DOTNET_LOAD: Pattern =
    regex!(r"(?m)^([ \t]*)((?:DotNetEnv\.)?Env)\.(?:[A-Za-z]+\(\)\.)*Load\([^\n]*\);[ \t]*\r?$");
static DOTNET_ENV: Loader = Loader {
    extension: "cs",
    entries: &["Program.cs"],
    line: &DOTNET_LOAD,
    loads: &[here("{call}.NoClobber().Load(\"{path}\");")],
    implied: None,
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
        let found = Found {
            path: ports_env_from(&component.0),
            beside: ports_env_from(path.parent().unwrap_or(Path::new(""))),
        };
        if let Some(edited) = loader.with_load(&path, &text, &found) {
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
        if work.text(&path)?.is_some_and(|text| in_code(loader.line, &path, &text).is_some()) {
            found.push(path);
        }
    }
    if found.is_empty() {
        for directory in components.directories().chain([Path::new("")]) {
            found.extend(loader.implied_in(work, directory)?.filter(|path| reads(path)));
        }
    }
    Ok(found)
}

/// The first place that the pattern finds in the code of a file: an example in a docstring calls nothing.
fn in_code<'text>(pattern: &Pattern, path: &Path, text: &'text str) -> Option<Captures<'text>> {
    let mut places = pattern.captures_iter(text).peekable();
    places.peek()?;
    let is_code = Language::of_path(path).map(|language| language.is_code(text));
    places.find(|place| {
        let begin = place.get(0).map_or(0, |whole| whole.end() - whole.as_str().trim_start().len());
        is_code.as_ref().is_none_or(|is_code| is_code(begin))
    })
}

/// Where `.ports.env` is, as a file names it.
struct Found {
    /// From the directory that its component is started in.
    path: String,
    /// From its own directory.
    beside: String,
}

impl Loader {
    /// The file of a component that starts a framework which loads `.env` by itself.
    fn implied_in(&self, work: &Work<'_>, directory: &Path) -> Result<Option<PathBuf>> {
        let Some(implied) = &self.implied else { return Ok(None) };
        let has = |path: &Path, pattern: &Pattern| -> Result<bool> {
            Ok(work.text(path)?.is_some_and(|text| in_code(pattern, path, &text).is_some()))
        };
        let file = directory.join(implied.file);
        let is_there = has(&directory.join(implied.manifest), implied.package)? && has(&file, implied.line)?;
        Ok(is_there.then_some(file))
    }

    /// The text with the load before the first line that loads `.env`; `None` where it is there.
    fn with_load(&self, path: &Path, text: &str, found: &Found) -> Option<String> {
        if text.contains(FILE_NAME) {
            return None;
        }
        if let Some(line) = in_code(self.line, path, text) {
            let at = line.get(0)?.start();
            let has = |import: &str| text[..at].lines().any(|line| line == import);
            let load = self.loads.iter().find(|load| load.import.is_none_or(has))?;
            return Some(load.inserted(text, at, &line, found));
        }
        let implied = self.implied.as_ref()?;
        let line = in_code(implied.line, path, text)?;
        Some(implied.load.inserted(text, line.get(0)?.end(), &line, found))
    }
}

impl Load {
    /// The text with the call in a line of its own, indented as the line that was found: its groups are the indentation and what
    /// is called.
    fn inserted(&self, text: &str, at: usize, line: &Captures<'_>, found: &Found) -> String {
        let [indent, call] = [1, 2].map(|group| line.get(group).map_or("", |group| group.as_str()));
        let Found { path, beside } = found;
        let load = self.text.replace("{call}", call).replace("{path}", path).replace("{beside}", beside);
        let (before, behind) = text.split_at(at);
        format!("{before}{indent}{load}{}{behind}", newline(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_loads_our_file_first() {
        let cases: [(&Loader, &str, &str); 9] = [
            (
                &PYTHON_DOTENV,
                "from dotenv import load_dotenv\n\nload_dotenv()\n",
                "from dotenv import load_dotenv\n\nload_dotenv(\"../.ports.env\")\nload_dotenv()\n",
            ),
            (
                &PYTHON_DOTENV,
                "import os\n\nload_dotenv()\n",
                "import os\n\nload_dotenv(os.path.join(os.path.dirname(os.path.abspath(__file__)), \"../../.ports.env\"))\nload_dotenv()\n",
            ),
            (
                &DJANGO_ENVIRON,
                "from pathlib import Path\nenviron.Env.read_env(BASE_DIR / '.env')\n",
                "from pathlib import Path\nenviron.Env.read_env(Path(__file__).resolve().parent / \"../../.ports.env\")\nenviron.Env.read_env(BASE_DIR / '.env')\n",
            ),
            (
                &RUBY_DOTENV,
                "Bundler.require(*Rails.groups)\n\nmodule Shop\n",
                "Bundler.require(*Rails.groups)\nDotenv.load(File.expand_path(\"../../.ports.env\", __dir__)) if defined?(Dotenv)\n\nmodule Shop\n",
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
        let found = Found { path: "../.ports.env".to_owned(), beside: "../../.ports.env".to_owned() };
        for (loader, before, after) in cases {
            let path = path_of(loader);
            assert_eq!(loader.with_load(&path, before, &found).as_deref(), Some(after));
            assert_eq!(loader.with_load(&path, after, &found), None, "a second time");
        }
        assert_eq!(PYTHON_DOTENV.with_load(Path::new("main.py"), "def load_dotenv():\n", &found), None);
    }

    /// A file in the loader's language.
    fn path_of(loader: &Loader) -> PathBuf {
        let extension = loader.extension.split(' ').next().unwrap_or_default();
        PathBuf::from(format!("main.{extension}"))
    }

    #[test]
    fn a_call_in_a_string_or_comment_loads_nothing() {
        let found = Found { path: ".ports.env".to_owned(), beside: ".ports.env".to_owned() };
        let cases: [(&Loader, &str, &str); 5] = [
            (&PYTHON_DOTENV, "\"\"\"Use it so:\n\n    load_dotenv()\n\"\"\"\n", "load_dotenv()\n"),
            (&NODE_DOTENV, "/*\ndotenv.config();\n*/\n", "dotenv.config();\n"),
            (&NODE_DOTENV, "const help = `\ndotenv.config();\n`;\n", "dotenv.config();\n"),
            (&RUBY_DOTENV, "=begin\nDotenv.load\n=end\n", "Dotenv.load\n"),
            (&GODOTENV, "package main\n\n/*\ngodotenv.Load()\n*/\n", "func main() {\n\tgodotenv.Load()\n}\n"),
        ];
        for (loader, text, code) in cases {
            let path = path_of(loader);
            assert_eq!(loader.with_load(&path, text, &found), None, "{text}");
            let both = format!("{text}{code}");
            let edited = loader.with_load(&path, &both, &found).unwrap();
            assert!(
                edited.starts_with(text) && edited.ends_with(code.trim_start_matches("func main() {\n")),
                "{edited}"
            );
            assert!(edited[text.len()..].contains(FILE_NAME), "{edited}");
        }
    }
}
