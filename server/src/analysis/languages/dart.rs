//! Dart.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static DART: Syntax = Syntax {
    numbers: &["decimal_integer_literal", "hex_integer_literal"],
    strings: &["string_literal", "uri"],
    comments: &["comment", "documentation_comment"],
    calls: &[
        ("call_expression", Part::Field("arguments")),
        ("constructor_invocation", Part::Field("arguments")),
        ("new_expression", Part::Kind("arguments")),
        ("const_object_expression", Part::Kind("arguments")),
    ],
    bindings: &[
        Binding::fields("initialized_variable_declaration", "name", "value", Role::Assignment),
        Binding::fields("static_final_declaration", "name", "value", Role::Assignment),
        Binding::fields("initialized_identifier", "name", "value", Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("map_element", "key", "value", Role::Entry),
        Binding::last("named_argument", Part::First, Role::Argument),
    ],
    pairs: &[("optional_formal_parameters", Role::Parameter)],
    infix: &[
        "additive_expression",
        "multiplicative_expression",
        "equality_expression",
        "relational_expression",
        "logical_or_expression",
        "logical_and_expression",
        "if_null_expression",
        "shift_expression",
        "bitwise_or_expression",
        "bitwise_and_expression",
    ],
    ternaries: &["conditional_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_declaration", "method_declaration", "function_expression"],
    lambdas: &["function_expression"],
    has_implicit_return: true,
    subscripts: &["index_expression"],
    inert: &["import_or_export", "constant_pattern", "throw_expression", "assert_statement"],
    constant: &["annotation", "const_object_expression", "enum_entry"],
    constant_words: &["const"],
    collections: &["list_literal", "set_or_map_literal"],
    interpolations: &["template_substitution"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::Dart)
};
