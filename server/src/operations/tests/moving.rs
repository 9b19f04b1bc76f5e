//! Projects that come from elsewhere: moved, or left by the script

use super::*;

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
