//! The registry on disk, as those who use it see it.

mod faults;
mod model;
mod repair;

use std::fs;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use super::*;
use crate::error::RegistryError;

struct Home {
    directory: tempfile::TempDir,
    store: Store,
}

/// The clock of these tests: a moment that the examples are about.
fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

impl Home {
    fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::at(&directory.path().join("port-manager")).with_clock(noon);
        Self { directory, store }
    }

    fn with(text: impl AsRef<[u8]>) -> Self {
        let home = Self::empty();
        fs::create_dir(home.store.path().parent().unwrap()).unwrap();
        fs::write(home.store.path(), text).unwrap();
        home
    }

    fn text(&self) -> String {
        fs::read_to_string(self.store.path()).unwrap()
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.store.path().with_file_name(name)
    }

    fn assign(&self, key: &str, name: &str, number: u16) -> Result<()> {
        let name: Variable = name.parse().unwrap();
        self.store.change(|registry| {
            registry.assign(key, key.trim_start_matches('/'), &name, port(number), Service::Web)
        })
    }
}

fn port(number: u16) -> Port {
    Port::new(number).unwrap()
}

const EXAMPLE: &str = r#"{
  "projects": {
    "/home/dev/shop": {
      "colour": "green",
      "name": "shop",
      "ports": {
        "WEB_PORT": {
          "assigned_at": "2026-11-23T09:00:00Z",
          "note": {
            "by": "a later version"
          },
          "port": 8000,
          "service": "web"
        }
      }
    }
  },
  "reservations": {
    "8101": {
      "expires_at": "2026-11-23T12:05:00Z",
      "for": "ci",
      "service": "api"
    }
  },
  "theme": [
    1,
    null
  ],
  "version": 2
}
"#;

#[test]
fn a_new_registry_has_the_documented_form() {
    let home = Home::empty();
    home.assign("/shop", "WEB_PORT", 8000).unwrap();
    home.store
        .change(|registry| {
            registry.reserve(
                port(8101),
                Service::Api,
                "2026-11-23T12:05:00Z".parse().unwrap(),
                Some("/home/dev/blog"),
            )
        })
        .unwrap();
    insta::assert_snapshot!(home.text(), @r#"
    {
      "projects": {
        "/shop": {
          "name": "shop",
          "ports": {
            "WEB_PORT": {
              "assigned_at": "2026-11-23T12:00:00Z",
              "port": 8000,
              "service": "web"
            }
          }
        }
      },
      "reservations": {
        "8101": {
          "directory": "/home/dev/blog",
          "expires_at": "2026-11-23T12:05:00Z",
          "service": "api"
        }
      },
      "version": 2
    }
    "#);
    assert!(home.text().ends_with("}\n"));
}

#[test]
fn what_a_later_version_added_survives_a_change() {
    let home = Home::with(EXAMPLE);
    home.assign("/home/dev/shop", "API_PORT", 8100).unwrap();
    home.store
        .change(|registry| {
            registry.unassign("/home/dev/shop", &"API_PORT".parse().unwrap());
            Ok(())
        })
        .unwrap();
    assert_eq!(home.text(), EXAMPLE);
}

#[test]
fn a_registry_that_was_there_and_is_gone_is_not_begun_again() {
    let home = Home::empty();
    home.assign("/shop", "WEB_PORT", 8000).unwrap();
    let before = home.text();
    fs::remove_file(home.store.path()).unwrap();
    for gone in [home.store.load().unwrap_err(), home.assign("/blog", "WEB_PORT", 8000).unwrap_err()] {
        assert!(matches!(gone, Error::Registry(RegistryError::Gone { .. })), "{gone}");
        assert!(gone.help().unwrap().contains("doctor --repair"), "{gone}");
    }
    assert!(!home.store.path().exists());
    home.store.repair().unwrap().unwrap();
    assert_eq!(home.text(), before);

    // A user who wants to start with an empty registry removes the backup too.
    fs::remove_file(home.store.path()).unwrap();
    fs::remove_file(home.store.backup_path()).unwrap();
    home.assign("/blog", "WEB_PORT", 8000).unwrap();
    assert_eq!(home.store.load().unwrap().projects().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_new_registry() {
    use std::os::unix::fs::symlink;
    for linked in ["port-manager/registry.json", "port-manager"] {
        let home = Home::with(EXAMPLE);
        let disk = home.directory.path().join("disk");
        fs::rename(home.directory.path().join("port-manager"), &disk).unwrap();
        let link = home.directory.path().join(linked);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        let target = if linked.ends_with(".json") { disk.join("registry.json") } else { disk.clone() };
        symlink(&target, &link).unwrap();
        let away = home.directory.path().join("away");
        let directory = home.directory.path().join("port-manager");

        // One store is made while the disk is there, one while it is not.
        let before = Store::at(&directory).with_clock(noon);
        fs::rename(&disk, &away).unwrap();
        let store = Store::at(&directory).with_clock(noon);
        for store in [&before, &store] {
            let refused = [
                store.load().map(drop).unwrap_err(),
                store.begin().map(drop).unwrap_err(),
                store.repair().map(drop).unwrap_err(),
                store.ensure_writable().unwrap_err(),
            ];
            for error in refused {
                assert!(
                    matches!(error, Error::Registry(RegistryError::LinkDangling { .. })),
                    "{linked}: {error}"
                );
                assert!(error.to_string().contains(target.to_str().unwrap()), "{error}");
            }
        }
        assert!(!disk.exists() && !directory.join("registry.lock").exists(), "{linked}: nothing was made");
        fs::rename(&away, &disk).unwrap();
        assert!(store.load().unwrap().project("/home/dev/shop").is_some(), "{linked}");
        before.change(|registry| Ok(registry.remove_project("/home/dev/shop"))).unwrap();
        assert_eq!(store.load().unwrap().projects().count(), 0, "{linked}");
    }
}

#[cfg(unix)]
#[test]
fn files_of_ours_that_are_links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let cases = [
        ("registry.lock", "cannot change the registry"),
        ("registry.json.bak", "cannot change the registry"),
        ("registry.v1.json", "cannot read"),
    ];
    for (name, reason) in cases {
        let version_1 = r#"{"ports": {"8000": {"project": "shop", "service": "web"}}, "projects": {}}"#;
        let home = Home::with(version_1);
        let victim = home.directory.path().join("victim");
        for text in [Some("a secret"), None] {
            text.map_or_else(|| fs::remove_file(&victim), |text| fs::write(&victim, text)).unwrap();
            symlink(&victim, home.beside(name)).unwrap();
            let error = home.assign("/blog", "WEB_PORT", 8001).unwrap_err();
            let expected = format!("it is a symbolic link to {}, which is not followed", victim.display());
            assert!(error.to_string().starts_with(reason), "{name}: {error}");
            assert!(error.to_string().contains(&expected) && error.help().is_none(), "{name}: {error}");
            assert_eq!(fs::read_to_string(&victim).ok().as_deref(), text, "{name}");
            assert_eq!(home.text(), version_1, "{name}");
            fs::remove_file(home.beside(name)).unwrap();
        }
        home.assign("/blog", "WEB_PORT", 8001).unwrap();
    }
}

#[test]
fn a_change_beside_the_lock_is_seen_and_not_undone() {
    let home = Home::with(EXAMPLE);
    let mut attempts = 0;
    home.store
        .change(|registry| {
            attempts += 1;
            if attempts == 1 {
                // An editor, or a process that got in by a lock that was removed.
                fs::write(home.store.path(), EXAMPLE.replace("8000", "8008")).unwrap();
            }
            registry.assign("/blog", "blog", &"WEB_PORT".parse().unwrap(), port(8001), Service::Web)
        })
        .unwrap();
    assert_eq!(attempts, 2);
    let registry = home.store.load().unwrap();
    assert!([8001, 8008].into_iter().all(|number| registry.owner(port(number)).is_some()));

    let mut transaction = home.store.begin().unwrap();
    transaction.registry.remove_project("/blog");
    fs::write(home.store.path(), EXAMPLE).unwrap();
    let refused = transaction.commit().unwrap_err();
    assert!(matches!(refused, Error::Registry(RegistryError::Changed { .. })), "{refused}");
    assert_eq!(home.text(), EXAMPLE);
}

#[cfg(unix)]
#[test]
fn a_change_whose_lock_was_removed_is_made_again() {
    let home = Home::with(EXAMPLE);
    let mut attempts = 0;
    home.store
        .change(|registry| {
            attempts += 1;
            if attempts == 1 {
                fs::remove_file(home.beside("registry.lock")).unwrap();
                home.assign("/other", "WEB_PORT", 8002).unwrap();
            }
            registry.assign("/blog", "blog", &"WEB_PORT".parse().unwrap(), port(8001), Service::Web)
        })
        .unwrap();
    assert_eq!((attempts, home.store.load().unwrap().projects().count()), (2, 3));

    let mut transaction = home.store.begin().unwrap();
    transaction.registry.remove_project("/blog");
    fs::remove_file(home.beside("registry.lock")).unwrap();
    let refused = transaction.commit().unwrap_err();
    assert!(matches!(refused, Error::Registry(RegistryError::LockLost { .. })), "{refused}");
    assert_eq!(home.store.load().unwrap().projects().count(), 3);
}

#[test]
fn a_clock_at_the_end_of_time_is_a_clock() {
    fn last_moment() -> Timestamp {
        Timestamp::MAX
    }
    let home = Home::with(EXAMPLE);
    let store = home.store.clone().with_clock(last_moment);
    store
        .change(|registry| {
            let now = registry.now();
            registry.reserve(port(8102), Service::Api, now.saturating_add(HELD).unwrap_or(now), None)?;
            registry.assign("/blog", "blog", &"WEB_PORT".parse().unwrap(), port(8001), Service::Web)
        })
        .unwrap();
    assert_eq!(store.load().unwrap().reservations().count(), 0);
    assert_eq!(home.store.load().unwrap().projects().count(), 2);
}

#[test]
fn a_reservation_that_lasts_longer_than_any_can_holds_nothing() {
    for (expires_at, is_held) in [
        ("2026-11-23T12:05:00Z", true),
        ("2026-11-23T12:05:59Z", true),
        ("2026-11-23T12:07:00Z", false),
        ("2036-11-23T12:05:00Z", false),
    ] {
        let home = Home::with(EXAMPLE.replace("2026-11-23T12:05:00Z", expires_at));
        let registry = home.store.load().unwrap();
        assert_eq!(registry.owner(port(8101)).is_some(), is_held, "{expires_at}");
        home.assign("/blog", "WEB_PORT", 8001).unwrap();
        assert_eq!(home.text().contains(expires_at), is_held, "the next change removes it: {expires_at}");
    }
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let spaced = EXAMPLE.replace("  ", "\t");
    let home = Home::with(&spaced);
    home.assign("/home/dev/shop", "WEB_PORT", 8000).unwrap();
    assert_eq!(home.text(), spaced);
    assert!(!home.store.backup_path().exists());
}

#[test]
fn a_change_that_fails_writes_nothing() {
    let home = Home::with(EXAMPLE);
    let failed = home.store.change(|registry| {
        registry.remove_project("/home/dev/shop");
        registry.reserve(port(8101), Service::Api, noon(), None)
    });
    assert!(matches!(failed, Err(Error::Assignment(AssignmentError::PortOwned { .. }))));
    assert_eq!(home.text(), EXAMPLE);
}

#[test]
fn the_backup_is_the_version_before_the_newest_change() {
    let home = Home::empty();
    home.assign("/shop", "WEB_PORT", 8000).unwrap();
    let before = home.text();
    assert_eq!(
        fs::read_to_string(home.store.backup_path()).unwrap(),
        before,
        "that of the first change itself"
    );
    home.assign("/shop", "API_PORT", 8100).unwrap();
    assert_eq!(fs::read_to_string(home.store.backup_path()).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn the_registry_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::empty();
    home.assign("/shop", "WEB_PORT", 8000).unwrap();
    home.assign("/shop", "API_PORT", 8100).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.store.path().parent().unwrap()), 0o700);
    for name in ["registry.json", "registry.json.bak", "registry.lock"] {
        assert_eq!(mode(&home.beside(name)), 0o600, "{name}");
    }
    let names = fs::read_dir(home.store.path().parent().unwrap()).unwrap().count();
    assert_eq!(names, 3, "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn a_registry_that_is_linked_from_elsewhere_stays_there() {
    let home = Home::with(EXAMPLE);
    let linked = home.directory.path().join("linked");
    fs::create_dir(&linked).unwrap();
    std::os::unix::fs::symlink(home.store.path(), linked.join("registry.json")).unwrap();
    let store = Store::at(&linked);
    store.change(|registry| Ok(registry.remove_project("/home/dev/shop"))).unwrap();
    assert!(fs::symlink_metadata(linked.join("registry.json")).unwrap().is_symlink());
    assert!(home.store.load().unwrap().project("/home/dev/shop").is_none());
}

#[test]
fn a_port_has_one_owner() {
    let home = Home::with(EXAMPLE);
    let taken = home.assign("/blog", "WEB_PORT", 8000).unwrap_err();
    assert_eq!(taken.to_string(), "port 8000 belongs to WEB_PORT of shop (/home/dev/shop)");
    assert!(home.assign("/home/dev/shop", "ADMIN_PORT", 8000).is_err());
    assert_eq!(home.text(), EXAMPLE);

    home.assign("/home/dev/shop", "WEB_PORT", 8001).unwrap();
    home.assign("/blog", "WEB_PORT", 8000).unwrap();
    let registry = home.store.load().unwrap();
    let owner = |number| registry.owner(port(number)).map(|owner| owner.to_string());
    assert_eq!(owner(8000).as_deref(), Some("WEB_PORT of blog (/blog)"));
    assert_eq!(owner(8001).as_deref(), Some("WEB_PORT of shop (/home/dev/shop)"));
    assert_eq!(owner(8101).as_deref(), Some("a reservation for api (5 more minutes)"));
    assert_eq!(owner(8002), None);
}

#[test]
fn an_expired_reservation_holds_nothing_and_goes_with_the_next_change() {
    let home = Home::with(EXAMPLE.replace("12:05", "11:59"));
    let registry = home.store.load().unwrap();
    assert_eq!(registry.owner(port(8101)), None);
    assert_eq!(registry.expired().map(|(port, _)| port).collect::<Vec<_>>(), [port(8101)]);
    home.assign("/shop", "API_PORT", 8101).unwrap();
    assert!(!home.text().contains("expires_at"));
}

#[test]
fn a_damaged_registry_is_named_by_line_and_column_and_left_alone() {
    let number = EXAMPLE.replace("8000", "80000");
    let twice = EXAMPLE.replace("\"note\": {", "\"port\": 1, \"note\": {");
    let reservation = r#""8101": { "expires_at": "2026-11-23T12:05:00Z", "service": "api" }"#;
    let key_twice = EXAMPLE.replace("\"8101\": {", &format!("{reservation},\n\"8101\": {{"));
    let cases: [(&str, &[u8], (usize, usize)); 9] = [
        ("empty", b"", (1, 1)),
        ("truncated", b"{\n  \"version\": 2,", (2, 15)),
        ("no object", b"[]\n", (1, 2)),
        ("no port", number.as_bytes(), (12, 23)),
        ("a field twice", twice.as_bytes(), (12, 16)),
        ("a key twice", key_twice.as_bytes(), (20, 6)),
        ("not UTF-8", b"{\n  \"version\": \xff2}", (2, 14)),
        ("version of a wrong type", br#"{"version": "2"}"#, (1, 15)),
        ("something behind", b"{\"version\": 2}\n}", (2, 1)),
    ];
    for (what, text, position) in cases {
        let home = Home::with(text);
        fs::write(home.store.backup_path(), "the backup").unwrap();
        let loaded = home.store.load().unwrap_err();
        let changed = home.assign("/shop", "WEB_PORT", 8000).unwrap_err();
        assert_eq!(loaded.to_string(), changed.to_string());
        let Error::Registry(RegistryError::Damaged { line, column, .. }) = loaded else {
            panic!("{what}: {loaded}")
        };
        assert_eq!((line, column), position, "{what}: {loaded}");
        assert!(
            loaded.to_string().starts_with(&format!("{}:{line}:{column}: ", home.store.path().display()))
        );
        assert!(loaded.help().unwrap().contains("registry.json.bak"), "{what}");
        assert_eq!(fs::read(home.store.path()).unwrap(), text, "{what}");
        assert_eq!(fs::read(home.store.backup_path()).unwrap(), b"the backup", "{what}");
    }
}

#[test]
fn a_registry_that_gives_a_port_twice_is_damaged() {
    let second =
        r#""ADMIN_PORT": { "assigned_at": "2026-11-23T09:00:00Z", "port": 8000, "service": "web" },"#;
    let twice = EXAMPLE.replace("\"WEB_PORT\":", &format!("{second} \"WEB_PORT\":"));
    let reserved = EXAMPLE.replace("8101", "8000");
    // What is not ours to understand may have the number as often as it likes.
    let noted = twice.replace("\"by\": \"a later version\"", "\"port\": 8000");
    let admin = "ADMIN_PORT of /home/dev/shop and to WEB_PORT of /home/dev/shop";
    for (text, owners, line, column) in [
        (twice, admin, 12, 22),
        (noted, admin, 12, 22),
        (reserved, "WEB_PORT of /home/dev/shop and to a reservation", 19, 10),
    ] {
        let home = Home::with(&text);
        let path = home.store.path().display().to_string();
        assert_eq!(
            home.store.load().unwrap_err().to_string(),
            format!("{path}:{line}:{column}: the registry is damaged: port 8000 belongs to {owners}")
        );
        assert!(home.assign("/blog", "WEB_PORT", 8001).is_err());
        assert_eq!(home.text(), text);
    }
}

#[test]
fn a_newer_registry_is_neither_read_nor_written() {
    let newer = r#"{ "version": 3, "projects": ["in another form"] }"#;
    let home = Home::with(newer);
    assert!(matches!(
        home.store.load(),
        Err(Error::Registry(RegistryError::TooNew { version: 3, understood: 2, .. }))
    ));
    assert!(home.assign("/shop", "WEB_PORT", 8000).is_err());
    assert_eq!(home.text(), newer);
}

#[test]
fn the_scripts_registry_is_migrated_at_the_first_change_and_kept() {
    let original =
        r#"{"ports": {"8000": {"project": "shop", "service": "web"}}, "projects": {"shop": {"web": 8000}}}"#;
    let home = Home::with(original);
    let registry = home.store.load().unwrap();
    assert_eq!(registry.owner(port(8000)).unwrap().to_string(), "WEB_PORT of shop");
    home.assign("shop", "WEB_PORT", 8000).unwrap();
    assert_eq!(home.text(), original, "reading it, and changing nothing, leave it as it is");

    home.assign("/blog", "WEB_PORT", 8001).unwrap();
    let registry = home.store.load().unwrap();
    assert_eq!(registry.projects().map(|(key, _)| key).collect::<Vec<_>>(), ["/blog", "shop"]);
    for kept in ["registry.v1.json", "registry.json.bak"] {
        assert_eq!(fs::read_to_string(home.beside(kept)).unwrap(), original, "{kept}");
    }

    home.assign("/blog", "API_PORT", 8100).unwrap();
    assert_eq!(fs::read_to_string(home.beside("registry.v1.json")).unwrap(), original);
}

#[test]
fn what_the_script_says_in_fields_of_ours_stands_in_its_own_file_only() {
    let home = Home::with(
        r#"{"ports": {"8000": {"project": "shop", "service": "web", "port": "x", "pid": 7}}, "reservations": 1}"#,
    );
    home.assign("/blog", "WEB_PORT", 8001).unwrap();
    let registry = home.store.load().unwrap();
    assert_eq!(registry.owner(port(8000)).unwrap().to_string(), "WEB_PORT of shop");
    assert!(home.text().contains("\"pid\": 7"));
}

#[test]
fn handing_over_moves_what_the_receiver_does_not_have() {
    let home = Home::empty();
    home.assign("shop", "WEB_PORT", 8000).unwrap();
    home.assign("shop", "API_PORT", 8100).unwrap();
    home.assign("/dev/shop", "WEB_PORT", 8001).unwrap();
    home.store
        .change(|registry| {
            registry.hand_over("shop", "/dev/shop", "shop");
            Ok(())
        })
        .unwrap();
    let registry = home.store.load().unwrap();
    let owner = |number| registry.owner(port(number)).map(|owner| owner.to_string()).unwrap();
    assert_eq!(owner(8000), "WEB_PORT of shop");
    assert_eq!(owner(8001), "WEB_PORT of dev/shop (/dev/shop)");
    assert_eq!(owner(8100), "API_PORT of dev/shop (/dev/shop)");

    // What is left stays where it is, as often as it is tried.
    let mut transaction = home.store.begin().unwrap();
    transaction.registry.hand_over("shop", "/dev/shop", "shop");
    assert!(!transaction.commit().unwrap());
}

#[test]
fn a_lock_that_cannot_be_had_names_its_holder() {
    let home = Home::with(EXAMPLE);
    let transaction = home.store.begin().unwrap();
    let impatient = home.store.clone().with_patience(Duration::ZERO);
    let refused = impatient.change(|_| Ok(())).unwrap_err();
    let Error::Registry(RegistryError::Locked { holder, .. }) = &refused else { panic!("{refused}") };
    assert_eq!(*holder, Some(std::process::id()));
    assert!(impatient.load().is_ok(), "readers take no lock");
    drop(transaction);
    impatient.change(|_| Ok(())).unwrap();
}

#[test]
fn many_writers_at_once_lose_nothing() {
    const WRITERS: u16 = 16;
    const CHANGES: u16 = 10;
    let home = Home::empty();
    let start = Barrier::new(WRITERS.into());
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (home, start) = (&home, &start);
            scope.spawn(move || {
                start.wait();
                for change in 0..CHANGES {
                    let variable: Variable = format!("PORT_{change}").parse().unwrap();
                    let key = format!("/{writer}");
                    // 160 ports do not fit into the range: the rest is asked for by number.
                    let preferred = port(20_000 + writer * CHANGES + change);
                    let request = Request {
                        key: &key,
                        name: "x",
                        variable: &variable,
                        service: Service::Api,
                        preferred: (change > 4).then_some(preferred),
                        is_reserved_for_it: false,
                    };
                    home.store.change(|registry| allocate(registry, &request, &|_| true)).unwrap();
                }
            });
        }
    });
    let registry = home.store.load().unwrap();
    let mut ports: Vec<Port> =
        registry.projects().flat_map(|(_, project)| project.ports().map(|(_, it)| it.port)).collect();
    assert_eq!(ports.len(), usize::from(WRITERS * CHANGES));
    ports.sort();
    ports.dedup();
    assert_eq!(ports.len(), usize::from(WRITERS * CHANGES));
}
