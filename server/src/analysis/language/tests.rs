//! Which language a file is in.

use super::*;

#[test]
fn a_name_tells_the_language() {
    let cases = [
        ("web/server.js", Language::JavaScript),
        ("app/[id]/page.tsx", Language::Tsx),
        ("docker-compose.yml", Language::Compose),
        ("docker-compose.override.yaml", Language::Compose),
        ("compose.prod.yaml", Language::Compose),
        ("Dockerfile", Language::Dockerfile),
        ("Dockerfile-dev", Language::Dockerfile),
        ("api.Dockerfile", Language::Dockerfile),
        ("package.json", Language::Json),
        ("Makefile", Language::Makefile),
        (".env", Language::Env),
        (".env.example", Language::Env),
        ("app.env.sample", Language::Env),
        (".ports.env", Language::PortsEnv),
        (".ports.env.example", Language::Env),
        ("env.sample", Language::Env),
        (".flaskenv", Language::Env),
        (".env-sample", Language::Env),
        (".env_example", Language::Env),
        (".envrc.example", Language::Env),
        ("dev.env", Language::Env),
        (".dev.vars", Language::Env),
        ("config.yml.example", Language::Yaml),
        ("docker-compose.yml.j2", Language::Compose),
        ("config.json.dist", Language::Json),
        ("app.ini.sample", Language::Conf),
        ("nginx.conf.template", Language::Conf),
        ("application.properties.tmpl", Language::Properties),
        ("settings.py.j2", Language::Python),
        ("start.sh.erb", Language::Shell),
        ("nginx.conf.default", Language::Conf),
        ("sshd_config", Language::Conf),
        ("etc/nginx/sites-available/default", Language::Conf),
        ("sites-enabled/shop.example.com", Language::Conf),
        ("docker/nginx/conf.d/site", Language::Conf),
        ("shop.nginx", Language::Conf),
        ("jest.conf.js", Language::JavaScript),
        ("Tiltfile", Language::Tiltfile),
        ("deploy/web.tiltfile", Language::Tiltfile),
        ("web/BUILD.bazel", Language::Starlark),
        ("WORKSPACE", Language::Starlark),
        ("rules/web.bzl", Language::Starlark),
        ("web.star", Language::Starlark),
        (".devcontainer/devcontainer.json", Language::Json),
        ("deno.jsonc", Language::Json),
        ("skaffold.yaml", Language::Yaml),
        (".foreman", Language::Yaml),
        (".graphqlrc", Language::Yaml),
        (".graphqlrc.yml", Language::Yaml),
        (".graphqlrc.json", Language::Json),
        (".graphqlrc.toml", Language::Toml),
        ("process-compose.yaml", Language::Yaml),
        ("mprocs.yaml", Language::Yaml),
        (".air.toml", Language::Toml),
        ("bacon.toml", Language::Toml),
        ("wrangler.toml", Language::Toml),
        ("env-example-relational", Language::Env),
        ("env-sample_postgres", Language::Env),
        (".env.local.example", Language::Env),
        (".overmind.env", Language::Env),
        (".restfile", Language::Http),
        ("items.restfile", Language::Http),
        ("items.rest", Language::Http),
        ("Procfile.dev", Language::Procfile),
        ("web.procfile", Language::Procfile),
        ("Justfile", Language::Makefile),
        ("web.just", Language::Makefile),
        ("Taskfile.yml", Language::Yaml),
        ("server.mts", Language::TypeScript),
        ("server.cts", Language::TypeScript),
        ("build.gradle", Language::Groovy),
        ("build.gradle.kts", Language::Kotlin),
        ("config/sys.config", Language::Erlang),
        ("src/shop.app.src", Language::Erlang),
        ("Vagrantfile", Language::Ruby),
        ("Fastfile", Language::Ruby),
        ("Caddyfile.dev", Language::Caddyfile),
        ("web@.service", Language::Systemd),
        ("web.service.j2", Language::Systemd),
        ("/etc/systemd/system/web.service.d/override.conf", Language::Systemd),
        ("users.service.ts", Language::TypeScript),
        (".envs/.local/.django", Language::Env),
        ("/home/dev/shop/.envs/.production/.postgres", Language::Env),
    ];
    for (path, language) in cases {
        assert_eq!(Language::of_path(Path::new(path)), Some(language), "{path}");
    }
    for path in [
        "package-lock.json",
        "tsconfig.json",
        "app.min.js",
        "README.md",
        "sites-available/README",
        "php/conf.d/site",
        "pnpm-lock.yaml",
        "file",
        "env",
        "env-example.md",
        ".env-cmdrc",
        ".env.md",
    ] {
        assert_eq!(Language::of_path(Path::new(path)), None, "{path}");
    }
}

#[test]
fn a_first_line_tells_the_language_of_a_file_without_an_ending() {
    let of = |text| Language::of(Path::new("bin/start"), text);
    assert_eq!(of("#!/usr/bin/env bash\n"), Some(Language::Shell));
    assert_eq!(of("#!/usr/bin/python3.11 -u\n"), Some(Language::Python));
    assert_eq!(of("#!/usr/bin/env -S node --x\n"), Some(Language::JavaScript));
    assert_eq!(of("port 8080\n"), None);
}
