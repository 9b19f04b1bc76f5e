//! Many at once: no port twice, none lost, nobody fails

use std::collections::BTreeSet;
use std::process::{Child, Output, Stdio};

use serde_json::Value;

use crate::home::Home;
use crate::times;

/// Starts a command and does not wait for it.
fn start(home: &Home, directory: &str, arguments: &[&str]) -> Child {
    let mut command = home.command(directory, arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What each has printed, once all are done. None may have failed.
fn finish(children: Vec<Child>) -> Vec<Value> {
    let outputs: Vec<Output> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let read = |output: Output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    outputs.into_iter().map(read).collect()
}

fn ports(printed: &Value) -> impl Iterator<Item = u64> {
    printed["ports"].as_array().unwrap().iter().map(|port| port["port"].as_u64().unwrap())
}

#[test]
fn many_projects_and_reservations_at_once_get_a_port_each() {
    let projects = times(16, 64);
    for _ in 0..times(2, 20) {
        let home = Home::new();
        let names: Vec<String> = (0..projects).map(|number| format!("project-{number}")).collect();
        let mut children = Vec::new();
        for (number, name) in names.iter().enumerate() {
            home.directory(name);
            children.push(start(&home, name, &["init", ".", "--json"]));
            // Two ranges that `init` takes nothing from: one has room for 64, with room to spare.
            let service = if number % 2 == 0 { "misc" } else { "monitoring" };
            children.push(start(&home, "", &["get-port", "--type", service, "--json"]));
        }
        let printed = finish(children);
        let (initialized, reserved): (Vec<Value>, Vec<Value>) =
            printed.into_iter().partition(|it| it["ports"].is_array());
        let given: Vec<u64> = initialized
            .iter()
            .flat_map(ports)
            .chain(reserved.iter().map(|it| it["port"].as_u64().unwrap()))
            .collect();
        assert_eq!(given.len(), projects * 5);
        assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), given.len(), "a port was given twice");

        // The registry has them all, and so has each project's file.
        let registry: Value = serde_json::from_str(&home.read("config/registry.json")).unwrap();
        assert_eq!(registry["projects"].as_object().unwrap().len(), projects);
        assert_eq!(registry["reservations"].as_object().unwrap().len(), projects);
        for one in &initialized {
            let root = one["root"].as_str().unwrap();
            let file = std::fs::read_to_string(format!("{root}/.ports.env")).unwrap();
            for port in one["ports"].as_array().unwrap() {
                let variable = port["variable"].as_str().unwrap();
                assert_eq!(registry["projects"][root]["ports"][variable]["port"], port["port"]);
                assert!(file.contains(&format!("\n{variable}={}\n", port["port"])), "{file}");
            }
        }
        assert_eq!(
            crate::names(&home.path("config")),
            ["registry.json", "registry.json.bak", "registry.lock"]
        );
    }
}

#[test]
fn one_project_that_is_set_up_many_times_at_once_gets_one_set_of_ports() {
    for _ in 0..times(2, 20) {
        let home = Home::new();
        home.write("shop/server.js", "app.listen(process.env.ADMIN_PORT)\n");
        let printed = finish((0..16).map(|_| start(&home, "shop", &["init", ".", "--json"])).collect());
        let sets: BTreeSet<Vec<u64>> = printed.iter().map(|it| ports(it).collect()).collect();
        assert_eq!(sets.len(), 1, "{sets:?}");
        let new = printed.iter().filter(|it| it["ports"][0]["is_new"] == true).count();
        assert_eq!(new, 1, "one of them gave the port, the others found it");
        assert_eq!(
            crate::names(&home.path("shop")),
            [".gitignore", ".ports.env", ".ports.env.example", "server.js"]
        );
        let lines =
            home.read("shop/.ports.env").lines().filter(|line| line.starts_with("ADMIN_PORT=")).count();
        assert_eq!(lines, 1);
    }
}
