//! The names that a process goes by: its program's, its script's, and what it calls itself.

use std::path::{Path, PathBuf};

use crate::pattern::is_like;
use crate::ports::process::Process;

/// Programs that run scripts.
const INTERPRETERS: &[&str] = &[
    "node", "nodejs", "bun", "deno", "python*", "pypy*", "ruby*", "perl*", "php", "php5*", "php7*", "php8*",
    "php9*", "electron",
];

/// Programs that contain many: the name that they are called by says which one runs.
const MANY: &[&str] = &["busybox", "toybox", "coreutils"];

/// The flags of interpreters, and of the debuggers below, that a value follows.
const FLAGS_WITH_VALUE: &[&str] = &[
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "--env-file",
    "--watch-path",
    "-C",
    "--conditions",
    "-X",
    "-W",
    "--connect",
    "--listen",
    "--configure-qt",
    "--adapter-access-token",
    "--log-to",
];

/// The commands of interpreters behind which the script comes: `deno run --watch server.ts`.
const COMMANDS: &[&str] = &["run", "serve", "task"];

/// Scripts that run another one in the same process. That one tells what the process is: editors keep the
/// debugger in a directory of their own, and what it runs is the user's program.
const DEBUGGERS: &[&str] = &["debugpy"];

/// Directories of installed packages. A script with an extension is a tool only in one of them: `supervisor.js`
/// and `guard.js` are anybody's.
const PACKAGES: &[&str] = &["node_modules", "nodejs", "corepack", "pnpm", ".pnpm", ".yarn", "yarn*"];

/// The extensions that tools have there.
const EXTENSIONS: &[&str] = &[".js", ".mjs", ".cjs"];

/// A name that a process goes by.
pub(super) struct Name<'a> {
    pub(super) name: String,
    /// The words of the command line that belong to it.
    pub(super) words: Vec<&'a str>,
    /// Whether it is the name of a script that an interpreter runs.
    pub(super) is_script: bool,
}

/// The names that a process goes by.
pub(super) fn names(process: &Process) -> Vec<Name<'_>> {
    let mut found = Vec::new();
    let program = plain(&process.program);
    let words: Vec<&str> = process.command.iter().skip(1).map(String::as_str).collect();
    let script = script(process);
    // The arguments of a script are not those of its interpreter; its name may be a command of the
    // interpreter: `bun run dev`.
    let own = script.map_or(words.len(), |(index, _)| index);
    if !MANY.contains(&&*program) {
        found.push(Name { name: program, words: words[..own].to_vec(), is_script: false });
    }
    if let Some(called) = process.command.first() {
        // A program that changes its title often puts the whole title into one word.
        let mut own_words = called.split_whitespace();
        let name = own_words.next().unwrap_or_default().trim_start_matches('-').trim_end_matches(':');
        let own_words = own_words.chain(words[..own].iter().copied()).collect();
        found.push(Name { name: plain(name), words: own_words, is_script: false });
    }
    if let Some((index, script)) = script {
        found.push(Name { name: name_of_script(script), words: words[index..].to_vec(), is_script: true });
    }
    found
}

/// The file of the script that an interpreter runs, with links followed where that is possible.
pub(super) fn script_path(process: &Process) -> Option<PathBuf> {
    let (_, script) = script(process)?;
    let path = match &process.directory {
        Some(directory) => directory.join(script),
        None => PathBuf::from(script),
    };
    // Anything else would be looked up in our own directory.
    path.is_absolute().then(|| resolved(&path).unwrap_or(path))
}

/// The path without links. Node.js runs `out/node/entry` where the file is `entry.js`.
fn resolved(path: &Path) -> Option<PathBuf> {
    let with_extension = || path.with_extension("js");
    path.canonicalize().or_else(|_| with_extension().canonicalize()).ok()
}

/// The script that an interpreter runs, with its place among the words behind the program's name.
fn script(process: &Process) -> Option<(usize, &str)> {
    let interpreter = plain(&process.program);
    if !INTERPRETERS.iter().any(|pattern| is_like(&interpreter, pattern)) {
        return None;
    }
    let has_commands = matches!(&*interpreter, "bun" | "deno");
    let mut words = process.command.iter().enumerate().skip(1);
    while let Some((index, word)) = words.next() {
        let script = match word.as_str() {
            // The name of a module, in place of a script: `python -m watchfiles`.
            "-m" => words.next().map(|(index, module)| (index, module.as_str()))?,
            // A program in the command line itself.
            "-c" | "-e" | "--eval" => return None,
            flag if FLAGS_WITH_VALUE.contains(&flag) => {
                words.next();
                continue;
            }
            flag if flag.starts_with('-') => continue,
            command if has_commands && COMMANDS.contains(&command) => continue,
            script => (index, script),
        };
        if !DEBUGGERS.contains(&&*plain(script.1)) {
            return Some(script);
        }
    }
    None
}

/// The name of a tool that is a script: without its extension, where it is installed as a package.
fn name_of_script(script: &str) -> String {
    let name = plain(script);
    let mut directories = script.split(['/', '\\']).rev().skip(1);
    let is_installed =
        directories.any(|directory| PACKAGES.iter().any(|pattern| is_like(directory, pattern)));
    match EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension)) {
        Some(stem) if is_installed => stem.to_owned(),
        _ => name,
    }
}

/// The last part of a path, in lower case, without `.exe`.
fn plain(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase();
    name.strip_suffix(".exe").map_or(name.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_installed_and_a_script_of_that_name_is_not() {
        for (script, name) in [
            ("/usr/lib/node_modules/nodemon/bin/nodemon.js", "nodemon"),
            ("node_modules/nodemon/bin/nodemon.js", "nodemon"),
            ("/usr/share/nodejs/npm/bin/npm-cli.js", "npm-cli"),
            (".yarn/releases/yarn-4.1.0.cjs", "yarn-4.1.0"),
            ("/usr/bin/guard", "guard"),
            ("supervisor.py", "supervisor.py"),
            ("/home/dev/shop/guard.js", "guard.js"),
        ] {
            assert_eq!(name_of_script(script), name, "{script}");
        }
    }
}
