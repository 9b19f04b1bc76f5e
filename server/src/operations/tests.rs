//! The operations, as a user meets them: projects in a temporary directory, a registry of their own.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::*;
use crate::error::Error;
use crate::project::ProjectRoot;

struct Machine {
    directory: PathBuf,
    context: Context,
    /// The ports that something listens on.
    listening: Arc<Mutex<BTreeSet<Port>>>,
    _temporary: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let directory = fs::canonicalize(temporary.path()).unwrap();
        let listening = Arc::new(Mutex::new(BTreeSet::new()));
        let store = Store::at(&directory.join("config")).with_clock(noon);
        let context = {
            let listening = Arc::clone(&listening);
            Context::new(store, move |port| !listening.lock().unwrap().contains(&port))
        };
        Self { directory, context, listening, _temporary: temporary }
    }

    fn at(&self, clock: fn() -> Timestamp) -> Context {
        let store = self.context.store.clone().with_clock(clock);
        Context::new(store, |_| true)
    }

    fn listen(&self, number: u16) {
        self.listening.lock().unwrap().insert(port(number));
    }

    fn project(&self, name: &str, files: &[(&str, &str)]) -> ProjectRoot {
        let root = self.directory.join(name);
        fs::create_dir_all(&root).unwrap();
        for (name, text) in files {
            fs::write(root.join(name), text).unwrap();
        }
        ProjectRoot::exact(&root).unwrap()
    }

    fn init(&self, root: &ProjectRoot) -> Initialized {
        init(&self.context, root).unwrap()
    }

    fn allocate(&self, root: &ProjectRoot, name: &str, preferred: Option<u16>) -> Allocated {
        allocate(&self.context, root, &variable(name), None, preferred.map(port)).unwrap()
    }

    /// Who owns a port, as the registry's file says.
    fn owner(&self, number: u16) -> Option<String> {
        let registry = self.context.store.load().unwrap();
        let owner = registry.owner(port(number)).map(|owner| owner.to_string());
        owner.map(|owner| owner.replace(self.directory.to_str().unwrap(), "~"))
    }
}

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn ten_past_noon() -> Timestamp {
    "2026-11-23T12:10:00Z".parse().unwrap()
}

fn port(number: u16) -> Port {
    Port::new(number).unwrap()
}

fn variable(name: &str) -> Variable {
    name.parse().unwrap()
}

fn read(root: &ProjectRoot, name: &str) -> String {
    fs::read_to_string(root.as_path().join(name)).unwrap()
}

/// The lines of `.ports.env` that are not comments.
fn lines(root: &ProjectRoot) -> Vec<String> {
    read(root, ".ports.env").lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// `WEB_PORT=8000 new` for each variable.
fn ports(initialized: &Initialized) -> Vec<String> {
    let described = |it: &ProjectPort| {
        let is_new = if it.is_new { " new" } else { "" };
        let refused = it.refused.as_ref().map(|it| format!(", {} refused: {}", it.port, it.reason));
        format!("{}={}{is_new}{}", it.variable, it.port, refused.unwrap_or_default())
    };
    initialized.ports.iter().map(described).collect()
}

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
    # shell:           set -a; . ./.ports.env; set +a
    # Docker Compose:  docker compose --env-file .ports.env up
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
    let shop = machine.project("shop", &[("compose.yaml", "services: { db: { image: mysql } }")]);
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
fn variables_come_from_the_example_and_from_what_is_there_and_numbers_of_the_team_are_kept() {
    let machine = Machine::new();
    let files = [
        (".ports.env.example", "WEB_PORT=3000\nSTORYBOOK_PORT=6006\nADMIN_PORT=\nMAIL_PORT=6000\n"),
        ("package.json", r#"{"dependencies": {"express": "5", "next": "16"}}"#),
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
fn what_the_code_reads_gets_a_port_and_serves_what_the_compose_file_needs() {
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
        ["POSTGRES_PORT=5400 new", "QUEUE_PORT=5670 new", "ADMIN_PORT=3000 new"]
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
    assert_eq!(lines(&shop), ["WEB_PORT=12345", "nonsense", "API_PORT=8100"]);
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

#[test]
fn a_moved_project_keeps_its_ports() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    machine.init(&shop);
    let before = lines(&shop);
    let moved = machine.directory.join("store");
    fs::rename(shop.as_path(), &moved).unwrap();
    let store = ProjectRoot::exact(&moved).unwrap();
    machine.init(&store);
    assert_eq!(lines(&store), before);
    assert_eq!(machine.owner(8000).as_deref(), Some("WEB_PORT of store (~/store)"));
    assert_eq!(machine.context.store.load().unwrap().projects().count(), 1);
}

#[test]
fn the_scripts_project_is_claimed_by_the_first_directory_of_its_name() {
    let machine = Machine::new();
    let registry =
        r#"{"ports": {"8042": {"project": "shop", "service": "web"}}, "projects": {"shop": {"web": 8042}}}"#;
    fs::create_dir(machine.context.store.path().parent().unwrap()).unwrap();
    fs::write(machine.context.store.path(), registry).unwrap();
    fs::create_dir(machine.directory.join("old")).unwrap();
    let shop = machine.project("shop", &[]);
    machine.init(&shop);
    assert_eq!(lines(&shop), ["WEB_PORT=8042"]);
    let second = machine.project("old/shop", &[]);
    machine.init(&second);
    assert_eq!(lines(&second)[0], "WEB_PORT=8000");
    assert_eq!(machine.owner(8042).as_deref(), Some("WEB_PORT of shop (~/shop)"));
}

#[test]
fn allocating_is_idempotent_and_takes_the_preferred_number_where_it_can_be_had() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    let first = machine.allocate(&shop, "WEB_PORT", Some(8080));
    assert_eq!((first.port.port, first.port.is_new, first.port.service), (port(8080), true, Service::Web));
    assert_eq!(lines(&shop), ["WEB_PORT=8080"]);
    let again = machine.allocate(&shop, "WEB_PORT", Some(8081));
    assert_eq!((again.port.port, again.port.is_new), (port(8080), false));
    assert_eq!(again.written, Vec::<PathBuf>::new());
    assert_eq!(again.port.refused.unwrap().reason, "the variable keeps the port that it has");

    assert_eq!(machine.allocate(&shop, "FAR_PORT", Some(54321)).port.port, port(54321));
    let blog = machine.project("blog", &[]);
    let refused = machine.allocate(&blog, "WEB_PORT", Some(8080)).port;
    assert_eq!(refused.port, port(8000));
    assert_eq!(refused.refused.unwrap().port, port(8080));
}

#[test]
fn allocating_leaves_the_other_lines_alone_and_avoids_their_numbers() {
    let machine = Machine::new();
    machine.init(&machine.project("shop", &[]));
    let text = "DB_PORT=8000\nADMIN_PORT=8001\n";
    let blog = machine.project("blog", &[(".ports.env", text)]);
    assert_eq!(machine.allocate(&blog, "WEB_PORT", None).port.port, port(8002));
    assert_eq!(lines(&blog), ["DB_PORT=8000", "ADMIN_PORT=8001", "WEB_PORT=8002"]);
    assert_eq!(machine.owner(8001).as_deref(), Some("ADMIN_PORT of blog (~/blog)"));
    assert_eq!(machine.owner(8000).as_deref(), Some("WEB_PORT of shop (~/shop)"));
}

#[test]
fn a_full_range_is_an_error_that_names_who_holds_it() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    for number in 1..=8 {
        machine.allocate(&shop, &format!("QUEUE_PORT{number}"), None);
    }
    machine.listen(5678);
    for _ in 0..2 {
        get_port(&machine.context, Service::Queue, None).unwrap();
    }
    let before = fs::read(machine.context.store.path()).unwrap();
    let full = allocate(&machine.context, &shop, &variable("QUEUE_PORT"), None, None).unwrap_err();
    let text = full.to_string().replace(machine.directory.to_str().unwrap(), "~");
    insta::assert_snapshot!(text, @"no port is left for service queue: all of 5670 to 5680 are taken: shop in ~/shop has 5670, 5671, 5672, 5673, 5674, 5675, 5676, 5677; reserved for a few minutes are 5679, 5680; programs without a project listen on 5678");
    assert!(full.help().unwrap().contains("port-manager clean"));
    assert_eq!(fs::read(machine.context.store.path()).unwrap(), before);
    assert!(!read(&shop, ".ports.env").contains("QUEUE_PORT="));
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
fn two_reservations_are_two_ports_until_they_expire() {
    let machine = Machine::new();
    let reserve = |preferred| get_port(&machine.context, Service::Api, preferred).unwrap();
    let first = reserve(None);
    assert_eq!((first.port, first.expires_at.to_string().as_str()), (port(8100), "2026-11-23T12:05:00Z"));
    assert_eq!(reserve(None).port, port(8101));
    let third = reserve(Some(port(8100)));
    assert_eq!((third.port, third.refused.unwrap().reason.as_str()), (port(8102), "it is reserved"));
    let later = machine.at(ten_past_noon);
    assert_eq!(get_port(&later, Service::Api, None).unwrap().port, port(8100));
}

#[test]
fn who_writes_a_reserved_number_down_keeps_it() {
    let machine = Machine::new();
    let reserved = get_port(&machine.context, Service::Api, None).unwrap().port;
    let shop = machine.project("shop", &[(".ports.env", &format!("API_PORT={reserved}\n"))]);
    assert_eq!(ports(&machine.init(&shop)), ["API_PORT=8100 new"]);
    assert_eq!(machine.context.store.load().unwrap().reservations().count(), 0);
}

#[test]
fn a_project_is_shown_by_its_name_its_path_or_from_within() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    fs::create_dir(shop.as_path().join("src")).unwrap();
    machine.allocate(&shop, "WEB_PORT", None);
    fs::write(shop.as_path().join(".ports.env"), "WEB_PORT=8001\n").unwrap();
    let path = shop.as_path().to_str().unwrap();
    let within = shop.as_path().join("src");
    for which in [Which::Named("shop"), Which::Named(path), Which::Of(&within)] {
        let shown = show(&machine.context, which).unwrap();
        assert_eq!((shown.project.as_str(), shown.root.as_str(), shown.exists), ("shop", path, true));
        let [web] = shown.ports.as_slice() else { panic!("{shown:?}") };
        assert_eq!((web.port, web.ports_env, web.assigned_at), (port(8000), Some(port(8001)), noon()));
    }
    insta::with_settings!({filters => vec![(path, "~/shop")]}, {
        let shown = show(&machine.context, Which::Named("shop")).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap(), @r#"
        {
          "project": "shop",
          "root": "~/shop",
          "exists": true,
          "ports": [
            {
              "variable": "WEB_PORT",
              "port": 8000,
              "service": "web",
              "assigned_at": "2026-11-23T12:00:00Z",
              "ports_env": 8001
            }
          ]
        }
        "#);
    });
}

#[test]
fn a_project_that_is_unknown_or_has_a_namesake_is_not_guessed() {
    let machine = Machine::new();
    let (one, two) = (machine.project("a/shop", &[]), machine.project("b/shop", &[]));
    machine.init(&one);
    let unknown = show(&machine.context, Which::Named("blog")).unwrap_err();
    assert_eq!(unknown.help().as_deref(), Some("Registered are: shop."));
    machine.init(&two);
    let ambiguous = show(&machine.context, Which::Named("shop")).unwrap_err();
    assert_eq!(ambiguous.to_string(), "2 projects are named 'shop'");
    assert!(ambiguous.help().unwrap().contains(two.as_path().to_str().unwrap()));
}

#[test]
fn cleaning_removes_what_is_gone_and_keeps_what_may_come_back() {
    let machine = Machine::new();
    let (gone, stays) = (machine.project("gone", &[]), machine.project("stays", &[]));
    let unplugged = machine.project("disk/shop", &[]);
    for root in [&gone, &stays, &unplugged] {
        machine.allocate(root, "WEB_PORT", None);
    }
    get_port(&machine.context, Service::Api, None).unwrap();
    fs::remove_dir_all(gone.as_path()).unwrap();
    fs::remove_dir_all(machine.directory.join("disk")).unwrap();

    let later = machine.at(ten_past_noon);
    let before = fs::read(later.store.path()).unwrap();
    let planned = clean(&later, true).unwrap();
    assert_eq!(fs::read(later.store.path()).unwrap(), before);
    let names = |projects: &[CleanedProject]| -> Vec<String> {
        projects.iter().map(|it| it.project.clone()).collect()
    };
    assert_eq!(names(&planned.projects), ["gone"]);
    assert_eq!(names(&planned.kept), ["shop"]);
    assert_eq!(planned.reservations.iter().map(|it| it.port).collect::<Vec<_>>(), [port(8100)]);

    let done = clean(&later, false).unwrap();
    assert_eq!(Cleaned { dry_run: true, ..done }, planned);
    assert_eq!(machine.owner(8000), None);
    assert_eq!(machine.owner(8001).as_deref(), Some("WEB_PORT of stays (~/stays)"));
    assert_eq!(machine.owner(8002).as_deref(), Some("WEB_PORT of shop (~/disk/shop)"));
    assert!(!fs::read_to_string(later.store.path()).unwrap().contains("8100"));

    let nothing = clean(&later, false).unwrap();
    assert!(nothing.projects.is_empty() && nothing.reservations.is_empty());
}
