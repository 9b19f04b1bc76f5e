//! Kotlin.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::microprofile;
use crate::grammar::Grammar;

pub(in crate::analysis) static KOTLIN: Syntax = Syntax {
    numbers: &["number_literal"],
    strings: &["string_literal", "multiline_string_literal"],
    comments: &["line_comment", "block_comment"],
    calls: &[
        ("call_expression", Part::Kind("value_arguments")),
        ("constructor_invocation", Part::Kind("value_arguments")),
    ],
    bindings: &[
        Binding {
            node: "property_declaration",
            name: Part::Kind("variable_declaration"),
            value: Part::LastBut(&["getter", "setter"]),
            role: Role::Assignment,
        },
        Binding::fields("assignment", "left", "right", Role::Assignment),
        Binding::last("value_argument", Part::First, Role::Argument),
        Binding::last("class_parameter", Part::Kind("identifier"), Role::Parameter),
        // `"port" to 8080`
        Binding::last("infix_expression", Part::First, Role::Entry),
    ],
    pairs: &[("function_value_parameters", Role::Parameter)],
    infix: &["binary_expression"],
    ternaries: &["if_expression", "when_expression"],
    conditionals: &[("if_expression", "condition")],
    returns: &["return_expression"],
    functions: &["function_declaration", "anonymous_function", "secondary_constructor"],
    lambdas: &["lambda_literal"],
    has_implicit_return: true,
    subscripts: &["index_expression"],
    inert: &["import", "range_expression"],
    inert_fields: &[("when_entry", "condition")],
    constant: &["annotation"],
    constant_words: &["const"],
    frameworks: &[microprofile::MICROPROFILE],
    interpolations: &["interpolation"],
    handlers: &["catch_block"],
    ..Syntax::of(Grammar::Kotlin)
};
