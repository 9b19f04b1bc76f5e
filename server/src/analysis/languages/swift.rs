//! Swift.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static SWIFT: Syntax = Syntax {
    numbers: &["integer_literal", "hex_literal"],
    strings: &["line_string_literal", "multi_line_string_literal", "raw_string_literal"],
    comments: &["comment", "multiline_comment"],
    calls: &[("call_expression", Part::Below("call_suffix", "value_arguments"))],
    bindings: &[
        Binding::fields("property_declaration", "name", "value", Role::Assignment),
        Binding::fields("assignment", "target", "result", Role::Assignment),
        Binding::fields("value_argument", "name", "value", Role::Argument),
        Binding::fields("enum_entry", "name", "raw_value", Role::Assignment),
    ],
    pairs: &[
        ("function_declaration", Role::Parameter),
        ("init_declaration", Role::Parameter),
        ("dictionary_literal", Role::Entry),
    ],
    infix: &[
        "additive_expression",
        "multiplicative_expression",
        "equality_expression",
        "comparison_expression",
        "conjunction_expression",
        "disjunction_expression",
        "nil_coalescing_expression",
        "range_expression",
        "bitwise_operation",
    ],
    ternaries: &["ternary_expression"],
    conditionals: &[("if_statement", "condition"), ("guard_statement", "condition")],
    returns: &["control_transfer_statement"],
    functions: &["function_declaration", "init_declaration", "computed_property"],
    lambdas: &["lambda_literal"],
    has_implicit_return: true,
    inert: &["import_declaration", "switch_pattern"],
    constant: &["enum_entry", "attribute"],
    collections: &["array_literal", "tuple_expression"],
    tuples: &["tuple_expression"],
    interpolations: &["interpolated_expression"],
    handlers: &["catch_block"],
    ..Syntax::of(Grammar::Swift)
};
