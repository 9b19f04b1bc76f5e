//! What a project gets when it is set up

use super::*;
use crate::error::AssignmentError;
use crate::service::ServiceTypes;

#[test]
fn a_project_that_tells_nothing_gets_the_usual_four() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    let initialized = machine.init(&shop);
    assert_eq!(
        ports(&initialized),
        ["WEB_PORT=8000 new", "API_PORT=8100 new", "DB_PORT=5400 new", "REDIS_PORT=6300 new"]
    );
    let written: Vec<_> = initialized.written.iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(written, [".ports.env", ".ports.env.example", ".gitignore"]);
    insta::assert_snapshot!(read(&shop, ".ports.env"), @"
    # The ports of this project on this machine, managed by port-manager. Do not commit this file.
    # any command:     port-manager run docker compose up
    # shell:           set -a; . ./.ports.env; set +a
    # Node.js:         node --env-file=.ports.env server.js
    WEB_PORT=8000
    API_PORT=8100
    DB_PORT=5400
    REDIS_PORT=6300
    ");
    insta::assert_snapshot!(read(&shop, ".ports.env.example"), @"
    # The port variables of this project, for the whole team: commit this file.
    # `port-manager init` gives each a port on your machine, the one named here where it is free.
    WEB_PORT=8000
    API_PORT=8100
    DB_PORT=5400
    REDIS_PORT=6300
    ");
    assert_eq!(read(&shop, ".gitignore"), "/.ports.env\n");
    assert_eq!(machine.owner(8000).as_deref(), Some("WEB_PORT of shop (~/shop)"));
}

#[test]
fn a_second_init_changes_nothing() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[("job.js", "connect(process.env.DB_PORT)\n")]);
    machine.init(&shop);
    let everything = || {
        let mut files: Vec<_> = [shop.as_path(), machine.context.store.path().parent().unwrap()]
            .iter()
            .flat_map(|directory| fs::read_dir(directory).unwrap())
            .map(|entry| entry.unwrap().path())
            .map(|path| (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap(), path))
            .filter(|(_, _, path)| !path.ends_with("registry.lock"))
            .collect();
        files.sort();
        files
    };
    let before = everything();
    machine.listen(5400);
    let again = machine.init(&shop);
    assert_eq!(ports(&again), ["DB_PORT=5400"]);
    assert_eq!(again.written, Vec::<PathBuf>::new());
    assert_eq!(everything(), before);
}

#[test]
fn two_projects_never_share_a_port_and_listeners_are_avoided() {
    let machine = Machine::new();
    machine.listen(8001);
    let (shop, blog) = (machine.project("shop", &[]), machine.project("blog", &[]));
    machine.init(&shop);
    machine.init(&blog);
    assert_eq!(lines(&blog), ["WEB_PORT=8002", "API_PORT=8101", "DB_PORT=5401", "REDIS_PORT=6301"]);
}

#[test]
fn variables_come_from_the_example_and_the_code_and_the_teams_numbers_are_kept() {
    let machine = Machine::new();
    let files = [
        (".ports.env.example", "WEB_PORT=3000\nSTORYBOOK_PORT=6006\nADMIN_PORT=\nMAIL_PORT=6000\n"),
        ("package.json", r#"{"dependencies": {"express": "5", "pg": "8"}}"#),
        ("server.js", "express().listen(process.env.API_PORT)\n"),
    ];
    machine.listen(6006);
    let shop = machine.project("shop", &files);
    assert_eq!(
        ports(&machine.init(&shop)),
        [
            "WEB_PORT=3000 new",
            "STORYBOOK_PORT=3001 new, 6006 refused: a program listens there",
            "ADMIN_PORT=3002 new",
            "MAIL_PORT=3003 new, 6000 refused: browsers refuse to open it",
            "API_PORT=8100 new",
        ]
    );
    assert_eq!(read(&shop, ".ports.env.example"), format!("{}API_PORT=8100\n", files[0].1));
}

#[test]
fn what_the_code_reads_gets_a_port_and_nothing_else() {
    let machine = Machine::new();
    let files = [
        ("server.js", "app.listen(process.env.ADMIN_PORT); other.listen(process.env.PORT);"),
        ("job.py", "import os\nconnect(port=int(os.environ['POSTGRES_PORT']))\nos.environ['SUPPORT']\n"),
        ("compose.yaml", "services: { store: { image: postgres }, jobs: { image: rabbitmq } }"),
    ];
    let shop = machine.project("shop", &files);
    let inner = machine.project("shop/inner", &[(".ports.env", ""), ("a.js", "f(process.env.INNER_PORT)")]);
    assert_eq!(
        ports(&machine.init(&shop)),
        ["PORT=8000 new", "POSTGRES_PORT=5400 new", "ADMIN_PORT=3000 new"]
    );
    assert_eq!(ports(&machine.init(&inner)), ["INNER_PORT=3001 new"]);
}

#[test]
fn what_was_written_by_hand_is_honoured() {
    let machine = Machine::new();
    let text = "# mine\nWEB_PORT=12345\nnonsense\nAPI_PORT=nothing\n";
    let shop = machine.project("shop", &[(".ports.env", text)]);
    // The project's own server is no conflict.
    machine.listen(12345);
    assert_eq!(ports(&machine.init(&shop)), ["WEB_PORT=12345 new", "API_PORT=8100 new"]);
    assert_eq!(lines(&shop), ["WEB_PORT=12345", "nonsense", "API_PORT=nothing", "API_PORT=8100"]);
    assert_eq!(machine.owner(12345).as_deref(), Some("WEB_PORT of shop (~/shop)"));

    // And so is a later edit, also one that swaps two.
    fs::write(shop.as_path().join(".ports.env"), "WEB_PORT=8100\nAPI_PORT=12345\n").unwrap();
    assert_eq!(ports(&machine.init(&shop)), ["WEB_PORT=8100 new", "API_PORT=12345 new"]);
    assert_eq!(machine.owner(8100).as_deref(), Some("WEB_PORT of shop (~/shop)"));
}

#[test]
fn a_number_that_belongs_to_somebody_else_is_replaced_and_the_result_says_why() {
    let machine = Machine::new();
    machine.init(&machine.project("shop", &[]));
    let copy =
        machine.project("copy", &[(".ports.env", "WEB_PORT=8000\nADMIN_PORT=9100\nOTHER_PORT=9100\n")]);
    assert_eq!(
        ports(&machine.init(&copy)),
        [
            format!(
                "WEB_PORT=8001 new, 8000 refused: it belongs to WEB_PORT of shop ({}/shop)",
                machine.directory.display()
            ),
            "ADMIN_PORT=9100 new".to_owned(),
            format!(
                "OTHER_PORT=3000 new, 9100 refused: it belongs to ADMIN_PORT of copy ({}/copy)",
                machine.directory.display()
            ),
        ]
    );
    assert_eq!(lines(&copy), ["WEB_PORT=8001", "ADMIN_PORT=9100", "OTHER_PORT=3000"]);
}

#[test]
fn a_removed_ports_env_comes_back_with_the_same_ports() {
    let machine = Machine::new();
    machine.init(&machine.project("blog", &[]));
    let shop = machine.project("shop", &[]);
    machine.init(&shop);
    machine.allocate(&shop, "DOCS_PORT", None);
    let before = lines(&shop);
    fs::remove_file(shop.as_path().join(".ports.env")).unwrap();
    machine.allocate(&shop, "WEB_PORT", None);
    let mut after = lines(&shop);
    after.sort();
    let mut before = before;
    before.sort();
    assert_eq!(after, before);
}

#[cfg(unix)]
#[test]
fn a_ports_env_that_is_linked_out_of_the_project_is_refused() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    let outside = machine.directory.join("outside");
    fs::write(&outside, "WEB_PORT=1\n").unwrap();
    std::os::unix::fs::symlink(&outside, shop.as_path().join(".ports.env")).unwrap();
    assert!(matches!(init(&machine.context, &shop), Err(Error::LinkOutOfProject { .. })));
    assert_eq!(fs::read_to_string(&outside).unwrap(), "WEB_PORT=1\n");
    assert!(!machine.context.store.path().exists(), "nothing was registered");
}

#[test]
fn a_line_deleted_from_both_files_is_released_unless_code_reads_it() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[("server.js", "app.listen(process.env.WEB_PORT)\n")]);
    machine.init(&shop);
    machine.allocate(&shop, "DOCS_PORT", None);
    machine.allocate(&shop, "MAIL_PORT", None);
    let delete = |file: &str, names: &[&str]| {
        let text = read(&shop, file);
        let is_kept = |line: &&str| !names.iter().any(|name| line.starts_with(name));
        let kept: String = text.lines().filter(is_kept).map(|line| format!("{line}\n")).collect();
        fs::write(shop.as_path().join(file), kept).unwrap();
    };
    // The example still lists it.
    delete(".ports.env", &["DOCS_PORT"]);
    assert_eq!(ports(&machine.init(&shop)), ["WEB_PORT=8000", "MAIL_PORT=3001", "DOCS_PORT=3000"]);
    for file in [".ports.env", ".ports.env.example"] {
        delete(file, &["DOCS_PORT", "WEB_PORT"]);
    }
    let initialized = machine.init(&shop);
    assert_eq!(ports(&initialized), ["MAIL_PORT=3001", "WEB_PORT=8000"]);
    let released = ReleasedPort { variable: variable("DOCS_PORT"), port: port(3000) };
    assert_eq!(initialized.released, [released]);
    assert_eq!(lines(&shop), ["MAIL_PORT=3001", "WEB_PORT=8000"]);
    assert_eq!(machine.owner(3000), None);
    assert_eq!(machine.init(&shop).released, []);
}

#[test]
fn a_project_whose_lines_were_all_deleted_gets_none_back() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    machine.init(&shop);
    for file in [".ports.env", ".ports.env.example"] {
        let header: String = read(&shop, file)
            .lines()
            .filter(|line| line.starts_with('#'))
            .map(|line| format!("{line}\n"))
            .collect();
        fs::write(shop.as_path().join(file), header).unwrap();
    }
    assert_eq!(machine.init(&shop).released.len(), 4);
    assert_eq!(ports(&machine.init(&shop)), [""; 0]);
}

#[test]
fn what_is_not_a_port_stays_byte_for_byte_and_is_named() {
    let machine = Machine::new();
    let text = "DATABASE_URL=postgres://shop:secret@localhost:5432/shop\nSECRET=abc\n\
                WEB_PORT=eighty\nDB_PORT=\nSTORYBOOK=6006\nLD_LIBRARY_PATH=8006\nnonsense\n";
    let example = "DATABASE_URL=postgres://localhost:5432/shop\nDB_PORT=\n";
    let shop = machine.project("shop", &[(".ports.env", text), (".ports.env.example", example)]);
    let initialized = machine.init(&shop);
    assert_eq!(ports(&initialized), ["WEB_PORT=8000 new", "DB_PORT=5400 new"]);
    assert_eq!(
        lines(&shop).join("\n") + "\n",
        text.replace("DB_PORT=\n", "DB_PORT=5400\n") + "WEB_PORT=8000\n"
    );
    assert_eq!(read(&shop, ".ports.env.example"), format!("{example}WEB_PORT=8000\n"));
    let named: Vec<String> = initialized
        .invalid_lines
        .iter()
        .map(|it| format!("{}:{}: {}", it.path.file_name().unwrap().display(), it.line, it.message))
        .collect();
    insta::assert_snapshot!(named.join("\n"));
    // The header came before them.
    let line = initialized.invalid_lines[0].line;
    assert!(read(&shop, ".ports.env").lines().nth(line - 1).unwrap().starts_with("DATABASE_URL="));
    let again = machine.init(&shop);
    assert_eq!((again.written, again.invalid_lines), (Vec::new(), initialized.invalid_lines));
}

#[test]
fn a_variable_that_is_not_a_ports_gets_none() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    for name in ["SECRET", "LD_LIBRARY_PATH", "PORT_MANAGER_CONFIG_DIR"] {
        let refused = allocate(&machine.context, &shop, &variable(name), None, None);
        assert!(
            matches!(refused, Err(Error::Assignment(AssignmentError::NotAPortVariable { .. }))),
            "{name}"
        );
    }
    assert!(!shop.as_path().join(".ports.env").exists());
}

#[test]
fn samples_test_data_and_our_own_settings_name_no_variables() {
    let machine = Machine::new();
    let code = |name: &str| format!("app.listen(process.env.{name})\n");
    let shop =
        machine.project("shop", &[("server.js", &code("WEB_PORT")), ("own.js", &code("PORT_MANAGER_PORT"))]);
    for (file, name) in [
        ("examples/hello.js", "HELLO_PORT"),
        ("tests/fixtures/app.js", "FIXTURE_PORT"),
        ("pkg/testdata/app.js", "DATA_PORT"),
        ("tests/server.test.js", "TEST_PORT"),
    ] {
        let path = shop.as_path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, code(name)).unwrap();
    }
    assert_eq!(ports(&machine.init(&shop)), ["WEB_PORT=8000 new"]);
}

#[test]
fn a_directory_that_is_too_large_is_refused_at_once() {
    let machine = Machine::new();
    for directory in ["/", "/usr", "/tmp"].map(std::path::Path::new).iter().filter(|it| it.exists()) {
        let root = ProjectRoot::exact(directory).unwrap();
        assert!(matches!(init(&machine.context, &root), Err(Error::TooLarge { .. })), "{directory:?}");
    }
}

#[test]
fn the_search_for_ports_ends_and_says_so() {
    let machine = Machine::new();
    let shop =
        machine.project("shop", &[("a.js", "f(process.env.A_PORT)"), ("b.js", "f(process.env.B_PORT)")]);
    // The root is the first entry.
    let found = |most| {
        let reading = port_map::bounded_port_map(&shop, &ServiceTypes::default(), most).unwrap();
        let variables = reading.map.ports().iter().map(|port| port.variable.to_string());
        (variables.collect::<Vec<_>>(), reading.files.is_cut())
    };
    assert_eq!(found(2), (vec!["A_PORT".to_owned()], true));
    assert_eq!(found(3), (vec!["A_PORT".to_owned(), "B_PORT".to_owned()], false));
}

#[test]
fn what_a_dead_init_left_in_the_project_is_removed_by_the_next() {
    let machine = Machine::new();
    let left = (".ports.env.aB3dE6.port-manager.tmp", "WEB_P");
    let shop = machine.project("shop", &[left]);
    machine.init(&shop);
    assert!(!shop.as_path().join(left.0).exists());
}
