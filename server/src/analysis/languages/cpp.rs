//! C and C++. One grammar reads both.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static CPP: Syntax = Syntax {
    numbers: &["number_literal", "preproc_arg"],
    strings: &["string_literal", "raw_string_literal"],
    comments: &["comment"],
    calls: &[
        ("call_expression", Part::Field("arguments")),
        ("new_expression", Part::Field("arguments")),
        // `Client client("localhost", 8080);`
        ("init_declarator", Part::Kind("argument_list")),
    ],
    bindings: &[
        Binding::fields("init_declarator", "declarator", "value", Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Assignment),
        Binding::fields("preproc_def", "name", "value", Role::Assignment),
        Binding::fields("enumerator", "name", "value", Role::Assignment),
        Binding::fields("field_declaration", "declarator", "default_value", Role::Assignment),
        Binding::fields("optional_parameter_declaration", "declarator", "default_value", Role::Parameter),
        Binding::last("initializer_pair", Part::First, Role::Entry),
    ],
    infix: &["binary_expression"],
    ternaries: &["conditional_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_definition"],
    lambdas: &["lambda_expression"],
    subscripts: &["subscript_expression"],
    inert: &["preproc_include", "bitfield_clause", "throw_statement"],
    inert_fields: &[("case_statement", "value")],
    constant: &["preproc_def", "enumerator", "array_declarator"],
    constant_words: &["constexpr"],
    // In C. What is legal only in C++ is left to people.
    has_constant_globals: true,
    joined_strings: &["concatenated_string"],
    collections: &["initializer_list"],
    handlers: &["catch_clause"],
    ..Syntax::of(Grammar::Cpp)
};
