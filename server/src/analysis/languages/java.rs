//! Java.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::microprofile;
use crate::grammar::Grammar;

pub(in crate::analysis) static JAVA: Syntax = Syntax {
    numbers: &["decimal_integer_literal", "hex_integer_literal"],
    strings: &["string_literal"],
    comments: &["line_comment", "block_comment"],
    calls: &[
        ("method_invocation", Part::Field("arguments")),
        ("object_creation_expression", Part::Field("arguments")),
        ("explicit_constructor_invocation", Part::Field("arguments")),
        ("enum_constant", Part::Field("arguments")),
        ("annotation", Part::Field("arguments")),
    ],
    bindings: &[
        Binding::fields("variable_declarator", "name", "value", Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("element_value_pair", "key", "value", Role::Argument),
    ],
    infix: &["binary_expression"],
    ternaries: &["ternary_expression", "switch_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["method_declaration", "constructor_declaration"],
    lambdas: &["lambda_expression"],
    subscripts: &["array_access"],
    inert: &["switch_label", "import_declaration", "throw_statement"],
    constant: &["annotation", "annotation_type_element_declaration"],
    frameworks: &[microprofile::MICROPROFILE],
    interpolations: &["string_interpolation"],
    collections: &["array_creation_expression", "array_initializer"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::Java)
};
