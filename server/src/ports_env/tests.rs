//! What parsing and editing promise.

use std::fs;

use proptest::prelude::*;

use super::*;

fn variable(name: &str) -> Variable {
    name.parse().unwrap()
}

fn port(number: u16) -> Port {
    Port::new(number).unwrap()
}

#[test]
fn assignments_are_read_in_every_notation_that_shells_and_dotenv_share() {
    let text = "\u{feff}A_PORT=8000\r\nexport B_PORT=\"8001\" # comment\n  C_PORT='8002'\t\n# D_PORT=1\n\nE_PORT=8003";
    let env = PortsEnv::parse(text);
    let read: Vec<_> = env
        .definitions()
        .iter()
        .map(|it| {
            (it.variable.as_str(), it.port.get(), &text[it.name_span.clone()], &text[it.port_span.clone()])
        })
        .collect();
    assert_eq!(
        read,
        [
            ("A_PORT", 8000, "A_PORT", "8000"),
            ("B_PORT", 8001, "B_PORT", "8001"),
            ("C_PORT", 8002, "C_PORT", "8002"),
            ("E_PORT", 8003, "E_PORT", "8003"),
        ]
    );
    assert_eq!(env.problems(), []);
}

#[test]
fn what_is_not_an_assignment_of_a_port_is_a_problem_and_nothing_else() {
    let assignment = |text: &'static str| (text, ProblemKind::NotAnAssignment);
    let not_a_port = |text: &'static str, is_left_out| {
        (text, ProblemKind::NotAPort { variable: variable("WEB_PORT"), is_left_out })
    };
    let value = |text| not_a_port(text, false);
    let name = |text: &'static str, name, is_port| {
        (text, ProblemKind::NotAPortVariable { variable: variable(name), is_port })
    };
    let cases = [
        ("hello", assignment("hello")),
        ("  WEB-PORT=1 ", assignment("WEB-PORT=1")),
        ("=8000", assignment("=8000")),
        ("WEB_PORT = 8000", assignment("WEB_PORT = 8000")),
        ("WEB_PORT= 8000", assignment("WEB_PORT= 8000")),
        ("WEB_PORT=", not_a_port("WEB_PORT=", true)),
        ("WEB_PORT=''", not_a_port("''", true)),
        ("WEB_PORT= # the shop", not_a_port(" # the shop", true)),
        ("WEB_PORT =", assignment("WEB_PORT =")),
        ("DATABASE_URL=postgres://a/b", name("DATABASE_URL=postgres://a/b", "DATABASE_URL", false)),
        ("export LD_LIBRARY_PATH=8006", name("export LD_LIBRARY_PATH=8006", "LD_LIBRARY_PATH", true)),
        (
            "PORT_MANAGER_CONFIG_DIR=3000",
            name("PORT_MANAGER_CONFIG_DIR=3000", "PORT_MANAGER_CONFIG_DIR", true),
        ),
        ("WEB_PORT=0", value("0")),
        ("WEB_PORT=65536", value("65536")),
        ("WEB_PORT=8000#x", value("8000#x")),
        ("WEB_PORT='8000", value("'8000")),
        ("WEB_PORT=\"8000\"1", value("\"8000\"1")),
        ("WEB_PORT=8000 rm -rf", value("8000 rm -rf")),
        ("export WEB_PORT=$(id)", value("$(id)")),
    ];
    for (text, (span, kind)) in cases {
        let env = PortsEnv::parse(text);
        assert_eq!(env.definitions(), [], "{text:?}");
        let problems: Vec<_> =
            env.problems().iter().map(|it| (&text[it.span.clone()], it.kind.clone())).collect();
        assert_eq!(problems, [(span, kind)], "{text:?}");
    }
}

#[test]
fn a_value_that_is_not_a_port_is_never_overwritten() {
    for (text, expected) in [
        ("A_PORT=secret\n", "A_PORT=secret\nA_PORT=1\n"),
        ("A_PORT = 5\n", "A_PORT = 5\nA_PORT=1\n"),
        ("A_PORT=5 6", "A_PORT=5 6\nA_PORT=1\n"),
        ("A_PORT=\nB_PORT=2\n", "A_PORT=1\nB_PORT=2\n"),
        ("export A_PORT=\"\" # why\n", "export A_PORT=\"1\" # why\n"),
        ("A_PORT= # why\n", "A_PORT=1 # why\n"),
        ("A_PORT=\nA_PORT=secret\n", "A_PORT=\nA_PORT=secret\nA_PORT=1\n"),
    ] {
        let mut env = PortsEnv::parse(text);
        env.set(&variable("A_PORT"), port(1));
        assert_eq!(env.to_text(), expected, "{text:?}");
    }
}

#[test]
fn of_two_lines_for_a_variable_the_last_counts_as_it_does_for_a_shell() {
    let mut env = PortsEnv::parse("A_PORT=1\nA_PORT=2\n");
    assert_eq!(env.get(&variable("A_PORT")), Some(port(2)));
    let kind = ProblemKind::DuplicateVariable { variable: variable("A_PORT") };
    assert_eq!(env.problems(), [Problem { span: 0..6, kind }]);

    env.set(&variable("A_PORT"), port(3));
    assert_eq!(env.to_text(), "A_PORT=1\nA_PORT=3\n");
    env.remove(&variable("A_PORT"));
    assert_eq!(env.to_text(), "");
}

#[test]
fn a_byte_order_mark_is_the_files_and_not_its_first_lines() {
    let mut env = PortsEnv::parse("\u{feff}A_PORT=1\n\u{feff}B_PORT=2\n");
    env.remove(&variable("A_PORT"));
    assert_eq!(env.to_text(), "\u{feff}\u{feff}B_PORT=2\n");
    assert_eq!(env.definitions(), [], "a mark further down is no mark");
}

#[test]
fn two_variables_with_one_port_are_a_problem_of_the_second() {
    let env = PortsEnv::parse("A_PORT=1\nB_PORT=1\nC_PORT=2\n");
    let kind =
        ProblemKind::DuplicatePort { variable: variable("B_PORT"), other: variable("A_PORT"), port: port(1) };
    assert_eq!(env.problems(), [Problem { span: 16..17, kind }]);
}

#[test]
fn an_edit_touches_nothing_but_its_own_line() {
    let text = "# mine\r\nexport A_PORT='1' # why\r\nnonsense\r\nB_PORT=\r\n C_PORT = 3\r\nD_PORT=4";
    let mut env = PortsEnv::parse(text);
    env.set(&variable("A_PORT"), port(11));
    env.set(&variable("B_PORT"), port(12));
    env.set(&variable("C_PORT"), port(13));
    env.set(&variable("E_PORT"), port(15));
    env.remove(&variable("D_PORT"));
    assert_eq!(
        env.to_text(),
        "# mine\r\nexport A_PORT='11' # why\r\nnonsense\r\nB_PORT=12\r\n C_PORT = 3\r\nC_PORT=13\r\nE_PORT=15\r\n"
    );
}

#[test]
fn many_edits_at_once_do_what_each_alone_does() {
    let text = "A_PORT=1\nB_PORT=\nA_PORT=2\nC_PORT=3";
    let ports = [("D_PORT", 4), ("A_PORT", 5), ("B_PORT", 6), ("C_PORT", 3), ("E_PORT", 7), ("D_PORT", 8)];
    let ports: Vec<(Variable, Port)> = ports.map(|(name, number)| (variable(name), port(number))).into();
    let mut at_once = PortsEnv::parse(text);
    at_once.set_all(ports.iter().map(|(variable, port)| (variable, *port)));
    assert_eq!(at_once.to_text(), "A_PORT=1\nB_PORT=6\nA_PORT=5\nC_PORT=3\nD_PORT=8\nE_PORT=7\n");
    let mut one_by_one = PortsEnv::parse(text);
    ports.iter().for_each(|(variable, port)| one_by_one.set(variable, *port));
    assert_eq!(at_once, one_by_one);

    at_once.retain(|variable| variable.as_str() > "B_PORT");
    assert_eq!(at_once.to_text(), "C_PORT=3\nD_PORT=8\nE_PORT=7\n");
}

/// Were any step quadratic, this would take many minutes.
#[test]
fn a_file_of_100_000_lines_is_read_and_edited() {
    let variables: Vec<Variable> = (0..50_000).map(|number| variable(&format!("PORT_{number}"))).collect();
    let lines = |port: &str| variables.iter().map(|name| format!("{name}={port}\n")).collect::<String>();
    let mut env = PortsEnv::parse(&(lines("1") + &lines("x")));
    assert_eq!(env.variables().count(), 50_000);
    assert_eq!(env.problems().len(), 99_999, "one port many times, and no port at all");
    let ports = || variables.iter().map(|variable| (variable, port(2)));
    env.set_all(ports());
    assert!(variables.iter().all(|variable| env.get(variable) == Some(port(2))));
    env.retain(|variable| variable.as_str() == "PORT_7");
    assert_eq!(env.to_text(), "PORT_7=2\nPORT_7=x\n");
}

#[test]
fn a_file_with_more_lines_than_there_can_be_ports_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let lines = |count: usize| {
        let lines = (0..count).map(|number| format!("# why\n\nPORT_{number}=1\n"));
        lines.collect::<String>()
    };
    for name in [FILE_NAME, example::FILE_NAME] {
        let read = || PortsEnv::load(directory.path()).and(Example::load(directory.path()));
        fs::write(directory.path().join(name), lines(MOST_LINES)).unwrap();
        read().unwrap();
        fs::write(directory.path().join(name), lines(MOST_LINES + 1)).unwrap();
        let refused = read().unwrap_err().to_string();
        assert!(
            refused.ends_with(&format!(
                "{name} has 1001 lines besides comments; port-manager reads at most 1000"
            )),
            "{refused}"
        );
        fs::remove_file(directory.path().join(name)).unwrap();
    }
}

#[test]
fn a_written_file_says_who_manages_it_and_an_unchanged_one_is_not_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(FILE_NAME);
    fs::write(&path, "A_PORT=1\n").unwrap();
    let mut env = PortsEnv::load(directory.path()).unwrap().unwrap();
    assert_eq!(files::write_pending(env.pending(directory.path()).unwrap()).unwrap(), None);
    assert_eq!(fs::read_to_string(&path).unwrap(), "A_PORT=1\n");

    env.set(&variable("B_PORT"), port(2));
    assert_eq!(files::write_pending(env.pending(directory.path()).unwrap()).unwrap(), Some(path.clone()));
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written, format!("{HEADER}A_PORT=1\nB_PORT=2\n"));

    let mut env = PortsEnv::load(directory.path()).unwrap().unwrap();
    env.set(&variable("B_PORT"), port(3));
    files::write_pending(env.pending(directory.path()).unwrap()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), written.replace("B_PORT=2", "B_PORT=3"));
}

#[test]
fn the_header_has_the_line_ends_of_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(FILE_NAME);
    fs::write(&path, "# mine\r\nA_PORT=1\r\n").unwrap();
    let mut env = PortsEnv::load(directory.path()).unwrap().unwrap();
    env.set(&variable("B_PORT"), port(2));
    files::write_pending(env.pending(directory.path()).unwrap()).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written, format!("{HEADER}# mine\nA_PORT=1\nB_PORT=2\n").replace('\n', "\r\n"));
    for stripped in stripped(directory.path()).unwrap() {
        stripped.apply(directory.path()).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\r\n");
}

#[test]
fn a_project_without_the_file_has_none() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(PortsEnv::load(directory.path()).unwrap(), None);
}

proptest! {
    /// Whatever the text: it survives, spans lie in it on character boundaries, and after `set`
    /// the variable has the port and every other line is what it was.
    #[test]
    fn parsing_loses_nothing_and_setting_sets(
        text in "((export )?[A-C]_PORT ?= ?['\"]?[0-9x]{0,5}['\"]?( #.*)?|#.*|\\PC{0,12}|\u{feff})(\r?\n((export )?[A-C]_PORT=['\"]?[0-9]{0,5}['\"]?|\\PC{0,12})){0,5}\n?",
        number in 1u16..,
    ) {
        let mut env = PortsEnv::parse(&text);
        prop_assert_eq!(env.to_text(), text.clone());
        for definition in env.definitions() {
            prop_assert_eq!(&text[definition.name_span.clone()], definition.variable.as_str());
            prop_assert_eq!(text[definition.port_span.clone()].parse::<Port>(), Ok(definition.port));
        }
        for problem in env.problems() {
            prop_assert!(!text[problem.span.clone()].is_empty());
            prop_assert!(!text[problem.span.clone()].contains('\n'));
        }
        let before: Vec<(Variable, Option<Port>)> =
            env.variables().map(|variable| (variable.clone(), env.get(variable))).collect();
        env.set(&variable("A_PORT"), port(number));
        prop_assert_eq!(env.get(&variable("A_PORT")), Some(port(number)));
        for (other, had) in before.into_iter().filter(|(other, _)| other.as_str() != "A_PORT") {
            prop_assert_eq!(env.get(&other), had);
        }
        let text = env.to_text();
        env.set(&variable("A_PORT"), port(number));
        prop_assert_eq!(env.to_text(), text);
    }
}
