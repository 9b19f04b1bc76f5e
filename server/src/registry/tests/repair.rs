//! What becomes of a registry that something else has damaged

use super::*;
use crate::error::RegistryError;

/// `VARIABLE=port project` of everything in the registry, in the order of the keys.
fn assignments(home: &Home) -> Vec<String> {
    let registry = home.store.load().unwrap();
    let described = registry.projects().flat_map(|(key, project)| {
        let key = key.replace(&home.directory.path().display().to_string(), "~");
        project.ports().map(move |(variable, it)| format!("{variable}={} {key}", it.port))
    });
    described.collect()
}

impl Home {
    /// A directory with that `.ports.env`; its key.
    fn project(&self, name: &str, ports_env: &str) -> String {
        let root = self.directory.path().join(name);
        fs::create_dir_all(&root).unwrap();
        fs::write(root.join(".ports.env"), ports_env).unwrap();
        root.to_str().unwrap().to_owned()
    }
}

/// Everything that a registry has been seen, or can be thought, to be damaged to.
fn damaged() -> Vec<(&'static str, Vec<u8>)> {
    let replaced = |from: &str, to: &str| EXAMPLE.replace(from, to).into_bytes();
    let other = r#""/other": { "name": "other", "ports": { "WEB_PORT": { "port": 8000, "service": "web", "assigned_at": "2026-11-23T09:00:00Z" } } },"#;
    vec![
        ("empty", Vec::new()),
        ("only zeros, as some file systems leave after a power cut", vec![0; 600]),
        ("truncated", EXAMPLE.as_bytes()[..EXAMPLE.len() / 2].to_vec()),
        ("not JSON", b"WEB_PORT=8000\n".to_vec()),
        ("a list", b"[1, 2]".to_vec()),
        ("10 MB of junk", b"junk \"/not/there\" { [ \n".repeat(430_000)),
        ("10 MB of brackets", b"[".repeat(10_000_000)),
        (
            "not UTF-8",
            EXAMPLE.as_bytes().iter().map(|byte| if *byte == b'g' { 0xff } else { *byte }).collect(),
        ),
        ("projects of a wrong type", b"{ \"version\": 2, \"projects\": [] }".to_vec()),
        ("a version of a wrong type", replaced("\"version\": 2", "\"version\": \"two\"")),
        ("a port of a wrong type", replaced("\"port\": 8000", "\"port\": \"8000\"")),
        ("a port out of range", replaced("\"port\": 8000", "\"port\": 80000")),
        ("a port that is negative", replaced("\"port\": 8000", "\"port\": -1")),
        ("a service that does not exist", replaced("\"service\": \"web\"", "\"service\": \"Web\"")),
        ("a time that is not one", replaced("09:00:00Z", "yesterday")),
        ("a variable that is not one", replaced("\"WEB_PORT\"", "\"WEB-PORT\"")),
        ("a port twice", replaced("\"projects\": {", &format!("\"projects\": {{ {other}"))),
        ("a merge conflict", replaced("  \"theme\"", "<<<<<<< ours\n  \"theme\"")),
    ]
}

#[test]
fn whatever_the_damage_it_is_reported_left_alone_and_mended_from_the_backup() {
    for (what, bytes) in damaged() {
        let home = Home::with(&bytes);
        fs::write(home.store.backup_path(), EXAMPLE).unwrap();
        let error = home.store.load().unwrap_err();
        let Error::Registry(RegistryError::Damaged { line, column, .. }) = error else {
            panic!("{what}: {error}")
        };
        assert!(line > 0 && column > 0, "{what}");
        assert!(error.help().unwrap().contains("doctor --repair"), "{what}");
        assert_eq!(home.assign("/blog", "WEB_PORT", 9999).unwrap_err().to_string(), error.to_string());
        assert!(fs::read(home.store.path()).unwrap() == bytes, "{what}: changed");
        assert_eq!(fs::read_to_string(home.store.backup_path()).unwrap(), EXAMPLE, "{what}");

        let repair = home.store.repair().unwrap().unwrap();
        assert_eq!(repair.damage, error.to_string());
        let moved_to = repair.moved_to.unwrap();
        assert_eq!(moved_to, home.beside("registry.json.broken"), "{what}");
        assert!(fs::read(moved_to).unwrap() == bytes, "{what}: not kept");
        assert!(assignments(&home).contains(&"WEB_PORT=8000 /home/dev/shop".to_owned()), "{what}");
        assert_eq!(home.store.load().unwrap().reservations().count(), 1, "{what}");
        assert!(home.text().contains("\"colour\": \"green\""), "{what}: what is unknown was lost");
        assert_eq!(fs::read_to_string(home.store.backup_path()).unwrap(), EXAMPLE, "{what}");
        assert_eq!(home.store.repair().unwrap(), None, "{what}: repaired twice");
    }
}

#[test]
fn without_a_backup_what_can_be_read_and_the_projects_files_are_enough() {
    let home = Home::empty();
    let shop = home.project("shop", "WEB_PORT=8000\nAPI_PORT=8100\n");
    let blog = home.project("blog", "WEB_PORT=8001\n");
    for (key, variable, number) in
        [(&shop, "WEB_PORT", 8000), (&shop, "API_PORT", 8100), (&blog, "WEB_PORT", 8001)]
    {
        home.assign(key, variable, number).unwrap();
    }
    home.assign("/unplugged/disk", "WEB_PORT", 8002).unwrap();
    let whole = assignments(&home);
    fs::remove_file(home.store.backup_path()).unwrap();

    // One entry is out of range: the rest can be read, and that one stands in the project's file.
    fs::write(home.store.path(), home.text().replace("8001", "80010")).unwrap();
    let repair = home.store.repair().unwrap().unwrap();
    assert_eq!(assignments(&home), whole);
    assert_eq!(repair.lost, [] as [&str; 0]);

    // Cut off, only the paths of the projects can be told, and not that of what comes behind.
    let text = home.text();
    fs::write(home.store.path(), &text[..text.find("8000").unwrap()]).unwrap();
    fs::remove_file(home.store.backup_path()).ok();
    let repair = home.store.repair().unwrap().unwrap();
    assert!(!repair.has_backup);
    assert_eq!(repair.moved_to.unwrap(), home.beside("registry.json.broken-2"), "the first is kept");
    assert_eq!(assignments(&home), ["WEB_PORT=8001 ~/blog", "API_PORT=8100 ~/shop", "WEB_PORT=8000 ~/shop"]);
}

#[test]
fn a_port_that_two_claim_goes_to_the_one_whose_file_and_registry_agree_and_the_other_is_named() {
    let home = Home::empty();
    let copy = home.project("copy", "WEB_PORT=8000\n");
    let shop = home.project("shop", "WEB_PORT=8000\nDB_PORT=5401\n");
    let entry = |key: &str, variable: &str, number: u16| {
        format!(
            r#""{key}": {{ "name": "x", "ports": {{ "{variable}":
            {{ "port": {number}, "service": "web", "assigned_at": "2026-11-23T09:00:00Z" }} }} }}"#
        )
    };
    home.assign(&shop, "WEB_PORT", 8000).unwrap();
    // Twice 8000 without a file that confirms it, and a copy of a file that nobody registered.
    let entries =
        [entry(&shop, "WEB_PORT", 8000), entry("/a", "WEB_PORT", 8000), entry(&copy, "API_PORT", 8100)];
    let text = format!(r#"{{ "version": 2, "projects": {{ {} }} }}"#, entries.join(", "));
    fs::write(home.store.path(), text).unwrap();
    let repair = home.store.repair().unwrap().unwrap();
    assert_eq!(assignments(&home), ["API_PORT=8100 ~/copy", "DB_PORT=5401 ~/shop", "WEB_PORT=8000 ~/shop"]);
    let owner = format!("port 8000 belongs to WEB_PORT of x ({shop})");
    assert_eq!(repair.lost, [format!("WEB_PORT of /a: {owner}"), format!("WEB_PORT of {copy}: {owner}")]);
    assert_eq!((repair.projects, repair.ports), (3, 3));
}

#[test]
fn a_registry_that_is_gone_comes_back_from_its_backup() {
    let home = Home::with(EXAMPLE);
    home.assign("/home/dev/shop", "API_PORT", 8100).unwrap();
    fs::remove_file(home.store.path()).unwrap();
    let repair = home.store.repair().unwrap().unwrap();
    assert!(repair.has_backup && repair.moved_to.is_none() && repair.lost.is_empty());
    assert_eq!(home.text(), EXAMPLE);
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_repaired_only_if_it_was_a_registry() {
    use std::os::unix::fs::symlink;
    for (name, text, is_ours) in [
        ("notes.txt", "call mother\n", false),
        ("notes.txt", "", false),
        ("registry.json", "call mother\n", false),
        ("registry.json", "\0\0\0", true),
        ("dotfiles.json", &EXAMPLE[..EXAMPLE.len() / 2], true),
    ] {
        let home = Home::empty();
        let target = home.directory.path().join(name);
        fs::write(&target, text).unwrap();
        fs::create_dir(home.store.path().parent().unwrap()).unwrap();
        symlink(&target, home.store.path()).unwrap();
        let store = Store::at(home.store.path().parent().unwrap()).with_clock(noon);
        match store.repair() {
            Ok(repair) => assert!(is_ours && repair.is_some() && store.load().is_ok(), "{name} {text:?}"),
            Err(error) => {
                assert!(
                    !is_ours && matches!(error, Error::Registry(RegistryError::NotARegistry { .. })),
                    "{name} {text:?}: {error}"
                );
                assert_eq!(fs::read_to_string(&target).unwrap(), text);
            }
        }
    }
}

#[test]
fn a_damaged_registry_of_the_script_keeps_what_is_sound() {
    let home = Home::with(
        r#"{"ports": {"8000": {"project": "shop", "service": "web"}, "80000": {"project": "shop"}},
            "projects": {"shop": {"web": 8000, "api": -1}}}"#,
    );
    let repair = home.store.repair().unwrap().unwrap();
    assert_eq!(assignments(&home), ["WEB_PORT=8000 shop"]);
    assert_eq!(
        repair.lost,
        [
            "api of shop in the script's registry: -1",
            "port 80000 of the script's registry: {\"project\":\"shop\"}"
        ]
    );
}

#[test]
fn a_newer_registry_is_not_repaired() {
    let newer = r#"{ "version": 3, "projects": ["in another form"] }"#;
    let home = Home::with(newer);
    assert!(matches!(home.store.repair(), Err(Error::Registry(RegistryError::TooNew { .. }))));
    assert_eq!(home.text(), newer);
}
