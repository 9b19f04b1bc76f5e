//! `port-manager adopt`

use crate::home::Home;

fn numbers_masked(seen: &str) -> String {
    let numbers = regex::Regex::new(r"\b(80|81|54)\d\d\b").unwrap();
    numbers.replace_all(seen, "${1}xx").into_owned()
}

fn shop() -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/server.js", "require('http').createServer().listen(8080)\n")
        .write("shop/client.js", "fetch('http://localhost:8080/')\n")
        .write("shop/Makefile", "dev:\n\tnode server.js\n")
        .write("shop/.env", "PUBLIC_URL=http://localhost:8080\n");
    home
}

#[test]
fn the_plan_is_shown_first_and_nothing_is_changed() {
    let home = shop();
    // The number of the code is another project's, so that what is left matters.
    home.project("other", &[("WEB_PORT", "web", 8080)]);
    let before = home.read("config/registry.json");
    let ran = home.run("shop", &["adopt", "--dry-run"]);
    // What to do about the place is tested where it is written.
    let advice = regex::Regex::new(r"; write [^\n]*").unwrap();
    insta::assert_snapshot!(advice.replace_all(&numbers_masked(&ran.seen(&home)), "; ..."));
    assert_eq!(home.read("config/registry.json"), before);
    assert!(!home.path("shop/.ports.env").exists());
    let asked = home.run("shop", &["adopt"]);
    assert_eq!(asked.code, Some(2), "{}", asked.stderr);
    assert!(asked.stderr.contains("Pass --yes"), "{}", asked.stderr);
}

#[test]
fn all_of_it_is_done_at_once_and_a_second_run_finds_nothing() {
    let home = shop();
    let patch = home.run("shop", &["adopt", "--diff"]);
    let ran = home.run("shop", &["adopt", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(
        home.read("shop/server.js"),
        "require('http').createServer().listen(process.env.WEB_PORT || 8080)\n"
    );
    assert!(home.read("shop/Makefile").starts_with("# The ports"), "{}", home.read("shop/Makefile"));
    assert!(home.read("config/registry.json").contains("WEB_PORT"));
    assert!(home.read("shop/.gitignore").contains("/.ports.env"));
    assert!(patch.stdout.contains("+++ b/server.js\n"), "{}", patch.stdout);
    let again = home.run("shop", &["adopt", "--yes"]);
    assert_eq!(again.code, Some(0));
    assert!(again.stderr.contains("is adopted already"), "{}", again.stderr);
    assert_eq!(home.run("shop", &["adopt", "--diff"]).stdout, "");
}

#[test]
fn addresses_of_env_files_are_computed_from_ports() {
    let home = shop();
    home.write("shop/.gitignore", ".env\n")
        .write("shop/api/package.json", "{\"name\": \"api\"}\n")
        .write("shop/api/server.js", "app.listen(process.env.API_PORT || 5000)\n")
        .write("shop/.env", "PUBLIC_URL=http://localhost:8080\nORIGINS='http://localhost:8080,http://localhost:5000'\nDATABASE_URL=postgres://me:secret@localhost:5000/x\n")
        .write("shop/api/.env.local", "SITE_URL=http://localhost:5000\n")
        .write("shop/env-example", "DATABASE_URL=http://localhost:5000\nSITE_URL=http://localhost:8080\nDOCS_URL=http://localhost:8080/docs\nMAIL_URL=http://mail.example.com:8080\n");
    let ran = home.run("shop", &["adopt", "--dry-run"]);
    assert!(
        ran.stdout.contains(
            "Computed for `port-manager run`, in [env] of port-manager.toml:\n\
             \x20 ORIGINS = \"http://localhost:${WEB_PORT},http://localhost:${API_PORT}\"  (.env:2)\n\
             \x20 PUBLIC_URL = \"http://localhost:${WEB_PORT}\"  (.env:1)\n\
             \x20 SITE_URL = \"http://localhost:${API_PORT}\"  (api/.env.local:1)\n\
             \n\
             Not computed, as a developer may have another value; [env] can have:\n\
             \x20 DOCS_URL = \"http://localhost:${WEB_PORT}/docs\"  (env-example:3)\n"
        ),
        "{}",
        ran.stdout
    );
    assert!(!ran.stdout.contains("  .env:1:"), "what is computed is not left for hands: {}", ran.stdout);
    assert_eq!(home.run("shop", &["adopt", "--yes"]).code, Some(0));
    assert_eq!(home.run("shop", &["set", "WEB_PORT=8055"]).code, Some(0));
    let settings = home.read("shop/port-manager.toml");
    assert!(settings.contains("[env]\n"), "{settings}");
    assert!(!settings.contains("secret") && !settings.contains("DOCS_URL"), "{settings}");
    let env = home.run("shop", &["env", "--format", "dotenv"]).stdout;
    assert!(env.contains("PUBLIC_URL=http://localhost:8055\n"), "{env}");
    assert_eq!(home.run("shop", &["adopt", "--diff"]).stdout, "", "a second time");
}

#[cfg(unix)]
#[test]
fn no_secret_and_no_value_of_another_directory_is_computed() {
    let home = shop();
    home.write(
        "shop/.env",
        "A_URL=http://localhost:8080/?token=abc\nB_URL=http://me:se/cret@localhost:8080\n",
    )
    .write("outside/.env", "C_URL=http://localhost:8080\n");
    std::os::unix::fs::symlink(home.path("outside/.env"), home.path("shop/.env.local")).unwrap();
    let ran = home.run("shop", &["adopt", "--dry-run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(!ran.stdout.contains("[env]"), "{}", ran.stdout);
}

#[test]
fn a_project_that_was_moved_gets_its_ports_back() {
    let home = shop();
    // Its directory is gone, and its .ports.env with it.
    home.write("old/shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("old/shop/server.js", "app.listen(8080)\n");
    assert_eq!(home.run("old/shop", &["init"]).code, Some(0));
    assert_eq!(home.run("old/shop", &["set", "WEB_PORT=8044"]).code, Some(0));
    let gone = home.path("old/shop");
    std::fs::remove_dir_all(&gone).unwrap();
    let ran = home.run("shop", &["adopt", "--dry-run"]);
    assert!(ran.stderr.contains("is gone and has 8044 still"), "{}", ran.stderr);
    assert!(ran.stderr.contains("port-manager adopt --take-over"), "{}", ran.stderr);
    let gone = gone.to_str().unwrap().to_owned();
    let ran = home.run("shop", &["adopt", "--take-over", &gone, "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("its ports come along"), "{}", ran.stderr);
    assert!(home.read("shop/.ports.env").contains("WEB_PORT=8044\n"), "{}", home.read("shop/.ports.env"));
    assert!(!home.read("config/registry.json").contains(&gone));
    assert!(home.run("shop", &["adopt"]).stderr.contains("is adopted already"));

    // With its files, it is recognised without a question.
    std::fs::rename(home.path("shop"), home.path("moved")).unwrap();
    let ran = home.run("moved", &["adopt", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("moved was moved from"), "{}", ran.stderr);
    assert!(!home.read("config/registry.json").contains(home.path("shop").to_str().unwrap()));
}

#[cfg(unix)]
#[test]
fn where_one_file_cannot_be_written_nothing_is() {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let home = shop();
    home.write("shop/src/deep.js", "app.listen(8081)\n");
    // A directory in which nothing can be made; where root runs the tests, a link to one in /proc is as good.
    fs::set_permissions(home.path("shop/src"), fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(home.path("shop/src/probe"), "").is_ok();
    if is_root {
        fs::remove_file(home.path("shop/src/probe")).unwrap();
        symlink("/proc/self/nothing", home.path("shop/.ports.env.example")).unwrap();
    }
    let ran = home.run("shop", &["adopt", "--yes"]);
    fs::set_permissions(home.path("shop/src"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert_eq!(home.read("shop/server.js"), "require('http').createServer().listen(8080)\n");
    assert!(!home.path("shop/.ports.env").exists());
    let registry = fs::read_to_string(home.path("config/registry.json")).unwrap_or_default();
    assert!(!registry.contains("WEB_PORT"), "{registry}");
}

#[test]
fn one_command_cannot_give_two_components_their_port() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/package.json", "{\"name\": \"shop\"}\n")
        .write("shop/server.js", "app.listen(process.env.PORT || 5000)\n")
        .write("shop/web/package.json", "{\"name\": \"web\"}\n")
        .write("shop/web/server.js", "app.listen(process.env.PORT || 3000)\n");
    let ran = home.run("shop", &["adopt", "--dry-run"]);
    let note = "note: a command in . that starts web as well gives both one PORT: start each with `port-manager run` in its own directory";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
}

#[test]
fn a_package_that_is_named_is_adopted_by_itself() {
    let home = Home::new();
    home.write("mono/.git/HEAD", "ref: refs/heads/main\n")
        .write("mono/package.json", "{}")
        .write("mono/packages/api/package.json", "{\"name\": \"api\"}")
        .write("mono/packages/api/server.js", "app.listen(4000)\n")
        .write("mono/packages/web/server.js", "app.listen(3000)\n");
    let ran = home.run("mono", &["adopt", "packages/api", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(home.read("mono/packages/api/server.js").contains("process.env."));
    assert_eq!(home.read("mono/packages/web/server.js"), "app.listen(3000)\n");
}

#[test]
fn a_program_below_a_root_without_a_manifest_is_fixed() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/api/package.json", "{\"name\": \"api\"}\n")
        .write("shop/api/server.js", "app.listen(8080)\n");
    let ran = home.run("shop", &["adopt", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(home.read("shop/api/server.js"), "app.listen(process.env.API_PORT || 8080)\n");
    assert!(home.run("shop", &["adopt"]).stderr.contains("is adopted already"));
}

#[test]
fn a_variable_that_holds_an_address_gets_no_number() {
    let home = Home::new();
    let compose =
        "services:\n  web:\n    build: .\n    ports: [\"${WEB_PORT_FORWARD:-127.0.0.1:8000}:8000\"]\n";
    let link = "link = \"http://localhost:8000\"\n";
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/compose.yaml", compose)
        .write("shop/app.py", link);
    let ran = home.run("shop", &["adopt", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(!home.read("shop/.ports.env").contains("WEB_PORT_FORWARD"));
    assert_eq!(home.read("shop/app.py"), link, "all of the port, or nothing: the mapping cannot be fixed");
    let check = home.run("shop", &["check"]);
    assert!(!check.stdout.contains("WEB_PORT_FORWARD is not defined"), "{}", check.stdout);
}
