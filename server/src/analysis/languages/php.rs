//! PHP.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static PHP: Syntax = Syntax {
    numbers: &["integer"],
    strings: &["string", "encapsed_string", "heredoc", "nowdoc"],
    comments: &["comment", "text"],
    calls: &[
        ("function_call_expression", Part::Field("arguments")),
        ("member_call_expression", Part::Field("arguments")),
        ("nullsafe_member_call_expression", Part::Field("arguments")),
        ("scoped_call_expression", Part::Field("arguments")),
        ("object_creation_expression", Part::Kind("arguments")),
    ],
    bindings: &[
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("augmented_assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("property_element", "name", "default_value", Role::Assignment),
        Binding::fields("static_variable_declaration", "name", "value", Role::Assignment),
        Binding::fields("simple_parameter", "name", "default_value", Role::Parameter),
        Binding::fields("property_promotion_parameter", "name", "default_value", Role::Parameter),
        Binding::last("const_element", Part::First, Role::Assignment),
        Binding::last("array_element_initializer", Part::First, Role::Entry),
        Binding::last("argument", Part::Field("name"), Role::Argument),
    ],
    infix: &["binary_expression"],
    ternaries: &["conditional_expression", "match_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_definition", "method_declaration", "anonymous_function"],
    lambdas: &["arrow_function"],
    subscripts: &["subscript_expression"],
    inert: &[
        "echo_statement",
        "print_intrinsic",
        "match_condition_list",
        "namespace_use_declaration",
        "throw_expression",
    ],
    inert_fields: &[("case_statement", "value")],
    // Defaults and constants are made before the program runs.
    constant: &[
        "const_element",
        "property_element",
        "simple_parameter",
        "property_promotion_parameter",
        "attribute",
        "static_variable_declaration",
    ],
    collections: &["array_creation_expression"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::Php)
};
