//! Formats that expand variables in their text.

use std::ops::Range;

use super::Site;
use super::dotenv::Loader;
use super::edit::Edit;
use super::lookup::{Form, Lookup};
use super::spelling::expansion;
use crate::analysis::{Kind, Language, Literal, Shape};
use crate::pattern::{Pattern, regex};
use crate::project::marks::is_process_compose;
use crate::variable::Variable;

/// The edits that replace the digits at `span` by the variable; `None` where the format has no place for it, or none for
/// a default.
pub(super) fn rewrite(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    lookup: &Lookup<'_>,
) -> Option<Vec<Edit>> {
    site.text.get(span.clone())?;
    let assigns_itself = literal.hint.as_deref() == Some(lookup.variable.as_str());
    let digits_become = |text: String| Some(vec![Edit::replace(span.clone(), text)]);
    match (&literal.shape, site.language) {
        // Of YAML only a compose file of another name has a place for it.
        (Shape::Within { expression }, Language::Compose | Language::Yaml) => {
            compose(site.text, expression, span, &lookup.spelled(expansion(Language::Compose)))
        }
        (Shape::Fixed, Language::Env) if is_expanded(site, span, lookup.variable) => {
            digits_become(lookup.spelled(expansion(Language::Compose)))
        }
        (Shape::Expanded, Language::Yaml) => {
            let runner = YamlRunner::of(site.file_name)?;
            digits_become(format!("{}{}", runner.escape, in_shell(site.text, span, lookup)))
        }
        (Shape::Fixed, Language::Yaml) if is_process_compose(site.file_name) && !lookup.keeps_default() => {
            digits_become(format!("${{{}}}", lookup.variable))
        }
        (Shape::Fixed, Language::Yaml) if is_ktor(site.file_name, site.text) => {
            // Without braces, which older versions of Ktor take for a part of the name.
            const PLACEHOLDER: Form = Form::call("${}:{port}", "${}");
            placeholder(site.text, span, &lookup.spelled(PLACEHOLDER))
        }
        (Shape::Fixed, Language::Yaml) if is_spring(site.file_name) => {
            placeholder(site.text, span, &lookup.enclosed())
        }
        (Shape::Expanded, Language::PowerShell) => powershell(site.text, span, lookup),
        (Shape::Expanded, Language::Batch) => batch(site.text, literal, span, lookup),
        (Shape::Expanded, Language::Caddyfile | Language::Properties) => digits_become(lookup.enclosed()),
        // A unit has no place for a default.
        (Shape::Expanded, Language::Systemd) => {
            (!lookup.keeps_default()).then(|| vec![Edit::replace(span.clone(), lookup.enclosed())])
        }
        // `WEB_PORT=8000` in the script itself: the environment's value, else this one.
        (Shape::Expanded, Language::Shell) if assigns_itself => {
            digits_become(format!("${{{}:-{}}}", lookup.variable, literal.port))
        }
        (Shape::Expanded, Language::Json) if is_devcontainer(site.file_name) => {
            digits_become(devcontainer(site.text, span, lookup))
        }
        // The shell of Windows has no place for a default.
        (Shape::Expanded, Language::Json) if lookup.keeps_default() && is_for_windows(site.text, span) => {
            None
        }
        (Shape::Expanded, Language::Json) if is_for_cmd(site.text, span) => {
            digits_become(format!("%{}%", lookup.variable))
        }
        (Shape::Expanded, Language::Shell | Language::Json | Language::Procfile) => {
            digits_become(in_shell(site.text, span, lookup))
        }
        (Shape::Expanded, Language::Makefile) if is_justfile(site.file_name) => just(site.text, span, lookup),
        (Shape::Expanded, Language::Makefile) if assigns_itself => {
            let equals = make_operator(site.text, span)?;
            (literal.kind == Kind::Setting).then(|| vec![Edit::replace(equals, "?=")])
        }
        (Shape::Expanded, Language::Makefile) => digits_become(lookup.enclosed()),
        _ => None,
    }
}

/// A program that runs the commands of its YAML file in a shell of this machine.
struct YamlRunner {
    /// How the names of its files begin.
    files: &'static [&'static str],
    /// What keeps the program itself from expanding the variable, which is the shell's to expand.
    escape: &'static str,
}

const YAML_RUNNERS: &[YamlRunner] = &[
    // It expands `${NAME}` in the whole file before it is parsed, without defaults, and `$$` is a `$` (its documentation,
    // "Disable Automatic Expansion").
    YamlRunner { files: &["process-compose"], escape: "$" },
    // Its shell is mvdan/sh, which expands as POSIX says.
    YamlRunner { files: &["Taskfile", "taskfile"], escape: "" },
    YamlRunner { files: &["mprocs"], escape: "" },
];

impl YamlRunner {
    fn of(file_name: &str) -> Option<&'static Self> {
        YAML_RUNNERS.iter().find(|runner| runner.files.iter().any(|start| file_name.starts_with(start)))
    }
}

/// Whether a variable is filled in at a place of a `.env` file: not in the line that gives that very variable its value,
/// and not between single quotes.
fn is_expanded(site: &Site<'_>, span: &Range<usize>, variable: &Variable) -> bool {
    let line = site.text[..span.start].rsplit('\n').next().unwrap_or_default();
    let (key, value) = line.split_once('=').unwrap_or_default();
    site.loader() == Loader::Expands
        && key.trim().trim_start_matches("export ").trim() != variable.as_str()
        && !value.trim_start().starts_with('\'')
}

/// Whether the file describes a development container.
pub(super) fn is_devcontainer(file_name: &str) -> bool {
    file_name.ends_with("devcontainer.json")
}

/// `${localEnv:NAME:8080}` of a development container. A number that is published as itself becomes a mapping: the
/// container's side stays.
fn devcontainer(text: &str, span: &Range<usize>, lookup: &Lookup<'_>) -> String {
    let variable = match lookup.default() {
        Some(port) => format!("${{localEnv:{}:{port}}}", lookup.variable),
        None => format!("${{localEnv:{}}}", lookup.variable),
    };
    let port = &text[span.clone()];
    match (text[..span.start].ends_with(['"', '=', ':']), text[span.end..].starts_with(':')) {
        (_, true) => variable,
        (true, false) if text[span.end..].starts_with('"') => format!("{variable}:{port}"),
        _ => format!("\"{variable}:{port}\""),
    }
}

/// `${NAME:-8080}` of a shell.
fn in_shell(text: &str, span: &Range<usize>, lookup: &Lookup<'_>) -> String {
    match lookup.default() {
        Some(port) => format!("${{{}:-{port}}}", lookup.variable),
        None => expanded(text, span, lookup.variable),
    }
}

/// `$NAME` of a shell, in braces where what follows would be taken for a part of the name, or of what
/// zsh and csh do with it.
fn expanded(text: &str, span: &Range<usize>, variable: &Variable) -> String {
    let mut following = text[span.end..].chars();
    let next = following.next();
    let is_joined = next.is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | '['))
        || next == Some(':') && following.next().is_some_and(|second| second.is_ascii_alphabetic());
    if is_joined { format!("${{{variable}}}") } else { format!("${variable}") }
}

/// `$env:NAME` of PowerShell, in braces where what follows would be taken for a part of the name.
fn powershell(text: &str, span: &Range<usize>, lookup: &Lookup<'_>) -> Option<Vec<Edit>> {
    let line = text[..span.start].rsplit('\n').next().unwrap_or_default();
    let next = text[span.end..].chars().next();
    let in_single = line.matches('\'').count() % 2 == 1 && line.matches('"').count().is_multiple_of(2);
    let in_double = line.matches('"').count() % 2 == 1;
    // `$env:PORT = ` sets what others read, and may be the very variable.
    let is_set = line.trim_end_matches(['"', ' ']).strip_suffix('=').is_some_and(|line| {
        line.trim_end().rsplit(|mark: char| !mark.is_alphanumeric() && mark != '_').nth(1) == Some("env")
    });
    if in_single || is_set {
        return None;
    }
    if lookup.keeps_default() {
        // Outside of quotes an argument ends behind an expression that it begins with.
        let begins_word = line.is_empty() || line.ends_with([' ', '\t', '(', '=', ',']);
        let ends_word = next.is_none_or(|next| next.is_whitespace() || matches!(next, ')' | ',' | ';' | '}'));
        return (in_double || !begins_word || ends_word)
            .then(|| vec![Edit::replace(span.clone(), lookup.enclosed())]);
    }
    let variable = lookup.variable;
    let is_joined = next.is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | ':'));
    let expanded = if is_joined { format!("${{env:{variable}}}") } else { format!("$env:{variable}") };
    Some(vec![Edit::replace(span.clone(), expanded)])
}

/// `%NAME%` of a batch file, which has no place for a default. Where the script sets that very variable, it does so only
/// where the environment has none.
fn batch(text: &str, literal: &Literal, span: &Range<usize>, lookup: &Lookup<'_>) -> Option<Vec<Edit>> {
    static SET: Pattern = regex!(r#"(?i)(?:^|[\s(@&|])(?P<set>set\s+(?:/a\s+)?"?\w+\s*=\s*)$"#);
    let variable = lookup.variable;
    let is_itself = literal.hint.as_ref().is_some_and(|hint| hint.eq_ignore_ascii_case(variable.as_str()));
    let line = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    match SET.captures(&text[line..span.start]).and_then(|captures| captures.name("set")) {
        Some(set) if is_itself => {
            Some(vec![Edit::insert(line + set.start(), format!("if not defined {variable} "))])
        }
        _ if lookup.keeps_default() => None,
        _ => Some(vec![Edit::replace(span.clone(), lookup.enclosed())]),
    }
}

/// A scalar of a compose file. A plain one gets quotes: `${A:-1}:2` without them is easily misread, and
/// in a flow sequence it is no scalar.
fn compose(text: &str, scalar: &Range<usize>, span: &Range<usize>, expanded: &str) -> Option<Vec<Edit>> {
    let written = text.get(scalar.clone())?;
    if written.starts_with(['"', '\'']) || written.contains(['\n', '"', '\\']) {
        return Some(vec![Edit::replace(span.clone(), expanded)]);
    }
    let (before, after) = (&text[scalar.start..span.start], &text[span.end..scalar.end]);
    Some(vec![Edit::replace(scalar.clone(), format!("\"{before}{expanded}{after}\""))])
}

/// Whether Spring reads a file, which fills in placeholders.
pub(super) fn is_spring(file_name: &str) -> bool {
    let stem = file_name.split('.').next().unwrap_or(file_name);
    ["application", "bootstrap"]
        .iter()
        .any(|name| stem == *name || stem.strip_prefix(name).is_some_and(|profile| profile.starts_with('-')))
}

/// Whether a file holds the settings of a Ktor server.
fn is_ktor(file_name: &str, text: &str) -> bool {
    is_spring(file_name) && text.lines().any(|line| line.trim_end() == "ktor:")
}

/// A scalar of the settings of Spring or Ktor. In a flow collection the braces would be taken for its own.
fn placeholder(text: &str, span: &Range<usize>, expanded: &str) -> Option<Vec<Edit>> {
    let line = text[..span.start].rsplit('\n').next().unwrap_or_default();
    let is_flow = line.contains(['{', '[']);
    (!is_flow).then(|| vec![Edit::replace(span.clone(), expanded)])
}

/// Whether a script of `package.json` is written for `cmd.exe`: `set PORT=8080 && node .`, `%PORT%`.
fn is_for_cmd(text: &str, span: &Range<usize>) -> bool {
    static CMD: Pattern = regex!(r#"(?:^|"|&\s*)\s*(?i:set)\s+[A-Za-z_]\w*=|%[A-Za-z_]\w*%"#);
    CMD.is_match(line_around(text, span))
}

/// Whether a script of `package.json` is meant to run on Windows, too.
fn is_for_windows(text: &str, span: &Range<usize>) -> bool {
    static CROSS: Pattern =
        regex!(r"(?-u:\b)cross-env(?:-shell)?\s|(?-u:\b)(?:cmd|powershell|pwsh)(?:\.exe)?\s");
    is_for_cmd(text, span) || CROSS.is_match(line_around(text, span))
}

/// The line of a place.
fn line_around<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    &text[start..end]
}

/// The assignment operator on the line of a number in a makefile.
fn make_operator(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let line = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let equals = line + text[line..span.start].find('=')?;
    let start = line + text[line..equals].trim_end_matches(':').len();
    Some(start..equals + 1)
}

/// Whether a file is one of `just`, whose recipes look like those of make.
pub(super) fn is_justfile(file_name: &str) -> bool {
    file_name.trim_start_matches('.').eq_ignore_ascii_case("justfile") || file_name.ends_with(".just")
}

/// Whether a justfile has its recipes run by something else than a POSIX shell.
fn has_other_shell(text: &str) -> bool {
    static SHELL: Pattern = regex!(r#"(?m)^set\s+(?:windows-)?shell\s*:=\s*\[\s*["'](?P<shell>[^"']*)["']"#);
    SHELL.captures_iter(text).any(|captures| {
        let shell = captures["shell"].rsplit('/').next().unwrap_or_default().to_owned();
        !["sh", "bash", "dash", "zsh", "ksh"].contains(&shell.as_str())
    })
}

/// In a recipe the shell reads the variable; in an assignment or a default it is an expression
/// (`env_var` and `env_var_or_default`, which every version of just has).
fn just(text: &str, span: &Range<usize>, lookup: &Lookup<'_>) -> Option<Vec<Edit>> {
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    let line = &text[start..end];
    if line.starts_with([' ', '\t']) {
        let first = text[..start].lines().rev().take_while(|line| line.starts_with([' ', '\t'])).last();
        // Another program runs a recipe that begins with its name.
        let is_shell = first.is_none_or(|first| {
            !first.trim_start().starts_with("#!")
                || ["sh", "bash", "zsh"].iter().any(|name| first.trim_end().ends_with(name))
        });
        let before = &line[..span.start - start];
        let is_quoted = before.matches('\'').count() % 2 == 1;
        return (is_shell && !is_quoted && !has_other_shell(text))
            .then(|| vec![Edit::replace(span.clone(), in_shell(text, span, lookup))]);
    }
    let quote_at = |part: &str| part.find(['"', '\'']);
    let open = start + line[..span.start - start].rfind(['"', '\''])?;
    let close = span.end + quote_at(&text[span.end..end])?;
    let quote = &text[open..=open];
    if text.get(close..=close) != Some(quote) {
        return None;
    }
    let piece = |range: Range<usize>| (!range.is_empty()).then(|| format!("{quote}{}{quote}", &text[range]));
    let variable = lookup.variable;
    let reading = match lookup.default() {
        Some(port) => format!("env_var_or_default({quote}{variable}{quote}, {quote}{port}{quote})"),
        None => format!("env_var({quote}{variable}{quote})"),
    };
    let pieces: Vec<String> =
        [piece(open + 1..span.start), Some(reading), piece(span.end..close)].into_iter().flatten().collect();
    let is_assigned = text[start..open].trim_end().ends_with(":=");
    let joined = pieces.join(" + ");
    let expression = if is_assigned || pieces.len() == 1 { joined } else { format!("({joined})") };
    Some(vec![Edit::replace(open..close + 1, expression)])
}
