//! Lua.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static LUA: Syntax = Syntax {
    numbers: &["number"],
    strings: &["string"],
    comments: &["comment"],
    calls: &[("function_call", Part::Field("arguments"))],
    bindings: &[
        Binding::last("assignment_statement", Part::First, Role::Assignment),
        Binding::fields("field", "name", "value", Role::Entry),
    ],
    infix: &["binary_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_declaration", "function_definition"],
    subscripts: &["bracket_index_expression"],
    collections: &["expression_list", "table_constructor"],
    ..Syntax::of(Grammar::Lua)
};
