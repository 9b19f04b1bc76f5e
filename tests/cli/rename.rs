//! `port-manager rename`

use crate::home::{Home, Ran};

/// A project whose `WEB_PORT` is named in many files.
fn shop() -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/.gitignore", ".ports.env\n.env\n")
        .write("shop/.ports.env.example", "# The shop's WEB_PORT.\nWEB_PORT=8080\nDB_PORT=5432\n")
        .write("shop/port-manager.toml", "[run.\"web\"]\nPORT = \"WEB_PORT\" # ours\n\n[env]\nSHOP_URL = \"http://localhost:${WEB_PORT}/\"\n")
        .write("shop/server.js", "const WEB_PORT2 = 1;\nconst port = process.env.WEB_PORT || 8080;\n")
        .write("shop/client.py", "import os\nurl = os.environ.get('WEB_PORT', '8080')\n")
        .write("shop/compose.yaml", "services:\n  web:\n    build: .\n    ports:\n      - \"${WEB_PORT:-8080}:80\"\n    environment:\n      WEB_PORT: \"80\"\n")
        .write("shop/Makefile", "export WEB_PORT\nwait:\n\tcurl localhost:$(WEB_PORT)/ # $$WEB_PORT\n")
        .write("shop/.env", "WEB_PORT=8080\n")
        .write("shop/README.md", "# Shop\n\nSet `WEB_PORT`.\n");
    home.project("shop", &[("WEB_PORT", "web", 8003), ("DB_PORT", "db", 5407)]);
    home
}

fn rename(home: &Home, from: &str, to: &str) -> Ran {
    home.run("shop", &["rename", from, to, "--yes"])
}

#[test]
fn every_file_and_the_registry_get_the_new_name() {
    let home = shop();
    insta::assert_snapshot!(rename(&home, "WEB_PORT", "SHOP_PORT").seen(&home), @r"
    --- stderr
    WEB_PORT is SHOP_PORT now: 12 places in 8 files.
    warning: WEB_PORT is still the name in README.md:3
    help: Look at them, and change by hand those that mean the variable.
    --- exit code 0
    ");
    assert!(home.read("shop/.ports.env").contains("SHOP_PORT=8003\nDB_PORT=5407\n"));
    assert_eq!(
        home.read("shop/.ports.env.example"),
        "# The shop's WEB_PORT.\nSHOP_PORT=8080\nDB_PORT=5432\n"
    );
    assert_eq!(
        home.read("shop/port-manager.toml"),
        "[run.\"web\"]\nPORT = \"SHOP_PORT\" # ours\n\n[env]\nSHOP_URL = \"http://localhost:${SHOP_PORT}/\"\n"
    );
    assert_eq!(
        home.read("shop/server.js"),
        "const WEB_PORT2 = 1;\nconst port = process.env.SHOP_PORT || 8080;\n"
    );
    assert_eq!(home.read("shop/client.py"), "import os\nurl = os.environ.get('SHOP_PORT', '8080')\n");
    assert_eq!(
        home.read("shop/compose.yaml"),
        "services:\n  web:\n    build: .\n    ports:\n      - \"${SHOP_PORT:-8080}:80\"\n    environment:\n      SHOP_PORT: \"80\"\n"
    );
    assert_eq!(
        home.read("shop/Makefile"),
        "export SHOP_PORT\nwait:\n\tcurl localhost:$(SHOP_PORT)/ # $$SHOP_PORT\n"
    );
    assert_eq!(home.read("shop/.env"), "SHOP_PORT=8080\n");
    let registry = home.read("config/registry.json");
    assert!(registry.contains("SHOP_PORT") && !registry.contains("WEB_PORT"), "{registry}");
    // Nothing is lost or doubled: `init` finds everything as it is.
    let before = home.read("config/registry.json");
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    assert_eq!(home.read("config/registry.json"), before);
    assert_eq!(rename(&home, "SHOP_PORT", "WEB_PORT").code, Some(0), "and back");
    assert_eq!(
        home.read("shop/server.js"),
        "const WEB_PORT2 = 1;\nconst port = process.env.WEB_PORT || 8080;\n"
    );
}

#[test]
fn a_patch_shows_the_changes_and_makes_none() {
    let home = shop();
    let before = home.read("config/registry.json");
    let shown = home.run("shop", &["rename", "DB_PORT", "SQL_PORT", "--diff"]).seen(&home);
    insta::assert_snapshot!(shown, @r"
    --- a/.ports.env
    +++ b/.ports.env
    @@ -1,2 +1,2 @@
     WEB_PORT=8003
    -DB_PORT=5407
    +SQL_PORT=5407
    --- a/.ports.env.example
    +++ b/.ports.env.example
    @@ -1,3 +1,3 @@
     # The shop's WEB_PORT.
     WEB_PORT=8080
    -DB_PORT=5432
    +SQL_PORT=5432
    --- exit code 0
    ");
    let asked = home.run("shop", &["rename", "DB_PORT", "SQL_PORT", "--json"]).json();
    assert_eq!(
        (&asked["dry_run"], &asked["places"], &asked["port"]),
        (&true.into(), &2.into(), &5407.into())
    );
    assert_eq!(home.run("shop", &["rename", "DB_PORT", "SQL_PORT"]).code, Some(2), "nobody to ask");
    assert!(home.read("shop/.ports.env").contains("DB_PORT=5407"));
    assert_eq!(home.read("config/registry.json"), before);
}

#[test]
fn a_name_that_breaks_something_is_refused() {
    let home = shop();
    home.write("shop/package.json", "{\"scripts\": {\"dev\": \"nuxt dev\"}}\n");
    home.write("shop/nuxt.sh", "echo $NUXT_PORT\n");
    let before = (home.read("config/registry.json"), home.read("shop/.ports.env"));
    let refusal = |from: &str, to: &str| {
        let ran = rename(&home, from, to);
        format!("{} {}", ran.code.unwrap(), ran.stderr.lines().next().unwrap_or_default())
    };
    insta::assert_snapshot!(
        [
            refusal("WEB_PORT", "DB_PORT"),
            refusal("WEB_PORT", "REPORT"),
            refusal("WEB_PORT", "LD_PRELOAD"),
            refusal("WEB_PORT", "PORT"),
            refusal("PORT", "API_PORT"),
            refusal("NUXT_PORT", "API_PORT"),
            refusal("WEB_PROT", "API_PORT"),
        ].join("\n"),
        @r"
    2 error: no variable can be renamed to DB_PORT: the project has a variable of that name
    2 error: REPORT is not the name of a port variable, as WEB_PORT is
    2 error: LD_PRELOAD is a setting of the dynamic loader, not a port variable
    2 error: no variable can be renamed to PORT: frameworks and hosting services take their port from PORT
    2 error: PORT cannot be renamed: frameworks and hosting services take their port from PORT
    2 error: NUXT_PORT cannot be renamed: `nuxt dev`, which the project starts, reads its port from NUXT_PORT
    1 error: shop has no variable WEB_PROT
    "
    );
    assert_eq!((home.read("config/registry.json"), home.read("shop/.ports.env")), before);
}

#[test]
fn a_field_whose_name_is_the_variables_blocks_the_rename() {
    let home = shop();
    home.write(
        "shop/settings.py",
        "from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    web_port: int = 8080\n",
    );
    let ran = rename(&home, "WEB_PORT", "SHOP_PORT");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("settings.py:5 reads it by the name of a field"), "{}", ran.stderr);
    assert!(home.read("shop/.ports.env").contains("WEB_PORT=8003"));
}

#[test]
fn a_variable_of_an_image_keeps_its_name() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/.ports.env.example", "ADMIN_PORT=8081\n")
        .write("shop/compose.yaml", "services:\n  admin:\n    image: adminer\n    environment:\n      ADMIN_PORT: 8080\n    ports:\n      - \"${ADMIN_PORT:-8081}:8080\"\n");
    home.project("shop", &[("ADMIN_PORT", "web", 8003)]);
    let ran = rename(&home, "ADMIN_PORT", "PANEL_PORT");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("ADMIN_PORT is still the name in compose.yaml:5"), "{}", ran.stderr);
    let compose = home.read("shop/compose.yaml");
    assert!(compose.contains("ADMIN_PORT: 8080") && compose.contains("${PANEL_PORT:-8081}"), "{compose}");
}

#[test]
fn a_line_renamed_by_hand_keeps_its_number() {
    let home = shop();
    let text = home.read("shop/.ports.env").replace("DB_PORT", "SQL_PORT");
    home.write("shop/.ports.env", &text);
    let example = home.read("shop/.ports.env.example").replace("DB_PORT", "SQL_PORT");
    home.write("shop/.ports.env.example", &example);
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    let shown = home.run("shop", &["show", "--json"]).json();
    let ports = shown["ports"].as_array().unwrap();
    let sql = ports.iter().find(|port| port["variable"] == "SQL_PORT").unwrap();
    assert_eq!(sql["port"], 5407);
    assert!(ports.iter().all(|port| port["variable"] != "DB_PORT"), "{shown}");
}
