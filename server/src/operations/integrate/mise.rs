//! `mise`: a shell has the ports in the directory of the project.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, TomlError, value};

use super::work::{Work, not_understood};
use super::{State, Target};
use crate::error::Result;
use crate::ports_env::FILE_NAME;

pub(super) const TARGET: Target = Target {
    name: "mise",
    summary: "mise loads .ports.env into the shells of the directory",
    plan,
    is_needed: |work| work.reads_ports() && work.first(FILES).is_ok_and(|found| found.is_some()),
};

const FILES: &[&str] = &["mise.toml", ".mise.toml", "mise.local.toml"];

fn plan(work: &mut Work<'_>) -> Result<State> {
    let found = work.first(FILES)?;
    let Some((path, text)) = found.or_else(|| work.is_asked.then(|| ("mise.toml".into(), String::new())))
    else {
        return Ok(State::NotUsed("the project has no mise.toml".to_owned()));
    };
    match edited(&path, &text)? {
        Some(edited) => work.set(&path, edited).map(|()| State::Done),
        None => Ok(State::Impossible(format!(
            "`env._.file` of {} is not a file or a list of files",
            path.display()
        ))),
    }
}

/// The text with the file among those that it loads; `None` where it names something else there.
fn edited(path: &Path, text: &str) -> Result<Option<String>> {
    let mut document: DocumentMut = text.parse().map_err(|error: TomlError| {
        not_understood(path, text, error.span().map_or(0, |span| span.start), error.message())
    })?;
    let env = document.entry("env").or_insert(Item::Table(Table::new()));
    let Some(env) = env.as_table_like_mut() else { return Ok(None) };
    let mut dotted = Table::new();
    dotted.set_dotted(true);
    let Some(special) = env.entry("_").or_insert(Item::Table(dotted)).as_table_like_mut() else {
        return Ok(None);
    };
    match special.get_mut("file") {
        None => drop(special.insert("file", value(FILE_NAME))),
        Some(file) => {
            let known = file.as_str().map(str::to_owned);
            if let Some(known) = known {
                if known != FILE_NAME {
                    *file = value(Array::from_iter([known.as_str(), FILE_NAME]));
                }
            } else if let Some(list) = file.as_array_mut() {
                if !list.iter().any(|it| it.as_str() == Some(FILE_NAME)) {
                    list.push(FILE_NAME);
                }
            } else {
                return Ok(None);
            }
        }
    }
    Ok(Some(document.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_joins_those_that_are_loaded() {
        let edited = |text: &str| edited(Path::new("mise.toml"), text).unwrap().unwrap();
        assert_eq!(
            edited("[tools]\nnode = \"22\" # ours\n"),
            "[tools]\nnode = \"22\" # ours\n\n[env]\n_.file = \".ports.env\"\n"
        );
        assert_eq!(edited("[env]\n_.file = \".env\"\n"), "[env]\n_.file = [\".env\", \".ports.env\"]\n");
        let done = "[env]\n_.file = [\".env\", \".ports.env\"]\n";
        assert_eq!(edited(done), done);
    }
}
