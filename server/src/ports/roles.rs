//! What kinds of programs there are around a server: those that start it again, those that merely pass it
//! on, those that help another program, and those that are never stopped, whatever listens there.

mod editors;
mod names;
mod programs;

use names::{Name, names};
use programs::{PROGRAMS, Row};

use super::process::Process;
use super::protection::Protection;
use crate::pattern::is_like;

/// What a program is to the server that runs under it, or is itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Starts its server again when that ends or its files change.
    Watcher,
    /// Runs a script of a project. It may run several at once.
    Runner,
    /// Runs one command and ends with it: nothing has to be done about it.
    Wrapper,
    /// Works for the process that started it and for nobody else, and ends with it.
    Helper,
    /// Is never stopped.
    Never(Protection),
}

/// The role of a program, where it is known.
pub(super) fn role(process: &Process) -> Option<Role> {
    if editors::is_editors(process) {
        return Some(Role::Never(Protection::Editor));
    }
    row(process).map(|row| row.role)
}

/// Whether the program publishes ports of containers, or runs them.
#[must_use]
pub fn is_container_runtime(process: &Process) -> bool {
    role(process) == Some(Role::Never(Protection::ContainerRuntime))
}

/// The row that decides what a program is.
fn row(process: &Process) -> Option<&'static Row> {
    let names = names(process);
    PROGRAMS.iter().find(|row| names.iter().any(|name| row.fits(name)))
}

impl Row {
    fn fits(&self, Name { name, words, is_script }: &Name<'_>) -> bool {
        let has = |pattern: &&str| words.iter().any(|word| is_like(word, pattern));
        (self.may_be_script || !is_script)
            && self.names.iter().any(|pattern| is_like(name, pattern))
            && (self.words.is_empty() || self.words.iter().any(has))
    }
}

/// Whether the program is a shell that was given one command to run, and no terminal's.
pub(super) fn is_shell_of_a_command(process: &Process) -> bool {
    role(process) == Some(Role::Never(Protection::Shell))
        && process.command.get(1).is_some_and(|flag| match flag.strip_prefix('-') {
            Some(flags) => !flags.starts_with('-') && flags.ends_with('c'),
            None => flag.eq_ignore_ascii_case("/c"),
        })
}

/// Whether the program is a shell that was given a script or a command to run, and that nobody types into.
pub(super) fn is_shell_of_a_script(process: &Process) -> bool {
    let mut words = process.command.iter().skip(1);
    while let Some(word) = words.next() {
        match word.to_lowercase().as_str() {
            // The terminals of editors start PowerShell with a command before the first prompt.
            "-noexit" | "/k" => return false,
            "--rcfile" | "--init-file" | "--init-command" | "-o" | "+o" => {
                words.next();
            }
            flag if flag.starts_with("--") => {}
            flag if flag.starts_with(['-', '+']) && !flag.ends_with('c') => {}
            _ => return role(process) == Some(Role::Never(Protection::Shell)),
        }
    }
    false
}

/// Whether one of those names is the program's; `is_script` says whether a script's name counts that an interpreter runs.
pub(super) fn is_called(process: &Process, patterns: &[&str], is_script: bool) -> bool {
    names(process).iter().any(|name| {
        (is_script || !name.is_script) && patterns.iter().any(|pattern| is_like(&name.name, pattern))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The process with that program file and command line.
    fn process(path: &str, command: &[&str]) -> Process {
        Process {
            pid: 4242,
            parent: None,
            program: path.rsplit(['/', '\\']).next().unwrap().to_owned(),
            path: Some(path.into()),
            command: command.iter().map(ToString::to_string).collect(),
            directory: None,
            user: None,
            started: 0,
        }
    }

    /// The process with that command line, whose first word is its program file.
    fn process_of(line: &str) -> Process {
        let command: Vec<&str> = line.split(' ').collect();
        process(command[0], &command)
    }

    fn role_of(line: &str) -> Option<Role> {
        role(&process_of(line))
    }

    #[test]
    fn every_row_decides_its_examples() {
        for expected in PROGRAMS {
            for line in expected.examples {
                let found = row(&process_of(line));
                assert!(found.is_some_and(|found| std::ptr::eq(found, expected)), "{line}");
            }
        }
    }

    #[test]
    fn every_program_is_known_by_its_name() {
        for expected in PROGRAMS.iter().filter(|row| row.words.is_empty()) {
            for pattern in expected.names {
                let name = pattern.replace('*', "x");
                let found = row(&process(&format!("/usr/bin/{name}"), &[&name]));
                assert!(found.is_some_and(|found| found.role == expected.role), "{name}");
            }
        }
    }

    /// Of those that are started as scripts, or only with certain arguments, real command lines are needed.
    #[test]
    fn every_name_of_a_script_has_an_example() {
        for row in PROGRAMS.iter().filter(|row| row.may_be_script || !row.words.is_empty()) {
            for pattern in row.names.iter().filter(|_| !row.examples.is_empty()) {
                let has_name =
                    |line: &&str| names(&process_of(line)).iter().any(|name| is_like(&name.name, pattern));
                assert!(row.examples.iter().any(has_name), "{pattern}");
            }
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

    #[test]
    fn a_server_has_no_role() {
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
            // Scripts of a project that are called like a tool.
            "python3 supervisor.py",
            "python3 /home/dev/shop/guard.py",
            "node /home/dev/shop/forever.js",
            "python3 notebook.py",
            // What an IDE runs is the user's program.
            "/opt/idea/jbr/bin/java -javaagent:/opt/idea/lib/idea_rt.jar=1:/opt/idea/bin -cp shop com.shop.Main",
            "java -cp shop com.intellij.rt.execution.application.AppMainV2 com.shop.Main",
            "node --require /home/dev/.vscode-server/data/bootloader.js server.js",
            "python3 /home/dev/.vscode-server/extensions/ms-python.debugpy-1/bundled/libs/debugpy --connect \
             127.0.0.1:5678 --configure-qt none --adapter-access-token 1 /home/dev/shop/server.py",
            "python3 -m debugpy --listen 5678 server.py",
            // Proxies and users' programs that are named like a remote desktop's.
            "python3 /usr/bin/websockify 6080 localhost:8000",
            "node vncserver.js",
            "coder server",
            "marimo run dashboard.py",
            "uvicorn shop:app",
            "python3 manage.py migrate",
            "php artisan queue:work",
        ] {
            assert_eq!(role_of(server), None, "{server}");
        }
    }

    #[test]
    fn what_changes_its_title_is_known_by_it() {
        // npm calls itself by what it does, and loses its command line by that.
        assert_eq!(role(&process("/usr/bin/node", &["npm run dev"])), Some(Role::Runner));
        let daemon = process("/usr/bin/node", &["PM2 v5.3.0: God Daemon (/home/dev/.pm2)"]);
        assert_eq!(role(&daemon), Some(Role::Never(Protection::ServiceManager)));
        let session = process("/usr/sbin/sshd", &["sshd: dev@pts/1"]);
        assert_eq!(role(&session), Some(Role::Never(Protection::Session)));
        for (program, title) in [
            ("/usr/bin/python3.11", "gunicorn: master [shop:app]"),
            ("/usr/bin/ruby3.1", "puma 6.4.2 (tcp://0.0.0.0:3000) [shop]"),
            ("/usr/bin/ruby3.1", "unicorn master -c config/unicorn.rb"),
            ("/usr/lib/passenger/PassengerAgent", "Passenger watchdog"),
            ("/usr/sbin/php-fpm8.2", "php-fpm: master process (/etc/php/fpm.conf)"),
        ] {
            assert_eq!(role(&process(program, &[title])), Some(Role::Watcher), "{title}");
        }
    }

    #[test]
    fn busybox_is_what_it_is_called_by() {
        assert_eq!(role(&process("/bin/busybox", &["sh"])), Some(Role::Never(Protection::Shell)));
        assert_eq!(role(&process("/bin/busybox", &["-sh"])), Some(Role::Never(Protection::Shell)));
        assert_eq!(role(&process("/bin/busybox", &["httpd", "-f"])), None);
    }

    #[test]
    fn what_counts_a_server_s_resources_is_a_helper() {
        let code = "from multiprocessing.resource_tracker import main;main(5)";
        let tracker = process("/usr/bin/python3.11", &["/usr/bin/python3", "-c", code]);
        assert_eq!(role(&tracker), Some(Role::Helper));
        let code = "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)";
        let worker =
            process("/usr/bin/python3.11", &["/usr/bin/python3", "-c", code, "--multiprocessing-fork"]);
        assert_eq!(role(&worker), None);
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
            assert_eq!(is_shell_of_a_command(&process_of(line)), expected, "{line}");
        }
    }
}
