//! `port-manager get-port`, `port-manager clean`, and a registry that cannot be read

use std::fs;

use crate::home::Home;

#[test]
fn a_port_is_printed_and_held() {
    let home = Home::new();
    let first = home.run("", &["get-port", "--type", "monitoring"]);
    let second = home.run("", &["get-port", "--type", "monitoring"]);
    let number = |text: &str| text.trim_end().parse::<u16>().unwrap();
    assert_eq!((first.code, first.stderr.as_str()), (Some(0), ""));
    assert!((9000..=9099).contains(&number(&first.stdout)));
    assert!(number(&second.stdout) > number(&first.stdout), "the first is held");
}

#[test]
fn a_preferred_port_that_cannot_be_had_is_said() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let ran = home.run("", &["get-port", "--type", "web", "--preferred", "8000", "--json"]);
    insta::assert_snapshot!(ran.stderr.replace(&home.path("").display().to_string(), "~/"), @"warning: 8000 is not available: it belongs to WEB_PORT of shop (~/shop)");
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.json()["refused"]["port"], 8000);
    assert_eq!(ran.json()["refused"]["root"], home.path("shop").display().to_string());
    assert_ne!(ran.json()["port"], 8000);
}

/// In a network namespace of its own, where no port below 1024 is for ordinary users, whatever this machine is set to.
#[cfg(target_os = "linux")]
#[test]
fn a_port_that_an_ordinary_user_cannot_listen_on_is_refused() {
    let home = Home::new();
    home.write("shop/.ports.env.example", "WEB_PORT=80\n");
    for path in ["", "config", "shop", "shop/.ports.env.example"] {
        let _ = std::os::unix::fs::chown(home.path(path), Some(65534), Some(65534));
    }
    let run = |user: &[&str], arguments: &[&str]| {
        let own = home.command("shop", arguments);
        let mut command = std::process::Command::new("unshare");
        command.arg("--net").args(user).arg(own.get_program()).args(own.get_args());
        command.current_dir(home.path("shop")).env("PORT_MANAGER_CONFIG_DIR", home.path("config"));
        command.output().ok()
    };
    let ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    if !run(&ordinary, &["status"]).is_some_and(|output| output.status.success()) {
        println!("NOT POSSIBLE HERE: only root may make a network namespace and become another user");
        return;
    }
    let reason = "only privileged users may listen on ports below 1024 here";
    let get_port = ["get-port", "--type", "web", "--preferred", "80", "--json"];
    let got = run(&ordinary, &get_port).unwrap();
    let reserved: serde_json::Value = serde_json::from_slice(&got.stdout).unwrap();
    assert_ne!(reserved["port"], 80);
    assert_eq!(String::from_utf8(got.stderr).unwrap(), format!("warning: 80 is not available: {reason}\n"));

    let got = run(&ordinary, &["init", ".", "--json"]).unwrap();
    let initialized: serde_json::Value = serde_json::from_slice(&got.stdout).unwrap();
    assert_ne!(initialized["ports"][0]["port"], 80);
    assert_eq!(initialized["ports"][0]["refused"]["reason"], reason);

    let got = run(&ordinary, &["set", "WEB_PORT=80"]).unwrap();
    let stderr = String::from_utf8(got.stderr).unwrap();
    assert!(got.status.code() == Some(2) && stderr.contains(reason), "{stderr}");

    // Root may listen there, as in a container.
    let reserved: serde_json::Value = serde_json::from_slice(&run(&[], &get_port).unwrap().stdout).unwrap();
    assert_eq!(reserved["port"], 80);
}

#[test]
fn a_reserved_port_names_the_directory_that_has_it() {
    let home = Home::new();
    home.write("shop/.ports.env", "").directory("shop/src");
    let reserved = home.run("shop/src", &["get-port", "--type", "monitoring", "--json"]).json();
    assert_eq!(reserved["directory"], home.path("shop").to_str().unwrap());
    let line = format!("METRICS_PORT={}\n", reserved["port"]);
    home.write("blog/.ports.env", &line).write("shop/.ports.env", &line);
    let other = home.run("blog", &["init", "."]);
    let expected = format!("a reservation for monitoring (get-port in {}, ", home.path("shop").display());
    assert!(other.stderr.contains(&expected), "{}", other.stderr);
    assert_ne!(home.read("blog/.ports.env").lines().last(), Some(line.trim()));
    let own = home.run("shop", &["init", ".", "--json"]);
    assert_eq!((own.json()["ports"][0]["port"].clone(), own.stderr.as_str()), (reserved["port"].clone(), ""));
}

#[test]
fn a_thousand_variables_are_set_up_and_more_are_refused() {
    let home = Home::new();
    let example = |count: u16| {
        let lines = (0..count).map(|number| format!("PORT_{number}={}\n", 20_000 + number));
        lines.collect::<String>()
    };
    home.write("shop/.ports.env.example", example(4_000));
    let refused = home.run("shop", &["init", "."]);
    insta::assert_snapshot!(refused.seen(&home), @r"
    --- stderr
    error: ~/shop/.ports.env.example has 4000 lines besides comments; port-manager reads at most 1000
    help: Remove the lines that are not ports of this project.
    --- exit code 2
    ");
    home.write("shop/.ports.env.example", example(1_000));
    let done = home.run("shop", &["init", ".", "--json"]);
    assert_eq!(done.json()["ports"].as_array().unwrap().len(), 1_000, "{}", done.stderr);
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0), "what it wrote can be read again");
}

#[test]
fn an_unknown_type_is_wrong_usage_and_the_types_are_named() {
    let home = Home::new();
    insta::assert_snapshot!(home.run("", &["get-port", "--type", "wbe"]).seen(&home), @r"
    --- stderr
    error: there is no service type `wbe`
    help: Did you mean web?
    --- exit code 2
    ");
    let ran = home.run("", &["get-port", "--type", "elsewhere"]);
    assert!(ran.stderr.contains("The types are web, api, db, cache, queue,"), "{}", ran.stderr);
}

#[test]
fn projects_whose_directory_is_gone_are_given_up() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let gone = home.project("gone", &[("WEB_PORT", "web", 8001), ("API_PORT", "api", 8100)]);
    let unplugged = home.project("disk/unplugged", &[("WEB_PORT", "web", 8002)]);
    fs::remove_dir_all(gone).unwrap();
    fs::remove_dir_all(unplugged.parent().unwrap()).unwrap();
    let before = home.read("config/registry.json");
    insta::assert_snapshot!(home.run("", &["clean", "--dry-run"]).seen(&home), @r"
    remove   gone 8100, 8001 ~/gone is gone
    kept     disk/unplugged 8002 ~/disk/unplugged is gone
    --- stderr
    help: Kept are projects whose parent directory is gone too: their disk may not be plugged in.
    1 project would be removed; nothing was changed.
    --- exit code 0
    ");
    assert_eq!(home.read("config/registry.json"), before);
    insta::assert_snapshot!(home.run("", &["clean"]).seen(&home), @r"
    removed  gone 8100, 8001 ~/gone is gone
    kept     disk/unplugged 8002 ~/disk/unplugged is gone
    --- stderr
    help: Kept are projects whose parent directory is gone too: their disk may not be plugged in.
    1 project removed.
    --- exit code 0
    ");
    let registry: serde_json::Value = serde_json::from_str(&home.read("config/registry.json")).unwrap();
    let roots: Vec<&String> = registry["projects"].as_object().unwrap().keys().collect();
    assert_eq!(roots, [unplugged.to_str().unwrap(), home.path("shop").to_str().unwrap()]);
}

#[test]
fn a_damaged_registry_is_an_error_that_says_where_and_what_to_do() {
    let home = Home::new();
    home.write("config/registry.json", "{ \"version\": 2,\n  \"projects\": [] }");
    let ran = home.run("", &["status", "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    insta::assert_snapshot!(ran.seen(&home), @r"
    --- stderr
    error: ~/config/registry.json:2:14: the registry is damaged: invalid type: sequence, expected an object
    help: The file was left as it is. Run `port-manager doctor --repair` to keep it aside and rebuild it from what can be read of it and the projects' .ports.env.
    --- exit code 2
    ");
}
