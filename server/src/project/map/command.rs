//! What the text of a line before a number says of the command in it.

/// Words before the program that a command starts.
const BEFORE: &[&str] = &[
    "sudo",
    "exec",
    "env",
    "time",
    "nohup",
    "npx",
    "pnpx",
    "bunx",
    "yarn",
    "pnpm",
    "npm",
    "run",
    "if",
    "!",
    "while",
    "until",
    "then",
    "do",
    "dotenv",
    "dotenvx",
    "cross-env",
    "--",
    "timeout",
    "poetry",
    "uv",
    "pipenv",
    "bundle",
    "python",
    "python3",
    "-m",
    "&&",
];

/// Flags that say where to listen, with or without a host: `--inspect=127.0.0.1:9229`.
const LISTENING: &[&str] = &[
    "--addr",
    "--address",
    "--bind",
    "--http",
    "--inspect",
    "--inspect-brk",
    "--listen",
    "--listen-address",
    "-b",
];

/// Whether a word is one that stands before the program of a command: `npx`, `exec`.
pub(super) fn is_before_program(word: &str) -> bool {
    BEFORE.contains(&word)
}

/// Whether what a line gives before a number is a flag that says where to listen.
pub(super) fn is_listening_flag(line: &str) -> bool {
    let word = line.rsplit([' ', '\t', '"', '\'']).next().unwrap_or(line);
    let flag = word.split_once('=').map_or(word, |(flag, _)| flag);
    // `--bind 127.0.0.1:`: the flag is the word before.
    let before =
        line[..line.len() - word.len()].trim_end().rsplit([' ', '\t', '"', '\'']).next().unwrap_or_default();
    LISTENING.contains(&flag) || (!word.starts_with('-') && LISTENING.contains(&before))
}

/// Whether what a line gives before a number is a command that runs in a container which is there already: its addresses
/// are the container's own.
pub(super) fn is_in_container(line: &str) -> bool {
    let command = line.rsplit(['\n', ';', '|', '&', '(', '`']).next().unwrap_or(line);
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['@', '"', '\'']));
    words.any(is_container_tool) && words.any(|word| word == "exec")
}

/// Whether a word runs Docker or Podman, also by a variable: `$compose_cmd`, `${DOCKER}`.
fn is_container_tool(word: &str) -> bool {
    let variable = || {
        let name = word.strip_prefix('$')?.trim_matches(['{', '}', '(', ')']).to_ascii_lowercase();
        Some(["docker", "podman", "compose"].iter().any(|tool| name.contains(tool)))
    };
    matches!(word, "docker" | "podman" | "docker-compose" | "podman-compose")
        || variable().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_that_says_where_to_listen_is_known() {
        for flag in LISTENING {
            assert!(is_listening_flag(&format!("node {flag}=127.0.0.1:")), "{flag}");
            assert!(is_listening_flag(&format!("node {flag} 127.0.0.1:")), "{flag}");
        }
        assert!(!is_listening_flag("node --url=http://localhost:"));
        assert!(!is_listening_flag("curl http://localhost:"));
    }

    #[test]
    fn a_command_in_a_container_is_told_by_exec() {
        for (line, expected) in [
            ("docker exec -it web curl localhost:", true),
            (
                "  \"ready\": \"docker compose -f a.yaml up && docker compose exec api wait-for localhost:",
                true,
            ),
            ("docker compose exec api true && curl localhost:", false),
            ("$compose_cmd exec -T ai sh -c 'curl localhost:", true),
            ("$command exec curl localhost:", false),
            ("docker run -p ", false),
        ] {
            assert_eq!(is_in_container(line), expected, "{line}");
        }
    }
}
