//! Formats that expand variables in their text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Site;
use super::edit::Edit;
use crate::analysis::{Kind, Language, Literal, Shape};
use crate::port::Port;
use crate::variable::Variable;

/// The edits that exchange the digits at `span` for the variable. Where the format has a place for a
/// default, that is what the variable holds.
pub(super) fn exchange(
    site: &Site<'_>,
    literal: &Literal,
    span: &Range<usize>,
    variable: &Variable,
    port: Port,
) -> Option<Vec<Edit>> {
    site.text.get(span.clone())?;
    let assigns_itself = literal.hint.as_deref() == Some(variable.as_str());
    let digits_become = |text: String| Some(vec![Edit::replace(span.clone(), text)]);
    match (&literal.shape, site.language) {
        // Of YAML only a compose file of another name has a place for it.
        (Shape::Within { expression }, Language::Compose | Language::Yaml) => {
            compose(site.text, expression, span, &format!("${{{variable}:-{port}}}"))
        }
        (Shape::Fixed, Language::Yaml) if is_spring(site.file_name) => {
            spring(site.text, span, &format!("${{{variable}:{port}}}"))
        }
        (Shape::Expanded, Language::PowerShell) => powershell(site.text, span, variable),
        (Shape::Expanded, Language::Batch) => Some(batch(site.text, literal, span, variable, port)),
        (Shape::Expanded, Language::Caddyfile) => digits_become(format!("{{${variable}:{port}}}")),
        // Without the braces it would have to be a word of its own.
        (Shape::Expanded, Language::Systemd) => digits_become(format!("${{{variable}}}")),
        (Shape::Expanded, Language::Properties) => digits_become(format!("${{{variable}:{port}}}")),
        // `WEB_PORT=8000` in the script itself: the environment's value, else this one.
        (Shape::Expanded, Language::Shell) if assigns_itself => {
            digits_become(format!("${{{variable}:-{port}}}"))
        }
        (Shape::Expanded, Language::Json) if is_for_cmd(site.text, span) => {
            digits_become(format!("%{variable}%"))
        }
        (Shape::Expanded, Language::Shell | Language::Json | Language::Procfile) => {
            digits_become(expanded(site.text, span, variable))
        }
        (Shape::Expanded, Language::Makefile) if is_justfile(site.file_name) => {
            just(site.text, span, variable)
        }
        (Shape::Expanded, Language::Makefile) if assigns_itself => {
            let equals = make_operator(site.text, span)?;
            let number = (port != literal.port).then(|| Edit::replace(span.clone(), port.to_string()));
            (literal.kind == Kind::Setting)
                .then(|| [Edit::replace(equals, "?=")].into_iter().chain(number).collect())
        }
        (Shape::Expanded, Language::Makefile) => digits_become(format!("$({variable})")),
        _ => None,
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
fn powershell(text: &str, span: &Range<usize>, variable: &Variable) -> Option<Vec<Edit>> {
    let line = text[..span.start].rsplit('\n').next().unwrap_or_default();
    // Nothing is expanded between single quotes.
    let is_quoted = line.matches('\'').count() % 2 == 1 && line.matches('"').count().is_multiple_of(2);
    // `$env:PORT = ` sets what others read, and may be the very variable.
    let is_set = line.trim_end_matches(['"', ' ']).strip_suffix('=').is_some_and(|line| {
        line.trim_end().rsplit(|mark: char| !mark.is_alphanumeric() && mark != '_').nth(1) == Some("env")
    });
    let next = text[span.end..].chars().next();
    let is_joined = next.is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, '_' | ':'));
    let expanded = if is_joined { format!("${{env:{variable}}}") } else { format!("$env:{variable}") };
    (!is_quoted && !is_set).then(|| vec![Edit::replace(span.clone(), expanded)])
}

/// `%NAME%` of a batch file. Where the script sets that very variable, it does so only where the
/// environment has none.
fn batch(text: &str, literal: &Literal, span: &Range<usize>, variable: &Variable, port: Port) -> Vec<Edit> {
    static SET: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used)] // a constant
        Regex::new(r#"(?i)(?:^|[\s(@&|])(?P<set>set\s+(?:/a\s+)?"?\w+\s*=\s*)$"#)
            .expect("the pattern is constant")
    });
    let is_itself = literal.hint.as_ref().is_some_and(|hint| hint.eq_ignore_ascii_case(variable.as_str()));
    let line = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    match SET.captures(&text[line..span.start]).and_then(|captures| captures.name("set")) {
        Some(set) if is_itself => {
            let test = Edit::insert(line + set.start(), format!("if not defined {variable} "));
            let number = (port != literal.port).then(|| Edit::replace(span.clone(), port.to_string()));
            [test].into_iter().chain(number).collect()
        }
        _ => vec![Edit::replace(span.clone(), format!("%{variable}%"))],
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

/// A scalar of Spring's settings. In a flow collection the braces would be taken for its own.
fn spring(text: &str, span: &Range<usize>, expanded: &str) -> Option<Vec<Edit>> {
    let line = text[..span.start].rsplit('\n').next().unwrap_or_default();
    let is_flow = line.contains(['{', '[']);
    (!is_flow).then(|| vec![Edit::replace(span.clone(), expanded)])
}

/// Whether a script of `package.json` is written for `cmd.exe`: `set PORT=8080 && node .`, `%PORT%`.
fn is_for_cmd(text: &str, span: &Range<usize>) -> bool {
    static CMD: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used)] // a constant
        Regex::new(r#"(?:^|"|&\s*)\s*(?i:set)\s+[A-Za-z_]\w*=|%[A-Za-z_]\w*%"#)
            .expect("the pattern is constant")
    });
    let start = text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |newline| span.end + newline);
    CMD.is_match(&text[start..end])
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
    file_name.trim_start_matches('.').eq_ignore_ascii_case("justfile")
}

/// In a recipe the shell reads the variable; in an assignment or a default it is an expression
/// (`env_var`, which every version of just has).
fn just(text: &str, span: &Range<usize>, variable: &Variable) -> Option<Vec<Edit>> {
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
        return (is_shell && !is_quoted)
            .then(|| vec![Edit::replace(span.clone(), expanded(text, span, variable))]);
    }
    let quote_at = |part: &str| part.find(['"', '\'']);
    let open = start + line[..span.start - start].rfind(['"', '\''])?;
    let close = span.end + quote_at(&text[span.end..end])?;
    let quote = &text[open..=open];
    if text.get(close..=close) != Some(quote) {
        return None;
    }
    let piece = |range: Range<usize>| (!range.is_empty()).then(|| format!("{quote}{}{quote}", &text[range]));
    let reading = format!("env_var({quote}{variable}{quote})");
    let pieces: Vec<String> =
        [piece(open + 1..span.start), Some(reading), piece(span.end..close)].into_iter().flatten().collect();
    let is_assigned = text[start..open].trim_end().ends_with(":=");
    let joined = pieces.join(" + ");
    let expression = if is_assigned || pieces.len() == 1 { joined } else { format!("({joined})") };
    Some(vec![Edit::replace(open..close + 1, expression)])
}
