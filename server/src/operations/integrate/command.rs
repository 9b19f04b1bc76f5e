//! Commands that load `.ports.env`.

/// What loads the file for a command.
#[derive(Clone, Copy)]
pub(super) enum Means {
    /// Node 22.9 or newer, and only for `node`.
    Node,
    /// dotenv-cli, which passes over a file that is missing.
    DotenvCli,
    /// `port-manager run`.
    Run,
}

impl Means {
    /// The command that loads the file by this.
    pub(super) fn applied(self, command: &str, ports_env: &str) -> Option<String> {
        match self {
            Self::Node => with_env_file(command, ports_env),
            Self::DotenvCli => is_simple(command).then(|| format!("dotenv -e {ports_env} -- {command}")),
            Self::Run => is_simple(command).then(|| format!("port-manager run {command}")),
        }
    }
}

/// Whether words before a command reach all of it: it is one command, without assignments before it.
fn is_simple(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default();
    !command.contains(['&', '|', ';', '$', '`', '>', '<']) && !first.contains('=')
}

/// The command with the flag behind each `node` that starts a part of it. A file further back counts before one further to
/// the front, and the environment before both.
fn with_env_file(command: &str, ports_env: &str) -> Option<String> {
    let flag = format!("--env-file-if-exists={ports_env}");
    let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
    let mut is_changed = false;
    let mut at = 0;
    while at < words.len() {
        let starts_part = at == 0
            || words[..at].iter().rev().find(|word| !word.is_empty()).is_none_or(|before| {
                matches!(before.as_str(), "&&" | "||" | "&" | "|" | "cross-env" | "exec")
                    || before.contains('=')
            });
        if words[at] == "node" && starts_part {
            let behind = at + 1 + behind_env_files(&words[at + 1..]);
            words.insert(behind, flag.clone());
            is_changed = true;
        }
        at += 1;
    }
    is_changed.then(|| words.join(" "))
}

/// Where a further file goes among the arguments of Node: behind those that are loaded already.
pub(super) fn behind_env_files(arguments: &[String]) -> usize {
    let flags = arguments.iter().take_while(|word| word.starts_with('-'));
    let last = flags.enumerate().filter(|(_, word)| word.starts_with("--env-file")).last();
    // `--env-file .env` has its value in the next word.
    let behind = last.map_or(0, |(index, word)| index + 1 + usize::from(!word.contains('=')));
    behind.min(arguments.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_of_a_script_gets_the_flag() {
        let with = |command: &str| with_env_file(command, ".ports.env");
        let flag = "--env-file-if-exists=.ports.env";
        for (command, expected) in [
            ("node server.js", format!("node {flag} server.js")),
            ("node --watch --inspect server.js", format!("node {flag} --watch --inspect server.js")),
            ("node --env-file=.env --watch x.js", format!("node --env-file=.env {flag} --watch x.js")),
            ("node --env-file .env x.js", format!("node --env-file .env {flag} x.js")),
            ("PORT=1 node a.js && node b.js", format!("PORT=1 node {flag} a.js && node {flag} b.js")),
        ] {
            assert_eq!(with(command).as_deref(), Some(expected.as_str()));
        }
        assert_eq!(with("vite"), None);
        assert_eq!(with("echo node"), None);
    }
}
