//! Elixir.

use regex::Regex;

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;
use crate::pattern::{Pattern, regex};

static ENVIRONMENT: Pattern = regex!(
    r#"(?x)
        (?-u:\b) System \. (?: get_env | fetch_env!? ) \s* \(? \s* " ([0-9A-Za-z_]+) "
      | (?-u:\b) [0-9A-Za-z_]* (?: [eE]nv (?: [A-Z_] [0-9A-Za-z_]* )? (?: \. [0-9A-Za-z_]+ )? | ENV [0-9A-Z_]* | [eE]nvironment \. [0-9A-Za-z_]+ ) \( \s* ["'] ([A-Z_][A-Z0-9_]*) ["']
        "#
);

fn environment() -> &'static Regex {
    &ENVIRONMENT
}

pub(in crate::analysis) static ELIXIR: Syntax = Syntax {
    grammar: Grammar::Elixir,
    numbers: &["integer"],
    strings: &["string", "charlist", "sigil"],
    comments: &["comment"],
    calls: &[("call", Part::Kind("arguments"))],
    bindings: &[Binding::fields("pair", "key", "value", Role::Entry)],
    pairs: &[],
    infix: &["binary_operator"],
    ternaries: &[],
    conditionals: &[],
    returns: &[],
    functions: &[],
    lambdas: &["anonymous_function"],
    has_implicit_return: false,
    subscripts: &["access_call"],
    inert: &[],
    inert_fields: &[("stab_clause", "left")],
    constant: &[],
    constant_words: &[],
    has_constant_globals: false,
    attributes: &[],
    tags: &[],
    has_docstrings: false,
    environment,
};
