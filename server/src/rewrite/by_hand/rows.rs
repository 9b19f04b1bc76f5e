//! What is advised where, one row a kind of place.

use super::super::Site;
use super::super::dotenv::Loader;
use super::super::interpolated::is_app;
use super::super::text::{is_devcontainer, is_justfile, is_spring};
use crate::analysis::{Kind, Language, Literal, PROGRAMS, Shape};
use crate::project::marks::is_process_compose;

/// What is advised where.
pub(super) struct Advice {
    pub(super) languages: &'static [Language],
    pub(super) applies: fn(&Site<'_>, &Literal) -> bool,
    /// `{port}` stands for the number.
    pub(super) text: &'static str,
}

pub(super) const ANYWHERE: fn(&Site<'_>, &Literal) -> bool = |_, _| true;

fn is_number(_: &Site<'_>, literal: &Literal) -> bool {
    matches!(literal.shape, Shape::Number { .. } | Shape::Text { .. })
}

fn is_within(_: &Site<'_>, literal: &Literal) -> bool {
    matches!(literal.shape, Shape::Within { .. })
}

fn is_package(site: &Site<'_>, _: &Literal) -> bool {
    site.file_name == "package.json"
}

fn is_in_command(_: &Site<'_>, literal: &Literal) -> bool {
    matches!(literal.kind, Kind::CommandFlag | Kind::ClientFlag)
}

/// The rows. The first that applies is given.
pub(super) static TABLE: &[Advice] = &[
    Advice {
        languages: &[Language::Shell, Language::Yaml, Language::Hcl],
        applies: |_, literal| literal.shape == Shape::Template,
        text: "this ends up in another file; put the value of `WEB_PORT` there, with {port} as its default, where that file is written",
    },
    Advice {
        languages: &PROGRAMS,
        applies: |site, literal| literal.shape == Shape::Template || Language::is_template(site.file_name),
        text: "this is a template of a program; read `WEB_PORT` from the environment in the program that it makes, and keep {port} as the default",
    },
    Advice {
        languages: &[Language::JavaScript],
        applies: ANYWHERE,
        text: "an import, a decorator or an attribute takes no expression here; read `process.env.WEB_PORT || {port}` where the value is used",
    },
    Advice {
        languages: &[Language::TypeScript, Language::Tsx],
        applies: ANYWHERE,
        text: "a literal type, an enum, an import or a decorator takes a constant; declare a `number` and read `Number(process.env.WEB_PORT || {port})`",
    },
    Advice {
        languages: &[Language::Python],
        applies: |_, literal| literal.kind == Kind::OptionDefault,
        text: "let the option read the variable itself: `envvar=\"WEB_PORT\"`, and leave the number as its default",
    },
    Advice {
        languages: &[Language::Python],
        applies: ANYWHERE,
        text: "bytes, decorators and literal types take no expression here; give `os.environ.get(\"WEB_PORT\", \"{port}\")` a name above and use that",
    },
    Advice {
        languages: &[Language::Go],
        applies: |_, literal| matches!(literal.shape, Shape::Number { .. }),
        text: "in a function, write `port := {port}` and `if value, err := strconv.Atoi(os.Getenv(\"WEB_PORT\")); err == nil { port = value }`, and use `port`",
    },
    Advice {
        languages: &[Language::Go],
        applies: |site, literal| (is_within(site, literal) || is_number(site, literal)) && !site.has_cmp_or(),
        text: "without `cmp.Or` of Go 1.22, write `port := os.Getenv(\"WEB_PORT\")` and `if port == \"\" { port = \"{port}\" }` in a function, and use `port`",
    },
    Advice {
        languages: &[Language::Go],
        applies: ANYWHERE,
        text: "a constant and a tag are made by the compiler; make the constant a `var`, or read `os.Getenv(\"WEB_PORT\")` in a function, and use {port} where it is empty",
    },
    Advice {
        languages: &[Language::Rust],
        applies: is_within,
        text: "build a `String` above with `format!` and `std::env::var(\"WEB_PORT\").unwrap_or_else(|_| \"{port}\".to_owned())`, and borrow it here",
    },
    Advice {
        languages: &[Language::Rust],
        applies: is_number,
        text: "call `std::env::var(\"WEB_PORT\").ok().and_then(|it| it.parse().ok()).unwrap_or({port})` in a function that is not `const`",
    },
    Advice {
        languages: &[Language::Rust],
        applies: ANYWHERE,
        text: "a constant is made by the compiler; call `std::env::var(\"WEB_PORT\").ok().and_then(|it| it.parse().ok()).unwrap_or({port})` in a function or in a `LazyLock`",
    },
    Advice {
        languages: &[Language::Php],
        applies: is_within,
        text: "a here-document calls nothing; give `getenv('WEB_PORT') ?: {port}` a name above, such as `$port`, and put `{$port}` here",
    },
    Advice {
        languages: &[Language::Php],
        applies: ANYWHERE,
        text: "a constant expression calls nothing; read `(int) (getenv('WEB_PORT') ?: {port})` in the constructor or in a function",
    },
    Advice {
        languages: &[Language::Java],
        applies: |site, literal| is_within(site, literal) && site.text.contains("\"\"\""),
        text: "write `%s` for the number, and `.formatted(System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\"))` behind the text block",
    },
    Advice {
        languages: &[Language::Java],
        applies: |_, literal| literal.shape != Shape::Fixed,
        text: "a `case` or an annotation, here or in another file, may need this constant; keep it, and read `System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\")` where the port is used",
    },
    Advice {
        languages: &[Language::Java],
        applies: ANYWHERE,
        text: "an annotation takes a constant; Spring fills in a placeholder there, `${WEB_PORT:{port}}`",
    },
    Advice {
        languages: &[Language::Kotlin],
        applies: ANYWHERE,
        text: "a `const val` and an annotation are made by the compiler; leave `const` out and read `System.getenv(\"WEB_PORT\")?.toIntOrNull() ?: {port}`",
    },
    Advice {
        languages: &[Language::Scala],
        applies: is_within,
        text: "close the string before the number and join it: `+ sys.env.getOrElse(\"WEB_PORT\", \"{port}\") +`",
    },
    Advice {
        languages: &[Language::Scala],
        applies: ANYWHERE,
        text: "an annotation and an `inline val` are made by the compiler; use a `val` and read `sys.env.getOrElse(\"WEB_PORT\", \"{port}\").toInt`",
    },
    Advice {
        languages: &[Language::Tiltfile],
        applies: ANYWHERE,
        text: "close the string before the number and join it: `+ os.getenv(\"WEB_PORT\", \"{port}\") +`",
    },
    Advice {
        languages: &[Language::Dart],
        applies: |site, _| is_app(site.text),
        text: "an app has no environment; read `int.fromEnvironment('WEB_PORT', defaultValue: {port})`, and start it with `--dart-define=WEB_PORT=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::Dart],
        applies: ANYWHERE,
        text: "a constant, a default and an annotation are made by the compiler; read `int.fromEnvironment('WEB_PORT', defaultValue: {port})` there, and start the program with `dart run -DWEB_PORT=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::Swift],
        applies: |site, _| is_app(site.text),
        text: "an app has the environment of its scheme; add `WEB_PORT` there, and read `ProcessInfo.processInfo.environment[\"WEB_PORT\"] ?? \"{port}\"`",
    },
    Advice {
        languages: &[Language::Swift],
        applies: ANYWHERE,
        text: "no expression that reads a variable can stand here; read `ProcessInfo.processInfo.environment[\"WEB_PORT\"] ?? \"{port}\"` above, and use that",
    },
    Advice {
        languages: &[Language::Zig],
        applies: is_within,
        text: "put the text together where the program runs: `std.fmt.allocPrint(allocator, \"...:{s}\", .{std.posix.getenv(\"WEB_PORT\") orelse \"{port}\"})`",
    },
    Advice {
        languages: &[Language::Zig],
        applies: ANYWHERE,
        text: "the compiler makes what stands outside of functions; read `std.posix.getenv(\"WEB_PORT\") orelse \"{port}\"` in a function",
    },
    Advice {
        languages: &[Language::R],
        applies: ANYWHERE,
        text: "put the text together with `paste0(\"...:\", Sys.getenv(\"WEB_PORT\", \"{port}\"))`",
    },
    Advice {
        languages: &[Language::Erlang],
        applies: |site, _| !site.file_name.ends_with("rl"),
        text: "a file of terms calls nothing; with rebar3, rename it to `sys.config.src` and write `${WEB_PORT:-{port}}`, or read `os:getenv(\"WEB_PORT\", \"{port}\")` where the value is used",
    },
    Advice {
        languages: &[Language::Erlang],
        applies: ANYWHERE,
        text: "a macro may stand in a pattern, and a binary holds no list of characters; read `os:getenv(\"WEB_PORT\", \"{port}\")` in the function that uses the value",
    },
    Advice {
        languages: &[Language::Groovy],
        applies: is_within,
        text: "close the string before the number and join it: `+ System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\") +`",
    },
    Advice {
        languages: &[Language::Groovy],
        applies: ANYWHERE,
        text: "write parentheses around the arguments, and `System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\")` for the number; an annotation takes only a constant",
    },
    Advice {
        languages: &[Language::Clojure],
        applies: |site, _| site.file_name.ends_with("edn"),
        text: "EDN calls nothing; with aero, write `#or [#env WEB_PORT {port}]`, or read `(or (System/getenv \"WEB_PORT\") \"{port}\")` where the value is used",
    },
    Advice {
        languages: &[Language::Clojure],
        applies: ANYWHERE,
        text: "ClojureScript and quoted lists do not call Java here; read the variable where the value is used, and keep {port} as the default",
    },
    Advice {
        languages: &[Language::Nix],
        applies: ANYWHERE,
        text: "Nix evaluates without the environment; read `$WEB_PORT` in the command that starts the program, such as one of a development shell",
    },
    Advice {
        languages: &[Language::Starlark],
        applies: ANYWHERE,
        text: "a build file reads no variables; give the program its port on the command line: `bazel run TARGET -- --port=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::CSharp],
        applies: is_within,
        text: "close the string before the number and join it: `+ (Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"{port}\") +`",
    },
    Advice {
        languages: &[Language::CSharp],
        applies: ANYWHERE,
        text: "constants, attributes and defaults are made by the compiler; use `static readonly` and read `int.Parse(Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"{port}\")`",
    },
    Advice {
        languages: &[Language::Ruby],
        applies: ANYWHERE,
        text: "nothing is interpolated here; write it between double quotes, with `#{ENV.fetch(\"WEB_PORT\", {port})}`",
    },
    Advice {
        languages: &[Language::Perl],
        applies: ANYWHERE,
        text: "nothing is interpolated here; close the string before the number and join it: `. ($ENV{WEB_PORT} || {port}) .`",
    },
    Advice {
        languages: &[Language::Elixir],
        applies: is_number,
        text: "an attribute and a pattern are made by the compiler; read `System.get_env(\"WEB_PORT\", \"{port}\")` in a function or in `config/runtime.exs`",
    },
    Advice {
        languages: &[Language::Elixir],
        applies: ANYWHERE,
        text: "an attribute is made by the compiler, and `~S` interpolates nothing; read `System.get_env(\"WEB_PORT\", \"{port}\")` in a function",
    },
    Advice {
        languages: &[Language::Cpp],
        applies: is_within,
        text: "build the string with `snprintf`, or with `std::string` and `+`, from `getenv(\"WEB_PORT\")`, or from {port} where that is null",
    },
    Advice {
        languages: &[Language::Cpp],
        applies: ANYWHERE,
        text: "constants, macros, arrays and static variables are made by the compiler; call `getenv(\"WEB_PORT\")` in the function that uses it, and keep {port} for where it is null",
    },
    Advice {
        languages: &[Language::Lua],
        applies: ANYWHERE,
        text: "write it between double quotes and in parentheses: `(\"...:\" .. (os.getenv(\"WEB_PORT\") or {port}))`",
    },
    Advice {
        languages: &[Language::Compose],
        applies: |_, literal| literal.kind == Kind::Published,
        text: "publish each port of the range on a line of its own, `\"${WEB_PORT:-{port}}:...\"`",
    },
    Advice {
        languages: &[Language::Dockerfile],
        applies: |_, literal| literal.kind == Kind::Exposed,
        text: "choose the host side when it is run: `-p ${WEB_PORT:-{port}}:{port}`",
    },
    Advice {
        languages: &[Language::Dockerfile, Language::Compose],
        applies: ANYWHERE,
        text: "it conflicts with nobody inside the container; to move it, move what listens, too",
    },
    Advice {
        languages: &[Language::Json],
        applies: |site, literal| literal.shape == Shape::Expanded && is_package(site, literal),
        text: "the shell of Windows has no default for a variable; move this into the tool's own `.js` file, and read `process.env.WEB_PORT || {port}` there",
    },
    Advice {
        languages: &[Language::Json],
        applies: |site, literal| is_package(site, literal) && is_in_command(site, literal),
        text: "between single quotes the shell expands nothing; use `\\\"` around it and `${WEB_PORT:-{port}}` inside",
    },
    Advice {
        languages: &[Language::Json],
        applies: is_package,
        text: "`package.json` reads no variables; move this to the tool's own `.js` file and read `process.env.WEB_PORT || {port}` there",
    },
    Advice {
        languages: &[Language::Json],
        applies: |site, _| is_devcontainer(site.file_name),
        text: "inside of the container it is in nobody's way; where this machine's number is meant, write `${localEnv:WEB_PORT:{port}}`",
    },
    Advice {
        languages: &[Language::Json],
        applies: ANYWHERE,
        text: "JSON reads no variables; let the program that reads this file look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Shell],
        applies: ANYWHERE,
        text: "between single quotes nothing is expanded; use double quotes and `${WEB_PORT:-{port}}`",
    },
    Advice {
        languages: &[Language::Makefile],
        applies: |site, _| is_justfile(site.file_name),
        text: "put the variable into the recipe: `{{env_var_or_default(\"WEB_PORT\", \"{port}\")}}`",
    },
    Advice {
        languages: &[Language::Env],
        applies: is_number,
        text: "move this line to `.ports.env`, where `port-manager init` keeps the port free of conflicts",
    },
    Advice {
        languages: &[Language::Env],
        applies: |site, _| site.loader() == Loader::Keeps,
        text: "what reads this file fills in no variable with a default; read the address in parts in the program, with `WEB_PORT` and {port} as its default",
    },
    Advice {
        languages: &[Language::Env],
        applies: ANYWHERE,
        text: "write `${WEB_PORT:-{port}}` in place of the number if what reads this file expands variables, as Docker Compose and shells do; else put the address together in the program",
    },
    Advice {
        languages: &[Language::Yaml],
        applies: |site, _| is_spring(site.file_name),
        text: "between quotes Spring fills in a placeholder: `\"${WEB_PORT:{port}}\"`",
    },
    Advice {
        languages: &[Language::Yaml],
        applies: |site, _| is_process_compose(site.file_name),
        text: "Process Compose fills in `${WEB_PORT}` here, but nothing where it is not set; write that, and start it with `port-manager run process-compose up`",
    },
    Advice {
        languages: &[Language::Yaml],
        applies: |site, literal| {
            site.is_workflow() && literal.kind == Kind::Published && literal.hint.is_some()
        },
        text: "each job has a machine of its own, so this is in nobody's way; `${{ job.services.NAME.ports[CONTAINER_PORT] }}` is the number that a job gets where only the container's port is listed",
    },
    Advice {
        languages: &[Language::Yaml],
        applies: |site, _| site.is_workflow(),
        text: "each job has a machine of its own, so this is in nobody's way; to write the number once, set `WEB_PORT: {port}` under `env:` and write `${{ env.WEB_PORT }}` here",
    },
    Advice {
        languages: &[Language::Yaml],
        applies: ANYWHERE,
        text: "YAML reads no variables; let the program that reads this file look for `WEB_PORT` first, or write the file with `envsubst '$WEB_PORT'`",
    },
    Advice {
        languages: &[Language::Conf],
        applies: |site, _| site.file_name.contains("nginx") || site.file_name.ends_with(".vhost"),
        text: "nginx has no environment here; keep a `.template` with `${WEB_PORT}` and write the file with `envsubst '$WEB_PORT'` when it is started",
    },
    Advice {
        languages: &[Language::Toml],
        applies: ANYWHERE,
        text: "TOML reads no variables; let the program that reads this file look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Conf],
        applies: |site, _| site.file_name.starts_with("haproxy"),
        text: "write `\"${WEB_PORT}\"`: HAProxy reads the environment between double quotes",
    },
    Advice {
        languages: &[Language::Conf],
        applies: ANYWHERE,
        text: "this format reads no variables; write the file from a template with `envsubst '$WEB_PORT'`, or give the port on the command line",
    },
    Advice {
        languages: &[Language::Properties],
        applies: ANYWHERE,
        text: "only Spring, Quarkus and the like fill in `${WEB_PORT}`; else let the program look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Xml],
        applies: |site, _| site.file_name == "server.xml",
        text: "write `${web.port}`, and start Tomcat with `CATALINA_OPTS=-Dweb.port=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::Xml],
        applies: ANYWHERE,
        text: "XML reads no variables; let the program that reads this file look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Html],
        applies: ANYWHERE,
        text: "a page has no environment; link to a path of its own host, `/...`, or let the server that sends the page fill it in",
    },
    Advice {
        languages: &[Language::Http],
        applies: ANYWHERE,
        text: "write `{{$processEnv WEB_PORT}}` (REST Client) or a variable of the environment file",
    },
    Advice {
        languages: &[Language::PowerShell],
        applies: ANYWHERE,
        text: "between double quotes, write `$(if ($env:WEB_PORT) { $env:WEB_PORT } else { {port} })`",
    },
    Advice {
        languages: &[Language::Batch],
        applies: ANYWHERE,
        text: "a batch file has no default for a variable; write `if not defined WEB_PORT set WEB_PORT={port}` above, and `%WEB_PORT%` here",
    },
    Advice {
        languages: &[Language::Hcl],
        applies: |_, literal| literal.kind == Kind::OptionDefault,
        text: "`TF_VAR_web_port=$WEB_PORT` overrides it without an edit",
    },
    Advice {
        languages: &[Language::Hcl],
        applies: ANYWHERE,
        text: "declare `variable \"web_port\"` with the default {port}, use `var.web_port` here, and set `TF_VAR_web_port=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: |_, literal| literal.kind == Kind::Listen,
        text: "a socket reads no variables; put this line into a drop-in that is written with `envsubst '$WEB_PORT'` when the unit is installed",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: |site, literal| literal.kind == Kind::EnvironmentFile && is_number(site, literal),
        text: "move this variable to `.ports.env`, and name that file with `EnvironmentFile=`",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: |_, literal| literal.kind == Kind::EnvironmentFile,
        text: "systemd expands no variables in `Environment=`; name the project's `.ports.env` with `EnvironmentFile=`, and put the address together in the command with `${WEB_PORT}`",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: ANYWHERE,
        text: "write `Environment=WEB_PORT={port}`, name the project's `.ports.env` with `EnvironmentFile=-`, and write `${WEB_PORT}` in the command",
    },
];
