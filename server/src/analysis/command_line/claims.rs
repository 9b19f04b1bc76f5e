//! What the rows about programs say of the words of a command.

use std::ops::Range;

use super::endpoint::{Endpoint, published, publishes_variable};
use super::slice::Slice;
use super::words::{Command, Script, Word};
use crate::analysis::address::is_remote;
use crate::analysis::packs::{Does, Names, Packs, Position, ProgramRow, ProgramTable};
use crate::pattern::is_like;

/// What a row says of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim<'a, 'r> {
    pub(super) row: &'r ProgramRow,
    /// What the row is about: the word, or a part of it.
    pub(super) value: Slice<'a>,
    /// The port in it; `None` if it has no port of this machine.
    pub(super) endpoint: Option<Endpoint<'a>>,
    /// Whether it is the value of a flag.
    pub(super) is_flagged: bool,
}

/// What the rows say of a command.
#[derive(Debug, Default)]
pub(super) struct Claims<'a, 'r> {
    /// One for each word.
    pub(super) of_words: Vec<Option<Claim<'a, 'r>>>,
    /// Whether a container is given the word; one for each.
    contained: Vec<bool>,
}

/// A program that a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Program {
    name: String,
    /// The words that it is given.
    arguments: Range<usize>,
}

/// A row, and the words that it may be about.
type Scoped<'r> = (usize, &'r ProgramRow, Range<usize>);

impl<'a, 'r> Claims<'a, 'r> {
    /// What the rows say of a command of a script.
    pub(super) fn of(script: &Script<'a>, index: usize, packs: &'r Packs) -> Self {
        let command = &script.commands[index];
        let words = &command.words;
        let rows = rows(script, command, &packs.programs);
        let mut claims = Self { of_words: vec![None; words.len()], contained: vec![false; words.len()] };
        claims.containers(&rows, words, &packs.names);
        for (_, row, scope) in &rows {
            if row.does != Does::Joins && !claims.is_contained(scope.start) {
                claims.flags(row, scope.clone(), words, &packs.names);
            }
        }
        for (_, row, scope) in &rows {
            claims.positions(row, scope.clone(), words, packs);
        }
        claims
    }

    /// Whether a container is given the word.
    pub(super) fn is_contained(&self, word: usize) -> bool {
        self.contained.get(word).copied().unwrap_or_default()
    }

    /// Finds what containers are given, but for those in the network of their host.
    fn containers(&mut self, rows: &[Scoped<'r>], words: &[Word<'a>], names: &Names) {
        for (_, row, scope) in rows {
            if row.does == Does::Contains
                && row.position == Some(Position::Rest)
                && let Some(first) = positional(row, scope.clone(), words).next()
            {
                self.contained[first + 1..scope.end].fill(true);
            }
        }
        let joins = rows.iter().filter(|(_, row, _)| row.does == Does::Joins);
        for (_, row, scope) in joins {
            let mut own = scope.clone().take_while(|word| !self.is_contained(*word));
            if own.any(|word| {
                values(row, words, word, names).is_some_and(|(value, _)| row.allows(value.bare().text()))
            }) {
                self.contained.fill(false);
                return;
            }
        }
        for (_, row, scope) in rows.iter().filter(|(_, row, _)| row.does == Does::Contains) {
            let end = scope.clone().find(|word| self.is_contained(*word)).unwrap_or(scope.end);
            for (_, word) in (scope.start..end).filter_map(|word| values(row, words, word, names)) {
                self.contained[word] = true;
            }
        }
    }

    /// Claims the values of a row's flags.
    fn flags(&mut self, row: &'r ProgramRow, scope: Range<usize>, words: &[Word<'a>], names: &Names) {
        if row.flags.is_empty() && !row.is_named && !row.is_body {
            return;
        }
        for at in scope {
            if let Some((value, word)) = values(row, words, at, names)
                && self.of_words[word].is_none()
                && !self.is_contained(word)
                && row.allows(value.bare().text())
                && let Some(claim) = claim(row, value, true, names)
                && (at > 0 || word == at || !is_short_of_any(row, words, at))
            {
                self.of_words[word] = Some(claim);
            }
        }
    }

    /// Claims the words that count by their place.
    fn positions(&mut self, row: &'r ProgramRow, scope: Range<usize>, words: &[Word<'a>], packs: &Packs) {
        let Some(position) = row.position.filter(|position| *position != Position::Rest) else { return };
        let free = |word: &usize| {
            self.of_words[*word].is_none_or(|claim| !claim.is_flagged) && !self.is_contained(*word)
        };
        let own: Vec<usize> = positional(row, scope, words).filter(free).collect();
        let claimed = |word: &usize| Some((*word, claim(row, words[*word].content, false, &packs.names)?));
        let allowed = |word: &&usize| row.allows(words[**word].content.text());
        let found: Vec<_> = match position {
            Position::All => own.iter().filter(allowed).filter_map(claimed).collect(),
            Position::First => own.iter().take(1).filter(allowed).filter_map(claimed).collect(),
            Position::HostPort => match own.as_slice() {
                [first, ..] if let Some(found) = claimed(first) => vec![found],
                // `wait_for_http "http://127.0.0.1:$PORT/" 45`: an address has its port in it.
                [first, ..] if words[*first].content.text().contains("://") => Vec::new(),
                [first, second, ..] => {
                    let host = words[*first].content.bare();
                    let port = claimed(second)
                        .filter(|(_, claim)| claim.endpoint.is_some_and(|it| !it.is_address()));
                    port.filter(|_| !is_remote(host.text(), packs))
                        .map(|(word, claim)| {
                            let with_host = |endpoint| Endpoint { host: Some(host), ..endpoint };
                            (word, Claim { endpoint: claim.endpoint.map(with_host), ..claim })
                        })
                        .into_iter()
                        .collect()
                }
                _ => Vec::new(),
            },
            Position::Rest => Vec::new(),
        };
        for (word, claim) in found {
            self.of_words[word].get_or_insert(claim);
        }
    }
}

/// The rows about the programs of a command, in their order.
fn rows<'r>(script: &Script<'_>, command: &Command<'_>, table: &'r ProgramTable) -> Vec<Scoped<'r>> {
    let mut rows: Vec<Scoped<'r>> = Vec::new();
    for program in programs(command, table) {
        for (index, row) in table.about(&program.name) {
            let scope = if row.is_about_any() { 0..command.words.len() } else { program.arguments.clone() };
            let Some(scope) = behind_word(row, scope, &command.words) else { continue };
            if row.does != Does::Runs && is_read(row, script, command, table) {
                rows.push((index, row, scope));
            }
        }
    }
    rows.sort_by_key(|(index, ..)| *index);
    rows.dedup_by(|(later, row, _), (earlier, ..)| later == earlier && row.is_about_any());
    rows
}

/// The words of a row's sub-command, if it is that.
fn behind_word(row: &ProgramRow, scope: Range<usize>, words: &[Word<'_>]) -> Option<Range<usize>> {
    if row.words.is_empty() {
        return Some(scope);
    }
    let is_word = |at: &usize| row.words.iter().any(|word| is_like(words[*at].content.text(), word));
    let at = scope.clone().find(is_word)?;
    Some(at + 1..scope.end)
}

/// Whether the command reads the output of a program that the row asks for.
fn is_read(row: &ProgramRow, script: &Script<'_>, command: &Command<'_>, table: &ProgramTable) -> bool {
    let source = || script.commands.get(command.source?);
    row.reads.is_empty()
        || source()
            .is_some_and(|source| programs(source, table).iter().any(|it| row.reads.contains(&it.name)))
}

/// The programs that a command runs: the one that it names and, where that one runs another, that.
fn programs(command: &Command<'_>, table: &ProgramTable) -> Vec<Program> {
    let words = &command.words;
    let mut programs: Vec<Program> = Vec::new();
    let mut runner: Option<&ProgramRow> = None;
    let mut at = 0;
    while at < words.len() {
        let text = words[at].content.text();
        if text.starts_with('-') && text.len() > 1 {
            // Only behind a program there are flags.
            let Some(runner) = runner else { break };
            at += 1 + usize::from(text != "--" && runner.takes_next(text));
            continue;
        }
        let name = file_name(text);
        let is_amount = runner.is_some() && text.starts_with(|first: char| first.is_ascii_digit());
        if name.is_empty() || text == "-" || text.contains('=') || is_amount {
            at += 1;
            continue;
        }
        let begin = at + 1;
        runner = table.about(&name).into_iter().map(|(_, row)| row).find(|row| row.does == Does::Runs);
        // `wait-on tcp:3000 -- npm start`
        let is_mark = |word: &usize| words[*word].content.text() == "--";
        let next = if runner.is_none() { (begin..words.len()).find(is_mark) } else { None };
        let is_word = |word: &Word<'_>| !word.content.text().starts_with('-');
        let next = next.filter(|mark| words.get(mark + 1).is_some_and(is_word));
        programs.push(Program { name, arguments: begin..next.unwrap_or(words.len()) });
        match (runner, next) {
            (Some(_), _) => at = begin,
            (None, Some(next)) => at = next + 1,
            (None, None) => break,
        }
    }
    if programs.is_empty() {
        programs.push(Program { name: String::new(), arguments: 0..words.len() });
    }
    programs
}

/// The program that a command runs in the end.
pub(super) fn program(command: &Command<'_>, table: &ProgramTable) -> String {
    programs(command, table).pop().map(|program| program.name).unwrap_or_default()
}

/// The name of the program that a word calls: `/usr/bin/nc`, `@nc`, `nc.exe`, `$(DOCKER_COMPOSE)`.
fn file_name(word: &str) -> String {
    let word = word.trim_start_matches(['@', '$', '(', '{']).trim_end_matches([')', '}']);
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let is_variable =
        name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    match is_variable && name.len() > 1 {
        true => name.to_ascii_lowercase().replace('_', "-"),
        false => [".exe", ".cmd"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned(),
    }
}

/// The words of a scope that belong to no flag.
fn positional(row: &ProgramRow, scope: Range<usize>, words: &[Word<'_>]) -> impl Iterator<Item = usize> {
    let mut is_value = false;
    scope.filter(move |at| {
        let text = words[*at].content.text();
        if std::mem::take(&mut is_value) {
            return false;
        }
        if text.starts_with('-') && text.len() > 1 {
            is_value = row.takes_next(text);
            return false;
        }
        !text.starts_with(['<', '>']) && !text.starts_with("2>") && !text.is_empty()
    })
}

/// The value of one of a row's flags that begins with the word, and the word with the value.
fn values<'a>(row: &ProgramRow, words: &[Word<'a>], at: usize, names: &Names) -> Option<(Slice<'a>, usize)> {
    let word = words[at].content;
    let next = || {
        let value = words.get(at + 1)?;
        (!value.content.text().starts_with('-')).then_some((value.content, at + 1))
    };
    if !word.text().starts_with(['-', '/']) {
        return None;
    }
    for flag in &row.flags {
        if word.text() == flag {
            return next();
        }
        match of_flag(flag, word, row.is_about_any()) {
            Some(value) if value.text().is_empty() => return next(),
            Some(value) => return Some((value, at)),
            None => {}
        }
    }
    if row.is_named && word.text().starts_with('-') {
        let (name, value) =
            word.split_once('=').map_or((word, None), |(name, value)| (name, Some((value, at))));
        let bare = name.text().trim_start_matches('-');
        let bare = bare.strip_prefix('D').filter(|_| value.is_some()).unwrap_or(bare);
        return names.is_port(bare).then(|| value.or_else(next)).flatten();
    }
    if row.is_body && word.text().starts_with('-') {
        return word.split_once('=').map(|(_, value)| (value, at)).or_else(next);
    }
    None
}

/// What follows a flag in its own word: `--port=8080`, `-p8080`, `-ti:8080`. It is empty where the flag is the last of
/// several letters.
fn of_flag<'a>(flag: &str, word: Slice<'a>, is_of_any: bool) -> Option<Slice<'a>> {
    if let Some((start, end)) = flag.split_once('*') {
        let rest = word.behind(start)?;
        return Some(rest.from(rest.text().find(end)? + end.len()));
    }
    if flag.ends_with(':') {
        return word.behind(flag);
    }
    if let Some(rest) = word.behind(flag).and_then(|rest| rest.behind("=")) {
        return Some(rest);
    }
    let letter = flag.strip_prefix('-').filter(|letter| letter.len() == 1)?;
    let letters = word.behind("-").filter(|letters| !letters.text().starts_with('-'))?;
    let before = letters.text().find(letter)?;
    let is_cluster = letters.text()[..before].bytes().all(|byte| byte.is_ascii_alphanumeric());
    let rest = letters.from(before + 1);
    // What is said of any program is not said of letters that stand together.
    let is_glued = before == 0
        && rest
            .text()
            .trim_start_matches(['"', '\''])
            .starts_with(|first: char| first.is_ascii_digit() || first == '$');
    (is_cluster && !is_of_any || is_glued).then_some(rest)
}

/// What the row says of a value; `None` if the row does not apply to it.
fn claim<'a, 'r>(
    row: &'r ProgramRow,
    value: Slice<'a>,
    is_flagged: bool,
    names: &Names,
) -> Option<Claim<'a, 'r>> {
    let claim = Claim { row, value, endpoint: None, is_flagged };
    let is_body = || value.bare().text().starts_with(['{', '[']);
    match row.does {
        Does::Nothing if row.is_body => is_body().then_some(claim),
        Does::Nothing | Does::Contains => Some(claim),
        Does::Sets => is_body().then_some(claim),
        Does::Publishes => match published(value) {
            Some(port) => Some(Claim { endpoint: Some(Endpoint { port, host: None }), ..claim }),
            None => publishes_variable(value).then_some(claim),
        },
        Does::Listens | Does::Connects => {
            let endpoint = Endpoint::of(value, names)?;
            // What a host of that name has is decided as that of any address is.
            let is_decided_as_address =
                endpoint.has_named_host() || row.takes_numbers() && endpoint.is_address();
            // `-p 10` is a number of pipelines or processes.
            let is_amount = endpoint.port.text().len() == 2 && endpoint.port.text() != "80";
            let may_be_amount =
                is_flagged && row.is_about_any() && row.has_short_flag() && !endpoint.is_address();
            if is_decided_as_address || may_be_amount && is_amount {
                return None;
            }
            Some(Claim { endpoint: Some(endpoint), ..claim })
        }
        Does::Runs | Does::Joins => None,
    }
}

/// Whether the word is a short flag of no program in particular.
fn is_short_of_any(row: &ProgramRow, words: &[Word<'_>], at: usize) -> bool {
    row.is_about_any() && row.does == Does::Listens && words[at].content.text().len() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The programs of the first command of a script.
    fn called(text: &str) -> Vec<String> {
        let programs = programs(&Script::of(text).commands[0], &Packs::built_in().programs);
        programs.into_iter().map(|program| program.name).collect()
    }

    #[test]
    fn a_program_may_run_another() {
        for (text, expected) in [
            ("nc -z a 80", &["nc"][..]),
            ("A=b /usr/bin/nc.exe", &["nc"]),
            ("sudo -u shop env A=b timeout 30 nc", &["sudo", "env", "timeout", "nc"]),
            ("python3 -m http.server 80", &["python3", "http.server"]),
            ("python -u ./manage.py runserver", &["python", "manage.py"]),
            ("pnpm --filter web run dev", &["pnpm", "run", "dev"]),
            ("wait-on tcp:3000 -- npm start", &["wait-on", "npm", "start"]),
            ("npm run dev -- --port 3000", &["npm", "run", "dev"]),
            ("$(DOCKER_COMPOSE) up", &["docker-compose"]),
            ("-p 3000", &[""]),
        ] {
            assert_eq!(called(text), expected, "{text}");
        }
    }
}
