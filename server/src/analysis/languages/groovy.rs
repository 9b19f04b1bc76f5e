//! Groovy.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static GROOVY: Syntax = Syntax {
    numbers: &["decimal_integer_literal", "hex_integer_literal"],
    strings: &["string_literal", "character_literal", "text_block"],
    comments: &["line_comment", "block_comment", "groovy_doc"],
    calls: &[
        ("method_invocation", Part::Field("arguments")),
        ("object_creation_expression", Part::Field("arguments")),
        ("juxt_function_call", Part::Field("args")),
    ],
    bindings: &[
        Binding::fields("variable_declarator", "name", "value", Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("map_item", "key", "value", Role::Entry),
        Binding::fields("element_value_pair", "key", "value", Role::Argument),
        Binding::last("formal_parameter", Part::Field("name"), Role::Parameter),
    ],
    infix: &["binary_expression"],
    ternaries: &["ternary_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_definition", "method_declaration", "constructor_declaration"],
    lambdas: &["closure", "lambda_expression"],
    subscripts: &["index_expression"],
    inert: &["import_declaration", "switch_label"],
    constant: &["annotation"],
    collections: &["array_literal"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::Groovy)
};
