//! Formats that expand variables in their text.

use super::*;

#[test]
fn compose_expands_the_host_side_and_keeps_the_number_as_default() {
    let project = Project::with("WEB_PORT=8080\n");
    let compose = |ports: &str| format!("services:\n  web:\n    image: x\n    ports:\n{ports}");
    let fixed = |ports: &str| project.repaired("compose.yaml", &compose(ports));
    for (before, after) in [
        ("      - \"8080:80\"\n", "      - \"${WEB_PORT:-8080}:80\"\n"),
        ("      - '8080:80'\n", "      - '${WEB_PORT:-8080}:80'\n"),
        ("      - 8080:80\n", "      - \"${WEB_PORT:-8080}:80\"\n"),
        ("      - 8080:80\r\n", "      - \"${WEB_PORT:-8080}:80\"\r\n"),
        ("      - 127.0.0.1:8080:80/tcp\n", "      - \"127.0.0.1:${WEB_PORT:-8080}:80/tcp\"\n"),
        (
            "      - target: 80\n        published: 8080\n",
            "      - target: 80\n        published: \"${WEB_PORT:-8080}\"\n",
        ),
        (
            "      - {target: 80, published: 8080}\n",
            "      - {target: 80, published: \"${WEB_PORT:-8080}\"}\n",
        ),
    ] {
        assert_eq!(fixed(before), compose(after));
        // Whatever it is called: what is in it says what it is.
        assert_eq!(project.repaired("deploy.yaml", &compose(before)), compose(after));
    }
    assert_eq!(fixed("      - \"8080-8090:80\"\n"), NO_FIX);
    assert_eq!(
        project.repaired("compose.yaml", "services: {web: {ports: [8080:80]}}\n"),
        "services: {web: {ports: [\"${WEB_PORT:-8080}:80\"]}}\n"
    );
}

#[test]
fn what_lies_inside_a_container_is_left_there() {
    assert_repairs("Dockerfile", &[("FROM a\nEXPOSE 8080\n", NO_FIX), ("FROM a\nENV PORT=8080\n", NO_FIX)]);
    assert_repairs("compose.yaml", &[("services:\n  web:\n    environment:\n      PORT: 8080\n", NO_FIX)]);
}

#[test]
fn shells_expand_the_variable() {
    assert_repairs(
        "run.sh",
        &[
            ("PORT=8080 node server.js\n", "PORT=${WEB_PORT:-8080} node server.js\n"),
            ("export PORT=\"8080\"\n", "export PORT=\"${WEB_PORT:-8080}\"\n"),
            ("WEB_PORT=8080\n", "WEB_PORT=${WEB_PORT:-8080}\n"),
            ("curl http://localhost:8080/health\n", "curl http://localhost:${WEB_PORT:-8080}/health\n"),
            ("docker run -p 8080:80 a\n", "docker run -p ${WEB_PORT:-8080}:80 a\n"),
            ("curl 'http://localhost:8080'\n", NO_FIX),
            ("curl $'http://localhost:8080'\n", NO_FIX),
        ],
    );
}

#[test]
fn package_scripts_expand_the_variable_where_a_posix_shell_runs_them() {
    let script = |script: &str| format!("{{\"scripts\": {{\"dev\": \"{script}\"}}}}");
    assert_repairs(
        "package.json",
        &[
            (&script("vite --port 8080"), &script("vite --port ${WEB_PORT:-8080}")),
            (&script("PORT=8080 node ."), &script("PORT=${WEB_PORT:-8080} node .")),
            // The shell of Windows has no defaults.
            (&script("cross-env PORT=8080 node ."), NO_FIX),
            (&script("set PORT=8080 && node ."), NO_FIX),
            (&script("concurrently 'vite --port 8080'"), NO_FIX),
            ("{\"proxy\": \"http://localhost:8080\"}", NO_FIX),
        ],
    );
    assert_bare_repairs(
        "package.json",
        &[
            (&script("cross-env PORT=8080 node ."), &script("cross-env PORT=$WEB_PORT node .")),
            (&script("set PORT=8080 && node ."), &script("set PORT=%WEB_PORT% && node .")),
        ],
    );
}

#[test]
fn make_expands_the_variable_or_takes_it_from_the_environment() {
    assert_repairs(
        "Makefile",
        &[
            ("PORT = 8080\n", "PORT = $(or $(WEB_PORT),8080)\n"),
            ("WEB_PORT := 8080\n", "WEB_PORT ?= 8080\n"),
            (
                "run:\n\tnode server.js --port 8080\n",
                "run:\n\tnode server.js --port $(or $(WEB_PORT),8080)\n",
            ),
            (
                "run:\n\tPORT=8080 node server.js $$HOST\n",
                "run:\n\tPORT=$(or $(WEB_PORT),8080) node server.js $$HOST\n",
            ),
        ],
    );
}

#[test]
fn just_reads_the_variable_in_an_expression_and_the_shell_of_a_recipe_reads_it_itself() {
    assert_repairs(
        "justfile",
        &[
            ("run:\n    vite --port 8080\n", "run:\n    vite --port ${WEB_PORT:-8080}\n"),
            (
                "url := \"http://localhost:8080/a\"\n",
                "url := \"http://localhost:\" + env_var_or_default(\"WEB_PORT\", \"8080\") + \"/a\"\n",
            ),
            (
                "run url='http://localhost:8080':\n",
                "run url=('http://localhost:' + env_var_or_default('WEB_PORT', '8080')):\n",
            ),
            ("run:\n    #!/usr/bin/env python3\n    app.run(port=8080)\n", NO_FIX),
            ("set shell := [\"pwsh\", \"-c\"]\n\nrun:\n    vite --port 8080\n", NO_FIX),
        ],
    );
}

#[test]
fn a_procfile_is_read_by_a_shell() {
    assert_repairs(
        "Procfile",
        &[("web: gunicorn -b 0.0.0.0:8080 app\n", "web: gunicorn -b 0.0.0.0:${WEB_PORT:-8080} app\n")],
    );
}

#[test]
fn powershell_asks_whether_the_variable_is_set() {
    let read = "$(if ($env:WEB_PORT) { [int]$env:WEB_PORT } else { 8080 })";
    let with = |text: &str| text.replace("8080", read);
    assert_repairs(
        "start.ps1",
        &[
            ("param([int]$Port = 8080)\n", &with("param([int]$Port = 8080)\n")),
            ("$port = 8080\n", &with("$port = 8080\n")),
            ("curl \"http://localhost:8080/a\"\n", &with("curl \"http://localhost:8080/a\"\n")),
            ("docker run -p \"8080:80\" a\n", &with("docker run -p \"8080:80\" a\n")),
            // An argument that begins with an expression ends behind it.
            ("docker run -p 8080:80 a\n", NO_FIX),
            ("curl 'http://localhost:8080'\n", NO_FIX),
            ("$env:WEB_PORT = 8080\n", NO_FIX),
        ],
    );
    assert_bare_repairs(
        "start.ps1",
        &[("docker run -p 8080:80 a\n", "docker run -p ${env:WEB_PORT}:80 a\n")],
    );
}

#[test]
fn a_batch_file_takes_a_default_only_for_what_it_sets() {
    assert_repairs(
        "start.bat",
        &[
            ("@set web_port=8080\n", "@if not defined WEB_PORT set web_port=8080\n"),
            ("  set /a WEB_PORT = 8080\n", "  if not defined WEB_PORT set /a WEB_PORT = 8080\n"),
            ("call a && set WEB_PORT=8080\n", "call a && if not defined WEB_PORT set WEB_PORT=8080\n"),
            ("if exist a (set WEB_PORT=8080)\n", "if exist a (if not defined WEB_PORT set WEB_PORT=8080)\n"),
            ("set PORT=8080\r\n", NO_FIX),
            ("php -S localhost:8080\n", NO_FIX),
        ],
    );
    assert_bare_repairs(
        "start.bat",
        &[
            ("set PORT=8080\r\n", "set PORT=%WEB_PORT%\r\n"),
            ("php -S localhost:8080\n", "php -S localhost:%WEB_PORT%\n"),
            ("echo WEB_PORT=8080>.env\n", "echo WEB_PORT=%WEB_PORT%>.env\n"),
        ],
    );
}

#[test]
fn a_unit_of_systemd_has_no_place_for_a_default() {
    let unit = |line: &str| format!("[Service]\nEnvironmentFile=-/srv/shop/.ports.env\n{line}\n");
    assert_repairs("web.service", &[(&unit("ExecStart=/usr/bin/web --port 8080"), NO_FIX)]);
    assert_bare_repairs(
        "web.service",
        &[
            (&unit("ExecStart=/usr/bin/web --port 8080"), &unit("ExecStart=/usr/bin/web --port ${WEB_PORT}")),
            (
                &unit("ExecStart=/usr/bin/docker run \\\n  -p 8080:80 a"),
                &unit("ExecStart=/usr/bin/docker run \\\n  -p ${WEB_PORT}:80 a"),
            ),
            (&unit("ExecStart=:/usr/bin/web --port 8080"), NO_FIX),
            ("[Service]\nEnvironmentFile=/etc/web\nExecStart=/usr/bin/web --port 8080\n", NO_FIX),
        ],
    );
    assert_bare_repairs(
        "web.container",
        &[(
            "[Container]\nPublishPort=8080:80\n[Service]\nEnvironmentFile=%h/shop/.ports.env\n",
            "[Container]\nPublishPort=${WEB_PORT}:80\n[Service]\nEnvironmentFile=%h/shop/.ports.env\n",
        )],
    );
    assert_repairs("web.socket", &[("[Socket]\nListenStream=8080\n", NO_FIX)]);
}

#[test]
fn caddy_fills_in_the_variable_and_keeps_the_number_as_default() {
    assert_repairs(
        "Caddyfile",
        &[
            (":8080 {\n}\n", ":{$WEB_PORT:8080} {\n}\n"),
            ("localhost:8080\nrespond a\n", "localhost:{$WEB_PORT:8080}\nrespond a\n"),
            (
                "a.localhost {\n  reverse_proxy localhost:8080\n}\n",
                "a.localhost {\n  reverse_proxy localhost:{$WEB_PORT:8080}\n}\n",
            ),
            ("{\n  http_port 8080\n}\n", "{\n  http_port {$WEB_PORT:8080}\n}\n"),
        ],
    );
}

#[test]
fn a_tiltfile_joins_what_it_reads() {
    assert_repairs(
        "Tiltfile",
        &[
            (
                "k8s_resource('a', port_forwards=8080)\n",
                "k8s_resource('a', port_forwards=int(os.getenv(\"WEB_PORT\", \"8080\")))\n",
            ),
            (
                "k8s_resource('a', port_forwards=['8080:80'])\n",
                "k8s_resource('a', port_forwards=[os.getenv(\"WEB_PORT\", \"8080\") + ':80'])\n",
            ),
            (
                "link('http://localhost:8080/a', 'a')\n",
                "link('http://localhost:' + os.getenv(\"WEB_PORT\", \"8080\") + '/a', 'a')\n",
            ),
        ],
    );
}

#[test]
fn ktor_takes_a_placeholder_without_braces() {
    let settings = |port: &str| format!("ktor:\n  deployment:\n    port: {port}\n");
    assert_repairs(
        "application.yaml",
        &[
            (&settings("8080"), &settings("$WEB_PORT:8080")),
            (&settings("\"8080\""), &settings("\"$WEB_PORT:8080\"")),
        ],
    );
}

#[test]
fn spring_fills_in_placeholders() {
    assert_repairs("application.properties", &[("server.port=8080\n", "server.port=${WEB_PORT:8080}\n")]);
    assert_repairs(
        "application-dev.yml",
        &[
            ("server:\n  port: 8080\n", "server:\n  port: ${WEB_PORT:8080}\n"),
            ("server: {port: 8080}\n", NO_FIX),
        ],
    );
    assert_repairs("settings.yml", &[("server:\n  port: 8080\n", NO_FIX)]);
}

#[test]
fn static_formats_have_no_fix() {
    for (name, text) in [
        ("nginx.conf", "server { listen 8080; }\n"),
        ("settings.toml", "port = 8080\n"),
        ("settings.json", "{\"port\": 8080}\n"),
        ("page.html", "<a href=\"http://localhost:8080\">a</a>\n"),
        (".env", "PORT=8080\n"),
    ] {
        assert_repairs(name, &[(text, NO_FIX)]);
    }
}

#[test]
fn a_template_of_compose_is_edited_where_it_has_no_markup() {
    let text = "services:\n  web:\n    {% if a %}\n    ports:\n      - \"8080:80\"\n    {% endif %}\n";
    assert_repairs("compose.yaml", &[(text, &text.replace("8080:80", "${WEB_PORT:-8080}:80"))]);
    let text = "services:\n  web:\n    ports:\n      - \"{{ ip }}:8080:80\"\n";
    assert_repairs("compose.yaml", &[(text, NO_FIX)]);
}

#[test]
fn the_shell_of_a_yaml_runner_expands_the_variable() {
    let process = |command: &str| format!("processes:\n  web:\n    command: {command}\n");
    assert_repairs(
        "process-compose.yaml",
        &[
            // What Process Compose fills in itself has no default.
            (&process("vite --port 8080"), &process("vite --port $${WEB_PORT:-8080}")),
            (&process("\"vite --port 8080\""), &process("\"vite --port $${WEB_PORT:-8080}\"")),
            (&process("'vite --port 8080'"), &process("'vite --port $${WEB_PORT:-8080}'")),
            (&process("|\n      vite --port 8080"), &process("|\n      vite --port $${WEB_PORT:-8080}")),
            (&process("sh -c 'vite --port 8080'"), NO_FIX),
            ("processes:\n  web:\n    environment:\n      - PORT=8080\n", NO_FIX),
            ("processes:\n  web:\n    readiness_probe: {http_get: {port: 8080}}\n", NO_FIX),
        ],
    );
    let task = |command: &str| format!("tasks:\n  dev:\n    cmds:\n      - {command}\n");
    assert_repairs("Taskfile.yml", &[(&task("vite --port 8080"), &task("vite --port ${WEB_PORT:-8080}"))]);
    assert_repairs("other.yaml", &[(&process("vite --port 8080"), NO_FIX)]);
    assert_bare_repairs(
        "process-compose.yaml",
        &[(
            "processes:\n  web:\n    environment:\n      - PORT=8080\n",
            "processes:\n  web:\n    environment:\n      - PORT=${WEB_PORT}\n",
        )],
    );
}

#[test]
fn a_development_container_publishes_on_a_variable_of_this_machine() {
    let container = |entry: &str| format!("{{\n  \"forwardPorts\": [],\n  {entry}\n}}\n");
    let cases = [
        ("\"appPort\": [\"8080:80\"]", "\"appPort\": [\"${localEnv:WEB_PORT:8080}:80\"]"),
        ("\"appPort\": 8080", "\"appPort\": \"${localEnv:WEB_PORT:8080}:8080\""),
        ("\"appPort\": [\"8080\"]", "\"appPort\": [\"${localEnv:WEB_PORT:8080}:8080\"]"),
        ("\"runArgs\": [\"-p\", \"8080:80\"]", "\"runArgs\": [\"-p\", \"${localEnv:WEB_PORT:8080}:80\"]"),
        ("\"runArgs\": [\"--publish=8080:80\"]", "\"runArgs\": [\"--publish=${localEnv:WEB_PORT:8080}:80\"]"),
    ];
    for (before, after) in cases {
        assert_repairs("devcontainer.json", &[(&container(before), &container(after))]);
    }
    for inside in ["\"containerEnv\": {\"PORT\": \"8080\"}", "\"portsAttributes\": {\"8080\": {}}"] {
        assert_repairs("devcontainer.json", &[(&container(inside), NO_FIX)]);
    }
}

#[test]
fn a_dotenv_file_has_a_variable_where_its_loader_fills_it_in() {
    let url = "API_URL=http://localhost:8080/a\n";
    let fixed = "API_URL=http://localhost:${WEB_PORT:-8080}/a\n";
    let beside = |manifest: &str, text: &str| {
        let project = Project::with("WEB_PORT=8080\n");
        std::fs::write(project.path(manifest), text).unwrap();
        project
    };
    let next = beside("package.json", "{\"dependencies\": {\"next\": \"15\"}}");
    assert_repairs_in(
        &next,
        ".env",
        &[(url, fixed), (&url.replace("http", "'http").replace("/a", "/a'"), NO_FIX)],
    );
    assert_repairs_in(&next, ".env.local", &[("WEB_PORT=tcp://localhost:8080\n", NO_FIX)]);
    assert_repairs_in(&beside("requirements.txt", "python-dotenv==1.1\n"), ".env", &[(url, fixed)]);
    assert_repairs_in(&beside("Gemfile", "gem 'dotenv'\n"), ".env", &[(url, NO_FIX)]);
    assert_repairs(".env", &[(url, NO_FIX)]);
    assert_repairs(".envrc", &[("export API_URL=http://localhost:8080/a\n", &format!("export {fixed}"))]);
}
