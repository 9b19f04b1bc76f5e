//! What stands around a number without being its ancestor: neighbours, declarations, conditions.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use tree_sitter::{Node, Tree};

use super::calls::{self, Callee};
use super::{Arguments, Source, Syntax};
use crate::analysis::address;
use crate::analysis::packs::{Names, Packs};
use crate::analysis::tree::Path;
use crate::pattern::{Pattern, regex};

/// `function start(port)`, `def start(host, port=80)`, `const start = async (port) =>`.
static DECLARATION: Pattern = regex!(
    r"(?-u:\b)(?:function|def|func|fn|const|let|var)\s+([A-Za-z_][0-9A-Za-z_]*)[^\n(]{0,24}\(([^()]*)\)"
);

/// The functions of a text that take a port, and in which place.
pub(super) fn port_parameters(text: &str, names: &Names) -> HashMap<String, Vec<usize>> {
    let mut found: HashMap<String, Vec<usize>> = HashMap::new();
    for captures in DECLARATION.captures_iter(text) {
        let (Some(name), Some(list)) = (captures.get(1), captures.get(2)) else { continue };
        for (index, parameter) in list.as_str().split(',').enumerate() {
            let parameter = parameter.trim().split([':', '=', ' ']).next().unwrap_or_default();
            if names.is_port(parameter) {
                found.entry(name.as_str().to_owned()).or_default().push(index);
            }
        }
    }
    found
}

/// With more arguments than this, a call makes a list. Nobody writes such a call by hand, and what each of them
/// means would depend on all before it.
pub(super) const MOST_ARGUMENTS: usize = 500;

/// The arguments of a call, one by one, or as many that it is clear that there are too many.
pub(super) fn arguments_of(arguments: Arguments<'_>) -> Vec<Node<'_>> {
    arguments.nodes(MOST_ARGUMENTS + 1)
}

/// The answers to what was asked of all entries of a node. Thousands of ports may stand in one list, and each asks
/// the same.
pub(super) struct Entries {
    answers: RefCell<HashMap<(usize, Question), bool>>,
    /// The node at the top of the tree.
    top: usize,
    compares_top_level: Cell<bool>,
}

/// What is asked of the entries around a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    HasRemoteHost,
    HasKey(&'static str),
    NamesPort,
    NamesVariable,
}

impl Entries {
    pub(super) fn of(tree: &Tree) -> Self {
        Self { answers: RefCell::default(), top: tree.root_node().id(), compares_top_level: Cell::new(false) }
    }

    /// Whether the parts of the text at its top were asked.
    pub(super) fn compares_top_level(&self) -> bool {
        self.compares_top_level.get()
    }

    fn any<'tree>(&self, node: Node<'tree>, question: Question, is: impl Fn(Node<'tree>) -> bool) -> bool {
        let key = (node.id(), question);
        self.compares_top_level.set(self.compares_top_level.get() || node.id() == self.top);
        if let Some(answer) = self.answers.borrow().get(&key) {
            return *answer;
        }
        let mut cursor = node.walk();
        let answer = node.named_children(&mut cursor).any(is);
        self.answers.borrow_mut().insert(key, answer);
        answer
    }
}

/// Whether an entry, as written, is a host and a public one.
fn is_remote_host(key: &str, value: &str, packs: &Packs) -> bool {
    let is_host = packs.names.is_host_key(key);
    let host = value.trim().trim_start_matches(['>', ' ']).trim_matches(['"', '\'', '`']);
    is_host && address::is_remote(host, packs)
}

/// Where the name of what is called begins: some grammars have the module in a node before the call.
fn qualified(call: Node<'_>, syntax: &Syntax) -> usize {
    let module = call.prev_sibling().filter(|before| syntax.modules.contains(&before.kind()));
    module.unwrap_or(call).start_byte()
}

impl<'a> Source<'a> {
    /// What is called, as written, without type arguments and `new`: what stands before the arguments.
    pub(super) fn callee(&self, call: Node<'_>, arguments: Arguments<'_>) -> &'a str {
        let mut cursor = call.walk();
        // `new /* connects */ IPEndPoint(ip, 8080)`
        let comments = call.children(&mut cursor).filter(|child| child.is_extra());
        let before =
            comments.map(|comment| comment.end_byte()).take_while(|end| *end <= arguments.start_byte());
        let start = before.last().unwrap_or_else(|| qualified(call, self.syntax));
        let text = self.text.get(start..arguments.start_byte()).unwrap_or_default().trim_start();
        // `(listen 8080)`
        let text = match text.strip_prefix('(').filter(|name| !name.contains([')', '('])) {
            Some(name) => name,
            None => text,
        };
        let text = text.trim_end().trim_end_matches('(').trim_end();
        let text = match text.strip_suffix('>').and_then(|_| text.rfind('<')) {
            Some(types) => text[..types].trim_end_matches("::"),
            None => text,
        };
        text.strip_prefix("new ").unwrap_or(text)
    }

    /// `const val PORT = 8080`: whether the words before a name on its line say that its value has to
    /// be a constant.
    pub(super) fn is_declared_constant(&self, name: Node<'_>) -> bool {
        let words = self.syntax.constant_words;
        if words.is_empty() {
            return false;
        }
        let line = self.text[..name.start_byte()].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[line..name.start_byte()].split_whitespace().any(|word| words.contains(&word))
    }

    /// Whether a place outside of every function takes nothing but a constant.
    pub(super) fn is_constant_global(&self, path: &Path<'_>) -> bool {
        self.syntax.has_constant_globals
            && !path.up().any(|node| self.syntax.functions.contains(&node.kind()))
    }

    /// Whether a place lies in what a call says to people.
    pub(super) fn is_prose(&self, path: &Path<'_>) -> bool {
        path.up().any(|node| {
            self.syntax.arguments(node).is_some_and(|arguments| self.does(node, arguments) == Callee::Prose)
        })
    }

    /// Whether a place lies in the head of a function that is declared by a call, as in Elixir: `def port(%{port: 80})`.
    pub(super) fn is_pattern_of_function(&self, path: &Path<'_>, node: Node<'_>) -> bool {
        path.above(node).any(|above| {
            let Some(arguments) = self.syntax.arguments(above) else { return false };
            // The body may follow as an argument of its own: `def port(:http), do: 80`.
            let head = arguments.nodes(1).first().copied();
            head.is_some_and(|head| head.byte_range().contains(&node.start_byte()))
                && self.syntax.declaring_calls.contains(&self.callee(above, arguments))
        })
    }

    /// Whether the function that is called is declared in this text with a port in that place.
    pub(super) fn parameter_is_port(&self, callee: &str, index: usize) -> bool {
        // A method is declared without what it is called on.
        let is_method = callee.contains(['.', ':', '>']);
        // One pass over the text tells of all functions, and only a text with an unknown call needs it.
        let declared = || self.port_parameters.get_or_init(|| port_parameters(self.text, &self.packs.names));
        !is_method && declared().get(callee).is_some_and(|indices| indices.contains(&index))
    }

    /// `{ host: "example.com", port: 443 }`
    pub(super) fn is_beside_remote_host<'tree>(&self, path: &Path<'tree>, entry: Node<'tree>) -> bool {
        if self.syntax.pairs.iter().any(|(pairs, _)| *pairs == entry.kind()) {
            let mut cursor = entry.walk();
            let names: Vec<&str> = entry.named_children(&mut cursor).map(|node| self.text_of(node)).collect();
            return names.windows(2).any(|pair| is_remote_host(pair[0], pair[1], self.packs));
        }
        path.parent(entry).is_some_and(|entries| {
            self.entries.any(entries, Question::HasRemoteHost, |other| {
                let text = self.text_of(other);
                text.split_once([':', '=']).is_some_and(|(key, value)| is_remote_host(key, value, self.packs))
            })
        })
    }

    /// Whether an entry has another of that key beside it.
    pub(super) fn is_beside<'tree>(&self, path: &Path<'tree>, entry: Node<'tree>, key: &'static str) -> bool {
        path.parent(entry).is_some_and(|entries| {
            self.entries.any(entries, Question::HasKey(key), |other| {
                let name = self.text_of(other).trim_start_matches([':', '"', '\'']);
                name.strip_prefix(key).is_some_and(|rest| rest.starts_with([':', '"', '\'', ' ']))
            })
        })
    }

    /// `{ name: "port", value: 8080 }`
    pub(super) fn is_beside_port_name<'tree>(&self, path: &Path<'tree>, entry: Node<'tree>) -> bool {
        let names = &self.packs.names;
        let names_port = |text: &str| {
            text.trim_matches(['{', '}', '[', ']'])
                .split(',')
                .any(|part| calls::names_port_option(&[part.trim()], names))
        };
        self.is_any_beside(path, entry, Question::NamesPort, |key, value| {
            names.is_label(key) && names_port(value)
        })
    }

    /// `{ env: "PORT", default: 8080 }`, `option("--port", default=8080, envvar="PORT")`
    pub(super) fn is_beside_variable<'tree>(&self, path: &Path<'tree>, entry: Node<'tree>) -> bool {
        self.is_any_beside(path, entry, Question::NamesVariable, |key, _| self.packs.keys.names_variable(key))
    }

    /// Whether any of the entries or named arguments around one, as written, is so: names and values.
    fn is_any_beside<'tree>(
        &self,
        path: &Path<'tree>,
        entry: Node<'tree>,
        question: Question,
        is: impl Fn(&str, &str) -> bool,
    ) -> bool {
        path.parent(entry).is_some_and(|entries| {
            self.entries.any(entries, question, |other| {
                let entry = self.text_of(other).split_once([':', '=']);
                entry.is_some_and(|(key, value)| is(key.trim(), value.trim()))
            })
        })
    }

    /// The arguments of the call around a node, as written.
    pub(super) fn enclosing_call<'tree>(
        &self,
        path: &Path<'tree>,
        node: Node<'tree>,
    ) -> Option<Vec<&'a str>> {
        for node in path.above(node).take(3) {
            if let Some(arguments) = self.syntax.arguments(node) {
                let arguments = arguments_of(arguments);
                return (arguments.len() <= MOST_ARGUMENTS)
                    .then(|| arguments.into_iter().map(|argument| self.text_of(argument)).collect());
            }
        }
        None
    }

    /// `if port == "" { port = "8080" }`, where `port` came from the environment; or
    /// `port := "8080"` with `if p != "" { port = p }` further down, where `p` did.
    pub(super) fn is_default_of<'tree>(
        &self,
        path: &Path<'tree>,
        assignment: Node<'tree>,
        name: &str,
    ) -> bool {
        if self.environment.reads_fields_at(assignment.start_byte()) {
            return true;
        }
        let assigned_at = assignment.end_byte();
        let is_comment = |at: usize| {
            let node = path.up().last().and_then(|root| root.descendant_for_byte_range(at, at));
            node.is_some_and(|node| node.is_extra() || self.syntax.comments.contains(&node.kind()))
        };
        if self.environment.is_overridden(self.text, name, assigned_at, is_comment) {
            return true;
        }
        let is_bound = self.environment.binds(name);
        for parent in path.above(assignment) {
            if self.syntax.functions.contains(&parent.kind()) {
                return false;
            }
            // `if p := os.Getenv("PORT"); p != "" { port = p } else { port = "8080" }`
            if let Some(initializer) = parent.child_by_field_name("initializer")
                && self.syntax.conditionals.iter().any(|(kind, _)| *kind == parent.kind())
                && self.environment.reads(self.text_of(initializer)).is_some()
            {
                return true;
            }
            if !is_bound {
                continue;
            }
            // A lookup that failed: `except KeyError: port = 8080`.
            if self.syntax.handlers.contains(&parent.kind()) {
                return true;
            }
            if let Some((_, condition)) =
                self.syntax.conditionals.iter().find(|(kind, _)| *kind == parent.kind())
            {
                let condition =
                    parent.child_by_field_name(condition).map_or("", |condition| self.text_of(condition));
                return condition.contains(name) || self.tells_of_lookup(condition, name);
            }
        }
        false
    }

    /// Whether a condition asks whether the lookup that gave a name its value found something: `!ok`
    /// behind `port, ok := os.LookupEnv("PORT")`.
    fn tells_of_lookup(&self, condition: &str, name: &str) -> bool {
        let flag = condition.trim_start_matches(['!', '(', ' ']).trim_end_matches([')', ' ']);
        let is_name =
            !flag.is_empty() && flag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name && self.whole.says(&format!("{name}, {flag}"))
    }

    /// `const { PORT = 3000 } = process.env`
    pub(super) fn destructured_from_environment<'tree>(
        &self,
        path: &Path<'tree>,
        pattern: Node<'tree>,
    ) -> bool {
        for parent in path.above(pattern) {
            if let Some((_, name)) = parent
                .child_by_field_name("value")
                .and_then(|value| Some((self.text_of(value), parent.child_by_field_name("name")?)))
                .filter(|(value, _)| value.ends_with("env"))
            {
                return name.byte_range().contains(&pattern.start_byte());
            }
            if self.syntax.functions.contains(&parent.kind()) {
                return false;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{decided_by, finds_what_is_marked, shapes};

    #[test]
    fn a_call_is_known_by_its_name_without_what_is_around_it() {
        for text in [
            "class A { void F() { f = new TcpListener(ip, «8080 listen»); } }",
            "class A { void F() { f = new /* connect */ TcpListener(ip, «8080 listen»); } }",
            "class A { void F() { f = Listen<Http>(«8080 listen»); } }",
        ] {
            finds_what_is_marked("a.cs", text);
        }
        finds_what_is_marked("a.clj", "(listen «8080 listen»)");
        finds_what_is_marked("a.erl", "f() -> gen_tcp:listen(«8080 listen», []).");
        finds_what_is_marked("a.erl", "f() -> io:format(\"http://localhost:8080/\").");
    }

    #[test]
    fn the_port_of_a_public_host_beside_it_is_not_ours() {
        finds_what_is_marked("a.js", "f({ host: 'www.example.com', port: 443 })");
        finds_what_is_marked("a.js", "f({ host: 'localhost', port: «5432 setting» })");
        finds_what_is_marked("a.js", "f({ title: 'www.example.com', port: «8080 setting» })");
    }

    #[test]
    fn a_default_is_an_options_by_the_entries_beside_it() {
        assert_eq!(
            decided_by("a.js", "f({ name: 'port', default: 8080 })"),
            ["binding.default-beside-port-name"]
        );
        assert_eq!(
            decided_by("a.js", "f({ env: 'PORT', default: 8080 })"),
            ["binding.default-beside-variable"]
        );
        assert_eq!(decided_by("a.js", "f({ name: 'limit', default: 8080 })"), [""; 0]);
        assert_eq!(decided_by("a.js", "f({ title: 'port', default: 8080 })"), [""; 0]);
    }

    #[test]
    fn a_declaration_tells_which_parameter_is_a_port() {
        finds_what_is_marked("a.js", "function start(name, port) {}\nstart(8080, «8081 listen»)\n");
        finds_what_is_marked("a.js", "function start(name, size) {}\nstart(8080, 8081)\n");
    }

    #[test]
    fn a_value_where_a_lookup_found_nothing_is_its_default() {
        let go = |body: &str| format!("package a\nfunc f() {{\n{body}\n}}\n");
        for body in [
            "port := os.Getenv(\"PORT\")\nif port == \"\" {\nport = \"«8080 fallback»\"\n}",
            "port, ok := os.LookupEnv(\"PORT\")\nif !ok {\nport = \"«8080 fallback»\"\n}",
            "port := \"\"\nif p := os.Getenv(\"PORT\"); p != \"\" {\nport = p\n} else {\nport = \"«8080 fallback»\"\n}",
            "port := name\nif port == \"\" {\nport = \"«8080 setting»\"\n}",
        ] {
            finds_what_is_marked("a.go", &go(body));
        }
        let handler = "try:\n    port = os.environ['PORT']\nexcept KeyError:\n    port = «8080 fallback»\n";
        finds_what_is_marked("a.py", handler);
    }

    #[test]
    fn a_value_of_what_is_taken_apart_is_a_default() {
        finds_what_is_marked("a.js", "const { PORT = «3000 fallback» } = process.env");
        finds_what_is_marked("a.js", "const { PORT = «3000 option-default» } = settings");
    }

    #[test]
    fn a_constant_takes_no_expression() {
        assert_eq!(shapes("a.kt", "const val PORT = 8080"), ["fixed PORT"]);
        assert_eq!(shapes("a.kt", "val PORT = 8080"), ["number PORT"]);
        assert_eq!(shapes("a.c", "int port = 8080;"), ["fixed port"]);
        assert_eq!(shapes("a.c", "void f() { int port = 8080; }"), ["number port"]);
    }

    #[test]
    fn the_head_of_a_function_is_a_pattern() {
        finds_what_is_marked("a.ex", "def name(%{port: 8080}), do: :http");
        finds_what_is_marked("a.ex", "start(%{port: «8080 setting»})");
    }
}
