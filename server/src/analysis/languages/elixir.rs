//! Elixir.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

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
    frameworks: &[],
};
