//! C#.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static CSHARP: Syntax = Syntax {
    numbers: &["integer_literal"],
    strings: &[
        "string_literal",
        "verbatim_string_literal",
        "raw_string_literal",
        "interpolated_string_expression",
    ],
    comments: &["comment"],
    calls: &[
        ("invocation_expression", Part::Field("arguments")),
        ("object_creation_expression", Part::Field("arguments")),
        ("implicit_object_creation_expression", Part::Kind("argument_list")),
        ("attribute", Part::Kind("attribute_argument_list")),
    ],
    bindings: &[
        Binding::last("variable_declarator", Part::Field("name"), Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("property_declaration", "name", "value", Role::Assignment),
        Binding::last("argument", Part::Field("name"), Role::Argument),
        Binding::last("attribute_argument", Part::Field("name"), Role::Argument),
        Binding::last("parameter", Part::Field("name"), Role::Parameter),
        Binding::last("enum_member_declaration", Part::Field("name"), Role::Assignment),
        // `{ "port", 8080 }` in a dictionary.
        Binding::last("initializer_expression", Part::Kind("string_literal"), Role::Entry),
    ],
    infix: &["binary_expression"],
    ternaries: &["conditional_expression", "switch_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["method_declaration", "constructor_declaration", "local_function_statement"],
    lambdas: &["lambda_expression"],
    has_implicit_return: true,
    subscripts: &["element_access_expression"],
    inert: &["constant_pattern", "using_directive", "case_switch_label", "throw_statement"],
    constant: &["attribute", "parameter", "enum_member_declaration"],
    constant_words: &["const"],
    interpolations: &["interpolation"],
    collections: &["array_creation_expression", "initializer_expression", "tuple_expression"],
    tuples: &["tuple_expression"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::CSharp)
};
