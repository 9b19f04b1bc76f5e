//! What the program that is run makes of its arguments.

use std::ops::Range;

use crate::analysis::names::is_address_name;

/// The program that the words before a flag call: the last word that begins a command.
pub(in crate::analysis) fn program(before: &str) -> &str {
    let command = before.rsplit(['\n', ';', '|', '&', '(', '`']).next().unwrap_or(before);
    command
        .split([' ', '\t', '"', '\'', ',', '[', ']'])
        .filter(|word| !word.is_empty())
        .find(|word| {
            !word.contains('=')
                && !matches!(
                    *word,
                    "sudo"
                        | "exec"
                        | "env"
                        | "time"
                        | "nohup"
                        | "npx"
                        | "yarn"
                        | "pnpm"
                        | "if"
                        | "!"
                        | "@"
                        | "while"
                        | "until"
                        | "then"
                        | "do"
                )
        })
        .map_or("", |word| word.trim_start_matches('@').rsplit('/').next().unwrap_or(word))
}

/// Whether a command is that of a program which reaches a port by its place or looks who listens there.
pub(super) fn reaches_ports(command: &str) -> bool {
    let program = command.split_whitespace().next().unwrap_or_default();
    matches!(
        program,
        "nc" | "ncat" | "netcat" | "telnet" | "fuser" | "lsof" | "kill-port" | "wait-port" | "npx"
    )
}

/// Whether a program's `-p`, `-P` or `-l` takes a port on this machine.
pub(super) fn takes_short_flag(program: &str, flag: &str) -> bool {
    match flag {
        "-l" => matches!(program, "serve" | "nc" | "ncat" | "netcat"),
        "-P" => matches!(program, "mysql" | "mysqladmin" | "mysqldump" | "mariadb"),
        _ => !matches!(
            program,
            "ssh"
                | "scp"
                | "mkdir"
                | "cp"
                | "tar"
                | "docker"
                | "podman"
                | "nerdctl"
                | "cargo"
                | "make"
                | "kill"
                | "ps"
                | "read"
                | "rsync"
                | "unzip"
                | "xargs"
                | "install"
                | "patch"
                | "go"
                | "tsc"
                | ""
                | "nproc"
                | "mv"
                | "jest"
                | "head"
                | "tail"
                | "sed"
                | "grep"
        ),
    }
}

/// Whether the number is an image's tag: `docker run redis:6379`, `FROM x:8080`.
pub(super) fn is_image(text: &str, span: &Range<usize>) -> bool {
    let command = text[..span.start].rsplit(['\n', ';', '|', '&']).next().unwrap_or_default();
    let program = program(command);
    // What is run in a container that is there already is no image; nor is what a flag for an address is given.
    let mut words = command.split_whitespace().rev().skip(1);
    if words.next().is_some_and(|flag| flag.starts_with("--") && is_address_name(flag))
        || words.any(|word| word == "exec")
    {
        return false;
    }
    matches!(program, "docker" | "podman" | "nerdctl" | "kind" | "skopeo")
        && !text[..span.start]
            .trim_end_matches(|character: char| !character.is_whitespace())
            .trim_end()
            .ends_with(['=', 'e'])
        && !command.rsplit(char::is_whitespace).next().unwrap_or_default().contains("//")
}
