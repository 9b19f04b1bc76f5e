//! What a command line gives a container: its environment, and the command that runs in it. Ports there are the
//! container's own.

use crate::pattern::{Pattern, regex};
use std::ops::Range;

/// `docker run`, `docker compose exec`, `podman container create`, up to what follows.
static START: Pattern = regex!(
    r"(?-u:\b)(?:docker-compose|podman-compose|(?:docker|podman|nerdctl)(?:[ \t]+(?:compose|container))?)[ \t]+(?:-[^\s]+[ \t]+(?:[^\s-][^\s]*[ \t]+)??)*(?:run|create|exec)(?:[ \t]|\\\r?\n)"
);

/// Flags of these commands that take no value. Every other flag takes the text after its `=`, or the next word.
const SWITCHES: &[&str] = &[
    "--build",
    "--detach",
    "--init",
    "--interactive",
    "--no-TTY",
    "--no-deps",
    "--no-healthcheck",
    "--no-tty",
    "--oom-kill-disable",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--quiet-pull",
    "--read-only",
    "--remove-orphans",
    "--replace",
    "--rm",
    "--service-ports",
    "--sig-proxy",
    "--tty",
    "--use-aliases",
];

/// The programs whose words are such commands, in a list of words.
pub(in crate::analysis) fn runs_containers(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or(program);
    matches!(name, "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose")
}

/// Whether a word is a flag that gives a container a variable: `-e`, `--env`, with or without it.
pub(in crate::analysis) fn gives_variable(word: &str) -> bool {
    word == "--env" || word.starts_with("--env=") || (word.starts_with("-e") && !word.starts_with("--"))
}

/// The parts of a text that containers are given. A container in the network of its host has none: its ports are the
/// host's.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    if !["docker", "podman", "nerdctl"].iter().any(|program| text.contains(program)) {
        return Vec::new();
    }
    START.find_iter(text).flat_map(|start| of_command(text, start.end())).collect()
}

fn of_command(text: &str, start: usize) -> Vec<Range<usize>> {
    let (words, end) = words(text, start);
    let mut words = words.into_iter();
    let mut parts = Vec::new();
    while let Some(word) = words.next() {
        let flag = text[word.clone()].trim_matches(['"', '\'']);
        if !flag.starts_with('-') {
            // The image, or the container that runs already; what follows is for what runs there.
            parts.push(word.end..end);
            break;
        }
        if matches!(flag, "--net=host" | "--network=host") {
            return Vec::new();
        }
        let value = match takes_next(flag) {
            true => words.next().unwrap_or(word.clone()),
            false => word.clone(),
        };
        if matches!(flag, "--net" | "--network") && text[value.clone()] == *"host" {
            return Vec::new();
        }
        if gives_variable(flag) {
            parts.push(value);
        }
    }
    parts
}

/// Whether a flag's value is the next word.
fn takes_next(flag: &str) -> bool {
    if flag.contains('=') || SWITCHES.contains(&flag) {
        return false;
    }
    match flag.strip_prefix('-') {
        Some(letters) if !letters.starts_with('-') => {
            // `-it`; `-p 80:80`; `-p80:80`
            letters.len() == 1 && !"ditPTq".contains(letters)
        }
        _ => true,
    }
}

/// The words of a command that goes on at `start`, quotes included, and where it ends: at a separator, or at the end of
/// a line that is not continued. Text in parentheses or braces is part of a word, `$(or $(PORT),80):80`.
fn words(text: &str, start: usize) -> (Vec<Range<usize>>, usize) {
    let mut words = Vec::new();
    let (mut quote, mut begin, mut depth, mut previous) = (None, None, 0_usize, ' ');
    let mut end = text.len();
    for (at, character) in text[start..].char_indices().map(|(at, character)| (start + at, character)) {
        match character {
            '\n' if !is_continuation(previous) => end = at,
            ';' | '|' | '&' | ')' if quote.is_none() && depth == 0 => end = at,
            '"' | '\'' if previous == '\\' => {}
            '"' | '\'' if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if end == at {
            break;
        }
        if character.is_whitespace() && quote.is_none() && depth == 0 {
            words.extend(begin.take().map(|begin| begin..at));
        } else {
            begin.get_or_insert(at);
        }
        if character != '\r' {
            previous = character;
        }
    }
    words.extend(begin.map(|begin| begin..end));
    words.retain(|word| !text[word.clone()].chars().all(is_continuation));
    (words, end)
}

/// Whether a line goes on behind the character: in a shell, in PowerShell, in a batch file.
fn is_continuation(character: char) -> bool {
    matches!(character, '\\' | '`' | '^')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is given to containers, without white space around it.
    fn found(text: &str) -> Vec<&str> {
        parts(text).into_iter().map(|part| text[part].trim()).filter(|part| !part.is_empty()).collect()
    }

    #[test]
    fn the_environment_and_the_command_are_the_containers() {
        for (text, expected) in [
            ("docker run -p 8000:80 -e PORT=80 img", &["PORT=80"][..]),
            (
                "docker run --rm -it --env PORT=80 --env-file .env img serve --port 81",
                &["PORT=80", "serve --port 81"],
            ),
            ("docker run -d --env=PORT=80 \\\n  --name x -ePORT=81 img", &["--env=PORT=80", "-ePORT=81"]),
            ("docker -H tcp://x run -e PORT=80 img; vite --port 3000", &["PORT=80"]),
            ("podman container create -e PORT=80 img", &["PORT=80"]),
            ("docker compose run -e PORT=80 web npm start && PORT=81 x", &["PORT=80", "npm start"]),
            ("docker-compose exec -T web curl localhost:80", &["curl localhost:80"]),
            ("x=$(docker run -e PORT=80 img) PORT=81 y", &["PORT=80"]),
            ("docker run -p 8000:80 -e \"PORT=80\" img", &["\"PORT=80\""]),
            ("docker run -p $(or $(WEB_PORT),8000):80 -e PORT=80 img", &["PORT=80"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn the_hosts_network_has_the_hosts_ports() {
        for text in [
            "docker run --network host -e PORT=80 img",
            "docker run --net=host -e PORT=80 img",
            "docker build --build-arg PORT=80 .",
            "PORT=80 node server.js",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
