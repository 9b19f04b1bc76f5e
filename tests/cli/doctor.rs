//! `port-manager doctor` and `port-manager remove`

use std::fs;

use crate::home::{Home, unused_port};
use crate::process::ChildProcess;

/// Kinds and commands, each on a line.
fn findings(home: &Home, directory: &str) -> String {
    let ran = home.run(directory, &["doctor", "--json"]);
    let diagnosis = ran.json();
    assert_eq!(ran.code, Some(if diagnosis["is_healthy"] == true { 0 } else { 1 }));
    let lines = diagnosis["findings"].as_array().unwrap().iter().map(|finding| {
        let word = if finding["is_problem"] == true { "problem" } else { "note" };
        let command = finding["command"].as_str().unwrap_or("-");
        format!("{word} {} | {command}", finding["kind"].as_str().unwrap())
    });
    lines.collect::<Vec<_>>().join("\n").replace(&home.path("").display().to_string(), "~/")
}

#[test]
fn a_machine_on_which_all_is_well() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "").write("shop/server.js", "f(process.env.QUEUE_PORT)\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    insta::assert_snapshot!(home.run("shop", &["doctor"]).seen(&home), @r"
    --- stderr
    Nothing is wrong.
    --- exit code 0
    ");
    let nothing = Home::new();
    assert_eq!(nothing.run("", &["doctor", "--repair"]).code, Some(0));
    assert_eq!(fs::read_dir(nothing.path("")).unwrap().count(), 1, "looking makes nothing");
}

#[test]
fn a_directory_that_is_not_there_is_an_error() {
    let home = Home::new();
    home.write("file", "");
    for (name, reason) in [("missing", "cannot read"), ("file", "is not a directory")] {
        let ran = home.run("", &["doctor", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(name) && ran.stderr.contains(reason), "{}", ran.stderr);
    }
}

#[test]
fn everything_that_is_wrong_is_named_with_the_command_that_mends_it() {
    let home = Home::new();
    let somebody = ChildProcess::server(&home.directory("elsewhere"));
    home.project(
        "shop",
        &[("WEB_PORT", "web", somebody.port), ("API_PORT", "api", 3), ("OLD_PORT", "misc", 4)],
    );
    home.write(
        "shop/.ports.env",
        format!("WEB_PORT={}\nAPI_PORT=9\nQUEUE_PORT=5\nnonsense\nDB_PORT=x\n", somebody.port),
    );
    home.write("shop/.git/HEAD", "");
    home.project("blog", &[("WEB_PORT", "web", 5)]);
    home.project("my wiki", &[("WEB_PORT", "web", 6)]);
    let gone = home.project("gone", &[("WEB_PORT", "web", 7)]);
    let unplugged = home.project("disk/unplugged", &[("WEB_PORT", "web", 8)]);
    fs::remove_dir_all(gone).unwrap();
    fs::remove_dir_all(unplugged.parent().unwrap()).unwrap();
    fs::remove_file(home.path("my wiki/.ports.env")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let open = fs::Permissions::from_mode(0o644);
        fs::set_permissions(home.path("config/registry.json"), open).unwrap();
    }
    let port = somebody.port.to_string();
    let seen = home.run("", &["doctor"]).seen(&home);
    let seen = seen.replace(&port, "PORT").replace(&format!("pid {}", somebody.pid()), "pid PID");
    let program = regex::Regex::new(r"problem: \S+ \(pid").unwrap();
    insta::assert_snapshot!(program.replace(&seen, "problem: PROGRAM (pid"), @"
    problem: other users may open ~/config/registry.json (mode 644)
      fix it: chmod 600 ~/config/registry.json
    note: disk/unplugged in ~/disk/unplugged cannot be seen: its disk may not be plugged in
    note: gone is registered in ~/gone, which is gone: if it was moved, run `port-manager init` where it is now; else its ports are released when they are needed, or by this command
      fix it: port-manager clean
    problem: my wiki in ~/my wiki has ports and no .ports.env
      fix it: port-manager init '~/my wiki'
    problem: ~/shop/.ports.env:4: this line is not `KEY=PORT`: write it so, without spaces around `=`, or make it a comment
    problem: ~/shop/.ports.env:5: the value of DB_PORT is not a port: write a whole number from 1 to 65535, or remove the line
    problem: ~/shop/.ports.env gives API_PORT port 9, the registry says 3
      fix it: port-manager init ~/shop
    problem: ~/shop/.ports.env gives QUEUE_PORT port 5, which belongs to WEB_PORT of blog (~/blog)
      fix it: port-manager init ~/shop
    problem: ~/shop/.ports.env does not define OLD_PORT, which has port 4
      fix it: port-manager init ~/shop
    problem: git does not ignore ~/shop/.ports.env
      fix it: port-manager init ~/shop
    problem: PROGRAM (pid PID) in ~/elsewhere listens on PORT, which is WEB_PORT of shop
      fix it: port-manager free PORT
    --- stderr
    9 problems. 2 notes.
    --- exit code 1
    ");

    // Each command does what it says.
    let everything = home.run("", &["doctor", "--json"]).json();
    for finding in everything["findings"].as_array().unwrap() {
        let Some(command) = finding["command"].as_str().filter(|it| !it.contains(" free ")) else { continue };
        let binary = assert_cmd::cargo::cargo_bin!("port-manager").display().to_string();
        let arguments = command.strip_prefix("port-manager").map(|it| format!("'{binary}'{it}"));
        let mut shell = home.command("", &["doctor"]);
        let environment: Vec<_> =
            shell.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
        shell = std::process::Command::new("sh");
        shell.args(["-c", arguments.as_deref().unwrap_or(command)]).envs(environment);
        assert!(shell.output().unwrap().status.success(), "{command}");
    }
    insta::assert_snapshot!(findings(&home, "").replace(&port, "PORT"), @"
    note project-out-of-sight | -
    problem ports-env-invalid | -
    problem ports-env-invalid | -
    problem foreign-listener | port-manager free PORT
    ");
}

#[test]
fn a_damaged_registry_is_mended_and_what_is_lost_is_said() {
    let home = Home::new();
    let web = unused_port();
    let shop = home.project("shop", &[("WEB_PORT", "web", web), ("API_PORT", "api", 8100)]);
    let damaged = home.read("config/registry.json").replace("8100", "81000");
    home.write("config/registry.json", &damaged).write("shop/.ports.env", format!("WEB_PORT={web}\n"));
    insta::assert_snapshot!(home.run("", &["doctor"]).seen(&home), @"
    problem: ~/config/registry.json:1:121: the registry is damaged: 81000 is not a port: a port is a whole number from 1 to 65535
      fix it: port-manager doctor --repair
    problem: other users may open ~/config/registry.json (mode 644)
      fix it: chmod 600 ~/config/registry.json
    --- stderr
    2 problems.
    --- exit code 1
    ");
    assert_eq!(home.read("config/registry.json"), damaged, "looking changes nothing");
    insta::assert_snapshot!(home.run("", &["doctor", "--repair"]).seen(&home), @"
    damaged: ~/config/registry.json:1:121: the registry is damaged: 81000 is not a port: a port is a whole number from 1 to 65535
    kept: ~/config/registry.json.broken
    repaired: 1 project with 1 port; there was no backup
    not restored: API_PORT of shop (~/shop): the registry says port 81000
    --- stderr
    Nothing is wrong.
    --- exit code 0
    ");
    assert_eq!(home.read("config/registry.json.broken"), damaged);
    assert_eq!(home.run("", &["show", shop.to_str().unwrap(), "--json"]).json()["ports"][0]["port"], web);
    insta::assert_snapshot!(home.run("", &["doctor", "--repair"]).seen(&home), @"
    --- stderr
    The registry is whole; nothing was repaired.
    Nothing is wrong.
    --- exit code 0
    ");
}

#[test]
fn a_registry_that_is_gone_is_restored_or_given_up() {
    let home = Home::new();
    assert_eq!(home.run("", &["get-port", "--type", "api"]).code, Some(0));
    let before = home.read("config/registry.json");
    fs::remove_file(home.path("config/registry.json")).unwrap();
    insta::assert_snapshot!(home.run("", &["status"]).seen(&home), @r"
    --- stderr
    error: the registry ~/config/registry.json is gone; its backup ~/config/registry.json.bak is there
    help: Run `port-manager doctor --repair` to restore it from the backup; or remove ~/config/registry.json.bak to start with an empty registry.
    --- exit code 2
    ");
    assert_eq!(findings(&home, ""), "problem registry-missing | port-manager doctor --repair");
    assert_eq!(home.run("", &["doctor", "--repair"]).code, Some(0));
    assert_eq!(home.read("config/registry.json"), before);
    for name in ["registry.json", "registry.json.bak"] {
        fs::remove_file(home.path("config").join(name)).unwrap();
    }
    assert_eq!(home.run("", &["get-port", "--type", "api"]).code, Some(0), "an empty registry");
}

#[cfg(unix)]
#[test]
fn what_other_users_could_change_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    assert_eq!(home.run("", &["get-port", "--type", "api"]).code, Some(0));
    let set = |path: &str, mode| {
        fs::set_permissions(home.path(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("config", 0o777);
    set("config/registry.lock", 0o666);
    set("config/registry.json.bak", 0o640);
    insta::assert_snapshot!(findings(&home, ""), @r"
    problem registry-exposed | chmod o-w ~/config
    problem registry-exposed | chmod 600 ~/config/registry.json.bak
    problem registry-exposed | chmod 600 ~/config/registry.lock
    ");
    set("config", 0o770);
    set("config/registry.lock", 0o600);
    set("config/registry.json.bak", 0o600);
    assert_eq!(findings(&home, ""), "note registry-exposed | chmod g-w ~/config");
}

#[cfg(target_os = "linux")]
#[test]
fn a_registry_that_cannot_be_replaced_is_named() {
    use std::process::Command;
    let home = Home::new();
    assert_eq!(home.run("", &["get-port", "--type", "api"]).code, Some(0));
    let registry = home.path("config/registry.json");
    let chattr = |flag: &str, path: &std::path::Path| {
        Command::new("chattr").arg(flag).arg(path).output().is_ok_and(|output| output.status.success())
    };
    for (path, protection, reason) in [
        (&registry, 'i', "it is immutable; run `chattr -i` on it"),
        (&registry, 'a', "it can only be appended to; run `chattr -a` on it"),
        (&home.path("config"), 'a', "its directory can only be appended to; run `chattr -a` on it"),
    ] {
        if !chattr(&format!("+{protection}"), path) {
            println!("NOT POSSIBLE HERE: attributes of files need root and a file system that has them");
            return;
        }
        let (diagnosis, changed) =
            (home.run("", &["doctor", "--json"]), home.run("", &["get-port", "--type", "api"]));
        assert!(chattr(&format!("-{protection}"), path));
        let findings = diagnosis.json()["findings"].clone();
        assert_eq!(findings[0]["kind"], "registry-not-writable", "{findings}");
        assert!(findings[0]["message"].as_str().unwrap().contains(reason), "{findings}");
        assert_eq!(changed.code, Some(2));
        assert!(changed.stderr.contains(reason), "{}", changed.stderr);
    }
}

#[test]
fn a_reservation_of_a_wrong_clock_does_not_count() {
    let home = Home::new();
    let port = unused_port().to_string();
    let registry = r#"{ "version": 2, "projects": {}, "reservations": {
            "8100": { "service": "api", "expires_at": "2126-01-01T00:00:00Z" } } }"#;
    home.write("config/registry.json", registry.replace("8100", &port));
    let seen = findings(&home, "");
    assert!(seen.ends_with("note reservation-not-counted | port-manager clean"), "{seen}");
    assert_eq!(home.run("", &["get-port", "--type", "api", "--preferred", &port]).stderr, "");
    assert!(!findings(&home, "").contains("reservation-not-counted"), "the change has removed it");
}

#[cfg(unix)]
#[test]
fn two_projects_in_one_directory_are_named() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.project("store", &[("API_PORT", "api", 8100)]);
    fs::remove_dir_all(home.path("store")).unwrap();
    std::os::unix::fs::symlink(home.path("shop"), home.path("store")).unwrap();
    let diagnosis = home.run("", &["doctor", "--json"]).json();
    let shared = diagnosis["findings"].as_array().unwrap().iter().find(|it| it["kind"] == "shared-directory");
    let (shop, store) = (home.path("shop"), home.path("store"));
    let message = shared.unwrap()["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("{} and {} are one directory", shop.display(), store.display())));
}

#[test]
fn a_newer_registry_is_not_touched() {
    let home = Home::new();
    home.write("config/registry.json", r#"{ "version": 3 }"#);
    insta::assert_snapshot!(home.run("", &["doctor"]).seen(&home), @"
    problem: ~/config/registry.json: the registry has version 3; this port-manager understands up to 2. The file was left as it is. Update port-manager.
    problem: other users may open ~/config/registry.json (mode 644)
      fix it: chmod 600 ~/config/registry.json
    --- stderr
    2 problems.
    --- exit code 1
    ");
    assert_eq!(home.run("", &["doctor", "--repair"]).code, Some(2));
    assert_eq!(home.read("config/registry.json"), r#"{ "version": 3 }"#);
}

#[test]
fn a_project_gives_up_its_ports_and_keeps_its_files() {
    let home = Home::new();
    let api = unused_port().to_string();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("API_PORT", "api", api.parse().unwrap())]);
    let before = home.read("config/registry.json");
    let seen = |arguments: &[&str]| home.run("", arguments).seen(&home).replace(&api, "8100");
    insta::assert_snapshot!(seen(&["remove", "shop", "--dry-run"]), @"
    remove   API_PORT 8100 api
    remove   WEB_PORT 8000 web
    --- stderr
    shop in ~/shop would release 2 ports; nothing was changed.
    --- exit code 0
    ");
    assert_eq!(home.read("config/registry.json"), before);
    insta::assert_snapshot!(seen(&["remove", "shop"]), @"
    removed  API_PORT 8100 api
    removed  WEB_PORT 8000 web
    --- stderr
    shop in ~/shop released 2 ports. Its files were left as they are.
    --- exit code 0
    ");
    assert_eq!(home.read("shop/.ports.env"), format!("WEB_PORT=8000\nAPI_PORT={api}\n"));
    insta::assert_snapshot!(home.run("", &["remove", "shop"]).seen(&home), @"
    --- stderr
    error: no project 'shop' is registered
    help: Run `port-manager init` in the project's directory.
    --- exit code 1
    ");
    let other = home.run("", &["get-port", "--type", "api", "--preferred", &api]);
    assert_eq!(other.stdout, format!("{api}\n"), "{}", other.stderr);
}

#[test]
fn who_comes_through_sudo_is_told_whose_registry_that_is() {
    let home = Home::new();
    let as_root = |arguments: &[&str]| {
        let mut command = home.command("", arguments);
        command.env("SUDO_USER", "dev").env_remove("PORT_MANAGER_CONFIG_DIR");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, stderr) = as_root(&["get-port", "--type", "api"]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(stderr, @"
    warning: this runs through sudo, so the registry is not that of dev
    help: Run it without sudo; or name a registry with PORT_MANAGER_CONFIG_DIR.
    ");
    assert!(!as_root(&["status"]).1.contains("sudo"), "looking does no harm");
    let chosen = home.command("", &["get-port", "--type", "api"]).env("SUDO_USER", "dev").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&chosen.stderr), "", "who names a registry means it");
}

#[cfg(unix)]
#[test]
fn run_says_through_sudo_whose_registry_it_sets_up() {
    use std::os::unix::fs::MetadataExt;
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT || 8080)\n");
    let uid = std::fs::metadata(home.path("")).unwrap().uid();
    let ran = |sudo_uid: u32, arguments: &[&str]| {
        let mut command = home.command("shop", arguments);
        command
            .env("SUDO_USER", "dev")
            .env("SUDO_UID", sudo_uid.to_string())
            .env_remove("PORT_MANAGER_CONFIG_DIR");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stderr).unwrap()
    };
    let warning = "warning: this runs through sudo, so the registry is not that of dev\n";
    let first = ran(uid + 1, &["run", "--init", "true"]);
    assert!(first.starts_with(warning), "{first}");
    let second = ran(uid + 1, &["run", "--init", "true"]);
    assert!(!second.contains("sudo"), "nothing is set up any more: {second}");
    // With `sudo -E`, the home and its registry are still the user's.
    let kept = ran(uid, &["init"]);
    assert!(!kept.contains("sudo"), "{kept}");
}

/// A project's findings about its code: kind, and message.
fn about_code(home: &Home) -> Vec<String> {
    let diagnosis = home.run("shop", &["doctor", "--json"]).json();
    let of_code = |finding: &serde_json::Value| {
        let word = if finding["is_problem"] == true { "problem" } else { "note" };
        let text = |name: &str| finding[name].as_str().unwrap_or("-").to_owned();
        let command = text("command").replace(&home.path("shop").display().to_string(), "~/shop");
        format!("{word} {}: {} | {command}", text("kind"), text("message"))
    };
    // Another program of this machine may listen on a port of the test.
    let is_about_code = |finding: &&serde_json::Value| finding["kind"] != "foreign-listener";
    diagnosis["findings"].as_array().unwrap().iter().filter(is_about_code).map(of_code).collect()
}

fn shop(files: &[(&str, &str)]) -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "").write("shop/.gitignore", ".ports.env\n");
    for (path, text) in files {
        home.write(&format!("shop/{path}"), text);
    }
    home
}

fn initialized(files: &[(&str, &str)]) -> Home {
    let home = shop(files);
    assert_eq!(home.run("shop", &["init"]).code, Some(0));
    home
}

#[test]
fn a_default_that_decides_in_every_copy_is_a_problem() {
    let home = shop(&[("server.js", "app.listen(process.env.PORT || 3000);\n")]);
    assert_eq!(
        about_code(&home),
        [
            "problem project-not-set-up: shop has no .ports.env, so the defaults in its code decide, in every copy of the \
             project: PORT (3000) | port-manager init ~/shop"
        ]
    );
    assert_eq!(home.run("shop", &["init"]).code, Some(0));
    assert_eq!(about_code(&home), [""; 0]);
    home.write("shop/.ports.env", "").write("shop/config/registry.json", "");
    fs::remove_dir_all(home.path("config")).unwrap();
    assert_eq!(
        about_code(&home),
        [
            "problem port-without-number: PORT (3000, server.js:1) has no number in .ports.env, so its default decides: every \
             copy of the project uses it | port-manager init ~/shop"
        ]
    );
}

#[test]
fn numbers_that_are_typed_are_problems_with_their_places() {
    let home = initialized(&[
        ("api/server.js", "app.listen(process.env.API_PORT || 5000);\n"),
        ("web/client.js", "fetch('http://localhost:5000/a');\nfetch('http://localhost:5000/b');\n"),
        ("web/other.js", "fetch('http://localhost:5000/a');\nfetch('http://localhost:5000/b');\n"),
        ("web/env.js", "const API = process.env.API_URL || 'http://localhost:5000';\n"),
    ]);
    assert_eq!(
        about_code(&home),
        [
            "problem hardcoded-port: 5000 is hardcoded; use API_PORT: web/client.js:1:25, web/client.js:2:25, web/env.js:1:54 \
             and 2 more | port-manager check --fix ~/shop"
        ]
    );
    assert!(home.run("shop", &["check", "--fix"]).stderr.contains("Fixed 5 places"));
    assert_eq!(about_code(&home), [""; 0]);

    home.write("shop/client.json", "{\"apiUrl\": \"http://localhost:5000\"}\n");
    home.write("shop/web/new.js", "fetch('http://localhost:5000/a');\n");
    assert_eq!(
        about_code(&home),
        [
            "problem hardcoded-port: 5000 is hardcoded; use API_PORT: client.json:1:30, web/new.js:1:25; edit one of its \
             places by hand first, as `port-manager check` says | -"
        ]
    );

    // No command that could not do anything.
    std::fs::remove_file(home.path("shop/web/new.js")).unwrap();
    let by_hand = "problem hardcoded-port: 5000 is hardcoded; use API_PORT: client.json:1:30; edit it by hand, as \
                   `port-manager check` says | -";
    assert_eq!(about_code(&home), [by_hand]);
}

#[test]
fn two_variables_for_one_port_and_two_ports_with_one_number_are_named() {
    let home = initialized(&[
        ("web/package.json", "{\"name\": \"web\"}\n"),
        ("web/server.js", "app.listen(process.env.WEB_PORT || 3000);\n"),
        ("admin/package.json", "{\"name\": \"admin\"}\n"),
        ("admin/server.js", "app.listen(process.env.ADMIN_PORT || 3000);\n"),
        ("api/server.js", "app.listen(process.env.API_PORT || 5000);\n"),
        ("web/client.js", "fetch(`http://localhost:${process.env.SERVER_PORT || 5000}/`);\n"),
    ]);
    let found = about_code(&home);
    // A problem where API_PORT has another number here, as in a second checkout.
    let both =
        " duplicate-variable: SERVER_PORT and API_PORT both fall back to 5000, where one service listens";
    assert!(found[0].contains(both), "{found:#?}");
    assert!(found[0].ends_with(": read API_PORT here, too: web/client.js:1:39 | -"), "{found:#?}");
    assert_eq!(
        found[1..],
        [
            "note shared-default: WEB_PORT (web/server.js:1) and ADMIN_PORT (admin/server.js:1) have one default number, 3000: \
             without .ports.env only one of them can run; give each a default of its own | -"
        ]
    );
}

#[test]
fn variables_that_nothing_reads_and_tables_that_lead_nowhere_are_named() {
    let home = initialized(&[
        ("web/package.json", "{\"name\": \"web\"}\n"),
        ("web/server.js", "app.listen(process.env.PORT || 3000);\n"),
        ("api/package.json", "{\"name\": \"api\"}\n"),
        ("api/server.js", "app.listen(process.env.PORT || 3001);\n"),
    ]);
    assert_eq!(about_code(&home), [""; 0]);
    let settings = home.read("shop/port-manager.toml");
    fs::remove_file(home.path("shop/port-manager.toml")).unwrap();
    let found = about_code(&home);
    let missing = "problem run-table-missing: several components read PORT, and port-manager.toml does not say which variable \
                   is whose: ";
    assert!(
        found.iter().any(|it| it.starts_with(missing) && it.ends_with(" | port-manager init ~/shop")),
        "{found:#?}"
    );

    home.write("shop/port-manager.toml", format!("{settings}\n[run.\"gone\"]\nPORT = \"WEB_PORT\"\n"));
    assert_eq!(
        about_code(&home),
        [
            "problem run-table-stale: the table [run.\"gone\"] of port-manager.toml gives PORT the number of WEB_PORT, but \
             gone is not a directory of the project: correct the table or remove it | -"
        ]
    );

    home.write("shop/port-manager.toml", settings);
    assert_eq!(home.run("shop", &["set", "OLD_PORT=8099"]).code, Some(0));
    let unread = "note unread-variable: no file of shop reads OLD_PORT or contains its default number | port-manager unset \
                  OLD_PORT --project ~/shop";
    assert_eq!(about_code(&home), [unread]);
}

#[test]
fn settings_that_do_not_parse_are_named_with_their_place() {
    let home = initialized(&[("server.js", "app.listen(process.env.WEB_PORT || 3000);\n")]);
    for (text, place) in [("ignore = [\"a\"]\n[rules\n", "2:7"), ("allow = 1\n", "1:1"), ("a = {", "1:")] {
        home.write("shop/port-manager.toml", text);
        let found = about_code(&home);
        let start =
            format!("problem settings-invalid: {}:{place}", home.path("shop/port-manager.toml").display());
        assert_eq!(found.len(), 1, "nothing else is judged: {found:#?}");
        assert!(found[0].starts_with(&start), "{text}: {found:#?}");
        assert_eq!(home.run("shop", &["doctor"]).code, Some(1));
        for judging in [&["ports"][..], &["integrate", "--list"], &["integrate", "git", "--check"]] {
            let ran = home.run("shop", judging);
            assert_eq!(ran.code, Some(2), "{judging:?}: {}", ran.stderr);
            assert!(ran.stderr.contains("port-manager.toml:"), "{judging:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn components_that_contradict_each_other_are_named() {
    let home = initialized(&[
        ("packages/a/package.json", "{\"name\": \"@shop/web\"}\n"),
        ("packages/a/server.js", "app.listen(process.env.A_PORT || 3000);\n"),
        ("packages/b/package.json", "{\"name\": \"@shop/web\"}\n"),
        ("compose.yaml", "services:\n  a:\n    build: ./packages/a\n  b:\n    build: ./packages/gone\n"),
    ]);
    assert_eq!(
        about_code(&home),
        [
            "note shared-name: 2 manifests are called @shop/web: packages/a, packages/b; give each a name of its own, or \
             their ports get similar names | -",
            "problem build-context-missing: a compose file builds an image from packages/gone, which is not a directory \
             of the project: correct its `build` | -",
        ]
    );
}
