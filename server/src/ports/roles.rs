//! What kinds of programs stand around a server: those that would start it anew, those that merely
//! pass it on, and those that are never stopped, whatever listens there.

mod programs;

use std::path::Path;

use programs::{EDITORS_DIRECTORIES, INTERPRETERS, MANY, PROGRAMS, SCRIPTS_NEVER_STOPPED};

use super::holders::Protection;
use super::process::Process;

/// What a program is to the server that runs under it, or is itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Starts its one server anew when that ends or its files change.
    Watcher,
    /// Runs a script of a project. It may run several at once.
    Runner,
    /// Runs one command and ends with it: nothing is to be done about it.
    Wrapper,
    /// Is never stopped.
    Never(Protection),
}

/// What a program is known to be.
pub(super) fn role(process: &Process) -> Option<Role> {
    let is_editors = |path: &Path| {
        path.components().any(|part| EDITORS_DIRECTORIES.iter().any(|name| part.as_os_str() == *name))
    };
    let script = script(process);
    if process.path.as_deref().is_some_and(is_editors)
        || script.is_some_and(|(_, script)| is_editors(Path::new(script)))
        || process
            .command
            .iter()
            .any(|word| word == "com.intellij.idea.Main" || word == "--type=extensionHost")
    {
        return Some(Role::Never(Protection::Editor));
    }
    let names = names(process);
    PROGRAMS
        .iter()
        .find(|row| {
            names.iter().any(|Name { name, words, is_script }| {
                let has = |pattern: &&str| words.iter().any(|word| is_like(word, pattern));
                let may_be = match row.role {
                    Role::Never(_) => !*is_script || SCRIPTS_NEVER_STOPPED.contains(&name.as_str()),
                    _ => true,
                };
                may_be
                    && row.names.iter().any(|pattern| is_like(name, pattern))
                    && (row.words.is_empty() || row.words.iter().any(has))
            })
        })
        .map(|row| row.role)
}

/// Whether the program is a shell that was given one command to run, and no terminal's.
pub(super) fn is_shell_of_a_command(process: &Process) -> bool {
    role(process) == Some(Role::Never(Protection::Shell))
        && process.command.get(1).is_some_and(|flag| match flag.strip_prefix('-') {
            Some(flags) => !flags.starts_with('-') && flags.ends_with('c'),
            None => flag.eq_ignore_ascii_case("/c"),
        })
}

/// A name that a program goes by.
struct Name<'a> {
    name: String,
    /// The words of the command line that are its own.
    words: Vec<&'a str>,
    /// Whether it is that of a script which an interpreter runs.
    is_script: bool,
}

/// The names that a program goes by.
fn names(process: &Process) -> Vec<Name<'_>> {
    let mut found = Vec::new();
    let program = plain(&process.program);
    let words: Vec<&str> = process.command.iter().skip(1).map(String::as_str).collect();
    let script = script(process);
    // What a script is told is not what its interpreter is told; its name may be a command of the
    // interpreter: `bun run dev`.
    let own = script.map_or(words.len(), |(index, _)| index);
    if !MANY.contains(&&*program) {
        found.push(Name { name: program, words: words[..own].to_vec(), is_script: false });
    }
    if let Some(called) = process.command.first() {
        // A program that calls itself something else often puts it all into one word.
        let mut own_words = called.split_whitespace();
        let name = own_words.next().unwrap_or_default().trim_start_matches('-').trim_end_matches(':');
        let own_words = own_words.chain(words[..own].iter().copied()).collect();
        found.push(Name { name: plain(name), words: own_words, is_script: false });
    }
    if let Some((index, script)) = script {
        let name = plain(script);
        let name = [".js", ".mjs", ".cjs", ".ts", ".py", ".rb", ".php"]
            .iter()
            .find_map(|extension| name.strip_suffix(extension))
            .unwrap_or(&name)
            .to_owned();
        found.push(Name { name, words: words[index..].to_vec(), is_script: true });
    }
    found
}

/// The script that an interpreter runs, with its place in the command line.
fn script(process: &Process) -> Option<(usize, &str)> {
    let program = plain(&process.program);
    if !INTERPRETERS.iter().any(|pattern| is_like(&program, pattern)) {
        return None;
    }
    let mut words = process.command.iter().enumerate().skip(1).peekable();
    while let Some((index, word)) = words.next() {
        match word.as_str() {
            // The name of a module, which stands for a script: `python -m watchfiles`.
            "-m" => return words.next().map(|(index, module)| (index, module.as_str())),
            // A program in the command line itself.
            "-c" | "-e" | "--eval" => return None,
            "-r" | "--require" | "--import" | "--loader" | "--env-file" => {
                words.next();
            }
            flag if flag.starts_with('-') => {}
            script => return Some((index, script)),
        }
    }
    None
}

/// The last part of a path, in lower case, without `.exe`.
fn plain(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase();
    name.strip_suffix(".exe").map_or(name.clone(), str::to_owned)
}

fn is_like(name: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The process with that program file and command line.
    fn process(path: &str, command: &[&str]) -> Process {
        Process {
            pid: 4242,
            parent: None,
            program: path.rsplit('/').next().unwrap().to_owned(),
            path: Some(path.into()),
            command: command.iter().map(ToString::to_string).collect(),
            directory: None,
            user: None,
            started: 0,
        }
    }

    fn role_of(line: &str) -> Option<Role> {
        let command: Vec<&str> = line.split(' ').collect();
        role(&process(command[0], &command))
    }

    #[test]
    fn what_would_start_a_server_anew_is_known() {
        for watcher in [
            "/usr/bin/node /home/dev/shop/node_modules/.bin/nodemon server.js",
            "node /usr/lib/node_modules/nodemon/bin/nodemon.js --watch src server.js",
            "/home/dev/.cargo/bin/cargo-watch watch -x run",
            "node --watch server.js",
            "node --watch-path=src server.js",
            "bun --hot server.ts",
            "node /home/dev/shop/node_modules/.bin/tsx watch server.ts",
            "dotnet watch run",
            "python3 -m watchfiles app.main",
            "/usr/bin/python3.12 /usr/bin/watchmedo auto-restart",
            "watchexec -r ./server",
        ] {
            assert_eq!(role_of(watcher), Some(Role::Watcher), "{watcher}");
        }
        for runner in [
            "node /usr/bin/npm run dev",
            "node /usr/lib/node_modules/npm/bin/npm-cli.js start",
            "bun run dev",
        ] {
            assert_eq!(role_of(runner), Some(Role::Runner), "{runner}");
        }
        // npm calls itself by what it does, and loses its command line by that.
        assert_eq!(role(&process("/usr/bin/node", &["npm run dev"])), Some(Role::Runner));
    }

    #[test]
    fn a_server_is_none_of_these() {
        for server in [
            "node server.js",
            "node script.js",
            "python3 code.py",
            "node server.js --watch",
            "node /home/dev/npm/server.js",
            "node /home/dev/shop/node_modules/.bin/vite",
            "python3 -m http.server 8000",
            "python3 -c print(1) nodemon",
            "/usr/bin/postgres -D /var/lib/postgres",
            "ssh -L 8080:localhost:80 example.org",
            "java -jar shop.jar",
            "busybox httpd -f -p 8000",
        ] {
            assert_eq!(role_of(server), None, "{server}");
        }
    }

    #[test]
    fn what_is_never_stopped_is_known() {
        for (line, protection) in [
            ("/usr/bin/zsh", Protection::Shell),
            ("-bash", Protection::Shell),
            ("/bin/busybox", Protection::Shell),
            ("C:\\Windows\\System32\\cmd.exe /c npm run dev", Protection::Shell),
            ("/usr/libexec/gnome-terminal-server", Protection::Terminal),
            ("tmux: server", Protection::Terminal),
            ("/usr/share/code/code --type=utility", Protection::Editor),
            (
                "/home/dev/.vscode-server/bin/1/node /home/dev/.vscode-server/bin/1/out/server-main.js",
                Protection::Editor,
            ),
            (
                "/usr/bin/node /home/dev/.cursor-server/out/bootstrap-fork --type=fileWatcher",
                Protection::Editor,
            ),
            ("nvim --headless --listen 127.0.0.1:6666", Protection::Editor),
            ("/opt/idea/jbr/bin/java -cp lib com.intellij.idea.Main", Protection::Editor),
            ("/usr/lib/systemd/systemd --user", Protection::ServiceManager),
            ("/usr/bin/python3 /usr/bin/supervisord -n", Protection::ServiceManager),
            ("sshd: dev@pts/1", Protection::Session),
            ("/usr/bin/docker-proxy -proto tcp", Protection::ContainerRuntime),
            ("/usr/bin/containerd-shim-runc-v2 -id 1", Protection::ContainerRuntime),
            ("/usr/bin/conmon -c 1", Protection::ContainerRuntime),
        ] {
            let mut process = process(line, &line.split(' ').collect::<Vec<_>>());
            let path = line.split(' ').next().unwrap();
            process.program = path.rsplit(['/', '\\']).next().unwrap().to_owned();
            process.path = Some(path.into());
            if path == "/bin/busybox" {
                process.command = vec!["sh".to_owned()];
            }
            assert_eq!(role(&process), Some(Role::Never(protection)), "{line}");
        }
        let daemon = process("/usr/bin/node", &["PM2 v5.3.0: God Daemon (/home/dev/.pm2)"]);
        assert_eq!(role(&daemon), Some(Role::Never(Protection::ServiceManager)));
    }

    #[test]
    fn a_shell_that_a_person_types_into_is_told_from_one_that_runs_a_command() {
        for (line, expected) in [
            ("/bin/sh -c vite", true),
            ("/bin/bash -lc vite", true),
            ("cmd.exe /C vite", true),
            ("/bin/bash", false),
            ("-zsh", false),
            ("/bin/bash --rcfile c", false),
            ("/bin/bash -i", false),
            ("node -c vite", false),
        ] {
            let command: Vec<&str> = line.split(' ').collect();
            assert_eq!(is_shell_of_a_command(&process(command[0], &command)), expected, "{line}");
        }
    }

    #[test]
    fn no_program_is_in_two_rows() {
        let mut seen = std::collections::HashSet::new();
        for row in PROGRAMS.iter().filter(|row| row.words.is_empty()) {
            for name in row.names {
                assert!(seen.insert(name), "{name} is there twice");
            }
        }
    }
}
