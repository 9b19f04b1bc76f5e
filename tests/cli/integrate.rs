//! `port-manager integrate`

use std::process::Command;

use crate::home::Home;

/// What the command shows, with nothing changed.
fn diff(home: &Home, target: &str) -> String {
    home.run("shop", &["integrate", target, "--diff"]).seen(home)
}

/// A project with a server that reads `WEB_PORT` and a compose file that publishes `DB_PORT`.
fn shop() -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "ref: refs/heads/main\n")
        .write("shop/.gitignore", ".ports.env\n.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=8080\nDB_PORT=5432\n")
        .write("shop/server.js", "require('http').createServer().listen(process.env.WEB_PORT || 8080)\n");
    home.project("shop", &[("WEB_PORT", "web", 8003), ("DB_PORT", "db", 5407)]);
    home
}

#[test]
fn make_hands_the_ports_to_recipes_and_nothing_else() {
    let home = shop();
    home.write(
        "shop/Makefile",
        "# How to run it.\n\nSECRET := x\nWEB_PORT ?= 8080\n\ndev:\n\t@echo \"$(WEB_PORT) $${WEB_PORT-unset} $${SECRET-unset} $${DB_PORT-unset}\"\n",
    );
    insta::assert_snapshot!(diff(&home, "makefile"), @r#"
    --- a/Makefile
    +++ b/Makefile
    @@ -1,7 +1,18 @@
     # How to run it.
     
    +# The ports of this machine, where `port-manager init` has given this checkout some.
    +-include .ports.env
    +export $(filter %_PORT PORT,$(.VARIABLES))
    +
     SECRET := x
     WEB_PORT ?= 8080
     
     dev:
     	@echo "$(WEB_PORT) $${WEB_PORT-unset} $${SECRET-unset} $${DB_PORT-unset}"
    +
    +.PHONY: check-ports init-ports
    +check-ports: ## hardcoded ports
    +	port-manager check
    +
    +init-ports: ## ports of its own for this checkout
    +	port-manager init
    --- exit code 0
    "#);
    let ran = home.run("shop", &["integrate", "makefile", "--yes"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    assert_eq!(ran.stderr, "makefile: missing in Makefile.\nWritten: Makefile.\n");
    let made = || {
        let mut make = Command::new("make");
        make.arg("-s").current_dir(home.path("shop")).env_remove("WEB_PORT").env_remove("DB_PORT");
        String::from_utf8(make.output().unwrap().stdout).unwrap()
    };
    assert_eq!(made(), "8003 8003 unset 5407\n");
    std::fs::remove_file(home.path("shop/.ports.env")).unwrap();
    assert_eq!(made(), "8080 unset unset unset\n", "a teammate without .ports.env");
    let again = home.run("shop", &["integrate", "makefile"]);
    assert_eq!((again.code, again.stderr.as_str()), (Some(0), "makefile: set up already.\n"));
}

#[test]
fn scripts_load_the_file_where_every_node_can() {
    let home = shop();
    let package = |engines: &str| {
        format!(
            "{{\n  \"name\": \"shop\",\n  \"engines\": {{ \"node\": \"{engines}\" }},\n  \"scripts\": {{\n    \"start\": \"node server.js\",\n    \"dev\": \"nodemon server.js\",\n    \"test\": \"node --test\"\n  }}\n}}\n"
        )
    };
    home.write("shop/package.json", package(">=22.9"));
    insta::assert_snapshot!(diff(&home, "package-json"), @r#"
    --- a/package.json
    +++ b/package.json
    @@ -2,7 +2,7 @@
       "name": "shop",
       "engines": { "node": ">=22.9" },
       "scripts": {
    -    "start": "node server.js",
    +    "start": "node --env-file-if-exists=.ports.env server.js",
         "dev": "nodemon server.js",
         "test": "node --test"
       }
    --- exit code 0
    "#);
    home.write("shop/package.json", package(">=20"));
    insta::assert_snapshot!(home.run("shop", &["integrate", "package-json"]).seen(&home), @r"
    --- stderr
    warning: package-json: nothing makes these scripts load .ports.env: start (package.json), dev (package.json); start them with `port-manager run`, or let `port-manager integrate package-json --with-run` put it before them
    --- exit code 0
    ");
    let list = home.run("shop", &["integrate", "--list"]).stdout;
    assert!(list.lines().any(|it| it.starts_with("package-json") && it.contains("by hand")), "{list}");
    let ran = home.run("shop", &["integrate", "package-json", "--with-run", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(home.read("shop/package.json").contains("\"start\": \"port-manager run node server.js\""));
}

#[test]
fn compose_gets_the_numbers_by_an_env_that_is_the_users_own() {
    let home = shop();
    home.write(
        "shop/compose.yaml",
        "services:\n  db:\n    image: postgres\n    ports: [\"${DB_PORT:-5432}:5432\"]\n",
    );
    insta::assert_snapshot!(diff(&home, "compose"), @r"
    --- /dev/null
    +++ b/.env
    @@ -0,0 +1,3 @@
    +# >>> port-manager: the numbers of .ports.env; `port-manager integrate compose` writes them again
    +DB_PORT=5407
    +# <<< port-manager
    --- exit code 0
    ");
    home.write("shop/.gitignore", ".ports.env\n");
    let ran = home.run("shop", &["integrate", "compose"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("git does not ignore .env"), "{}", ran.stderr);
    assert_eq!(home.run("shop", &["integrate", "compose", "--check"]).code, Some(1));
    assert_eq!(home.run("shop", &["integrate", "compose", "--check", "--json"]).code, Some(1));
}

#[test]
fn tasks_load_the_file_where_their_command_can() {
    let home = shop();
    home.write("shop/package.json", "{\"engines\": {\"node\": \">=22.9\"}}\n").write(
        "shop/.vscode/tasks.json",
        r#"{
  "version": "2.0.0",
  "tasks": [
    // The server.
    { "label": "Start API", "type": "shell", "command": "node server.js && echo over" },
    {
      "label": "dev",
      "type": "process",
      "command": "node",
      "args": ["--env-file", "../.env", "server.js"], // with its settings
      "options": { "cwd": "${workspaceFolder}/api" }
    },
    {
      "label": "web",
      "command": "node",
      "args": [
        "web.js"
      ]
    },
    { "label": "worker", "command": "node work.js", "windows": { "command": "node.exe work.js" } },
    { "label": "serve", "type": "shell", "command": "uvicorn", "args": ["main:app"] },
    { "label": "Run tests", "type": "shell", "command": "node --test" },
    { "label": "start", "type": "npm", "script": "start" },
  ]
}
"#,
    );
    insta::assert_snapshot!(diff(&home, "vscode"));
    let ran = home.run("shop", &["integrate", "vscode", "--with-run", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.contains("have the ports where VS Code has the extension"), "{}", ran.stderr);
    assert!(ran.stderr.contains(": worker (has its own `command` for `windows`)\n"), "{}", ran.stderr);
    let run = "{ \"label\": \"serve\", \"type\": \"shell\", \"command\": \"port-manager\", \"args\": [\"run\", \"uvicorn\", \"main:app\"] }";
    let tasks = home.read("shop/.vscode/tasks.json");
    assert!(tasks.contains(run), "{tasks}");
    assert_eq!(home.run("shop", &["integrate", "vscode", "--with-run", "--check"]).code, Some(0));
}

#[test]
fn tasks_with_parts_for_one_system_stay_as_they_are() {
    let home = shop();
    let tasks = r#"{
  "tasks": [
    { "label": "dev", "command": "npx", "args": ["nodemon"], "windows": { "args": ["nodemon.cmd"] } },
    { "label": "serve", "command": "uvicorn", "args": ["main:app"], "osx": { "options": { "cwd": "/srv" } } },
    { "label": "start", "command": "nodemon server.js", "linux": { "command": "nodemon -L server.js" } }
  ]
}
"#;
    home.write("shop/.vscode/tasks.json", tasks);
    let ran = home.run("shop", &["integrate", "vscode", "--with-run", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(home.read("shop/.vscode/tasks.json"), tasks);
    for left in [
        "dev (has its own `args` for `windows`)",
        "serve (has its own `cwd` for `osx`)",
        "start (has its own `command` for `linux`)",
    ] {
        assert!(ran.stderr.contains(left), "{left}: {}", ran.stderr);
    }
}

#[test]
fn applications_of_spring_are_wired_beside_one_that_cannot_be() {
    let home = shop();
    home.write("shop/pom.xml", "<groupId>org.springframework.boot</groupId>\n");
    let own = "spring.config.import=other.properties\n";
    for (module, text) in [("", "a=1\n"), ("api/", own), ("web/", "a=1\n")] {
        home.write(&format!("shop/{module}src/main/resources/application.properties"), text);
    }
    home.write("shop/api/pom.xml", "<project/>\n").write("shop/web/pom.xml", "<project/>\n");
    let ran = home.run("shop", &["integrate", "spring", "--yes"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let left = "note: api/src/main/resources/application.properties imports other files already; add \"optional:file:.ports.env";
    assert!(ran.stderr.contains(left), "{}", ran.stderr);
    assert_eq!(home.read("shop/api/src/main/resources/application.properties"), own);
    for module in ["", "web/"] {
        let text = home.read(&format!("shop/{module}src/main/resources/application.properties"));
        assert!(
            text.starts_with("spring.config.import=optional:file:.ports.env[.properties]"),
            "{module}: {text}"
        );
    }
    assert_eq!(home.run("shop", &["integrate", "spring", "--check"]).code, Some(0));
}

#[test]
fn spring_cannot_be_wired_where_every_application_has_its_own_import() {
    let home = shop();
    home.write("shop/pom.xml", "<groupId>org.springframework.boot</groupId>\n")
        .write("shop/src/main/resources/application.yml", "spring:\n  config:\n    import: other.yml\n")
        .write("shop/src/main/resources/application.properties", "spring.config.import=other.properties\n");
    let ran = home.run("shop", &["integrate", "spring", "--yes"]);
    for name in ["application.yml", "application.properties"] {
        let left = format!("src/main/resources/{name} imports other files already");
        assert!(ran.stderr.contains(&left), "{name}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("Written"), "{}", ran.stderr);
}

#[test]
fn a_build_that_checks_already_gets_no_second_check() {
    for (target, path, text) in [
        (
            "github-actions",
            ".github/workflows/port-manager.yml",
            "jobs:\n  check:\n    steps:\n      - run: port-manager check --format github\n",
        ),
        (
            "github-actions",
            ".github/workflows/build.yaml",
            "jobs:\n  check:\n    steps:\n      - uses: someone/port-manager@v0.1.0\n",
        ),
        ("gitlab-ci", ".gitlab-ci.yml", "ports:\n  script: [port-manager --quiet check]\n"),
    ] {
        let home = shop();
        home.write(&format!("shop/{path}"), text);
        let ran = home.run("shop", &["integrate", target, "--yes"]);
        assert_eq!(ran.stderr, format!("{target}: set up already.\n"), "{path}");
        assert_eq!(home.read(&format!("shop/{path}")), text);
    }
    let home = shop();
    home.write("shop/.github/workflows/build.yml", "jobs:\n  # run: port-manager check\n  test: {}\n");
    let ran = home.run("shop", &["integrate", "github-actions", "--yes"]);
    assert!(ran.stderr.contains("Written: .github/workflows/ports.yml."), "{}", ran.stderr);
}

#[test]
fn a_file_that_cannot_be_understood_is_left_as_it_is() {
    let home = shop();
    for (target, path, text, expected) in [
        (
            "package-json",
            "package.json",
            "{\"scripts\": {\"start\": \"node x.js\",}}\n",
            "package.json:1:35: this is not JSON",
        ),
        ("turbo", "turbo.json", "{\n  \"tasks\": {\n", "turbo.json:2:"),
        ("vscode", ".vscode/tasks.json", "{\n  \"tasks\": [}\n", ".vscode/tasks.json:2:"),
        ("vscode", ".vscode/launch.json", "{ // one\n  \"configurations\": [}\n", ".vscode/launch.json:2:"),
        ("mise", "mise.toml", "[env\n", "mise.toml:1:"),
        ("pre-commit", ".pre-commit-config.yaml", "repos: [\n}\n", ".pre-commit-config.yaml:"),
    ] {
        home.write(&format!("shop/{path}"), text);
        let ran = home.run("shop", &["integrate", target, "--yes"]);
        assert_eq!(ran.code, Some(2), "{target}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{target}: {}", ran.stderr);
        assert_eq!(home.read(&format!("shop/{path}")), text, "{target}");
    }
}

#[test]
fn the_hook_of_git_is_the_one_that_hook_git_installs() {
    let home = shop();
    home.git("shop", &["init", "--quiet"]);
    let shown = diff(&home, "git");
    assert!(shown.starts_with("--- /dev/null\n+++ b/.git/hooks/post-checkout\n"), "{shown}");
    assert!(!home.path("shop/.git/hooks/post-checkout").exists());
    assert_eq!(home.run("shop", &["hook", "git", "--install"]).code, Some(0));
    let ran = home.run("shop", &["integrate", "git"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), "git: set up already.\n"));
    home.git("shop", &["config", "core.hooksPath", ".husky"]);
    let ran = home.run("shop", &["integrate", "git"]);
    assert!(ran.stderr.contains("core.hooksPath of git leads there"), "{}", ran.stderr);
}

#[test]
fn what_is_missing_is_found_out_without_a_change() {
    let home = shop();
    home.write("shop/.envrc", "use node\n");
    let ran = home.run("shop", &["integrate", "direnv", "--check"]);
    assert_eq!((ran.code, ran.stderr.lines().next()), (Some(1), Some("direnv: missing in .envrc.")));
    assert_eq!(home.read("shop/.envrc"), "use node\n");
    let asked = home.run("shop", &["integrate", "direnv"]);
    assert_eq!(asked.code, Some(2));
    assert!(asked.stderr.contains("there is no terminal"), "{}", asked.stderr);
    assert_eq!(home.run("shop", &["integrate", "direnv", "--yes"]).code, Some(0));
    assert_eq!(home.read("shop/.envrc"), "use node\n\ndotenv_if_exists .ports.env\n");
    assert_eq!(home.run("shop", &["integrate", "direnv", "--check"]).code, Some(0));
}

#[test]
fn every_target_is_listed_and_unknown_ones_are_refused() {
    let home = shop();
    let ran = home.run("shop", &["integrate", "--list"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    insta::assert_snapshot!(ran.stdout);
    let ran = home.run("shop", &["integrate", "makefiel"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("makefile"), "{}", ran.stderr);
}

#[test]
fn a_second_run_of_any_target_changes_nothing() {
    let home = shop();
    home.write("shop/Makefile", "dev:\n\tnode server.js\n")
        .write("shop/package.json", "{\"engines\": {\"node\": \">=24\"}, \"scripts\": {\"start\": \"node server.js\"}}\n")
        .write("shop/compose.yaml", "services:\n  db:\n    image: postgres\n    ports: [\"${DB_PORT:-5432}:5432\"]\n")
        .write("shop/justfile", "# Recipes.\n\ndev:\n    node server.js\n")
        .write("shop/Procfile", "web: node server.js\n")
        .write("shop/bin/dev", "#!/bin/sh\nset -e\nexec foreman start\n")
        .write("shop/turbo.json", "{\n  // ours\n  \"tasks\": { \"dev\": {} }\n}\n")
        .write("shop/main.py", "import os\nfrom dotenv import load_dotenv\n\nload_dotenv()\nport = os.environ['DB_PORT']\n")
        .write("shop/.vscode/launch.json", "{\n  \"configurations\": [\n    { \"type\": \"debugpy\", \"request\": \"launch\", \"name\": \"API\" }, // one\n  ]\n}\n")
        .write("shop/.pre-commit-config.yaml", "repos:\n- repo: https://example.com/hooks\n  rev: v1\n  hooks:\n  - id: x\n\n# the end\n");
    for target in [
        "makefile",
        "vscode",
        "package-json",
        "compose",
        "direnv",
        "mise",
        "just",
        "procfile",
        "turbo",
        "python",
        "pre-commit",
        "github-actions",
        "gitlab-ci",
    ] {
        let first = home.run("shop", &["integrate", target, "--yes"]);
        assert_eq!(first.code, Some(0), "{target}: {}", first.stderr);
        assert!(first.stderr.contains("Written: "), "{target}: {}", first.stderr);
        let second = home.run("shop", &["integrate", target, "--yes"]);
        assert!(second.stderr.contains(&format!("{target}: set up already.")), "{target}: {}", second.stderr);
        assert_eq!(home.run("shop", &["integrate", target, "--check"]).code, Some(0), "{target}");
    }
    insta::assert_snapshot!(home.read("shop/.pre-commit-config.yaml"));
    insta::assert_snapshot!(
        home.read("shop/.vscode/launch.json") + &home.read("shop/turbo.json") + &home.read("shop/main.py")
    );
}

#[test]
fn dotenv_of_development_starts_what_people_start_while_they_develop() {
    let home = shop();
    let package = |key: &str| {
        format!(
            "{{\"scripts\": {{\"start\": \"node server.js\", \"dev\": \"nodemon server.js\"}}, \"{key}\": {{\"dotenv-cli\": \"8\"}}}}\n"
        )
    };
    home.write("shop/package.json", package("devDependencies"));
    assert_eq!(home.run("shop", &["integrate", "package-json", "--yes"]).code, Some(0));
    let scripts = home.read("shop/package.json");
    assert!(scripts.contains("\"start\": \"node server.js\""), "an image without it starts that: {scripts}");
    assert!(scripts.contains("\"dev\": \"dotenv -e .ports.env -- nodemon server.js\""), "{scripts}");
    home.write("shop/package.json", package("dependencies"));
    assert_eq!(home.run("shop", &["integrate", "package-json", "--yes"]).code, Some(0));
    assert!(home.read("shop/package.json").contains("\"start\": \"dotenv -e .ports.env -- node server.js\""));
}
