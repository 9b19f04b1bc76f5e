//! Programs that serve on a port that no variable of the project gives them, and the flag that does. `vite` reads none; `next`
//! reads `PORT`, which a project with a variable for each component does not set.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::port::Port;
use crate::service::Service;
use crate::variable::Variable;

/// A program that serves.
#[derive(Debug)]
pub(super) struct Framework {
    /// The words that start it: its name, and a sub-command; several sub-commands are several rows.
    words: &'static [&'static str],
    /// The number that it listens on by itself.
    default: u16,
    /// How it is given a port.
    port: Spelling,
    /// Other spellings of that flag.
    also: &'static [&'static str],
    /// The variables that it takes its port from. Where one is set, no flag is needed.
    reads: &'static [&'static str],
    /// What it serves.
    pub(super) service: Service,
    /// Whether a word may follow that is no flag: a directory, a script. Without, such a word is another sub-command.
    takes_words: bool,
    /// Commands, and what becomes of them with port 8000.
    #[cfg(test)]
    found: &'static [(&'static str, &'static str)],
    /// Commands that stay as they are.
    #[cfg(test)]
    not: &'static [&'static str],
}

/// How a port is written on a command line.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    /// `--port 8000`
    Flag(&'static str),
    /// `--dev-addr localhost:8000`
    Address(&'static str),
    /// A word without a flag: `runserver 8000`.
    Word,
}

/// A command that gets its port by a flag.
#[derive(Debug)]
pub(super) struct Served {
    framework: &'static Framework,
    /// Where the flag belongs among the arguments.
    at: usize,
}

/// The name and sub-command of a program that starts another, and what of its arguments are flags with a value.
struct Launcher {
    words: &'static [&'static str],
    valued: &'static [&'static str],
}

macro_rules! launchers {
    ($($words:expr, $valued:expr;)*) => { &[$(Launcher { words: &$words, valued: &$valued }),*] };
}

/// Launchers hand on every argument behind the program's name. `npm exec` does so only behind `--`.
const LAUNCHERS: &[Launcher] = launchers![
    ["npx"], ["-p", "--package"];
    ["npm", "exec", "--"], [];
    ["pnpm", "exec"], [];
    ["pnpm", "dlx"], [];
    ["pnpm"], ["-C", "--dir"];
    ["yarn", "exec"], [];
    ["yarn", "dlx"], [];
    ["yarn"], [];
    ["bunx"], [];
    ["bun", "x"], [];
    ["uv", "run"], ["--with", "--extra", "--group", "-p", "--python"];
    ["poetry", "run"], [];
    ["pipenv", "run"], [];
    ["pdm", "run"], [];
    ["hatch", "run"], [];
    ["bundle", "exec"], [];
];

macro_rules! rows {
    ($([$($word:literal),*] $default:literal, $port:expr, also $also:expr, reads $reads:expr, $service:ident, $takes_words:literal,
        found $found:expr, not $not:expr;)*) => {
        &[$(Framework {
            words: &[$($word),*],
            default: $default,
            port: $port,
            also: &$also,
            reads: &$reads,
            service: Service::$service,
            takes_words: $takes_words,
            #[cfg(test)]
            found: &$found,
            #[cfg(test)]
            not: &$not,
        }),*]
    };
}

/// After the documentation of each program's command line. Of two rows with the same beginning, the longer one comes first.
#[rustfmt::skip]
const FRAMEWORKS: &[Framework] = rows![
    ["vite", "dev"] 5173, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("vite dev", "vite dev --port 8000")], not ["vite dev --port 3000"];
    ["vite", "serve"] 5173, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("vite serve --host", "vite serve --host --port 8000")], not ["vite serve --port=3000"];
    ["vite", "preview"] 4173, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("npx vite preview", "npx vite preview --port 8000")], not ["vite preview --port=3000"];
    ["vite"] 5173, Spelling::Flag("--port"), also [], reads [], Web, false,
        found [("vite", "vite --port 8000"), ("npx --yes vite --host", "npx --yes vite --host --port 8000"),
            ("node_modules/.bin/vite", "node_modules/.bin/vite --port 8000"), ("pnpm vite", "pnpm vite --port 8000"),
            ("npm exec -- vite", "npm exec -- vite --port 8000"), ("vite -- x", "vite --port 8000 -- x")],
        not ["vite build", "vite --port 3000", "npx vite build", "npm exec vite", "vitest", "npm run dev", "vite --help"];
    ["next", "dev"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("next dev", "next dev --port 8000"), ("yarn next dev --turbo", "yarn next dev --turbo --port 8000")],
        not ["next dev -p 3001", "next dev -p3001", "next build"];
    ["next", "start"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("next start", "next start --port 8000")], not ["next start -p 3001"];
    ["nuxt", "dev"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["NUXT_PORT", "PORT"], Web, true,
        found [("nuxt dev", "nuxt dev --port 8000")], not ["nuxt dev --port 3001", "nuxt build"];
    ["astro", "dev"] 4321, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("astro dev", "astro dev --port 8000")], not ["astro dev --port 4000", "astro build"];
    ["astro", "preview"] 4321, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("astro preview", "astro preview --port 8000")], not ["astro check"];
    ["ng", "serve"] 4200, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("ng serve", "ng serve --port 8000"), ("ng serve shop", "ng serve shop --port 8000")],
        not ["ng serve --port 4300", "ng build"];
    ["vue-cli-service", "serve"] 8080, Spelling::Flag("--port"), also [], reads ["PORT"], Web, true,
        found [("vue-cli-service serve", "vue-cli-service serve --port 8000")], not ["vue-cli-service build"];
    ["react-router", "dev"] 5173, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("react-router dev", "react-router dev --port 8000")], not ["react-router build"];
    ["remix", "vite:dev"] 5173, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("remix vite:dev", "remix vite:dev --port 8000")], not ["remix vite:build"];
    ["vitepress", "dev"] 5173, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("vitepress dev docs", "vitepress dev docs --port 8000")], not ["vitepress build docs"];
    ["docusaurus", "start"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("docusaurus start", "docusaurus start --port 8000")], not ["docusaurus build"];
    ["gatsby", "develop"] 8000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("gatsby develop", "gatsby develop --port 8000")], not ["gatsby build"];
    ["storybook", "dev"] 6006, Spelling::Flag("--port"), also ["-p"], reads [], Web, true,
        found [("storybook dev", "storybook dev --port 8000")], not ["storybook dev -p 6006", "storybook build"];
    ["webpack", "serve"] 8080, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("webpack serve", "webpack serve --port 8000")], not ["webpack", "webpack serve --port 9000"];
    ["parcel", "serve"] 1234, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("parcel serve index.html", "parcel serve index.html --port 8000")], not ["parcel build"];
    ["wrangler", "dev"] 8787, Spelling::Flag("--port"), also [], reads [], Api, true,
        found [("wrangler dev", "wrangler dev --port 8000")], not ["wrangler deploy"];
    ["json-server"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Api, true,
        found [("json-server db.json", "json-server db.json --port 8000")], not ["json-server -p 3001 db.json"];
    ["hugo", "server"] 1313, Spelling::Flag("--port"), also ["-p"], reads [], Web, true,
        found [("hugo server", "hugo server --port 8000")], not ["hugo", "hugo server -p 1313"];
    ["hugo", "serve"] 1313, Spelling::Flag("--port"), also ["-p"], reads [], Web, true,
        found [("hugo serve", "hugo serve --port 8000")], not ["hugo build"];
    ["jekyll", "serve"] 4000, Spelling::Flag("--port"), also ["-P"], reads [], Web, true,
        found [("bundle exec jekyll serve", "bundle exec jekyll serve --port 8000")], not ["jekyll serve -P 4001"];
    ["mkdocs", "serve"] 8000, Spelling::Address("--dev-addr"), also ["-a"], reads [], Web, true,
        found [("mkdocs serve", "mkdocs serve --dev-addr localhost:8000")], not ["mkdocs serve -a 0.0.0.0:9000"];
    ["rails", "server"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("rails server", "rails server --port 8000"), ("bin/rails server", "bin/rails server --port 8000")],
        not ["rails server -p 3001", "rails console"];
    ["rails", "s"] 3000, Spelling::Flag("--port"), also ["-p"], reads ["PORT"], Web, true,
        found [("bundle exec rails s", "bundle exec rails s --port 8000")], not ["rails s -p3001"];
    ["uvicorn"] 8000, Spelling::Flag("--port"), also ["--fd", "--uds"], reads ["UVICORN_PORT"], Api, true,
        found [("uvicorn app:app --reload", "uvicorn app:app --reload --port 8000"),
            ("uv run uvicorn app:app", "uv run uvicorn app:app --port 8000")],
        not ["uvicorn app:app --port 3001", "uvicorn app:app --uds shop.sock"];
    ["fastapi", "dev"] 8000, Spelling::Flag("--port"), also [], reads ["PORT"], Api, true,
        found [("fastapi dev main.py", "fastapi dev main.py --port 8000")], not ["fastapi dev --port 3001"];
    ["fastapi", "run"] 8000, Spelling::Flag("--port"), also [], reads ["PORT"], Api, true,
        found [("fastapi run", "fastapi run --port 8000")], not ["fastapi run --port=3001"];
    ["flask", "run"] 5000, Spelling::Flag("--port"), also ["-p"], reads ["FLASK_RUN_PORT"], Api, true,
        found [("poetry run flask run", "poetry run flask run --port 8000")], not ["flask run -p 5001", "flask shell"];
    ["streamlit", "run"] 8501, Spelling::Flag("--server.port"), also [], reads ["STREAMLIT_SERVER_PORT"], Web, true,
        found [("streamlit run app.py", "streamlit run app.py --server.port 8000")], not ["streamlit hello"];
    ["python", "-m", "http.server"] 8000, Spelling::Word, also [], reads [], Web, true,
        found [("python3 -m http.server", "python3 -m http.server 8000")], not ["python -m http.server 9000"];
    ["python", "manage.py", "runserver"] 8000, Spelling::Word, also [], reads [], Web, true,
        found [("python manage.py runserver", "python manage.py runserver 8000"),
            ("uv run python manage.py runserver", "uv run python manage.py runserver 8000")],
        not ["python manage.py runserver 0.0.0.0:9000", "python manage.py migrate"];
    ["php", "artisan", "serve"] 8000, Spelling::Flag("--port"), also [], reads ["SERVER_PORT"], Web, true,
        found [("php artisan serve", "php artisan serve --port 8000")], not ["php artisan migrate"];
    ["symfony", "server:start"] 8000, Spelling::Flag("--port"), also [], reads [], Web, true,
        found [("symfony server:start", "symfony server:start --port 8000")], not ["symfony server:stop"];
];

impl Served {
    /// The command, where it starts such a program, and neither it nor the environment names a port.
    pub(super) fn of(program: &OsStr, arguments: &[OsString], is_set: impl Fn(&str) -> bool) -> Option<Self> {
        let mut words = vec![name(program)?];
        // A word that is not Unicode ends what is understood.
        words.extend(arguments.iter().map_while(|word| word.to_str()));
        let begin = launched(&words);
        let framework = FRAMEWORKS.iter().find(|framework| framework.is_started_by(&words[begin..]))?;
        let own = &words[begin + framework.words.len()..];
        let end = own.iter().position(|word| *word == "--");
        let is_about = ["--help", "-h", "--version"];
        if own.len() + begin + framework.words.len() < arguments.len() + 1
            || framework.reads.iter().any(|variable| is_set(variable))
            || own.iter().any(|word| is_about.contains(word) || framework.names_port(word))
        {
            return None;
        }
        // Among the arguments, the first word is the program.
        let length = end.unwrap_or(own.len());
        Some(Self { framework, at: begin + framework.words.len() + length - 1 })
    }

    /// The name of the program.
    pub(super) fn program(&self) -> String {
        self.framework.words.join(" ")
    }

    /// What it serves.
    pub(super) fn service(&self) -> Service {
        self.framework.service
    }

    /// Whether a port with that default number may be the one that the program listens on by itself.
    pub(super) fn listens_on(&self, default: Port) -> bool {
        self.framework.default == default.get()
    }

    /// The words that give it a port.
    pub(super) fn words(&self, port: Port) -> Vec<String> {
        match self.framework.port {
            Spelling::Flag(flag) => vec![flag.to_owned(), port.to_string()],
            Spelling::Address(flag) => vec![flag.to_owned(), format!("localhost:{port}")],
            Spelling::Word => vec![port.to_string()],
        }
    }

    /// The arguments with those words.
    pub(super) fn arguments(&self, arguments: &[OsString], port: Port) -> Vec<OsString> {
        let mut all = arguments.to_vec();
        all.splice(self.at..self.at, self.words(port).into_iter().map(OsString::from));
        all
    }
}

/// The program in a command that takes its port from the variable: `next dev` from `PORT`.
pub(in crate::operations) fn obeyed_by(variable: &Variable, command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let reads = |framework: &&Framework| framework.reads.contains(&variable.as_str());
    let is_started =
        |framework: &&Framework| (0..words.len()).any(|at| framework.is_started_by(&words[at..]));
    FRAMEWORKS.iter().filter(reads).find(is_started).map(|framework| framework.words.join(" "))
}

impl Framework {
    fn is_started_by(&self, words: &[&str]) -> bool {
        let Some((first, rest)) = words.split_first() else { return false };
        let Some((own, following)) = self.words.split_first() else { return false };
        let Some(own_name) = name(OsStr::new(first)) else { return false };
        let is_named = own_name == *own || *own == "python" && own_name == "python3";
        is_named
            && rest.starts_with(following)
            && (self.takes_words
                || rest[following.len()..]
                    .iter()
                    .take_while(|word| **word != "--")
                    .all(|word| word.starts_with('-')))
    }

    /// Whether a word gives the program its port.
    fn names_port(&self, word: &str) -> bool {
        let is = |flag: &str| {
            word.strip_prefix(flag).is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with('=')
                    || !flag.starts_with("--") && rest.starts_with(|first: char| first.is_ascii_digit())
            })
        };
        let own = match self.port {
            Spelling::Flag(flag) | Spelling::Address(flag) => is(flag),
            Spelling::Word => word.rsplit(':').next().is_some_and(|number| number.parse::<Port>().is_ok()),
        };
        own || self.also.iter().any(|flag| is(flag))
    }
}

/// The name of a program by its path, without what Windows appends.
fn name(program: &OsStr) -> Option<&str> {
    let name = Path::new(program).file_name()?.to_str()?;
    Some([".exe", ".cmd", ".ps1"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name))
}

/// Which word is the program that launchers start.
fn launched(words: &[&str]) -> usize {
    let Some(launcher) = LAUNCHERS.iter().find(|launcher| words.starts_with(launcher.words)) else {
        return 0;
    };
    let mut at = launcher.words.len();
    while let Some(flag) = words.get(at).filter(|word| word.starts_with('-')) {
        at += if launcher.valued.contains(flag) { 2 } else { 1 };
    }
    if at < words.len() { at } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(command: &str, set: &[&str]) -> Option<String> {
        let words: Vec<OsString> = command.split(' ').map(OsString::from).collect();
        let (program, arguments) = words.split_first().unwrap();
        let served = Served::of(program, arguments, |name| set.contains(&name))?;
        let arguments = served.arguments(arguments, Port::new(8000).unwrap());
        let words: Vec<&str> =
            std::iter::once(program).chain(&arguments).map(|word| word.to_str().unwrap()).collect();
        Some(words.join(" "))
    }

    #[test]
    fn every_row_has_examples_that_hold() {
        for framework in FRAMEWORKS {
            assert!(!framework.found.is_empty() && !framework.not.is_empty(), "{framework:?}");
            for (command, expected) in framework.found {
                assert_eq!(served(command, &[]).as_deref(), Some(*expected));
            }
            for command in framework.not {
                assert_eq!(served(command, &[]), None, "{command}");
            }
            for variable in framework.reads {
                assert_eq!(served(framework.found[0].0, &[variable]), None, "{framework:?}");
            }
        }
    }
}
