//! Programs that really run: before the fix, after it without the variable, with the variable, and with the variable set but
//! empty. Each prints the ports that it would use.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::parsers::on_path;
use super::trial::Project;

/// A program with 8080 in it.
struct Program {
    language: &'static str,
    /// Its files. Each is fixed.
    files: &'static [(&'static str, &'static str)],
    /// The commands that it needs.
    needs: &'static [&'static str],
    /// How it is run, as a line of bash.
    run: &'static str,
    /// What it prints. `{port}` stands for the port, `{next}` for the port after it.
    prints: &'static str,
    /// What it does where the variable is empty.
    empty: Empty,
}

/// What a fixed program does where the variable is set, but empty.
enum Empty {
    /// The same as without the variable.
    Default,
    /// It fails: nothing can be read from an empty text.
    Refused,
    /// It prints this.
    Prints(&'static str),
}

const NUMBERS_AND_URL: &str = r#"[{port},{next},"http://localhost:{port}/"]"#;

const PROGRAMS: &[Program] = &[
    Program {
        language: "JavaScript",
        files: &[
            ("config.js", "module.exports = { port: 8080 };\n"),
            (
                "server.js",
                "const config = require('./config');\n\
                 const server = { listen: (port) => Number(port) };\n\
                 const listened = server.listen(8080);\n\
                 const portText = '8080';\n\
                 const url = 'http://localhost:8080/';\n\
                 console.log(JSON.stringify([config.port + 1, listened, portText.length, url]));\n",
            ),
        ],
        needs: &["node"],
        run: "node server.js",
        prints: r#"[{next},{port},4,"http://localhost:{port}/"]"#,
        empty: Empty::Default,
    },
    Program {
        language: "Python",
        files: &[(
            "server.py",
            "import json\n\nport = 8080\nurl = 'http://localhost:8080/'\n\
             print(json.dumps([port, port + 1, url], separators=(',', ':')))\n",
        )],
        needs: &["python3"],
        run: "python3 server.py",
        prints: NUMBERS_AND_URL,
        empty: Empty::Refused,
    },
    Program {
        language: "PHP",
        files: &[(
            "server.php",
            "<?php\ndeclare(strict_types=1);\n$port = 8080;\n$url = 'http://localhost:8080/';\n\
             echo json_encode([$port, $port + 1, $url], JSON_UNESCAPED_SLASHES), \"\\n\";\n",
        )],
        needs: &["php"],
        run: "php -n server.php",
        prints: NUMBERS_AND_URL,
        empty: Empty::Default,
    },
    Program {
        language: "Ruby",
        files: &[(
            "server.rb",
            "require 'json'\n\nport = 8080\nurl = 'http://localhost:8080/'\nputs JSON.generate([port, port + 1, url])\n",
        )],
        needs: &["ruby"],
        run: "ruby server.rb",
        prints: NUMBERS_AND_URL,
        empty: Empty::Refused,
    },
    Program {
        language: "Perl",
        files: &[(
            "server.pl",
            "use strict;\nuse warnings;\n\nmy %options = (port => 8080, path => '/');\nmy $port = 8080;\n\
             my $url = \"http://localhost:8080$options{path}\";\nmy $text = <<END;\nhttp://localhost:8080/\nEND\n\
             print join(' ', $options{port}, $port + 1, $url, $text);\n",
        )],
        needs: &["perl"],
        run: "perl server.pl",
        prints: "{port} {next} http://localhost:{port}/ http://localhost:{port}/",
        empty: Empty::Default,
    },
    Program {
        language: "Lua",
        files: &[(
            "server.lua",
            "local port = 8080\nlocal url = 'http://localhost:8080/'\n\
             print(string.format('%d %d %s', port, port + 1, url))\n",
        )],
        needs: &["lua"],
        run: "lua server.lua",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Prints("8080 8081 http://localhost:/"),
    },
    Program {
        language: "Elixir",
        files: &[(
            "server.exs",
            "options = [port: 8080, url: \"http://localhost:8080/\"]\n\
             IO.puts(\"#{options[:port]} #{options[:port] + 1} #{options[:url]}\")\n",
        )],
        needs: &["elixir"],
        run: "elixir server.exs",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Refused,
    },
    Program {
        language: "Erlang",
        // escript passes over the first line.
        files: &[(
            "server.erl",
            "% The shop.\nmain(_) ->\n    Port = 8080,\n    Url = \"http://localhost:8080/\",\n\
             \x20   io:fwrite(\"~b ~b ~s~n\", [Port, Port + 1, Url]).\n",
        )],
        needs: &["escript"],
        run: "escript server.erl",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Refused,
    },
    Program {
        language: "R",
        files: &[("server.R", "port <- 8080\nurl <- 'http://localhost:8080/'\ncat(port, port + 1, url)\n")],
        needs: &["Rscript"],
        run: "Rscript --vanilla server.R",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Prints("NA NA http://localhost:/"),
    },
    Program {
        language: "Groovy",
        files: &[(
            "server.groovy",
            "def port = 8080\ndef url = \"http://localhost:8080/\"\nprintln \"${port} ${port + 1} ${url}\"\n",
        )],
        needs: &["groovy"],
        run: "groovy server.groovy",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Refused,
    },
    Program {
        language: "Clojure",
        files: &[(
            "server.clj",
            "(def port 8080)\n(def url \"http://localhost:8080/\")\n(println port (inc port) url)\n",
        )],
        needs: &["clojure"],
        run: "clojure server.clj",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Refused,
    },
    Program {
        language: "Java",
        files: &[(
            "Server.java",
            "class Server {\n    static int port = 8080;\n\
             \x20   private static final String URL = \"http://localhost:8080/\";\n\n\
             \x20   public static void main(String[] arguments) {\n\
             \x20       System.out.println(port + \" \" + (port + 1) + \" \" + URL);\n    }\n}\n",
        )],
        needs: &["java", "javac"],
        run: "java Server.java",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Refused,
    },
    Program {
        language: "C",
        files: &[(
            "server.c",
            "#include <stdio.h>\n\nint main(void)\n{\n    int port = 8080;\n    const char *port_text = \"8080\";\n\
             \x20   printf(\"%d %d %s\\n\", port, port + 1, port_text);\n    return 0;\n}\n",
        )],
        needs: &["gcc"],
        run: "gcc -Wall -Werror server.c -o server && ./server",
        prints: "{port} {next} {port}",
        empty: Empty::Prints("0 1 "),
    },
    Program {
        language: "C++",
        files: &[(
            "server.cpp",
            "#include <iostream>\n#include <string>\n\nint main()\n{\n    int port = 8080;\n\
             \x20   std::string url = \"http://localhost:8080/\";\n\
             \x20   std::cout << port << ' ' << port + 1 << ' ' << url << std::endl;\n}\n",
        )],
        needs: &["g++"],
        run: "g++ -Wall -Werror server.cpp -o server && ./server",
        prints: "{port} {next} http://localhost:{port}/",
        empty: Empty::Prints("0 1 http://localhost:/"),
    },
    Program {
        language: "Rust",
        files: &[(
            "main.rs",
            "fn main() {\n    let port: u16 = 8080;\n    let inferred_port = 8080;\n\
             \x20   let url = \"http://localhost:8080/\";\n\
             \x20   println!(\"{port} {} {inferred_port} {url}\", port + 1);\n}\n",
        )],
        needs: &["rustc"],
        run: "rustc -D warnings main.rs && ./main",
        prints: "{port} {next} {port} http://localhost:{port}/",
        empty: Empty::Prints("8080 8081 8080 http://localhost:/"),
    },
    Program {
        language: "Go",
        files: &[
            (
                "main.go",
                "package main\n\nimport (\n\t\"fmt\"\n\t\"net\"\n)\n\nfunc main() {\n\taddress := \"localhost:8080\"\n\
                 \tfmt.Println(address, net.JoinHostPort(\"::1\", \"8080\"))\n}\n",
            ),
            ("go.mod", "module example.com/shop\n\ngo 1.22\n"),
        ],
        needs: &["go"],
        run: "GOTOOLCHAIN=local GOFLAGS=-mod=mod go run .",
        prints: "localhost:{port} [::1]:{port}",
        empty: Empty::Default,
    },
    Program {
        language: "bash",
        files: &[(
            "run.sh",
            "PORT=8080\nURL=\"http://localhost:8080/\"\nWEB_PORT=8080\nbash -c 'echo \"$@\"' run --port 8080 $((PORT + 1)) $URL $WEB_PORT\n",
        )],
        needs: &["bash"],
        run: "bash run.sh",
        prints: "--port {port} {next} http://localhost:{port}/ {port}",
        empty: Empty::Default,
    },
    Program {
        language: "make",
        files: &[(
            "Makefile",
            "PORT = 8080\nURL = http://localhost:8080/\n\nrun:\n\t@env echo $(PORT) $(URL) --port 8080\n",
        )],
        needs: &["make"],
        run: "make -s run",
        prints: "{port} http://localhost:{port}/ --port {port}",
        empty: Empty::Default,
    },
    Program {
        language: "make, the variable itself",
        files: &[("Makefile", "WEB_PORT := 8080\n\nrun:\n\t@echo port $(WEB_PORT)\n")],
        needs: &["make"],
        run: "make -s run",
        prints: "port {port}",
        // Make takes an empty variable for one that is set.
        empty: Empty::Prints("port"),
    },
    Program {
        language: "npm",
        files: &[
            ("package.json", "{\"scripts\": {\"dev\": \"node print.js --port 8080\"}}\n"),
            ("print.js", "console.log(process.argv.slice(2).join(' '));\n"),
        ],
        needs: &["npm", "node"],
        run: "npm run --silent dev",
        prints: "--port {port}",
        empty: Empty::Default,
    },
    Program {
        language: "Procfile",
        files: &[("Procfile", "web: env echo --port 8080\n")],
        needs: &["sh"],
        // As foreman and honcho run a line.
        run: "sh -c \"$(sed -n 's/^web: //p' Procfile)\"",
        prints: "--port {port}",
        empty: Empty::Default,
    },
];

impl Program {
    /// Why it cannot run on this machine.
    fn obstacle(&self) -> Option<String> {
        if let Some(missing) = self.needs.iter().find(|command| !on_path(command)) {
            return Some(format!("{missing} is missing"));
        }
        // `cmp.Or` came with Go 1.22.
        let version = || {
            let output = Command::new("go").arg("version").env("GOTOOLCHAIN", "local").output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let is_new = |version: &str| {
            let minor = version.split("go1.").nth(1)?.split(['.', ' ']).next()?;
            minor.parse().ok().map(|minor: u32| minor >= 22)
        };
        (self.needs.contains(&"go") && is_new(&version()) != Some(true))
            .then(|| "its Go is older than 1.22".to_owned())
    }

    fn run(&self, directory: &Path, variable: Option<&str>) -> Output {
        let mut command = Command::new("bash");
        command.args(["-c", self.run]).current_dir(directory).env_remove("WEB_PORT").env("LC_ALL", "C.UTF-8");
        if let Some(value) = variable {
            command.env("WEB_PORT", value);
        }
        command.output().unwrap()
    }

    /// What is wrong with what it does.
    fn problems(&self) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        let project = Project::new();
        let mut problems = Vec::new();
        let mut expect = |when: &str, variable: Option<&str>, expected: Option<String>| {
            let output = self.run(directory.path(), variable);
            let printed = String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned();
            let is_as_expected = match &expected {
                Some(expected) => output.status.success() && *expected == printed,
                None => !output.status.success(),
            };
            if !is_as_expected {
                let said = String::from_utf8_lossy(&output.stderr);
                problems.push(format!(
                    "{} {when}: expected {expected:?}, printed {printed:?}\n{said}",
                    self.language
                ));
            }
        };
        let printed = |port: u16| {
            self.prints.replace("{port}", &port.to_string()).replace("{next}", &(port + 1).to_string())
        };
        for (name, text) in self.files {
            fs::write(directory.path().join(name), text).unwrap();
        }
        expect("before the fix", None, Some(printed(8080)));
        for (name, text) in self.files.iter().filter(|(_, text)| text.contains("8080")) {
            let path = directory.path().join(name);
            let fixed =
                project.fixed_all(&path, text).unwrap_or_else(|| panic!("{name} has no fix:\n{text}"));
            fs::write(path, fixed).unwrap();
        }
        expect("after the fix, without the variable", None, Some(printed(8080)));
        expect("after the fix, with the variable", Some("8123"), Some(printed(8123)));
        let empty = match self.empty {
            Empty::Default => Some(printed(8080)),
            Empty::Refused => None,
            Empty::Prints(text) => Some(text.to_owned()),
        };
        expect("after the fix, with an empty variable", Some(""), empty);
        for (name, _) in self.files {
            let path = directory.path().join(name);
            let text = fs::read_to_string(&path).unwrap();
            if project.fixed_all(&path, &text).is_some() {
                problems.push(format!("{}: fix-all finds more the second time in\n{text}", self.language));
            }
        }
        problems
    }
}

#[test]
fn a_fixed_program_runs_as_before_and_obeys_the_variable() {
    let problems: Vec<String> = std::thread::scope(|scope| {
        let jobs: Vec<_> = PROGRAMS
            .iter()
            .filter(|program| match program.obstacle() {
                Some(obstacle) => {
                    println!("NOT POSSIBLE HERE: {} does not run, {obstacle}", program.language);
                    false
                }
                None => true,
            })
            .map(|program| scope.spawn(|| program.problems()))
            .collect();
        jobs.into_iter().flat_map(|job| job.join().unwrap()).collect()
    });
    assert_eq!(problems, [""; 0], "\n{}", problems.join("\n"));
}
