//! What decided what an occurrence means: a row of a pack, or a rule that needs a condition and is written in Rust.

use std::sync::Arc;

/// The row or rule that decided what an occurrence means, by its id: `call.listen`, `compose.service`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecidedBy(Id);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Id {
    Rule(&'static str),
    Row(Arc<str>),
}

impl DecidedBy {
    /// What a row with that id decides.
    pub(super) fn of_row(id: Arc<str>) -> Self {
        Self(Id::Row(id))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Id::Rule(id) => id,
            Id::Row(id) => id,
        }
    }

    /// What the rule says in one sentence; `None` for a row, which says it itself.
    pub(super) fn meaning_of_rule(&self) -> Option<&'static str> {
        RULES.iter().find(|rule| rule.id == self.as_str()).map(|rule| rule.means)
    }
}

/// The rules that are written in Rust: the id, what it says, and a file with a text about which it decides.
#[cfg(test)]
pub(super) fn rules() -> impl Iterator<Item = (&'static str, &'static str, (&'static str, &'static str))> {
    RULES.iter().map(|rule| (rule.id, rule.means, rule.example))
}

/// Whether a rule that is written in Rust has the id.
pub(super) fn is_rule(id: &str) -> bool {
    RULES.iter().any(|rule| rule.id == id)
}

impl From<&'static str> for DecidedBy {
    fn from(id: &'static str) -> Self {
        Self(Id::Rule(id))
    }
}

/// A rule that is written in Rust.
struct Rule {
    id: &'static str,
    /// What it says.
    means: &'static str,
    /// The name of a file and a text in it about which the rule decides.
    #[cfg_attr(not(test), expect(dead_code, reason = "run as the rule's test"))]
    example: (&'static str, &'static str),
}

const fn rule(id: &'static str, means: &'static str, example: (&'static str, &'static str)) -> Rule {
    Rule { id, means, example }
}

#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule("attribute.default-of-variable", "The attribute names a variable of the environment, and the number is its default.",
        ("a.rs", "struct A {\n    #[arg(env, default_value_t = 8080)]\n    port: u16,\n}")),
    rule("attribute.default-value", "The attribute gives a field that is named like a port its default.",
        ("a.rs", "struct A {\n    #[arg(long, default_value_t = 8080)]\n    port: u16,\n}")),
    rule("binding.address-overridden", "A variable of the environment replaces the address that the name is given.",
        ("a.py", "url = 'http://localhost:8080'\nif os.environ.get('URL'):\n    url = os.environ.get('URL')\n")),
    rule("binding.behind-host", "The number follows a host in the value of a name.",
        ("a.py", "peer = ('127.0.0.1', 8080)\n")),
    rule("binding.configured", "MicroProfile Config reads the environment first, and the number is its default.",
        ("a.java", "class A { @ConfigProperty(name = \"http.port\", defaultValue = \"8080\") int port; }")),
    rule("binding.default-beside-port-name", "The number is a default, and an entry beside it names a port.",
        ("a.js", "const option = { name: 'port', default: 8080 }")),
    rule("binding.default-beside-variable", "The number is a default, and an entry beside it names a variable of the environment.",
        ("a.js", "const option = { env: 'PORT', default: 8080 }")),
    rule("binding.default-of-option", "The number is the default of an option that is named like a port.",
        ("a.py", "parser.add_argument('--port', default=8080)\n")),
    rule("binding.default-of-variable", "The form of the assignment gives a variable of the environment its default.",
        ("a.rb", "ENV['PORT'] ||= '8080'")),
    rule("binding.mapping", "The name is that of a port, and the value maps a port of this machine to one of a container.",
        ("a.py", "client.run(ports='8000:80')\n")),
    rule("binding.overridden", "A variable of the environment replaces the number that the name is given.",
        ("a.go", "package a\nfunc f() {\n\tport := \"8080\"\n\tif p := os.Getenv(\"PORT\"); p != \"\" {\n\t\tport = p\n\t}\n}")),
    rule("binding.parameter", "The number is the default of a parameter that is named like a port.",
        ("a.py", "def start(port=8080):\n    pass\n")),
    rule("binding.port-name", "The name that the number is given is that of a port.",
        ("a.js", "const port = 8080")),
    rule("binding.vagrant-forward", "The host's side of a port that Vagrant forwards.",
        ("Vagrantfile", "config.vm.network 'forwarded_port', guest: 80, host: 8080")),
    rule("call.address", "A call is given an address with a port.",
        ("a.js", "fetch('http://localhost:8080/')")),
    rule("call.before-host", "A call is given a number and then a host.",
        ("a.js", "request(8080, 'localhost', '/')")),
    rule("call.behind-host", "A call is given a host and then a number.",
        ("a.js", "reach('localhost', 8080)")),
    rule("call.behind-host-and-path", "A call is given a host, a path and then a number.",
        ("a.rb", "Net::HTTP.get('localhost', '/items', 4567)")),
    rule("call.collection-behind-name", "A list or map is given the number behind the name of a port.",
        ("a.java", "class A { Map<String, Integer> m = Map.of(\"port\", 8080); }")),
    rule("call.command-line", "A call is given a command line with a port.",
        ("a.js", "run('serve --port 8080')")),
    rule("call.converted-behind-host", "A number follows a host, both of which are converted.",
        ("a.py", "a = locale.format(text, ('127.0.0.1', 8080))\n")),
    rule("call.default-of-option", "A call gives an option that is named like a port its default.",
        ("a.js", "option('--port').int().default(8080)")),
    rule("call.let-block", "A block gives a name that is a port's its value.",
        ("a.rb", "let(:port) { 8080 }")),
    rule("call.makes-what-serves", "What is made with the number is all that a call which serves is given.",
        ("a.kt", "fun main() { app.asServer(Jetty(8080)) }")),
    rule("call.mapping", "A call that is named like a port is given a mapping of a port to one of a container.",
        ("a.js", "container.withPort('8000:80')")),
    rule("call.option-address", "A call declares an option that is named like a port, and gives it an address.",
        ("a.js", "option('--port', ':8080')")),
    rule("call.parameter-is-port", "The function is declared in this text with a port in that place.",
        ("a.js", "function start(port) {}\nstart(8080)")),
    rule("call.put-into-address", "The number is put into an address that a call is given.",
        ("a.py", "listen('http://localhost:%d' % 8080)\n")),
    rule("call.value-of-flag", "A call adds the value of a flag that is named like a port.",
        ("a.rs", "fn f() { Command::new(\"x\").arg(\"--port\").arg(8080); }")),
    rule("code.address", "The text is an address, and nothing around it says otherwise.",
        ("a.js", "const url = 'http://localhost:8080/'")),
    rule("operator.behind-other", "The number is for the case that another value has none.",
        ("a.js", "const port = options.port || 8080")),
    rule("call.named-lookup", "The address is for the case that the variable which is named before it is not set.",
        ("a.rs", "fn f() { let url = get_or_default(\"API_URL\", \"http://localhost:8080\"); }")),
    rule("code.in-defaults", "The number is among the defaults of settings, by the name of a function or of what holds them.",
        ("a.js", "const defaultOptions = { port: 8080 }")),
    rule("code.command-line", "The text is a command line with a port.",
        ("a.js", "const command = 'serve --port 8080'")),
    rule("code.placeholder", "A framework fills the placeholder, and the number is its default.",
        ("a.java", "class A { @Value(\"${server.port:8080}\") int port; }")),
    rule("code.put-into-address", "The number is put into an address.",
        ("a.py", "url = 'http://localhost:%d' % 8080\n")),
    rule("command-line.address", "An address of a command line, by its host and by what it is given to.",
        ("a.sh", "curl http://localhost:8080/\n")),
    rule("command-line.assignment", "A command line gives a name that is a port's its value.",
        ("a.sh", "env PORT=8080 serve\n")),
    rule("command-line.list", "A command line gives a name that is of several ports its values.",
        ("a.sh", "for port in 8003 8004; do\n  serve\ndone\n")),
    rule("command-line.named-number", "The number has a name, and a port is decided where the name is used.",
        ("a.sh", "n=8080\npython3 -m http.server $n\n")),
    rule("command-line.socket", "A shell opens a socket like a file.", ("a.sh", "echo > /dev/tcp/localhost/8080\n")),
    rule("constant.put-into-address", "The number has a name, which is put into an address.",
        ("a.js", "const n = 8080\nfetch(`http://localhost:${n}`)")),
    rule("list.first-found", "The list's first value that is set counts, and the number is its last.",
        ("a.js", "const a = [process.env.PORT, 8080].find(Boolean)")),
    rule("list.flag", "The number follows a flag that is named like a port in a list.",
        ("a.js", "const words = ['serve', '--port', '8080']")),
    rule("entry.environment", "An entry of a map of variables gives a port variable its value.",
        ("a.js", "module.exports = { apps: [{ env: { PORT: 3000 } }] }")),
    rule("lookup.default", "The number counts where a name that was given a variable of the environment has no value.",
        ("a.rs", "fn f() {\n    let port = std::env::var(\"PORT\").ok();\n    listen(port.unwrap_or(8080));\n}")),
    rule("lookup.settings-class", "The field of a class reads the variable of its name.",
        ("a.py", "class S(BaseSettings):\n    web_port: int = 8000\n")),
    rule("lookup.viper", "viper looks into the environment first, and the number is its default.",
        ("a.go", "package a\nfunc f() { viper.AutomaticEnv(); viper.SetDefault(\"port\", 8080) }")),
    rule("operator.conditional", "The number is the default of a lookup, chosen by a condition.",
        ("a.js", "const a = process.env.PORT ? process.env.PORT : 8080")),
    rule("operator.format-behind-host", "The number follows a host among the values of a format.",
        ("a.py", "a = '%s:%s' % ('127.0.0.1', 8080)\n")),
    rule("operator.or", "The number counts where the variable of the environment is not set.",
        ("a.js", "const a = process.env.PORT || 8080")),
    rule("return.behind-host", "A function returns a host and the number.",
        ("a.py", "def f():\n    return ('127.0.0.1', 8080)\n")),
    rule("return.behind-lookup", "A function that is named like a port returns the number where a lookup found nothing.",
        ("a.js", "function port() {\n  if (process.env.PORT) return process.env.PORT\n  return 8080\n}")),
    rule("return.port-name", "A function that is named like a port returns the number.",
        ("a.js", "function port() {\n  return 8080\n}")),
    rule("struct-tag.default", "The tag of a field gives it the number as its default.",
        ("a.go", "package a\ntype C struct {\n\tPort int `default:\"8080\"`\n}")),
    rule("batch", "A batch file gives or reads a port.", ("a.bat", "set PORT=8080\r\n")),
    rule("caddyfile", "A Caddyfile listens or leads to a service.", ("Caddyfile", "localhost:8080 {\n}\n")),
    rule("compose.environment", "The environment of a container.",
        ("compose.yaml", "services:\n  web:\n    environment:\n      PORT: 8080\n")),
    rule("compose.service", "An instruction of a compose service.",
        ("compose.yaml", "services:\n  web:\n    ports:\n      - \"8000:80\"\n")),
    rule("conf", "A setting of TOML, INI or one of the servers' own formats.", ("a.ini", "[server]\nport = 8080\n")),
    rule("dockerfile", "An instruction of a Dockerfile.", ("Dockerfile", "FROM a\nEXPOSE 8080\n")),
    rule("env-file.name", "The name of a variable in a file of variables.", (".env", "WEB_PORT=8080\n")),
    rule("env-file.value", "The value of a variable in a file of variables.", (".env", "WEB_PORT=8080\n")),
    rule("hcl", "A setting of Terraform, Nomad or Packer.", ("a.hcl", "port = 8080\n")),
    rule("html", "An address in a page.", ("a.html", "<a href=\"http://localhost:8080/\">a</a>")),
    rule("http", "A request that an editor sends.", ("a.http", "GET http://localhost:8080/\n")),
    rule("interpolation", "A variable is read in a text.", ("a.sh", "serve $WEB_PORT\n")),
    rule("interpolation.default", "The number counts where the variable is not set.", ("a.sh", "serve ${WEB_PORT:-8080}\n")),
    rule("json", "A setting in JSON.", ("a.json", "{\"port\": 8080}")),
    rule("makefile.assignment", "A variable of a makefile is given a value.", ("Makefile", "PORT = 8080\n")),
    rule("makefile.default", "The number counts where the variable of the environment is not set.",
        ("Makefile", "run:\n\tserve $(or $(WEB_PORT),8080)\n")),
    rule("makefile.list", "A list of ports of a makefile.", ("Makefile", "PORTS = 8080 8081\n")),
    rule("makefile.reference", "A variable is read in a makefile.", ("Makefile", "run:\n\tserve $(WEB_PORT)\n")),
    rule("ports-env", "A line of `.ports.env`.", (".ports.env", "WEB_PORT=8000\n")),
    rule("powershell", "A script of PowerShell gives or reads a port.", ("a.ps1", "$env:PORT = 8080\n")),
    rule("shell.assignment", "A variable of a shell is given a value.", ("a.sh", "PORT=\"8080\"\n")),
    rule("shell.list", "A list of ports of a shell.", ("a.sh", "PORTS=(8080 8081)\n")),
    rule("systemd", "A setting of a unit of systemd or Quadlet.", ("web.container", "[Container]\nPublishPort=8080:80\n")),
    rule("xml", "A setting in XML.", ("a.xml", "<server><port>8080</port></server>")),
    rule("yaml", "A setting in YAML.", ("a.yaml", "server:\n  port: 8080\n")),
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::{Language, Packs, SyntaxCache, analyze};

    #[test]
    fn every_rule_decides_about_its_example() {
        let mut wrong = Vec::new();
        for rule in RULES {
            let (name, text) = rule.example;
            let language = Language::of_path(Path::new(name)).unwrap();
            let analysis = analyze(text, language, &mut SyntaxCache::default());
            let deciding: Vec<_> =
                analysis.occurrences.iter().map(|occurrence| occurrence.decided_by.as_str()).collect();
            if !deciding.contains(&rule.id) {
                wrong.push(format!("{}: {text}\n  {deciding:?}", rule.id));
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn whatever_decides_about_the_fixtures_can_be_explained() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/languages");
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap().replace(['«', '»'], "");
            let language = Language::of_path(&path).unwrap();
            let packs = Packs::built_in();
            for occurrence in analyze(&text, language, &mut SyntaxCache::default()).occurrences {
                let by = occurrence.decided_by;
                assert!(packs.meaning_of(&by).is_some(), "{}: {}", path.display(), by.as_str());
            }
        }
    }

    #[test]
    fn every_rule_has_an_id_of_its_own() {
        for (index, rule) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.id != rule.id), "{}", rule.id);
        }
    }
}
