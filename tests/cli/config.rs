//! `port-manager config`, and what the commands do with the settings

use std::fs;

use serde_json::json;

use crate::home::{Home, Ran, unused_port};

const SEARCH: &str = "[ranges]\nsearch = \"9200-9299\"\n\n[words]\nsearch = [\"solr\"]\n";

fn with_config(text: &str) -> Home {
    let home = Home::new();
    home.write("config/config.toml", text);
    home
}

/// The ports that `init` gives a project, as `VARIABLE service`, and their numbers.
fn initialized(home: &Home, project: &str) -> Vec<(String, String, u64)> {
    let ran = home.run("", &["init", project, "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let ports = ran.json()["ports"].as_array().unwrap().clone();
    ports
        .iter()
        .map(|it| (text(&it["variable"]), text(&it["service"]), it["port"].as_u64().unwrap()))
        .collect()
}

fn refused(ran: &Ran, place: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("config.toml:{place}: ")), "{}", ran.stderr);
}

#[test]
fn a_type_of_the_file_is_given_by_init_and_get_port() {
    let home = with_config(SEARCH);
    home.write("shop/server.js", "app.listen(process.env.SEARCH_PORT); connect(process.env.SOLR_PORT)\n");
    for (variable, service, port) in initialized(&home, "shop") {
        assert_eq!(service, "search", "{variable}");
        assert!((9200..=9299).contains(&port), "{variable} {port}");
    }
    let port: u64 = home.run("", &["get-port", "--type", "search"]).stdout.trim().parse().unwrap();
    assert!((9200..=9299).contains(&port));
    let status = home.run("", &["status", "--type", "search", "--json"]).json();
    assert_eq!(
        (status["ports"].as_array().unwrap().len(), status["reservations"][0]["port"].as_u64()),
        (2, Some(port))
    );
}

#[test]
fn a_number_in_the_range_of_a_type_names_its_variable() {
    let home = with_config(SEARCH);
    home.write("shop/app.js", "require('http').createServer().listen(9250)\n");
    let ports = home.run("", &["ports", "shop", "--json"]).json();
    assert_eq!(ports["ports"][0]["variable"], "SEARCH_PORT", "{ports}");
    assert_eq!(ports["ports"][0]["service"], "search");
    let other = Home::new();
    other.write("shop/app.js", "require('http').createServer().listen(9250)\n");
    assert_eq!(other.run("", &["ports", "shop", "--json"]).json()["ports"][0]["service"], "web");
}

#[test]
fn a_built_in_type_gets_its_numbers_and_its_variable_from_the_file() {
    let home = with_config("[ranges]\ncache = \"6400-6499\"\n\n[variables]\ncache = \"CACHE_PORT\"\n");
    fs::create_dir_all(home.path("shop/.git")).unwrap();
    let ports = initialized(&home, "shop");
    let cache = ports.iter().find(|(_, service, _)| service == "cache").unwrap();
    assert_eq!(cache.0, "CACHE_PORT");
    assert!((6400..=6499).contains(&cache.2), "{ports:?}");
}

#[test]
fn an_avoided_port_is_never_assigned() {
    let port = unused_port();
    let home = with_config(&format!("avoid = [{port}, \"8000-8049\"]\n"));
    home.write("shop/.ports.env.example", format!("WEB_PORT={port}\n"));
    let ran = home.run("", &["init", "shop"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("`avoid` in config.toml has it"), "{}", ran.stderr);
    let given: u16 =
        home.read("shop/.ports.env").lines().last().unwrap().rsplit('=').next().unwrap().parse().unwrap();
    assert!((8050..=8099).contains(&given), "{given}");
    let preferred = home.run("", &["get-port", "--type", "web", "--preferred", &port.to_string()]);
    assert!(preferred.stderr.contains("`avoid` in config.toml has it"), "{}", preferred.stderr);
    let set = home.run("shop", &["set", &format!("WEB_PORT={port}")]);
    assert_eq!(set.code, Some(2));
    assert!(set.stderr.contains("remove it from `avoid` in "), "{}", set.stderr);
}

#[test]
fn a_port_that_a_project_has_already_may_be_avoided() {
    let home = with_config("avoid = [8000]\n");
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    assert_eq!(initialized(&home, "shop"), [("WEB_PORT".to_owned(), "web".to_owned(), 8000)]);
    assert_eq!(home.run("shop", &["check"]).code, Some(0));
}

#[test]
fn a_full_range_is_the_one_of_the_file() {
    let home = with_config("avoid = [\"7300-7399\"]\n[ranges]\ntemporal = \"7230-7231\"\n");
    home.project("blog", &[("TEMPORAL_PORT", "temporal", 7230), ("TEMPORAL_UI_PORT", "temporal", 7231)]);
    let ran = home.run("", &["get-port", "--type", "temporal"]);
    assert_eq!(ran.code, Some(2));
    for said in ["all of 7230 to 7231 and 7300 to 7399 are taken", "blog in ", "config.toml avoids 7300-7399"]
    {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

#[test]
fn an_unknown_type_is_refused_with_the_nearest() {
    let home = with_config(SEARCH);
    let ran = home.run("", &["get-port", "--type", "serach"]);
    insta::assert_snapshot!(ran.seen(&home), @r"
    --- stderr
    error: there is no service type `serach`
    help: Did you mean search?
    --- exit code 2
    ");
    assert_eq!(home.run("", &["status", "--type", "chache"]).code, Some(2));
}

#[test]
fn an_unknown_type_is_refused_with_a_preferred_number_too() {
    let home = Home::new();
    let ran = home.run("", &["get-port", "--type", "nosuch", "--preferred", &unused_port().to_string()]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("there is no service type `nosuch`"), "{}", ran.stderr);
    assert!(!home.path("config/registry.json").exists());
}

#[test]
fn a_port_of_a_type_that_is_gone_is_still_shown() {
    let home = Home::new();
    home.project("shop", &[("SEARCH_PORT", "search", 9200)]);
    let status = home.run("", &["status", "--type", "search", "--json"]).json();
    assert_eq!(status["ports"][0]["port"], 9200);
    assert_eq!(initialized(&home, "shop"), [("SEARCH_PORT".to_owned(), "search".to_owned(), 9200)]);
}

#[test]
fn a_broken_file_stops_what_chooses_a_port() {
    let home = with_config("avoid = [8000]\n\n[ranges]\nweb = \"8099-8000\"\n");
    home.write("shop/server.js", "app.listen(8080)\n");
    for arguments in [
        &["init", "shop"][..],
        &["get-port", "--type", "web"],
        &["set", "--project", "shop", "WEB_PORT=8001"],
        &["adopt", "shop", "--yes"],
    ] {
        refused(&home.run("", arguments), "4:7");
    }
    assert!(!home.path("shop/.ports.env").exists() && !home.path("config/registry.json").exists());
}

#[test]
fn a_broken_file_is_a_warning_where_nothing_is_chosen() {
    let home = with_config("[rnages]\n");
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    for arguments in [&["status"][..], &["show", "shop"], &["ports", "shop"], &["check", "shop"]] {
        let ran = home.run("", arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?} {}", ran.stderr);
        assert!(ran.stderr.starts_with("warning: "), "{}", ran.stderr);
        assert!(ran.stderr.contains("config.toml:1:2: there is no setting `rnages`; did you mean `ranges`?"));
    }
    let env = home.run("shop", &["env"]);
    assert_eq!((env.code, env.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_doctor_reports_a_broken_file() {
    let home = with_config("[ranges]\nsearch = \"8050-8060\"\n");
    let ran = home.run("", &["doctor", "--json"]);
    let findings = ran.json()["findings"].as_array().unwrap().clone();
    let finding = findings.iter().find(|finding| finding["kind"] == "config-invalid").unwrap();
    assert_eq!((ran.code, &finding["command"]), (Some(1), &json!("port-manager config edit")));
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.contains("config.toml:2:10: the range of `search` (8050-8060) overlaps that of `web`"),
        "{message}"
    );
}

#[test]
fn the_settings_are_shown_with_where_they_come_from() {
    let home =
        with_config(&format!("avoid = [8080, \"9000-9010\"]\n{SEARCH}[variables]\ncache = \"CACHE_PORT\"\n"));
    insta::assert_snapshot!(home.run("", &["config", "show"]).seen(&home), @r#"
    TYPE        NUMBERS    VARIABLE       FROM
    web         8000-8099  WEB_PORT       built in
    api         8100-8199  API_PORT       built in
    db          5400-5499  DB_PORT        built in
    cache       6300-6399  CACHE_PORT     variable: line 8
    queue       5670-5680  QUEUE_PORT     built in
    monitoring  9000-9099  METRICS_PORT   built in
    temporal    7230-7239  TEMPORAL_PORT  built in
    misc        3000-3099  MISC_PORT      built in
    search      9200-9299  SEARCH_PORT    numbers: line 3, "solr": line 6
    8080 is never assigned (line 1)
    9000-9010 is never assigned (line 1)
    --- stderr
    The lines are those of ~/config/config.toml.
    --- exit code 0
    "#);
    let shown = home.run("", &["config", "show", "--json"]).json();
    assert_eq!(shown["avoid"][1], json!({"first": 9000, "last": 9010, "line": 1}));
    let search = &shown["types"][8];
    assert_eq!(
        search,
        &json!({
            "service": "search", "first": 9200, "last": 9299, "range_line": 3,
            "variable": "SEARCH_PORT", "variable_line": null,
            "words": [{"word": "solr", "line": 6}, {"word": "search", "line": null}],
        })
    );
}

#[test]
fn what_is_built_in_is_shown_where_there_is_no_file() {
    let home = Home::new();
    insta::assert_snapshot!(home.run("", &["config", "show"]).seen(&home), @r"
    TYPE        NUMBERS    VARIABLE       FROM
    web         8000-8099  WEB_PORT       built in
    api         8100-8199  API_PORT       built in
    db          5400-5499  DB_PORT        built in
    cache       6300-6399  REDIS_PORT     built in
    queue       5670-5680  QUEUE_PORT     built in
    monitoring  9000-9099  METRICS_PORT   built in
    temporal    7230-7239  TEMPORAL_PORT  built in
    misc        3000-3099  MISC_PORT      built in
    --- stderr
    There is no ~/config/config.toml, so all of this is built in.
    help: `port-manager config edit` creates the file.
    --- exit code 0
    ");
    refused(&with_config("x").run("", &["config", "show"]), "1:2");
}

#[test]
fn the_path_is_beside_the_registry() {
    let home = Home::new();
    let path = |ran: Ran| ran.stdout.trim_end().to_owned();
    assert_eq!(path(home.run("", &["config", "path"])), home.path("config/config.toml").to_str().unwrap());
    let mut command = home.command("", &["config", "path"]);
    command.env_remove("PORT_MANAGER_CONFIG_DIR").env("XDG_CONFIG_HOME", home.path("xdg"));
    let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(output.trim_end(), home.path("xdg/port-manager/config.toml").to_str().unwrap());
}

#[cfg(unix)]
mod edit {
    use super::*;

    /// Runs `config edit` with an editor that is a script; it gets its own arguments and the file's path.
    fn edit(home: &Home, script: &str, editor: &str) -> Ran {
        use std::os::unix::fs::PermissionsExt;
        home.write("my editor", format!("#!/bin/sh\n{script}\n"));
        let path = home.path("my editor");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = home.command("", &["config", "edit"]);
        command.env_remove("VISUAL").env("EDITOR", editor.replace("ED", path.to_str().unwrap()));
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[test]
    fn a_missing_file_is_created_with_every_setting_as_a_comment() {
        use std::os::unix::fs::PermissionsExt;
        let home = Home::new();
        let ran = edit(&home, "exit 0", "ED");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let text = home.read("config/config.toml");
        assert!(text.contains("# search = \"9200-9299\""), "{text}");
        assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
        let mode = fs::metadata(home.path("config/config.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // A second time, the file stays as it is.
        let ran = edit(&home, "printf 'avoid = [8080]\\n' > \"$1\"", "ED");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert_eq!(home.read("config/config.toml"), "avoid = [8080]\n");
    }

    #[test]
    fn the_editor_gets_its_arguments_and_no_shell_reads_them() {
        let home = Home::new();
        let ran = edit(&home, "printf '%s\\n' \"$@\" > seen", "'ED' --wait '$HOME;touch x'");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let path = home.path("config/config.toml");
        assert_eq!(home.read("seen"), format!("--wait\n$HOME;touch x\n{}\n", path.display()));
        assert!(!home.path("x").exists());
    }

    #[test]
    fn what_is_wrong_after_the_edit_is_said_and_kept() {
        let home = Home::new();
        let ran = edit(&home, "printf 'avoid = [0]\\n' > \"$1\"", "ED");
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("config.toml:1:10: 0 is not a port"), "{}", ran.stderr);
        assert_eq!(home.read("config/config.toml"), "avoid = [0]\n");
        let ran = edit(&home, "exit 3", "ED");
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains("ended with exit status: 3"), "{}", ran.stderr);
    }

    #[test]
    fn without_an_editor_the_path_is_said() {
        let home = Home::new();
        for editor in ["", "'"] {
            let ran = edit(&home, "", editor);
            assert_eq!(ran.code, Some(2));
            assert!(ran.stderr.contains("config/config.toml yourself"), "{}", ran.stderr);
        }
        assert!(!home.path("config/config.toml").exists());
    }
}
