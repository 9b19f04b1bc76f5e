//! Scala.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::microprofile;
use crate::grammar::Grammar;

pub(in crate::analysis) static SCALA: Syntax = Syntax {
    numbers: &["integer_literal"],
    strings: &["string", "interpolated_string", "interpolated_string_expression"],
    comments: &["comment", "block_comment"],
    calls: &[
        ("call_expression", Part::Field("arguments")),
        ("instance_expression", Part::Field("arguments")),
    ],
    bindings: &[
        Binding::fields("val_definition", "pattern", "value", Role::Assignment),
        Binding::fields("var_definition", "pattern", "value", Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("class_parameter", "name", "default_value", Role::Parameter),
        Binding::fields("parameter", "name", "default_value", Role::Parameter),
    ],
    infix: &["infix_expression"],
    ternaries: &["if_expression", "match_expression"],
    conditionals: &[("if_expression", "condition")],
    returns: &["return_expression"],
    functions: &["function_definition"],
    lambdas: &["lambda_expression"],
    has_implicit_return: true,
    inert: &["import_declaration", "throw_expression"],
    inert_fields: &[("case_clause", "pattern")],
    constant: &["annotation"],
    frameworks: &[microprofile::MICROPROFILE],
    interpolations: &["interpolation"],
    collections: &["tuple_expression"],
    tuples: &["tuple_expression"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::Scala)
};
