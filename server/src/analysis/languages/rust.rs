//! Rust.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::clap;
use crate::grammar::Grammar;

pub(in crate::analysis) static RUST: Syntax = Syntax {
    numbers: &["integer_literal"],
    strings: &["string_literal", "raw_string_literal"],
    comments: &["line_comment", "block_comment"],
    calls: &[("call_expression", Part::Field("arguments")), ("macro_invocation", Part::Kind("token_tree"))],
    bindings: &[
        Binding::fields("let_declaration", "pattern", "value", Role::Assignment),
        Binding::fields("const_item", "name", "value", Role::Assignment),
        Binding::fields("static_item", "name", "value", Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("field_initializer", "field", "value", Role::Entry),
    ],
    infix: &["binary_expression"],
    ternaries: &["if_expression", "match_expression"],
    conditionals: &[("if_expression", "condition")],
    returns: &["return_expression"],
    functions: &["function_item"],
    lambdas: &["closure_expression"],
    has_implicit_return: true,
    subscripts: &["index_expression"],
    inert: &["match_pattern", "use_declaration", "range_expression"],
    constant: &["const_item", "static_item", "attribute_item"],
    attributes: &["attribute_item"],
    frameworks: &[clap::CLAP],
    collections: &["array_expression", "tuple_expression"],
    tuples: &["tuple_expression"],
    macro_arguments: &["token_tree"],
    ..Syntax::of(Grammar::Rust)
};
