//! What a file starts, by its text.

use std::ops::Range;
use std::path::Path;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::CstRootNode;
use serde_json::Value;

use super::{Start, StartFile, StartKind};
use crate::ports_env;

/// The first words of the names under which people start servers: `dev`, `start:api`.
const STARTING: &[&str] = &[
    "api",
    "backend",
    "daemon",
    "debug",
    "dev",
    "develop",
    "development",
    "frontend",
    "preview",
    "run",
    "serve",
    "server",
    "services",
    "start",
    "storybook",
    "up",
    "watch",
    "web",
    "worker",
];

/// Words that say that a name stands for something else, or for another machine.
const ELSEWHERE: &[&str] =
    &["build", "ci", "config", "e2e", "lint", "prod", "production", "staging", "test", "tests"];

/// Commands that start other starts, which count for themselves.
const DELEGATING: &[&str] = &[
    "bun",
    "concurrently",
    "lerna",
    "make",
    "$(MAKE)",
    "npm",
    "npm-run-all",
    "nx",
    "pnpm",
    "run-p",
    "run-s",
    "turbo",
    "wireit",
    "yarn",
];

/// Commands that bring the variables along.
const LOADING: &[&str] = &["port-manager run", "port-manager env"];

impl StartFile {
    /// What the file at the path starts; `None` for a file that starts nothing.
    pub(super) fn read(path: &Path, text: &str) -> Option<Self> {
        let kind = StartKind::of(path)?;
        let loads = mentions(text);
        let starts = match kind {
            StartKind::Makefile => recipes(text, &['\t']),
            StartKind::Justfile => recipes(text, &[' ', '\t']),
            StartKind::Package => scripts(text),
            StartKind::Procfile => processes(text),
            StartKind::Launch => configurations(text),
            StartKind::Tasks => tasks(text),
            StartKind::Compose | StartKind::Turbo => Vec::new(),
            StartKind::Shell | StartKind::Program | StartKind::Manager | StartKind::EnvFile => Vec::new(),
        };
        let passes = if kind == StartKind::Turbo { passed_by_turbo(text) } else { None };
        // What loads nothing itself matters only for what it starts.
        let is_of_use = match kind {
            StartKind::Shell | StartKind::Program | StartKind::Manager => loads,
            StartKind::EnvFile => false,
            StartKind::Compose | StartKind::Turbo => true,
            _ => !starts.is_empty(),
        };
        let loads = loads && !kind.loads_by_start();
        is_of_use.then_some(Self { kind, starts, loads, passes })
    }
}

impl StartKind {
    /// Whether each start of such a file loads `.ports.env` for itself; else the file does for all of them.
    fn loads_by_start(self) -> bool {
        matches!(self, Self::Package | Self::Launch | Self::Tasks | Self::Procfile)
    }
}

/// Whether a line that is not a comment names `.ports.env` or port-manager.
fn mentions(text: &str) -> bool {
    let is_comment =
        |line: &str| line.trim_start().starts_with(['#', ';']) || line.trim_start().starts_with("//");
    text.lines().any(|line| !is_comment(line) && loads(line))
}

fn loads(command: &str) -> bool {
    // `.ports.env.example` is for people.
    let names = command.match_indices(ports_env::FILE_NAME);
    let is_file = |(at, name): (usize, &str)| !command[at + name.len()..].starts_with(".example");
    LOADING.iter().any(|loading| command.contains(loading)) || names.into_iter().any(is_file)
}

fn is_starting(name: &str) -> bool {
    let mut words = name.split([':', '-', '_', '.', '/']);
    words.clone().next().is_some_and(|first| STARTING.contains(&first))
        && !words.any(|word| ELSEWHERE.contains(&word))
}

fn is_delegating(command: &str) -> bool {
    let words = command.split_whitespace().map(|word| word.trim_start_matches(['@', '-']));
    let mut words =
        words.skip_while(|word| word.contains('=') || matches!(*word, "npx" | "cross-env" | "exec" | "pnpx"));
    let Some(first) = words.next() else { return true };
    match first {
        // Docker takes variables by its compose file.
        "docker" | "docker-compose" | "podman" => true,
        "yarn" | "bun" | "pnpm" => !words.next().is_some_and(|word| matches!(word, "exec" | "dlx" | "node")),
        first => DELEGATING.contains(&first),
    }
}

fn start(name: &str, command: String, span: Range<usize>) -> Option<Start> {
    let is_one = is_starting(name) && !command.split("&&").all(is_delegating);
    is_one.then(|| Start { name: name.to_owned(), loads: loads(&command), command, span, in_terminal: false })
}

/// The targets of a Makefile or the recipes of a justfile that start something.
fn recipes(text: &str, indentation: &[char]) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let mut offset = 0;
    let mut current: Option<(&str, Range<usize>, Vec<&str>)> = None;
    let mut finish = |current: Option<(&str, Range<usize>, Vec<&str>)>| {
        if let Some((name, span, lines)) = current {
            // Lines of a recipe that only start others do not count.
            let own: Vec<&str> = lines.into_iter().filter(|line| !is_delegating(line)).collect();
            starts.extend(start(name, own.join(" && "), span).filter(|it| !it.command.is_empty()));
        }
    };
    for line in text.split_inclusive('\n') {
        if line.starts_with(indentation) {
            if let Some((_, _, lines)) = &mut current {
                lines.push(line.trim());
            }
        } else if !line.trim().is_empty() && !line.starts_with('#') {
            finish(current.take());
            if let Some(name) = recipe_name(line) {
                let from = offset + line.find(name).unwrap_or_default();
                current = Some((name, from..from + name.len(), Vec::new()));
            }
        }
        offset += line.len();
    }
    finish(current);
    starts
}

/// `dev` of `dev: build ## all of it`; `None` for a variable, a directive or a pattern.
fn recipe_name(line: &str) -> Option<&str> {
    let (head, rest) = line.split_once(':')?;
    let name = head.split_whitespace().next()?.trim_start_matches('@');
    if rest.starts_with(['=', ':']) && rest.contains('=') || name.contains(['=', '$', '%', '"']) {
        return None;
    }
    // `A = http://x` is a variable; `dev port='1':` is a recipe with a parameter.
    if head.split_whitespace().nth(1).is_some_and(|second| second.starts_with('=') || second.ends_with("=")) {
        return None;
    }
    (!name.starts_with('.') && !name.is_empty()).then_some(name)
}

/// The scripts of a `package.json` that start something.
fn scripts(text: &str) -> Vec<Start> {
    let Ok(Value::Object(manifest)) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let Some(Value::Object(scripts)) = manifest.get("scripts") else { return Vec::new() };
    let from = text.find("\"scripts\"").unwrap_or_default();
    let mut starts: Vec<Start> = scripts
        .iter()
        .filter_map(|(name, command)| {
            let quoted = format!("\"{name}\"");
            let keys = text[from..].match_indices(&quoted).map(|(at, _)| from + at + 1);
            let is_key = |at: &usize| text[at + name.len() + 1..].trim_start().starts_with(':');
            let at = keys.into_iter().find(is_key)?;
            start(name, command.as_str()?.to_owned(), at..at + name.len())
        })
        .collect();
    starts.sort_by_key(|start| start.span.start);
    starts
}

/// The processes of a Procfile: all of them are started.
fn processes(text: &str) -> Vec<Start> {
    let mut starts = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some((name, command)) = line.split_once(':') {
            let is_name =
                |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
            if !name.is_empty() && name.chars().all(is_name) && !command.trim().is_empty() {
                let command = command.trim().to_owned();
                let (loads, span) = (loads(&command), offset..offset + name.len());
                if !is_delegating(&command) {
                    starts.push(Start { name: name.to_owned(), command, span, loads, in_terminal: false });
                }
            }
        }
        offset += line.len();
    }
    starts
}

/// The configurations of a `launch.json` that launch something.
fn configurations(text: &str) -> Vec<Start> {
    let Some(launch) = json_with_comments(text) else { return Vec::new() };
    let configurations = launch.get("configurations").and_then(Value::as_array).into_iter().flatten();
    let starts = configurations.filter_map(|configuration| {
        let name = configuration.get("name")?.as_str()?;
        let is_launch = configuration.get("request").and_then(Value::as_str) == Some("launch");
        let span = span_of_string(text, name)?;
        let in_terminal = configuration.get("console").and_then(Value::as_str) == Some("integratedTerminal");
        let command = configuration.to_string();
        is_launch.then(|| Start { name: name.to_owned(), loads: loads(&command), command, span, in_terminal })
    });
    starts.filter(|start| !is_in_browser(&start.command)).collect()
}

/// The tasks of a `tasks.json` that start something: their commands run in terminals. One of another type, such as `npm`, starts
/// what is started by other files.
fn tasks(text: &str) -> Vec<Start> {
    let Some(file) = json_with_comments(text) else { return Vec::new() };
    let tasks = file.get("tasks").and_then(Value::as_array).into_iter().flatten();
    let starts = tasks.filter_map(|task| {
        let of = |key: &str| task.get(key).and_then(Value::as_str);
        let name = of("label").or_else(|| of("taskName"))?;
        let arguments = task.get("args").and_then(Value::as_array).into_iter().flatten();
        let arguments = arguments.filter_map(|it| it.as_str().or_else(|| it.get("value")?.as_str()));
        let command = [of("command")?].into_iter().chain(arguments).collect::<Vec<_>>().join(" ");
        let is_background = task.get("isBackground").and_then(Value::as_bool) == Some(true);
        // "Run the API" is a sentence where others have `run:api`.
        let words = name.to_lowercase().replace(' ', "-");
        let is_own = of("type").is_none_or(|kind| matches!(kind, "shell" | "process"))
            && (is_background || is_starting(&words))
            && !command.split("&&").all(is_delegating);
        let span = span_of_string(text, name)?;
        is_own.then(|| Start {
            name: name.to_owned(),
            loads: loads(&command),
            command,
            span,
            in_terminal: true,
        })
    });
    starts.collect()
}

/// Where a string of JSON is first written, without its quotes.
fn span_of_string(text: &str, string: &str) -> Option<Range<usize>> {
    let quoted = serde_json::to_string(string).ok()?;
    let at = text.find(&quoted)?;
    Some(at + 1..at + quoted.len() - 1)
}

/// A browser that is opened reads no environment.
fn is_in_browser(configuration: &str) -> bool {
    ["\"chrome\"", "\"msedge\"", "\"firefox\"", "\"pwa-chrome\"", "\"pwa-msedge\""]
        .iter()
        .any(|kind| configuration.contains(&format!("\"type\":{kind}")))
}

/// The patterns of the variables that turbo passes on to tasks; `None` where it passes on all (Turborepo, "Environment
/// Modes": strict is the default since version 2, whose files have `tasks`).
fn passed_by_turbo(text: &str) -> Option<Vec<String>> {
    let turbo = json_with_comments(text)?;
    let tasks = turbo.get("tasks")?.as_object()?;
    if turbo.get("envMode").and_then(Value::as_str) == Some("loose") {
        return None;
    }
    let patterns = |of: &Value, keys: [&str; 2]| -> Vec<String> {
        let lists = keys.into_iter().filter_map(|key| of.get(key)?.as_array().cloned());
        lists.flatten().filter_map(|pattern| pattern.as_str().map(str::to_owned)).collect()
    };
    let mut passed = patterns(&turbo, ["globalEnv", "globalPassThroughEnv"]);
    for (name, task) in tasks {
        if is_starting(name.rsplit('#').next().unwrap_or(name)) {
            passed.extend(patterns(task, ["env", "passThroughEnv"]));
        }
    }
    Some(passed)
}

fn json_with_comments(text: &str) -> Option<Value> {
    CstRootNode::parse(text, &ParseOptions::default()).ok()?.to_serde_value()
}
