//! Kotlin.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::microprofile;
use crate::grammar::Grammar;

pub(in crate::analysis) static KOTLIN: Syntax = Syntax {
    grammar: Grammar::Kotlin,
    numbers: &["number_literal"],
    strings: &["string_literal", "multiline_string_literal"],
    comments: &["line_comment", "block_comment"],
    calls: &[
        ("call_expression", Part::Kind("value_arguments")),
        ("constructor_invocation", Part::Kind("value_arguments")),
    ],
    bindings: &[
        Binding::last("property_declaration", Part::Kind("variable_declaration"), Role::Assignment),
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
    has_constant_globals: false,
    attributes: &[],
    tags: &[],
    has_docstrings: false,
    frameworks: &[microprofile::MICROPROFILE],
};
