//! Small projects of every kind: what `init` gives them, what `check --fix` makes of them, and what they do then.

use std::process::{Command, Stdio};

use crate::home::{Home, unused_port};

/// A project, and what becomes of it.
struct Project {
    about: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// The lines of `.ports.env.example` after `init`, in order.
    defaults: &'static [&'static str],
    /// Texts that a file has after `check --fix`.
    fixed: &'static [(&'static str, &'static str)],
    /// The places of the warnings that are left.
    left: &'static [&'static str],
}

const PROJECTS: &[Project] = &[
    Project {
        about: "a number of another port of the project is not given to a container",
        files: &[
            (
                "compose.yml",
                "services:\n  mailhog:\n    image: mailhog/mailhog\n    ports: [\"8025:8025\"]\n",
            ),
            ("server.js", "require('http').createServer().listen(3000)\n"),
        ],
        defaults: &["MAILHOG_PORT=8025", "WEB_PORT=3000"],
        fixed: &[
            ("compose.yml", "[\"${MAILHOG_PORT:-8025}:8025\"]"),
            ("server.js", ".listen(process.env.WEB_PORT || 3000)"),
        ],
        left: &[],
    },
    Project {
        about: "the container's side of a variable stays the container's",
        files: &[(
            "compose.yml",
            "services:\n  app:\n    build: .\n    environment:\n      DB_HOST: db\n      DB_PORT: \"${DB_PORT:-3306}\"\n  \
             db:\n    image: mysql\n    ports: [\"3306:3306\"]\n",
        )],
        defaults: &["DB_HOST_PORT=3306"],
        fixed: &[
            ("compose.yml", "DB_PORT: \"${DB_PORT:-3306}\""),
            ("compose.yml", "\"${DB_HOST_PORT:-3306}:3306\""),
        ],
        left: &[],
    },
    Project {
        about: "a number of another file stays a number",
        files: &[
            ("config.js", "module.exports = { port: 3000 }\n"),
            ("server.js", "const config = require('./config')\nserver.listen(config.port + instance)\n"),
        ],
        defaults: &["WEB_PORT=3000"],
        fixed: &[("config.js", "{ port: Number(process.env.WEB_PORT || 3000) }")],
        left: &[],
    },
    Project {
        about: "every place of a monorepo reads its own variable",
        files: &[
            ("package.json", "{\"private\": true, \"workspaces\": [\"apps/*\"]}\n"),
            (
                "apps/web/package.json",
                "{\n  \"name\": \"web\",\n  \"scripts\": {\n    \"preview\": \"vite preview --port 5174\"\n  }\n}\n",
            ),
            ("apps/api/package.json", "{\"name\": \"api\"}\n"),
            ("apps/api/main.js", "app.use(cors({ origin: ['http://localhost:5174'] }))\napp.listen(3000)\n"),
            ("apps/api/db.js", "module.exports = { port: Number(process.env.DATABASE_PORT || 5432) }\n"),
            ("compose.yml", "services:\n  db:\n    image: postgres\n    ports:\n      - \"5432:5432\"\n"),
        ],
        defaults: &["API_PORT=3000", "DATABASE_PORT=5432", "WEB_PORT=5174"],
        fixed: &[
            ("compose.yml", "- \"${DATABASE_PORT:-5432}:5432\""),
            ("apps/web/package.json", "--port ${WEB_PORT:-5174}"),
            ("apps/api/main.js", "`http://localhost:${process.env.WEB_PORT || 5174}`"),
            ("apps/api/main.js", "app.listen(process.env.API_PORT || 3000)"),
        ],
        left: &[],
    },
    Project {
        about: "Process Compose starts processes of this machine",
        files: &[(
            "process-compose.yaml",
            "processes:\n  api:\n    command: \"uvicorn app:app --port 3001\"\n",
        )],
        defaults: &["API_PORT=3001"],
        fixed: &[("process-compose.yaml", "\"uvicorn app:app --port $${API_PORT:-3001}\"")],
        left: &[],
    },
    Project {
        about: "a debugger has a port of its own",
        files: &[
            (
                "package.json",
                "{\n  \"scripts\": {\n    \"dev\": \"node --watch --inspect=9229 server.js\"\n  }\n}\n",
            ),
            ("server.js", "require('http').createServer().listen(8000)\n"),
        ],
        defaults: &["INSPECT_PORT=9229", "WEB_PORT=8000"],
        fixed: &[
            ("package.json", "--inspect=${INSPECT_PORT:-9229}"),
            ("server.js", ".listen(process.env.WEB_PORT || 8000)"),
        ],
        left: &[],
    },
    Project {
        about: "a development container publishes by a variable of this machine",
        files: &[(
            ".devcontainer/devcontainer.json",
            "{\n  \"appPort\": [\"8080:8080\"],\n  \"runArgs\": [\"-p\", \"3001:3000\"],\n  \"forwardPorts\": [3000]\n}\n",
        )],
        defaults: &["WEB_PORT=8080", "WEB_PORT_2=3001"],
        fixed: &[
            (".devcontainer/devcontainer.json", "\"${localEnv:WEB_PORT:8080}:8080\""),
            (".devcontainer/devcontainer.json", "\"${localEnv:WEB_PORT_2:3001}:3000\""),
        ],
        left: &[],
    },
    Project {
        about: "a workflow decides nothing on this machine",
        files: &[(
            ".github/workflows/ci.yml",
            "jobs:\n  test:\n    services:\n      db:\n        image: postgres\n        ports: [\"5432:5432\"]\n",
        )],
        defaults: &[],
        fixed: &[(".github/workflows/ci.yml", "ports: [\"5432:5432\"]")],
        left: &[],
    },
    Project {
        about: "pm2 gives one program one port, and production is left alone",
        files: &[
            (
                "ecosystem.config.js",
                "module.exports = { apps: [{ script: 'server.js',\n  \
                 env: { PORT: 3000, API_URL: 'http://localhost:3000' },\n  \
                 env_production: { PORT: 80, API_URL: 'http://localhost:80' } }] }\n",
            ),
            ("server.js", "require('http').createServer().listen(process.env.PORT)\n"),
        ],
        defaults: &["PORT=3000"],
        fixed: &[
            (
                "ecosystem.config.js",
                "env: { PORT: Number(process.env.PORT || 3000), API_URL: `http://localhost:${process.env.PORT || 3000}` }",
            ),
            ("ecosystem.config.js", "env_production: { PORT: 80, API_URL: 'http://localhost:80' }"),
        ],
        left: &[],
    },
    Project {
        about: "only the host's side of a container is this machine's",
        files: &[
            ("Makefile", "up:\n\tdocker run -p 8000:80 -e PORT=80 shop\n"),
            ("up.sh", "docker run -d --env PORT=80 --publish 8000:80 \\\n  shop serve --port 80\n"),
            (
                "package.json",
                "{\n  \"scripts\": {\n    \"up\": \"docker run -p 8000:80 -e PORT=80 shop\"\n  }\n}\n",
            ),
        ],
        defaults: &["WEB_PORT=8000"],
        fixed: &[
            ("Makefile", "docker run -p $(or $(WEB_PORT),8000):80 -e PORT=80 shop"),
            ("up.sh", "--env PORT=80 --publish ${WEB_PORT:-8000}:80 \\\n  shop serve --port 80"),
            ("package.json", "docker run -p ${WEB_PORT:-8000}:80 -e PORT=80 shop"),
        ],
        left: &[],
    },
    Project {
        about: "a container's own loopback is not this machine's",
        files: &[(
            "compose.yml",
            "services:\n  consul:\n    image: consul\n    ports: [\"8500:8500\"]\n    environment:\n      \
             - ADDR=http://127.0.0.1:8500\n",
        )],
        defaults: &["CONSUL_PORT=8500"],
        fixed: &[
            ("compose.yml", "- ADDR=http://127.0.0.1:8500"),
            ("compose.yml", "\"${CONSUL_PORT:-8500}:8500\""),
        ],
        left: &[],
    },
    Project {
        about: "what a line below overrides is a default, and a provider's port is not ours",
        files: &[
            ("application.conf", "port = 8080\nport = ${?API_PORT}\n"),
            ("mail.json", "{\"imap_server\": \"imap.example.com\", \"imap_port\": 993}\n"),
            ("Rules.php", "<?php return ['port' => 'required|max:2000'];\n"),
        ],
        defaults: &["API_PORT=8080"],
        fixed: &[("application.conf", "port = 8080\nport = ${?API_PORT}\n")],
        left: &[],
    },
    Project {
        about: "a constant that an annotation needs is left to hands",
        files: &[
            ("src/Foo.java", "class Foo { static final int MOCK_PORT = 8089; }\n"),
            ("src/Bar.java", "class Bar {\n  @Mock(\n    port = Foo.MOCK_PORT)\n  void test() {}\n}\n"),
        ],
        defaults: &["MOCK_PORT=8089"],
        fixed: &[("src/Foo.java", "MOCK_PORT = 8089;")],
        left: &["src/Foo.java:1:42"],
    },
    Project {
        about: "here-documents, long strings and CDATA are text",
        files: &[
            ("server.js", "server.listen(process.env.WEB_PORT || 8123)\n"),
            ("web.hcl", "job \"web\" {\n  data = <<EOF\nport = 8080\nEOF\n}\n"),
            ("notes.toml", "doc = \"\"\"\nport = 8080\n\"\"\"\n"),
            ("Dockerfile", "FROM x\nRUN <<EOF\nEXPOSE 8080\nEOF\n"),
            ("notes.xml", "<a><doc><![CDATA[ <port>8080</port> ]]></doc></a>\n"),
        ],
        defaults: &["WEB_PORT=8123"],
        fixed: &[],
        left: &[],
    },
];

#[test]
fn every_port_has_one_variable_and_keeps_its_number() {
    for project in PROJECTS {
        let home = Home::new();
        home.write("shop/.git/HEAD", "");
        for (path, text) in project.files {
            home.write(&format!("shop/{path}"), text);
        }
        let ran = home.run("shop", &["init", "."]);
        assert_eq!(ran.code, Some(0), "{}: {}", project.about, ran.stderr);
        let example = home.read("shop/.ports.env.example");
        let mut defaults: Vec<&str> = example.lines().filter(|line| !line.starts_with('#')).collect();
        defaults.sort_unstable();
        assert_eq!(defaults, project.defaults, "{}", project.about);

        home.run("shop", &["check", "--fix"]);
        for (path, part) in project.fixed {
            let text = home.read(&format!("shop/{path}"));
            assert!(text.contains(part), "{}: {path} has no {part}:\n{text}", project.about);
        }
        let findings = home.run("shop", &["check", "--json"]).json_lines();
        let left: Vec<String> = (findings.iter())
            .filter(|finding| finding["severity"] == "warning")
            .map(|it| format!("{}:{}:{}", it["path"].as_str().unwrap(), it["line"], it["column"]))
            .collect();
        assert_eq!(left, project.left, "{}", project.about);
        let again = home.run("shop", &["check", "--fix"]);
        assert!(!again.stderr.contains("Fixed"), "{}: {}", project.about, again.stderr);
    }
}

#[test]
fn five_places_of_a_number_have_one_variable() {
    let home = Home::new();
    let requests: String = ["reset", "a", "b", "c", "d"]
        .iter()
        .map(|path| format!("await request.get('http://localhost:4010/{path}')\n"))
        .collect();
    home.write("shop/.git/HEAD", "")
        .write("shop/package.json", "{\"name\": \"shop\", \"devDependencies\": {\"vite\": \"7\"}}\n")
        .write(
            "shop/vite.config.ts",
            "export default defineConfig({ server: { port: 5173 }, preview: { port: 4173 } })\n",
        )
        .write(
            "shop/playwright.config.ts",
            "export default defineConfig({ use: { baseURL: 'http://localhost:4173' } })\n",
        )
        .write("shop/e2e/stub.js", "require('http').createServer().listen(4010)\n")
        .write("shop/e2e/shop.spec.ts", requests);
    let findings = home.run("shop", &["check", "--json"]).json_lines();
    let variables = |port: u16| {
        let of_port = findings.iter().filter(|finding| finding["port"] == port);
        let mut variables: Vec<&str> = of_port.map(|finding| finding["variable"].as_str().unwrap()).collect();
        variables.sort_unstable();
        let count = variables.len();
        variables.dedup();
        assert_eq!(variables.len(), 1, "{port}: {variables:?}");
        (variables[0], count)
    };
    let found = [variables(4010), variables(4173), variables(5173)];
    assert_eq!(found.map(|(_, count)| count), [6, 2, 1]);
    let mut names = found.map(|(variable, _)| variable).to_vec();
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_misspelled_name_is_named_before_init_too() {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/.ports.env.example", "QUEUE_PORT=5672\n")
        .write("shop/a.js", "connect(process.env.QEUE_PORT)\n");
    let ran = home.command("shop", &["check"]).env("CI", "1").output().unwrap();
    let stdout = String::from_utf8(ran.stdout).unwrap();
    assert!(stdout.contains("did you mean QUEUE_PORT?"), "{stdout}");
}

/// git, where it is, with a commit of all that is in a directory.
fn commit(home: &Home, directory: &str) {
    home.git(directory, &["init", "--quiet"]);
    home.git(directory, &["add", "."]);
    home.git(directory, &["commit", "--quiet", "--message", "first"]);
    home.git(directory, &["worktree", "add", "--quiet", ".claude/worktrees/fix", "-b", "fix"]);
}

#[test]
fn a_worktree_within_a_checkout_is_another_project() {
    let home = Home::new();
    home.write("shop/server.js", "require('http').createServer().listen(3000)\n");
    commit(&home, "shop");
    let inner = "shop/.claude/worktrees/fix";
    for arguments in [&["check"][..], &["ports"], &["init", ".", "--dry-run"], &["doctor"]] {
        let ran = home.run("shop", arguments);
        let printed = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!printed.contains("worktrees/fix"), "{arguments:?}: {printed}");
    }
    let checked = home.run("shop", &["check"]);
    assert!(checked.stderr.contains("1 file checked"), "{}", checked.stderr);

    // It is checked from within, and by its name.
    for (directory, arguments) in [(inner, &["check"][..]), ("shop", &["check", ".claude/worktrees/fix"])] {
        assert!(home.run(directory, arguments).stdout.contains("server.js:1:"), "{arguments:?}");
    }
    home.run("shop", &["init", "."]);
    home.run(inner, &["init", "."]);
    let port = |directory: &str| {
        let text = home.read(&format!("{directory}/.ports.env"));
        text.lines().find_map(|line| line.strip_prefix("WEB_PORT=").map(str::to_owned)).unwrap()
    };
    assert_ne!(port("shop"), port(inner));
}

#[test]
fn an_ignored_env_file_that_keeps_an_old_port_is_reported() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8003)]);
    home.write("shop/.git/HEAD", "")
        .write("shop/.gitignore", ".env\n.ports.env\n")
        .write("shop/.ports.env.example", "WEB_PORT=3000\n")
        .write("shop/Gemfile", "gem 'dotenv'\n")
        .write("shop/.env", "AUTH_URL=http://user:secret@localhost:3000\n");
    let ran = home.run("shop", &["check"]);
    let message = "port 3000 is set in an environment file, but WEB_PORT is 8003 on this machine; what reads this file fills in no variable with a default";
    assert!(ran.stdout.contains(message), "{}", ran.stdout);
    assert!(!ran.stdout.contains("secret"), "{}", ran.stdout);
    // A password is not for a file that is committed.
    let advice =
        "where git ignores this file, write the number that WEB_PORT has in `.ports.env` in place of 3000";
    assert!(ran.stdout.contains(advice), "{}", ran.stdout);
    assert!(!ran.stdout.contains("`[env]`"), "{}", ran.stdout);
    assert_eq!(ran.code, Some(1));

    // What it says is enough.
    let text = home.read("shop/.env");
    home.write("shop/.env", text.replace("3000", "8003"));
    let ran = home.run("shop", &["check"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    home.write("shop/.env", "AUTH_URL=http://user@localhost:3000\n");
    let ran = home.run("shop", &["check"]);
    assert!(ran.stdout.contains("write it to `[env]` in `port-manager.toml`"), "{}", ran.stdout);
    home.write("shop/.env", text);

    // Where the loader fills in variables, so does the fix.
    std::fs::remove_file(home.path("shop/Gemfile")).unwrap();
    home.write("shop/package.json", "{\"dependencies\": {\"next\": \"15\"}}\n");
    home.run("shop", &["check", "--fix"]);
    assert_eq!(home.read("shop/.env"), "AUTH_URL=http://user:secret@localhost:${WEB_PORT:-3000}\n");
    assert_eq!(home.run("shop", &["check"]).code, Some(0));
}

/// What a line of bash prints in a project, with its ports or without.
#[cfg(unix)]
fn prints(home: &Home, line: &str, with_ports: bool) -> String {
    let mut command = match with_ports {
        true => home.command("shop", &["--quiet", "run", "sh", "-c", line]),
        false => {
            let mut command = Command::new("sh");
            command.args(["-c", line]).current_dir(home.path("shop"));
            command
        }
    };
    let ran = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&ran.stdout), text(&ran.stderr))
}

/// Whether node is there. What it would show is then shown.
#[cfg(unix)]
fn has_node() -> bool {
    let found = Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !found {
        println!("NOT POSSIBLE HERE: running programs of Node: there is no node");
    }
    found
}

#[cfg(unix)]
#[test]
fn a_client_finds_its_server_after_the_fix() {
    if !has_node() {
        return;
    }
    let home = Home::new();
    let number = unused_port();
    let code = format!(
        "const http = require('http');\nconst server = http.createServer((_, answer) => answer.end('answered'));\n\
         server.listen({number});\nserver.on('listening', () => fetch('http://localhost:{number}/')\n  \
         .then((answer) => answer.text()).then((text) => {{ console.log(text, server.address().port); process.exit(0) }}));\n"
    );
    home.write("shop/.git/HEAD", "").write("shop/server.js", code);
    home.run("shop", &["init", "."]);
    let other = unused_port();
    home.run("shop", &["set", &format!("WEB_PORT={other}")]);
    let fixed = home.run("shop", &["check", "--fix"]);
    assert!(fixed.stderr.contains("Fixed 2 places"), "{}", fixed.stderr);
    assert_eq!(prints(&home, "node server.js", true).trim(), format!("answered {other}"));
    assert_eq!(prints(&home, "node server.js", false).trim(), format!("answered {number}"));
}

#[cfg(unix)]
#[test]
fn an_inspector_does_not_take_the_servers_port() {
    if !has_node() {
        return;
    }
    let home = Home::new();
    let (inspector, server) = (unused_port(), unused_port());
    let code = format!(
        "const server = require('http').createServer();\nserver.listen({server}, () => {{ \
         console.log('serves on', server.address().port); process.exit(0) }});\n"
    );
    home.write("shop/.git/HEAD", "").write("shop/server.js", code).write(
        "shop/package.json",
        format!("{{\n  \"scripts\": {{\n    \"dev\": \"node --inspect=127.0.0.1:{inspector} server.js\"\n  }}\n}}\n"),
    );
    home.run("shop", &["init", "."]);
    home.run("shop", &["check", "--fix"]);
    let package: serde_json::Value = serde_json::from_str(&home.read("shop/package.json")).unwrap();
    let script = package["scripts"]["dev"].as_str().unwrap();
    assert!(script.contains("${"), "{script}");
    for with_ports in [true, false] {
        let printed = prints(&home, script, with_ports);
        assert!(printed.contains(&format!("127.0.0.1:{inspector}/")), "{printed}");
        assert!(printed.contains(&format!("serves on {server}")), "{printed}");
    }
}
