//! What is advised where no program is recognised, one row a kind of place in a language.

use super::super::Site;
use super::super::dotenv::Loader;
use super::super::interpolated::is_app;
use crate::analysis::{Kind, Language, Literal, PROGRAMS, Shape};

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
        text: "this text is written to another file; write the value of `WEB_PORT` in place of the number, or {port} where it is not set",
    },
    Advice {
        languages: &PROGRAMS,
        applies: |site, literal| literal.shape == Shape::Template || Language::is_template(site.file_name),
        text: "this is a template of a program; let the program that is made of it read `WEB_PORT`, with {port} as the default",
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
        text: "bytes, decorators and literal types take no expression here; assign `os.environ.get(\"WEB_PORT\", \"{port}\")` to a name above, and use the name",
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
        text: "constants and tags are fixed when the program is compiled; make the constant a `var`, or read `os.Getenv(\"WEB_PORT\")` in a function, and use {port} where it is empty",
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
        text: "a constant is computed by the compiler; call `std::env::var(\"WEB_PORT\").ok().and_then(|it| it.parse().ok()).unwrap_or({port})` in a function or in a `LazyLock`",
    },
    Advice {
        languages: &[Language::Php],
        applies: is_within,
        text: "a here-document calls no functions; assign `getenv('WEB_PORT') ?: {port}` to a variable above, such as `$port`, and write `{$port}` here",
    },
    Advice {
        languages: &[Language::Php],
        applies: ANYWHERE,
        text: "a constant expression calls no functions; read `(int) (getenv('WEB_PORT') ?: {port})` in the constructor or in a function",
    },
    Advice {
        languages: &[Language::Java],
        applies: |site, literal| is_within(site, literal) && site.text.contains("\"\"\""),
        text: "write `%s` in place of the number, and `.formatted(System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\"))` after the text block",
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
        text: "a `const val` and an annotation are fixed when the program is compiled; remove `const`, and read `System.getenv(\"WEB_PORT\")?.toIntOrNull() ?: {port}`",
    },
    Advice {
        languages: &[Language::Scala],
        applies: is_within,
        text: "end the string before the number and join the parts: `+ sys.env.getOrElse(\"WEB_PORT\", \"{port}\") +`",
    },
    Advice {
        languages: &[Language::Scala],
        applies: ANYWHERE,
        text: "an annotation and an `inline val` are fixed when the program is compiled; use a `val`, and read `sys.env.getOrElse(\"WEB_PORT\", \"{port}\").toInt`",
    },
    Advice {
        languages: &[Language::Tiltfile],
        applies: ANYWHERE,
        text: "end the string before the number and join the parts: `+ os.getenv(\"WEB_PORT\", \"{port}\") +`",
    },
    Advice {
        languages: &[Language::Dart],
        applies: |site, _| is_app(site.text),
        text: "an app has no environment; read `int.fromEnvironment('WEB_PORT', defaultValue: {port})`, and start it with `--dart-define=WEB_PORT=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::Dart],
        applies: ANYWHERE,
        text: "constants, defaults and annotations are computed by the compiler; read `int.fromEnvironment('WEB_PORT', defaultValue: {port})` there, and start the program with `dart run -DWEB_PORT=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::Swift],
        applies: |site, _| is_app(site.text),
        text: "an app has the environment of its scheme; add `WEB_PORT` there, and read `ProcessInfo.processInfo.environment[\"WEB_PORT\"] ?? \"{port}\"`",
    },
    Advice {
        languages: &[Language::Swift],
        applies: ANYWHERE,
        text: "an expression that reads a variable is not possible here; assign `ProcessInfo.processInfo.environment[\"WEB_PORT\"] ?? \"{port}\"` to a name above, and use the name",
    },
    Advice {
        languages: &[Language::Zig],
        applies: is_within,
        text: "build the text in a function: `std.fmt.allocPrint(allocator, \"...:{s}\", .{std.posix.getenv(\"WEB_PORT\") orelse \"{port}\"})`",
    },
    Advice {
        languages: &[Language::Zig],
        applies: ANYWHERE,
        text: "the compiler computes what is outside of functions; read `std.posix.getenv(\"WEB_PORT\") orelse \"{port}\"` in a function",
    },
    Advice {
        languages: &[Language::R],
        applies: ANYWHERE,
        text: "build the text with `paste0(\"...:\", Sys.getenv(\"WEB_PORT\", \"{port}\"))`",
    },
    Advice {
        languages: &[Language::Erlang],
        applies: |site, _| !site.file_name.ends_with("rl"),
        text: "a file of terms calls no functions; with rebar3, rename it to `sys.config.src` and write `${WEB_PORT:-{port}}`, or read `os:getenv(\"WEB_PORT\", \"{port}\")` where the value is used",
    },
    Advice {
        languages: &[Language::Erlang],
        applies: ANYWHERE,
        text: "this macro may be used in a pattern, and a binary cannot hold the result of `os:getenv`; read `os:getenv(\"WEB_PORT\", \"{port}\")` in the function that uses the value",
    },
    Advice {
        languages: &[Language::Groovy],
        applies: is_within,
        text: "end the string before the number and join the parts: `+ System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\") +`",
    },
    Advice {
        languages: &[Language::Groovy],
        applies: ANYWHERE,
        text: "write parentheses around the arguments, and `System.getenv().getOrDefault(\"WEB_PORT\", \"{port}\")` in place of the number; an annotation takes a constant only",
    },
    Advice {
        languages: &[Language::Clojure],
        applies: |site, _| site.file_name.ends_with("edn"),
        text: "EDN calls no functions; with aero, write `#or [#env WEB_PORT {port}]`, or read `(or (System/getenv \"WEB_PORT\") \"{port}\")` where the value is used",
    },
    Advice {
        languages: &[Language::Clojure],
        applies: ANYWHERE,
        text: "ClojureScript and quoted lists cannot call `System/getenv`; read `WEB_PORT` where the value is used, with {port} as the default",
    },
    Advice {
        languages: &[Language::Nix],
        applies: ANYWHERE,
        text: "Nix evaluates without the environment; read `$WEB_PORT` in the command that starts the program, such as one of a development shell",
    },
    Advice {
        languages: &[Language::Starlark],
        applies: ANYWHERE,
        text: "a build file reads no variables; if the program has a flag for its port, give it on the command line: `bazel run TARGET -- --port=$WEB_PORT`",
    },
    Advice {
        languages: &[Language::CSharp],
        applies: is_within,
        text: "end the string before the number and join the parts: `+ (Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"{port}\") +`",
    },
    Advice {
        languages: &[Language::CSharp],
        applies: ANYWHERE,
        text: "constants, attributes and defaults are fixed when the program is compiled; use `static readonly`, and read `int.Parse(Environment.GetEnvironmentVariable(\"WEB_PORT\") ?? \"{port}\")`",
    },
    Advice {
        languages: &[Language::Ruby],
        applies: ANYWHERE,
        text: "this string interpolates nothing; put it between double quotes, with `#{ENV.fetch(\"WEB_PORT\", {port})}`",
    },
    Advice {
        languages: &[Language::Perl],
        applies: ANYWHERE,
        text: "this string interpolates nothing; end it before the number and join the parts: `. ($ENV{WEB_PORT} || {port}) .`",
    },
    Advice {
        languages: &[Language::Elixir],
        applies: is_number,
        text: "attributes and patterns are fixed when the program is compiled; read `System.get_env(\"WEB_PORT\", \"{port}\")` in a function or in `config/runtime.exs`",
    },
    Advice {
        languages: &[Language::Elixir],
        applies: ANYWHERE,
        text: "attributes are fixed when the program is compiled, and `~S` interpolates nothing; read `System.get_env(\"WEB_PORT\", \"{port}\")` in a function",
    },
    Advice {
        languages: &[Language::Cpp],
        applies: is_within,
        text: "build the string with `snprintf`, or with `std::string` and `+`, from `getenv(\"WEB_PORT\")`; where that is null, use {port}",
    },
    Advice {
        languages: &[Language::Cpp],
        applies: ANYWHERE,
        text: "constants, macros, arrays and static variables are fixed when the program is compiled; call `getenv(\"WEB_PORT\")` in the function that uses the port, and use {port} where it is null",
    },
    Advice {
        languages: &[Language::Lua],
        applies: ANYWHERE,
        text: "put the string between double quotes and in parentheses: `(\"...:\" .. (os.getenv(\"WEB_PORT\") or {port}))`",
    },
    Advice {
        languages: &[Language::Compose],
        applies: |_, literal| literal.kind == Kind::Published,
        text: "publish each port of the range in a line of its own: `\"${WEB_PORT:-{port}}:...\"`",
    },
    Advice {
        languages: &[Language::Dockerfile],
        applies: |_, literal| literal.kind == Kind::Exposed,
        text: "choose the port of this machine when the image is run: `-p ${WEB_PORT:-{port}}:{port}`",
    },
    Advice {
        languages: &[Language::Dockerfile, Language::Compose],
        applies: ANYWHERE,
        text: "a port inside a container conflicts with nothing on this machine; to change it, change the program that listens on it, too",
    },
    Advice {
        languages: &[Language::Json],
        applies: |site, literal| literal.shape == Shape::Expanded && is_package(site, literal),
        text: "the shell of Windows has no default for a variable; set the port in the tool's own `.js` file, and read `process.env.WEB_PORT || {port}` there",
    },
    Advice {
        languages: &[Language::Json],
        applies: |site, literal| is_package(site, literal) && is_in_command(site, literal),
        text: "the shell expands nothing between single quotes; write `\\\"` in their place, and `${WEB_PORT:-{port}}` in place of the number",
    },
    Advice {
        languages: &[Language::Json],
        applies: is_package,
        text: "nothing fills in variables in `package.json`; move this to the tool's own `.js` file, and read `process.env.WEB_PORT || {port}` there",
    },
    Advice {
        languages: &[Language::Json],
        applies: ANYWHERE,
        text: "JSON itself has no variables; let the program that reads this file look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Shell],
        applies: ANYWHERE,
        text: "the shell expands nothing between single quotes; use double quotes and `${WEB_PORT:-{port}}`",
    },
    Advice {
        languages: &[Language::Env],
        applies: is_number,
        text: "move this line to `.ports.env`, where `port-manager init` keeps the port free of conflicts",
    },
    Advice {
        languages: &[Language::Env],
        applies: |site, _| site.loader() == Loader::Keeps,
        text: "what reads this file fills in no variable with a default; {override}",
    },
    Advice {
        languages: &[Language::Env],
        applies: ANYWHERE,
        text: "write `${WEB_PORT:-{port}}` in place of the number if what reads this file expands variables, as Docker Compose and shells do; else {override}",
    },
    Advice {
        languages: &[Language::Yaml],
        applies: ANYWHERE,
        text: "YAML itself has no variables; let the program that reads this file look for `WEB_PORT` first, or write the file with `WEB_PORT=${WEB_PORT:-{port}} envsubst '$WEB_PORT'`",
    },
    Advice {
        languages: &[Language::Toml],
        applies: ANYWHERE,
        text: "TOML itself has no variables; let the program that reads this file look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Conf],
        applies: ANYWHERE,
        text: "if the program that reads this file fills in no variables, write the file from a template with `WEB_PORT=${WEB_PORT:-{port}} envsubst '$WEB_PORT'`, or give the port on the command line",
    },
    Advice {
        languages: &[Language::Properties],
        applies: ANYWHERE,
        text: "frameworks such as Spring and Quarkus fill in `${WEB_PORT:{port}}` here; else let the program look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Xml],
        applies: ANYWHERE,
        text: "XML itself has no variables; let the program that reads this file look for `WEB_PORT` first",
    },
    Advice {
        languages: &[Language::Html],
        applies: ANYWHERE,
        text: "a page has no environment; link to a path of its own host, `/...`, or let the server that sends the page fill in the number",
    },
    Advice {
        languages: &[Language::Http],
        applies: ANYWHERE,
        text: "write `{{$processEnv WEB_PORT}}` in place of the number (REST Client for VS Code), or a variable of the client's environment file",
    },
    Advice {
        languages: &[Language::PowerShell],
        applies: ANYWHERE,
        text: "between double quotes, write `$(if ($env:WEB_PORT) { $env:WEB_PORT } else { {port} })`",
    },
    Advice {
        languages: &[Language::Batch],
        applies: ANYWHERE,
        text: "a batch file has no defaults for variables; write `if not defined WEB_PORT set WEB_PORT={port}` above, and `%WEB_PORT%` here",
    },
    Advice {
        languages: &[Language::Hcl],
        applies: ANYWHERE,
        text: "HCL itself reads no variables of the environment; let the program that reads this file look for `WEB_PORT` first, or write the file with `WEB_PORT=${WEB_PORT:-{port}} envsubst '$WEB_PORT'`",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: |_, literal| literal.kind == Kind::Listen,
        text: "a socket unit expands no variables; move this line to a drop-in, and write that with `envsubst '$WEB_PORT'` when the unit is installed",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: |site, literal| literal.kind == Kind::EnvironmentFile && is_number(site, literal),
        text: "move this variable to `.ports.env`, and name that file with `EnvironmentFile=`",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: |_, literal| literal.kind == Kind::EnvironmentFile,
        text: "systemd expands no variables in `Environment=`; name the project's `.ports.env` with `EnvironmentFile=`, and build the address in the command with `${WEB_PORT}`",
    },
    Advice {
        languages: &[Language::Systemd],
        applies: ANYWHERE,
        text: "write `Environment=WEB_PORT={port}`, name the project's `.ports.env` with `EnvironmentFile=-`, and write `${WEB_PORT}` in the command",
    },
];
