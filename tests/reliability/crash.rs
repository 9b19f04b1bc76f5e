//! Processes that are killed in the middle of it

use std::time::Duration;

use port_manager::error::{Error, RegistryError};
use port_manager::port::Port;
use port_manager::registry::Store;
use port_manager::service::Service;
use serde_json::json;

use crate::child::{Worker, count};
use crate::home::Home;
use crate::{names, times};

/// A registry that takes a while to write.
fn with_many_projects(home: &Home) -> Store {
    let projects: serde_json::Map<_, _> = (0..300)
        .map(|number| {
            let assignment =
                json!({ "port": 30_000 + number, "service": "web", "assigned_at": "2026-11-23T09:00:00Z" });
            (format!("/projects/{number}"), json!({ "name": "x", "ports": { "WEB_PORT": assignment } }))
        })
        .collect();
    let registry = json!({ "version": 2, "projects": projects, "reservations": {} });
    home.write("config/registry.json", registry.to_string());
    Store::at(&home.path("config"))
}

#[test]
fn a_writer_that_is_killed_at_any_moment_leaves_the_last_change_it_told_of_or_the_next() {
    let home = Home::new();
    let store = with_many_projects(&home);
    let mut told = 0;
    for round in 0..times(30, 2_000) {
        let mut writer = Worker::writer(&home.path("config"));
        told = writer.next().unwrap();
        // Another moment each time; nothing is waited for.
        std::thread::sleep(Duration::from_micros(round as u64 * 173 % 6_000));
        writer.kill();
        while let Some(number) = writer.next() {
            told = number;
        }
        let counted = count(&store);
        assert!(counted == told || counted == told + 1, "round {round}: told {told}, counted {counted}");
        assert_eq!(store.load().unwrap().projects().count(), 301, "round {round}");
        let backup = Store::at(&home.path("config")).backup_path();
        let backup: serde_json::Value = serde_json::from_slice(&std::fs::read(backup).unwrap()).unwrap();
        assert!(backup["projects"].as_object().unwrap().len() >= 300, "round {round}");
    }
    assert!(told > 0);

    // And the next run works and finds nothing left over.
    let ran = home.run("", &["get-port", "--type", "api", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(names(&home.path("config")), ["registry.json", "registry.json.bak", "registry.lock"]);
}

#[test]
fn an_init_that_is_killed_at_any_moment_is_made_good_by_the_next() {
    for round in 0..times(12, 400) {
        let home = Home::new();
        with_many_projects(&home);
        home.write("shop/server.js", "app.listen(process.env.ADMIN_PORT)\n");
        let mut child = home.command("shop", &["init", ".", "--quiet"]);
        let mut child = child.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(round as u64 % 40 * 1_000));
        child.kill().unwrap();
        child.wait().unwrap();

        let registered = Store::at(&home.path("config")).load().unwrap();
        let root = home.path("shop");
        let before = registered.project(root.to_str().unwrap()).map(|project| {
            let ports: Vec<_> = project.ports().map(|(variable, it)| (variable.clone(), it.port)).collect();
            ports
        });
        let again = home.run("shop", &["init", ".", "--json"]);
        assert_eq!(again.code, Some(0), "{}", again.stderr);
        let port = again.json()["ports"][0]["port"].clone();
        if let Some(before) = before {
            assert_eq!(json!(before[0].1), port, "round {round}: what was registered is kept");
        }
        assert!(home.read("shop/.ports.env").contains(&format!("\nADMIN_PORT={port}\n")), "round {round}");
        assert_eq!(names(&root), [".gitignore", ".ports.env", ".ports.env.example", "server.js"]);
        assert_eq!(names(&home.path("config")), ["registry.json", "registry.json.bak", "registry.lock"]);
    }
}

#[cfg(unix)]
#[test]
fn who_is_stopped_with_the_lock_is_named_and_readers_do_not_mind() {
    let home = Home::new();
    let store = with_many_projects(&home);
    let mut holder = Worker::holder(&home.path("config"));
    let pid = holder.pid().to_string();
    holder.signal("STOP");
    let impatient = store.clone().with_patience(Duration::ZERO);
    let refused = impatient.begin().unwrap_err();
    assert!(
        matches!(&refused, Error::Registry(RegistryError::Locked { holder, .. }) if *holder == Some(pid.parse().unwrap())),
        "{refused}"
    );
    assert_eq!(home.run("", &["show", "/projects/7", "--json"]).code, Some(0));
    if times(0, 1) == 1 {
        let ran = home.run("", &["get-port", "--type", "api"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
        assert!(ran.stderr.contains(&format!("is locked by process {pid}; waited 10 s")), "{}", ran.stderr);
    }
    // The lock goes with the process, also with a stopped one.
    holder.kill();
    impatient.change(|_| Ok(())).unwrap();
}

/// Removes the lock of a process that is stopped, lets others make 25 changes, and has it go on.
#[cfg(unix)]
fn go_on_after_the_lock_was_removed(home: &Home, worker: &mut Worker) -> Vec<u16> {
    worker.signal("STOP");
    std::fs::remove_file(home.path("config/registry.lock")).unwrap();
    let reserve = |_| {
        let ran = home.run("", &["get-port", "--type", "misc"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout.trim().parse().unwrap()
    };
    let told = (0..25).map(reserve).collect();
    worker.go_on();
    worker.signal("CONT");
    told
}

/// Of the ports that people were told, those that nobody has.
#[cfg(unix)]
fn lost(store: &Store, told: &[u16]) -> Vec<u16> {
    let registry = store.load().unwrap();
    let is_lost = |port: &u16| registry.owner(Port::new(*port).unwrap()).is_none();
    told.iter().copied().filter(is_lost).collect()
}

#[cfg(unix)]
#[test]
fn a_stopped_process_whose_lock_was_removed_undoes_nothing() {
    let home = Home::new();
    let store = with_many_projects(&home);
    // A change is made again, on top of what the others did.
    let mut worker = Worker::in_a_change(&home.path("config"));
    let told = go_on_after_the_lock_was_removed(&home, &mut worker);
    assert_eq!(worker.next(), Some(2), "the second attempt succeeds");
    assert_eq!(lost(&store, &told), [0; 0]);
    assert!(store.load().unwrap().project("/late").is_some());

    // A transaction cannot be made again by itself: it fails, and says so.
    store.change(|registry| Ok(registry.remove_project("/late"))).unwrap();
    let mut worker = Worker::in_a_transaction(&home.path("config"));
    let told = go_on_after_the_lock_was_removed(&home, &mut worker);
    assert_eq!(worker.next(), Some(1), "it has failed as it should");
    assert_eq!(lost(&store, &told), [0; 0]);
    assert!(store.load().unwrap().project("/late").is_none());
    assert_eq!(names(&home.path("config")), ["registry.json", "registry.json.bak", "registry.lock"]);
}

#[cfg(unix)]
#[test]
fn a_writer_that_is_stopped_at_any_moment_loses_nobodys_change() {
    let home = Home::new();
    let store = with_many_projects(&home);
    for round in 0..times(5, 500) {
        let mut writer = Worker::writer(&home.path("config"));
        writer.next().unwrap();
        std::thread::sleep(Duration::from_micros(round as u64 * 173 % 6_000));
        writer.signal("STOP");
        // It may be between two changes, and in none.
        let _ = std::fs::remove_file(home.path("config/registry.lock"));
        let port = Port::new(20_000 + u16::try_from(round).unwrap()).unwrap();
        let name = "OTHER_PORT".parse().unwrap();
        let key = format!("/other/{round}");
        store.change(|registry| registry.assign(&key, "other", &name, port, Service::Misc)).unwrap();
        writer.signal("CONT");
        writer.next().unwrap();
        writer.next().unwrap();
        writer.kill();
        let registry = store.load().unwrap();
        assert!(registry.owner(port).is_some(), "round {round}: the change was reported and is lost");
        assert_eq!(registry.projects().count(), 302 + round, "round {round}");
    }
}
