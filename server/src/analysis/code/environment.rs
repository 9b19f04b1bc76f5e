//! Lookups of environment variables, and the names that their values were given.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use tree_sitter::{Node, Tree};

use super::calls::{self, Callee};
use super::framework::{Framework, SettingsClass};
use super::{Arguments, Operator, Role, Source, Syntax};
use crate::analysis::decided_by::DecidedBy;
use crate::analysis::occurrence::{Meaning, Occurrence};
use crate::analysis::packs::{self, Lookups, Names, Packs};
use crate::analysis::tree::{Descent, Path};
use crate::pattern::{Pattern, regex};
use crate::variable::Variable;

/// The environment lookups of a text.
pub(super) struct Environment<'a> {
    known: &'a Lookups,
    lookups: Vec<Lookup>,
    words: &'a Names,
    /// Names that were given the value of a lookup, and where they stand.
    names: BTreeMap<&'a str, Vec<usize>>,
    /// Classes whose fields are read from the environment: their values are defaults.
    classes: Vec<SettingsClass>,
    /// What each name is given; found when that is first asked for.
    assigned: OnceCell<HashMap<String, Assigned>>,
}

/// What a name is given in a text.
#[derive(Default)]
struct Assigned {
    /// The bytes of each value, which begin behind the `=`.
    values: Vec<Range<usize>>,
    /// Where it is given a value from the environment; found when that is first asked for.
    overriding: OnceCell<Vec<usize>>,
}

/// A line that gives a name a value.
struct Assignment<'a> {
    name: &'a str,
    value: &'a str,
    /// Where the value begins, behind the `=`.
    start: usize,
}

impl<'a> Assignment<'a> {
    /// The assignment on a line that starts at the byte. A declaration is not one: it makes another variable of that name.
    fn on(line: &'a str, line_start: usize) -> Option<Self> {
        let (target, value) = line.split_once('=')?;
        let start = line_start + target.len() + 1;
        let target = target.trim().trim_end_matches(':');
        let (before, name) = target.split_at(target.rfind([' ', '{', '(', ';']).map_or(0, |at| at + 1));
        (!name.is_empty() && !line.contains(":=") && !is_type_or_keyword(before)).then_some(Self {
            name,
            value,
            start,
        })
    }
}

struct Lookup {
    /// The bytes of the variable's name.
    name: Range<usize>,
    variable: Variable,
    by: DecidedBy,
    /// The field of a class that is the lookup.
    field: Option<FieldLookup>,
}

struct FieldLookup {
    has_default: bool,
    is_alias: bool,
}

/// What decides where a name stands for a lookup.
const BY_NAME: &str = "lookup.default";

/// What an expression reads.
pub(super) struct Read {
    /// The variable, where it can be told.
    pub(super) variable: Option<Variable>,
    /// The row or rule that says so.
    pub(super) by: DecidedBy,
}

impl Read {
    fn of(expression: &str, lookup: packs::Lookup) -> Self {
        Self { variable: expression[lookup.name].parse().ok(), by: lookup.by }
    }
}

/// `NAME =`, `NAME :=`, `NAME: number =` at the end of the text before a lookup on its line.
static BOUND_NAME: Pattern =
    regex!(r"([A-Za-z_][0-9A-Za-z_]*)(?:\s*,\s*[0-9A-Za-z_]+)?\s*(?::[^=\n]*)?:?=[^=\n]*$");

/// `A`, `A: a`, `A = 1` among what is taken from a map.
static NAME: Pattern = regex!(r"(?:^|,)\s*([A-Za-z_][0-9A-Za-z_]*)(?:\s*:\s*([A-Za-z_][0-9A-Za-z_]*))?");

impl<'a> Environment<'a> {
    pub(super) fn of(text: &'a str, syntax: &Syntax, packs: &'a Packs) -> Self {
        let known = packs.environment.lookups(syntax.grammar);
        let classes = syntax.frameworks.iter().filter_map(|framework| match framework {
            Framework::Classes(classes) => Some(classes(text)),
            _ => None,
        });
        let classes: Vec<_> = classes.flatten().collect();
        let mut environment = Self {
            known,
            lookups: Vec::new(),
            words: &packs.names,
            names: BTreeMap::new(),
            classes,
            assigned: OnceCell::new(),
        };
        for class in &environment.classes {
            for field in &class.fields {
                let (name, variable) = (field.name.clone(), field.variable.clone());
                let (has_default, is_alias) = (field.has_default, field.is_alias);
                let field = Some(FieldLookup { has_default, is_alias });
                environment.lookups.push(Lookup { name, variable, by: class.by.into(), field });
            }
        }
        // Most texts do not; a search for a word is a good deal faster than one for a pattern.
        if known.may_be_in(text) {
            environment.add_lookups(text);
            environment.add_taken_apart(text);
            environment.lookups.sort_by_key(|lookup| lookup.name.start);
        }
        environment
    }

    fn add_lookups(&mut self, text: &'a str) {
        for lookup in self.known.all_in(text) {
            let start = lookup.whole.start;
            let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            if let Some(bound) = BOUND_NAME.captures(&text[line..start]).and_then(|captures| captures.get(1))
            {
                self.names.entry(bound.as_str()).or_default().push(line + bound.start());
            }
            self.add(text, lookup.name, &lookup.by);
        }
    }

    fn add_taken_apart(&mut self, text: &'a str) {
        for map in self.known.taken_apart_in(text) {
            for entry in NAME.captures_iter(&text[map.names.clone()]) {
                let Some(name) = entry.get(1).filter(|name| map.has(name.as_str())) else { continue };
                let bound = entry.get(2).unwrap_or(name);
                self.names.entry(bound.as_str()).or_default().push(map.names.start + bound.start());
                let start = map.names.start + name.start();
                self.add(text, start..start + name.len(), map.by);
            }
        }
    }

    fn add(&mut self, text: &str, name: Range<usize>, by: &DecidedBy) {
        if let Ok(variable) = text[name.clone()].parse() {
            self.lookups.push(Lookup { name, variable, by: by.clone(), field: None });
        }
    }

    /// Keeps what is read at the places that count.
    pub(super) fn retain(&mut self, mut counts: impl FnMut(Range<usize>) -> bool) {
        self.lookups.retain(|lookup| counts(lookup.name.clone()));
        self.names.retain(|_, places| {
            places.retain(|place| counts(*place..place + 1));
            !places.is_empty()
        });
    }

    /// Whether a port variable, or what may be a slip of one, is read at all.
    pub(super) fn reads_port(&self) -> bool {
        self.lookups.iter().any(|lookup| self.words.is_read_as_port(&lookup.variable))
    }

    /// Whether an expression, as written, reads the environment, and which variable.
    pub(super) fn reads(&self, expression: &str) -> Option<Option<Variable>> {
        self.read(expression).map(|read| read.variable)
    }

    /// How an expression, as written, reads the environment.
    fn read(&self, expression: &str) -> Option<Read> {
        if let Some(lookup) = self.known.first_in(expression) {
            return Some(Read::of(expression, lookup));
        }
        if self.known.is_held_in(expression) {
            return Some(Read { variable: None, by: BY_NAME.into() });
        }
        let is_name = expression.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let is_bound = is_name && self.names.contains_key(expression);
        is_bound.then(|| Read { variable: expression.parse().ok(), by: BY_NAME.into() })
    }

    /// Whether what is called belongs to a lookup: `env::var("PORT").unwrap_or`, or `value.unwrap_or`
    /// where `value` was looked up.
    pub(super) fn reads_in_call(&self, callee: &str) -> Option<Read> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        // In `f(env::var("PORT")).timeout(3000)` the lookup is an argument of a call before.
        let is_receiver = |callee: &str| {
            self.words.gives_default(last_part(callee))
                || self.known.first_in(callee).is_none_or(|lookup| {
                    let before = &callee[..lookup.whole.start];
                    before.matches('(').count() == before.matches(')').count()
                })
        };
        if !callee.bytes().all(is_name)
            && is_receiver(callee)
            && let Some(read) = self.read(callee)
        {
            return Some(read);
        }
        let (receiver, _) = callee.rsplit_once('.')?;
        if self.words.gives_default(last_part(callee)) {
            self.read(receiver.trim_end_matches('?'))
        } else {
            None
        }
    }

    /// Whether the last lookup in an expression, as written, ends behind the byte offset, and which
    /// variable it reads.
    pub(super) fn reads_behind(&self, expression: &str, from: usize) -> Option<Read> {
        let lookup = self.known.all_in(expression).last()?;
        (lookup.whole.end > from).then(|| Read::of(expression, lookup))
    }

    /// The variable that a call, as written, is the lookup of; its arguments begin at the byte offset.
    pub(super) fn is_read_by(&self, call: &str, arguments: usize) -> Option<Read> {
        let lookup = self.known.first_in(call)?;
        (lookup.whole.start < arguments).then(|| Read::of(call, lookup))
    }

    /// The names that were given the value of a lookup.
    pub(super) fn bound(&self) -> impl Iterator<Item = &'a str> {
        self.names.keys().copied()
    }

    /// Whether the text has a class whose fields are read from the environment.
    pub(super) fn has_classes(&self) -> bool {
        !self.classes.is_empty()
    }

    /// Whether the name was given the value of a lookup somewhere in the text.
    pub(super) fn binds(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Whether the byte offset lies in a class whose fields are read from the environment.
    pub(super) fn reads_fields_at(&self, offset: usize) -> bool {
        self.classes.iter().any(|class| class.contains(offset))
    }

    /// The variable that the field of a class at the byte offset reads.
    pub(super) fn field_at(&self, offset: usize) -> Option<&Variable> {
        self.classes.iter().find_map(|class| class.field_at(offset)).map(|field| &field.variable)
    }

    /// Whether the name is given a value from the environment behind the byte offset: what it had
    /// before is a default.
    pub(super) fn is_overridden(
        &self,
        text: &str,
        name: &str,
        from: usize,
        is_comment: impl Fn(usize) -> bool,
    ) -> bool {
        if self.lookups.is_empty() || name.is_empty() {
            return false;
        }
        let line_end = text[from..].find('\n').map_or(text.len(), |newline| from + newline);
        let on_line = Assignment::on(&text[from..line_end], from)
            .filter(|it| it.name == name && self.gives_from_environment(name, it.value))
            .map(|it| it.start);
        let mut overriding = on_line.into_iter().chain(self.overriding(text, name, line_end).iter().copied());
        overriding.any(|value| !is_comment(value - 1))
    }

    /// Where the values from the environment begin that the name is given behind the byte offset.
    fn overriding(&self, text: &str, name: &str, from: usize) -> &[usize] {
        // One pass over the text serves all names: a text may give thousands a value.
        let assigned = self.assigned.get_or_init(|| {
            let mut assigned: HashMap<String, Assigned> = HashMap::new();
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                if let Some(Assignment { name, value, start }) = Assignment::on(line, start) {
                    assigned.entry(name.to_owned()).or_default().values.push(start..start + value.len());
                }
                start += line.len();
            }
            assigned
        });
        let Some(assigned) = assigned.get(name) else { return &[] };
        let overriding = assigned.overriding.get_or_init(|| {
            let gives = |value: &&Range<usize>| self.gives_from_environment(name, &text[(*value).clone()]);
            assigned.values.iter().filter(gives).map(|value| value.start).collect()
        });
        &overriding[overriding.partition_point(|value| *value < from)..]
    }

    /// Whether a value that is assigned to the name is read from the environment, or is another name that was.
    fn gives_from_environment(&self, name: &str, value: &str) -> bool {
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let mut words = value.split(|character: char| !is_word(character));
        self.known.is_in(value) || words.any(|word| word != name && self.names.contains_key(word))
    }

    /// Every lookup of a port variable, or of what may be a slip of one, as occurrences.
    pub(super) fn references(&self, source: &Source<'_>, tree: &Tree) -> Vec<Occurrence> {
        let mut descent = Descent::of(tree);
        self.lookups
            .iter()
            .filter(|lookup| self.words.is_read_as_port(&lookup.variable))
            .map(|lookup| {
                let meaning = Meaning::Reference {
                    variable: lookup.variable.clone(),
                    has_default: match &lookup.field {
                        Some(field) => field.has_default,
                        None => has_default(source, descent.to(&lookup.name)),
                    },
                    is_renamable: lookup.field.as_ref().is_none_or(|field| field.is_alias),
                };
                Occurrence::new(lookup.name.clone(), meaning, lookup.by.clone())
            })
            .collect()
    }
}

/// Whether a lookup has a default: it is the left side of an alternative, one of several arguments,
/// or destructured with a value.
fn has_default(source: &Source<'_>, path: &Path<'_>) -> bool {
    let mut child = path.leaf();
    for parent in path.above(child).take(14) {
        if source.syntax.infix.contains(&parent.kind()) {
            return source.syntax.operation(parent, source.text).is_some_and(|(left, operator)| {
                left.id() == child.id() && source.syntax.operator(operator) == Some(Operator::Default)
            });
        }
        if let Some(arguments) = source.syntax.arguments(parent) {
            let is_receiver = child.start_byte() < arguments.start_byte();
            let is_default = match is_receiver {
                true => source.packs.names.gives_default(last_part(source.callee(parent, arguments))),
                false => is_followed_by_default(source, parent, arguments),
            };
            if is_default {
                return true;
            }
        } else if source.syntax.ternaries.contains(&parent.kind()) {
            return true;
        } else if let Some(binding) =
            source.syntax.bindings.iter().find(|binding| binding.node == parent.kind())
        {
            // `{ WEB_PORT = 8000 } = process.env`
            let is_name = || binding.name.of(parent).is_some_and(|name| name.id() == child.id());
            return binding.role == Role::Parameter && is_name();
        }
        child = parent;
    }
    false
}

/// Whether a call with a lookup among its arguments takes the next one where the variable is not set: the lookup itself does,
/// and what nothing is known of may; what listens does not, nor does a base of a number follow one, `parseInt(..., 10)`.
fn is_followed_by_default(source: &Source<'_>, call: Node<'_>, arguments: Arguments<'_>) -> bool {
    let nodes = arguments.nodes(2);
    let Some(next) = nodes.get(1) else { return false };
    let (text, start) = (source.text_of(call), arguments.start_byte() - call.start_byte());
    if source.environment.is_read_by(text, start).is_some() {
        return true;
    }
    let does = source.does(call, arguments);
    does.may_take_default()
        && !(does == Callee::Conversion && calls::is_base(source.text_of(*next)))
        && source.environment.reads(text).is_some()
}

/// Whether what stands before a name declares it: `let`, `const char *`, `String`; not `else`, `if (`.
fn is_type_or_keyword(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with(|character: char| character.is_alphanumeric() || matches!(character, '>' | ']' | '*'))
        && !["else", "then", "do"].iter().any(|word| before.ends_with(word))
}

/// The last name of what is called.
fn last_part(callee: &str) -> &str {
    callee.rsplit(['.', ':']).next().unwrap_or(callee)
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::{finds_what_is_marked, variables};

    fn finds(text: &str) {
        finds_what_is_marked("a.js", text);
    }

    #[test]
    fn a_name_stands_for_the_lookup_that_it_was_given() {
        finds("const given = process.env.PORT\napp.listen(given || «8080 fallback»)\n");
        finds("const given = settings.port\napp.listen(given || «8080 listen»)\n");
        finds("// const given = process.env.PORT\napp.listen(given || «8080 listen»)\n");
    }

    #[test]
    fn a_name_is_taken_out_of_a_map_of_variables() {
        finds("const { PORT: given } = process.env\napp.listen(given || «8080 fallback»)\n");
        finds("const { PORT: given } = settings\napp.listen(given || «8080 listen»)\n");
    }

    #[test]
    fn a_later_value_from_the_environment_makes_a_default() {
        finds("let port = «8080 fallback»\nif (a) port = process.env.PORT\n");
        finds("let port = «8080 setting»\nif (a) port = settings.port\n");
        finds("let port = «8080 setting»\nif (a) { let port = process.env.PORT }\n");
        finds("let port = «8080 setting»\nif (a) other = process.env.PORT\n");
    }

    #[test]
    fn a_lookup_among_the_arguments_is_not_what_is_called() {
        finds_what_is_marked("a.rs", "fn f() { let port = env::var(\"PORT\").unwrap_or(«8080 fallback»); }");
        finds("open(process.env.NAME).reach('localhost', «8080 connect»)");
    }

    #[test]
    fn a_lookup_has_a_default_by_what_is_around_it() {
        for (text, expected) in [
            ("f(process.env.WEB_PORT || a)", "$WEB_PORT:-"),
            ("f(a || process.env.WEB_PORT)", "$WEB_PORT"),
            ("f(process.env.WEB_PORT ? a : b)", "$WEB_PORT:-"),
            ("const { WEB_PORT = a } = process.env", "$WEB_PORT:-"),
            ("const { WEB_PORT } = process.env", "$WEB_PORT"),
            ("f(process.env.WEB_PORT + a)", "$WEB_PORT"),
            ("f(process.env.WEB_PORT, a)", "$WEB_PORT:-"),
            ("app.listen(process.env.WEB_PORT, a)", "$WEB_PORT"),
            ("parseInt(process.env.WEB_PORT, 10)", "$WEB_PORT"),
        ] {
            assert_eq!(variables("a.js", text), [expected], "{text}");
        }
        assert_eq!(variables("a.py", "os.environ.get('WEB_PORT', a)"), ["$WEB_PORT:-"]);
        assert_eq!(variables("a.py", "os.environ.get('WEB_PORT')"), ["$WEB_PORT"]);
    }
}
