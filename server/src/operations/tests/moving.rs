//! Projects that come from elsewhere: moved, or left by the script

use super::*;
use crate::error::AssignmentError;

#[test]
fn a_moved_project_keeps_its_ports() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    machine.init(&shop);
    let before = lines(&shop);
    let moved = machine.directory.join("store");
    fs::rename(shop.as_path(), &moved).unwrap();
    let store = ProjectRoot::exact(&moved).unwrap();
    assert_eq!(machine.init(&store).moved_from, [shop.as_path().to_str().unwrap()]);
    assert_eq!(lines(&store), before);
    assert_eq!(machine.init(&store).moved_from, [""; 0]);
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
fn a_project_that_came_without_its_ports_env_is_offered_the_ports_that_it_had() {
    let machine = Machine::new();
    let old = machine.project("old/shop", &[]);
    let (blog, disk) = (machine.project("old/blog", &[]), machine.project("disk/shop", &[]));
    for root in [&old, &blog, &disk] {
        machine.init(root);
    }
    let had = lines(&old);
    let key = old.as_path().to_str().unwrap().to_owned();
    let new = machine.project("new/shop", &[]);
    let offered = || former_projects(&machine.context, &new).unwrap();
    assert_eq!(offered(), [], "the former one is still there");
    let refused = init_moved(&machine.context, &new, &key).unwrap_err();
    assert!(matches!(refused, Error::Assignment(AssignmentError::ProjectStillThere { .. })), "{refused}");

    fs::remove_dir_all(old.as_path()).unwrap();
    fs::remove_dir_all(blog.as_path()).unwrap();
    fs::remove_dir_all(machine.directory.join("disk")).unwrap();
    let ports = [5400, 6300, 8000, 8100].map(port);
    let mut found = offered();
    found[0].ports.sort();
    assert_eq!(found, [FormerProject { root: key.clone(), ports: ports.to_vec() }]);
    let done = init_moved(&machine.context, &new, &key).unwrap();
    assert!(done.ports.iter().all(|port| port.refused.is_none()), "{done:?}");
    let mut now = lines(&new);
    let mut had = had;
    now.sort();
    had.sort();
    assert_eq!(now, had);
    assert_eq!(machine.owner(8000).as_deref(), Some("WEB_PORT of shop (~/new/shop)"));
    assert_eq!(offered(), []);
}

#[test]
fn a_project_that_has_ports_already_gives_them_up_for_those_that_it_had_before() {
    let machine = Machine::new();
    let old = machine.project("old/shop", &[]);
    machine.allocate(&old, "WEB_PORT", Some(8080));
    let new = machine.project("shop", &[]);
    machine.init(&new);
    assert!(lines(&new).contains(&"WEB_PORT=8000".to_owned()));
    fs::remove_dir_all(old.as_path()).unwrap();
    init_moved(&machine.context, &new, old.as_path().to_str().unwrap()).unwrap();
    assert!(lines(&new).contains(&"WEB_PORT=8080".to_owned()));
    assert_eq!((machine.owner(8000), machine.context.store.load().unwrap().projects().count()), (None, 1));
    machine.init(&new);
    assert!(lines(&new).contains(&"WEB_PORT=8080".to_owned()), "and keeps them");
}

#[test]
fn two_directories_of_one_name_do_not_share_what_the_script_left() {
    let machine = Machine::new();
    let registry = r#"{"ports": {"8042": {"project": "shop", "service": "web"}, "12345": {"project": "shop",
        "service": "my-thing"}, "9000": {}}, "projects": {"shop": {"web": 8042}}}"#;
    fs::create_dir(machine.context.store.path().parent().unwrap()).unwrap();
    fs::write(machine.context.store.path(), registry).unwrap();
    let first = machine.project("a/shop", &[]);
    // What the script wrote into the second one, perhaps: the first who asks has it.
    let second = machine.project("b/shop", &[(".ports.env", "WEB_PORT=8042\n")]);
    machine.init(&first);
    assert_eq!(lines(&first), ["MY_THING_PORT=12345", "WEB_PORT=8042"]);
    let told = ports(&machine.init(&second));
    assert!(
        told[0].starts_with("WEB_PORT=8000 new, 8042 refused: it belongs to WEB_PORT of shop"),
        "{told:?}"
    );
    assert_eq!(machine.owner(9000).as_deref(), Some("METRICS_PORT of unnamed"));
    let kept = machine.context.store.version_1_path();
    assert_eq!(fs::read_to_string(kept).unwrap(), registry);
}
