//! What a command line does with a port that one of its flags names: `vite --port 5173` listens, `psql -p 5432` connects.

use super::Role;

/// Programs that connect to a port, look at it, or free it. Any other program that is given one listens there.
const CLIENTS: &[&str] = &[
    "ab",
    "amqp-publish",
    "cqlsh",
    "createdb",
    "curl",
    "cypress",
    "dropdb",
    "etcdctl",
    "fuser",
    "grpcurl",
    "hey",
    "http",
    "k6",
    "kill-port",
    "localtunnel",
    "locust",
    "lsof",
    "lt",
    "mariadb",
    "mongo",
    "mongoimport",
    "mongosh",
    "mysql",
    "mysqladmin",
    "mysqldump",
    "nc",
    "ncat",
    "netcat",
    "newman",
    "ngrok",
    "open",
    "pg_dump",
    "pg_isready",
    "pg_restore",
    "psql",
    "redis-cli",
    "scp",
    "sqlcmd",
    "ssh",
    "start-server-and-test",
    "start-test",
    "telnet",
    "wait-for-it.sh",
    "wait-on",
    "wait-port",
    "websocat",
    "wget",
    "wrk",
    "xdg-open",
];

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

/// What the command before a flag's number does with the port. `line` is the text of the line up to the number.
pub(super) fn role(line: &str) -> Role {
    // A script of `package.json` begins behind its name.
    let line = line.rsplit("\": \"").next().unwrap_or(line);
    let command = line.rsplit(['\n', ';', '|', '&', '(', '`']).next().unwrap_or(line);
    let program = command
        .split([' ', '\t', '"', '\'', ',', '[', ']'])
        .filter(|word| !word.is_empty() && !word.contains('=') && !word.ends_with(':'))
        .map(|word| word.trim_start_matches(['@', '-']).rsplit('/').next().unwrap_or(word))
        .find(|word| !word.is_empty() && !BEFORE.contains(word));
    if program.is_some_and(|program| CLIENTS.contains(&program)) { Role::Connects } else { Role::Listens }
}

/// Whether what a line gives before a number is a command that runs in a container which is there already: its addresses
/// are the container's own.
pub(super) fn is_in_container(line: &str) -> bool {
    let command = line.rsplit(['\n', ';', '|', '&', '(', '`']).next().unwrap_or(line);
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['@', '"', '\'']));
    words.any(|word| matches!(word, "docker" | "podman" | "docker-compose" | "podman-compose"))
        && words.any(|word| word == "exec")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_is_a_client_in_a_command() {
        assert!(CLIENTS.is_sorted_by(|left, right| left <= right), "the table is in order");
        for client in CLIENTS {
            assert_eq!(role(&format!("\tsudo {client} -h localhost -p ")), Role::Connects, "{client}");
        }
    }

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
            ("docker run -p ", false),
        ] {
            assert_eq!(is_in_container(line), expected, "{line}");
        }
    }

    #[test]
    fn servers_listen_wherever_their_command_stands() {
        for line in [
            "web: bundle exec rails s -p ",
            "    \"dev\": \"NODE_ENV=development vite --port ",
            "    \"dev\": \"node --inspect=127.0.0.1:",
            "python3 -m http.server ",
            "psql -c 'select 1'; uvicorn app:app --port ",
        ] {
            assert_eq!(role(line), Role::Listens, "{line}");
        }
        for line in ["    \"share\": \"npx localtunnel --port ", "psql -h localhost -p ", "@ssh -p "] {
            assert_eq!(role(line), Role::Connects, "{line}");
        }
    }
}
