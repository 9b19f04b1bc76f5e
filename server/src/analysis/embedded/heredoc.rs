//! Here-documents of shell scripts: the files that a script writes, and what it gives other programs. What it prints is for
//! people.

use tree_sitter::{Node, Tree};

use crate::analysis::command_line::program;
use crate::analysis::embedded::{EmbeddedFile, Form};
use crate::analysis::language::Language;
use crate::analysis::packs::Packs;
use crate::analysis::reading::manifest::is_manifest;
use crate::analysis::tree::walk;
use crate::pattern::{Pattern, regex};

/// `cat > nginx.conf <<EOF`, `tee -a /etc/app.ini >/dev/null <<EOF`
static WRITTEN: Pattern = regex!(
    r#"(?x)
        \b tee \s+ (?: -a \s+ | --append \s+ )? (?P<tee> "[^"]+" | '[^']+' | [^\s"'|;&<>-][^\s|;&<>]* )
        | (?: ^ | [^0-9&>] ) >{1,2} \s* (?P<to> "[^"]+" | '[^']+' | [^\s"'|;&<>]+ ) (?: [^|]* $ | [^|]* \| [^|]* $ )
        "#
);

/// `key = value`, `"key": value`, `- key: value`
static SETTING: Pattern = regex!(r#"^\s*(?:- )?["']?[A-Za-z_][0-9A-Za-z_.-]*["']?\s*(?:=|:(?:\s|$))"#);

/// The here-documents of a script that are files or are read by a program.
pub(in crate::analysis) fn files<'a>(text: &'a str, tree: &Tree, packs: &Packs) -> Vec<EmbeddedFile<'a>> {
    let mut files = Vec::new();
    if !text.contains("<<") {
        return files;
    }
    walk(tree, |path| {
        let node = path.leaf();
        if node.kind() == "heredoc_body"
            && let Some(redirect) = path.parent(node)
            && let Some(form) = file_of(text, redirect)
                .map(Form::Name)
                .or_else(|| read_as(text, redirect, text.get(node.byte_range())?, packs).map(Form::Language))
        {
            files.push(EmbeddedFile { part: node.byte_range(), form });
        }
        true
    });
    files
}

/// The language of what a program is given that reads a here-document: another shell, an interpreter, or settings that
/// are kept in a variable or sent.
fn read_as(text: &str, redirect: Node<'_>, body: &str, packs: &Packs) -> Option<Language> {
    let start = redirect.start_byte();
    let before = text.get(..start)?.replace("\\\n", "  ");
    let before = before.rsplit('\n').next()?;
    let rest = text.get(start..)?.lines().next()?;
    let receiver = match rest.replace("||", "  ").split_once('|') {
        Some((_, command)) => command.to_owned(),
        None => before.to_owned(),
    };
    let name = program(&receiver, packs);
    let is_kept = before.rsplit_once("$(").is_some_and(|(_, command)| !command.contains(')'));
    // `docker exec -i web bash`
    let last = receiver.split_whitespace().rev().find(|word| !word.starts_with('-')).unwrap_or_default();
    match name.as_str() {
        "ssh" => Some(Language::Shell),
        "cat" if is_kept => settings(body),
        "read" | "curl" | "http" | "jq" => settings(body),
        "cat" | "tee" | "echo" => None,
        name => Language::of_first_line(&format!("#!{name}"))
            .or_else(|| matches!(last, "bash" | "sh").then_some(Language::Shell)),
    }
}

/// The language of settings, unless they are text for people, or for a cluster.
fn settings(body: &str) -> Option<Language> {
    if body.trim_start().starts_with(['{', '[']) {
        return Some(Language::Json);
    }
    let is_setting =
        |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#') || SETTING.is_match(line);
    (!is_manifest(body) && body.lines().all(is_setting)).then_some(Language::Conf)
}

/// The file that a here-document is written into, by the line that it begins on.
fn file_of<'a>(text: &'a str, redirect: Node<'_>) -> Option<&'a str> {
    let start = redirect.start_byte();
    let line = text.get(..start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let end = text.get(start..)?.find('\n').map_or(text.len(), |newline| start + newline);
    written_file(text.get(line..end)?)
}

/// The file that a command writes what it is given into.
pub(in crate::analysis) fn written_file(command: &str) -> Option<&str> {
    let captures = WRITTEN.captures(command)?;
    captures.name("tee").or_else(|| captures.name("to")).map(|file| file.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tests::finds_what_is_marked;

    fn finds(command: &str, body: &str) {
        finds_what_is_marked("a.sh", &format!("{command} <<EOF\n{body}\nEOF\n"));
    }

    #[test]
    fn what_is_written_to_a_file_is_read_as_that_file() {
        finds("cat > a.ini", "port = «8080 setting»");
        finds("sudo tee -a /etc/a.ini > /dev/null", "port = «8080 setting»");
        finds("cat > a.txt", "port = 8080");
    }

    #[test]
    fn what_is_printed_is_for_people() {
        finds("cat", "port = 8080");
        finds("tee", "port = 8080");
    }

    #[test]
    fn what_a_program_is_given_is_in_its_language() {
        finds("python3", "port = «8080 setting»");
        finds("ssh web.example.com", "serve --port «8080 command-flag»");
        finds("docker exec -i web bash", "serve --port «8080 command-flag»");
        finds("docker exec -i web psql", "serve --port 8080");
    }

    #[test]
    fn settings_that_are_kept_or_sent_are_read() {
        finds_what_is_marked("a.sh", "settings=$(cat <<EOF\nport = «8080 setting»\nEOF\n)\n");
        finds("curl -d @- localhost", "{\"port\": «8080 setting»}");
        finds_what_is_marked("a.sh", "text=$(cat <<EOF\nThe port = 8080\nis taken.\nEOF\n)\n");
        finds("curl -d @- localhost", "apiVersion: v1\nport: 8080");
    }

    #[test]
    fn the_file_that_a_command_writes_is_behind_its_redirection() {
        assert_eq!(written_file("cat > a.ini"), Some("a.ini"));
        assert_eq!(written_file("cat >> 'a b.ini'"), Some("'a b.ini'"));
        assert_eq!(written_file("envsubst | tee a.ini"), Some("a.ini"));
        assert_eq!(written_file("cat 2> a.log"), None);
        assert_eq!(written_file("cat a.ini"), None);
    }
}
