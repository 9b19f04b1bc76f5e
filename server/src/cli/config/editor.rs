//! `port-manager config edit`

use std::ffi::OsString;
use std::path::Path;

use super::super::exit::Exit;
use super::super::terminal::Terminal;
use crate::error::{Error, Result};
use crate::program;
use crate::registry::Store;

/// Has the user edit the file, and says what is wrong with it then.
pub(super) fn edit(store: &Store, terminal: &mut Terminal) -> Result<Exit> {
    let path = store.config_path();
    let (name, arguments) = editor(&path)?;
    if store.create_config()? {
        terminal.say(format_args!("Created {}.", path.display()))?;
    }
    loop {
        terminal.flush()?;
        let started = program::command(&name).args(&arguments).arg(&path).status();
        let status = started.map_err(|source| Error::Command { program: name.clone(), source })?;
        if !status.success() {
            terminal.warn(format_args!("{name} ended with {status}"))?;
        }
        match store.config() {
            Ok(_) => return Ok(if status.success() { Exit::Fine } else { Exit::Failure }),
            Err(error) => terminal.error(&error),
        }
        // Without a terminal nobody can answer, and the error has been reported.
        if !status.success() || terminal.confirm("Edit it again?")? != Some(true) {
            return Ok(Exit::Failure);
        }
    }
}

/// The program and the arguments that `VISUAL` or `EDITOR` says.
fn editor(path: &Path) -> Result<(String, Vec<String>)> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| Some((name, set(name)?)));
    let Some((name, value)) = named else {
        return Err(Error::NoEditor { path: path.to_owned(), named: None });
    };
    let mut words = words(&value).into_iter().flatten();
    match words.next() {
        Some(program) => Ok((program, words.collect())),
        None => Err(Error::NoEditor {
            path: path.to_owned(),
            named: Some((name.to_owned(), value.to_string_lossy().into_owned())),
        }),
    }
}

/// The words of an editor's name, as a shell would split them; the path of a program is one word. `None` where a quotation
/// mark has no partner.
fn words(value: &OsString) -> Option<Vec<String>> {
    let text = value.to_str()?;
    if Path::new(text).is_file() {
        return Some(vec![text.to_owned()]);
    }
    // A backslash separates directories on Windows.
    let text = if cfg!(windows) { text.replace('\\', "\\\\") } else { text.to_owned() };
    shlex::split(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editors_name_is_split_into_words() {
        let words = |text: &str| words(&OsString::from(text));
        let of = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words("vim"), of(&["vim"]));
        assert_eq!(words("code --wait"), of(&["code", "--wait"]));
        assert_eq!(words("'/opt/my editor/bin' -w"), of(&["/opt/my editor/bin", "-w"]));
        assert_eq!(words("a; rm $HOME"), of(&["a;", "rm", "$HOME"]));
        assert_eq!(words("'unfinished"), None);
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("my editor");
        std::fs::write(&program, "").unwrap();
        let program = program.to_str().unwrap();
        assert_eq!(words(program), of(&[program]));
    }
}
