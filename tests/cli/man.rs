//! The manual pages, read by the programs that show them.

use std::process::Command;

use crate::home::Home;
use crate::is_installed;

/// What clap_mangen writes around possible values, and the date, which a debug build does not know.
const KNOWN: [&str; 3] =
    ["skipping paragraph macro: br before sp", "skipping paragraph macro: br after sp", "missing date"];

/// What a formatter has to say about a page. `None` where it is not installed.
fn complaints(home: &Home, program: &str, arguments: &[&str], page: &str) -> Option<Vec<String>> {
    if !is_installed(program) {
        return None;
    }
    let output = Command::new(program).args(arguments).arg(home.path("man").join(page)).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let lines = String::from_utf8_lossy(&said).lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    Some(lines.into_iter().filter(|line| KNOWN.iter().all(|known| !line.contains(known))).collect())
}

fn pages(home: &Home) -> Vec<String> {
    let ran = home.run("", &["man", "--out", "man"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    let files = std::fs::read_dir(home.path("man")).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_command_has_a_page() {
    let home = Home::new();
    let pages = pages(&home);
    let help = home.run("", &["--help"]).stdout;
    let commands =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"check"));
    for command in commands.into_iter().filter(|command| *command != "help") {
        assert!(pages.contains(&format!("port-manager-{command}.1")), "{command} in {pages:?}");
    }
    assert!(pages.contains(&"port-manager.1".to_owned()));
}

#[test]
fn every_page_that_a_page_names_exists() {
    let home = Home::new();
    let pages = pages(&home);
    assert!(pages.contains(&"port-manager-config-show.1".to_owned()), "{pages:?}");
    let reference = regex::Regex::new(r"port\\-manager[a-z\\-]*\(1\)").unwrap();
    for page in &pages {
        let text = home.read(&format!("man/{page}"));
        for named in reference.find_iter(&text) {
            let file = named.as_str().replace('\\', "").replace("(1)", ".1");
            assert!(pages.contains(&file), "{file} in {page}");
        }
        assert_eq!(text.contains("SEE ALSO"), page != "port-manager.1", "{page}");
    }
}

#[test]
fn the_page_of_a_command_below_another_is_printed() {
    let home = Home::new();
    let page = home.run("", &["man", "config", "show"]);
    assert_eq!(page.code, Some(0), "{}", page.stderr);
    assert!(
        page.stdout.contains("PORT-MANAGER-CONFIG-SHOW") && page.stdout.ends_with("config(1)\n"),
        "{}",
        page.stdout
    );
    let wrong = home.run("", &["man", "config", "shwo"]);
    assert_eq!(wrong.stderr, "error: there is no command 'config shwo'\nhelp: Did you mean config show?\n");
    assert_eq!(home.run("", &["man", "check", "show"]).code, Some(2));
}

#[test]
fn formatters_find_nothing_wrong_with_the_pages() {
    let home = Home::new();
    for page in pages(&home) {
        let Some(said) = complaints(&home, "mandoc", &["-T", "lint", "-W", "warning"], &page) else { return };
        assert_eq!(said, [""; 0], "{page}");
        // -z formats without output, so that warnings are left.
        let Some(said) = complaints(&home, "groff", &["-man", "-ww", "-z"], &page) else { return };
        assert_eq!(said, [""; 0], "{page}");
    }
}

#[test]
fn a_page_has_the_examples_line_by_line() {
    let home = Home::new();
    let page = home.run("", &["man", "get"]).stdout;
    home.write("page.1", &page);
    if !is_installed("mandoc") {
        return;
    }
    let output = Command::new("mandoc").args(["-T", "utf8"]).arg(home.path("page.1")).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    // Bold is a letter, a backspace and the letter again.
    let plain: String = {
        let mut plain = String::new();
        for character in shown.chars() {
            if character == '\u{8}' {
                plain.pop();
            } else {
                plain.push(character);
            }
        }
        plain
    };
    assert!(plain.starts_with("PORT-MANAGER-GET(1)"), "{plain}");
    assert!(plain.contains("\n           port-manager get WEB_PORT\n           curl localhost:$(port-manager get API_PORT)/health\n"), "{plain}");
}

#[test]
fn an_unknown_command_has_no_page() {
    let home = Home::new();
    let ran = home.run("", &["man", "chekc"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: there is no command 'chekc'\nhelp: Did you mean check?\n");
}
