//! `port-manager deinit`

use std::collections::BTreeMap;
use std::fs;

use crate::home::Home;

/// The project's files with their texts.
fn files(home: &Home, project: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(home.path(project)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| (name.clone(), home.read(&format!("{project}/{name}")))).collect()
}

#[test]
fn a_project_is_as_it_was_before_init() {
    for gitignore in [None, Some("dist\n"), Some("node_modules/\r\n")] {
        let home = Home::new();
        home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
        if let Some(gitignore) = gitignore {
            home.write("shop/.gitignore", gitignore);
        }
        let before = files(&home, "shop");
        assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
        assert_ne!(files(&home, "shop"), before);
        let ran = home.run("shop", &["deinit", "--yes"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert_eq!(files(&home, "shop"), before);
        assert!(!home.read("config/registry.json").contains("WEB_PORT"));
    }
}

#[test]
fn what_people_wrote_stays() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    let append = |name: &str, text: &str| {
        let path = format!("shop/{name}");
        home.write(&path, home.read(&path) + text);
    };
    append(".ports.env", "# my own\nSECRET=abc\n");
    append(".ports.env.example", "# ask Ada for access\n");
    append(".gitignore", "dist\n");
    let planned = home.run("shop", &["deinit", "--dry-run"]).seen(&home);
    let numbers = regex::Regex::new(r"\b80\d\d\b").unwrap();
    insta::assert_snapshot!(numbers.replace_all(&planned, "80xx"), @r"
    registry: WEB_PORT 80xx
    .ports.env: what init wrote; the rest stays
    .ports.env.example: what init wrote; the rest stays
    --- stderr
    Nothing was changed.
    --- exit code 0
    ");
    assert_eq!(home.run("shop", &["deinit", "--yes"]).code, Some(0));
    assert_eq!(home.read("shop/.ports.env"), "# my own\nSECRET=abc\n");
    assert_eq!(home.read("shop/.ports.env.example"), "# ask Ada for access\n");
    // A secret that stays must not get into the repository.
    assert_eq!(home.read("shop/.gitignore"), "/.ports.env\ndist\n");
}

#[test]
fn files_that_port_manager_did_not_write_stay() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/.ports.env.example", "WEB_PORT=8080\n");
    let before = files(&home, "shop");
    let ran = home.run("shop", &["deinit", "--yes", "--json"]).json();
    assert_eq!(files(&home, "shop"), before);
    assert_eq!((&ran["removed"], &ran["written"]), (&serde_json::json!([]), &serde_json::json!([])));
    assert_eq!(ran["kept"].as_array().unwrap().len(), 2);
    assert!(!home.read("config/registry.json").contains("WEB_PORT"));
}

#[test]
fn nothing_is_removed_unless_somebody_says_so() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    let before = (files(&home, "shop"), home.read("config/registry.json"));
    for (arguments, code) in
        [(&["deinit"][..], 2), (&["deinit", "--json"], 2), (&["deinit", "--dry-run", "--json"], 0)]
    {
        assert_eq!(home.run("shop", arguments).code, Some(code), "{arguments:?}");
        assert_eq!((files(&home, "shop"), home.read("config/registry.json")), before, "{arguments:?}");
    }
    let ran = home.run("shop", &["deinit"]);
    assert!(ran.stderr.contains("--yes") && ran.stderr.contains("no terminal"), "{}", ran.stderr);
}

#[test]
fn a_directory_that_is_not_set_up_is_a_no() {
    let home = Home::new();
    home.write("empty/.gitignore", "dist\n");
    insta::assert_snapshot!(home.run("empty", &["deinit", "--yes"]).seen(&home), @r"
    --- stderr
    error: ~/empty is not set up: neither its files nor the registry have ports
    --- exit code 1
    ");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_not_followed() {
    let home = Home::new();
    home.write("shop/server.js", "app.listen(process.env.WEB_PORT)\n").write("other/.ports.env", "");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    fs::rename(home.path("shop/.ports.env"), home.path("other/.ports.env")).unwrap();
    std::os::unix::fs::symlink(home.path("other/.ports.env"), home.path("shop/.ports.env")).unwrap();
    let before = home.read("other/.ports.env");
    let ran = home.run("shop", &["deinit", "--yes"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("lies outside of the project"), "{}", ran.stderr);
    assert_eq!(home.read("other/.ports.env"), before);
    assert!(home.path("shop/.ports.env").is_symlink());
}
