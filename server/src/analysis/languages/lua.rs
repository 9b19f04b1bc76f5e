//! Lua.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static LUA: Syntax = Syntax {
    grammar: Grammar::Lua,
    numbers: &["number"],
    strings: &["string"],
    comments: &["comment"],
    calls: &[("function_call", Part::Field("arguments"))],
    bindings: &[
        Binding::last("assignment_statement", Part::First, Role::Assignment),
        Binding::fields("field", "name", "value", Role::Entry),
    ],
    pairs: &[],
    infix: &["binary_expression"],
    ternaries: &[],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_declaration", "function_definition"],
    lambdas: &[],
    has_implicit_return: false,
    subscripts: &["bracket_index_expression"],
    inert: &[],
    inert_fields: &[],
    constant: &[],
    constant_words: &[],
    has_constant_globals: false,
    attributes: &[],
    tags: &[],
    has_docstrings: false,
    frameworks: &[],
};
