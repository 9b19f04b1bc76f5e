//! Python.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::pydantic;
use crate::grammar::Grammar;

pub(in crate::analysis) static PYTHON: Syntax = Syntax {
    numbers: &["integer"],
    strings: &["string"],
    comments: &["comment"],
    calls: &[("call", Part::Field("arguments"))],
    bindings: &[
        Binding { node: "pair", name: Part::Field("key"), value: Part::Field("value"), role: Role::Entry },
        Binding {
            node: "assignment",
            name: Part::Field("left"),
            value: Part::Field("right"),
            role: Role::Assignment,
        },
        Binding {
            node: "named_expression",
            name: Part::Field("name"),
            value: Part::Field("value"),
            role: Role::Assignment,
        },
        Binding {
            node: "keyword_argument",
            name: Part::Field("name"),
            value: Part::Field("value"),
            role: Role::Argument,
        },
        Binding {
            node: "default_parameter",
            name: Part::Field("name"),
            value: Part::Field("value"),
            role: Role::Parameter,
        },
        Binding {
            node: "typed_default_parameter",
            name: Part::Field("name"),
            value: Part::Field("value"),
            role: Role::Parameter,
        },
    ],
    infix: &["binary_operator", "boolean_operator", "comparison_operator"],
    ternaries: &["conditional_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_definition", "lambda"],
    lambdas: &["lambda"],
    subscripts: &["subscript"],
    inert: &["type", "import_statement", "case_pattern", "raise_statement"],
    // Before 3.12 no quotes of the same kind stand in an f-string.
    constant: &["decorator", "interpolation"],
    frameworks: &[pydantic::PYDANTIC],
    docstrings: &["expression_statement"],
    joined_strings: &["concatenated_string"],
    interpolations: &["interpolation"],
    collections: &["dictionary", "expression_list", "list", "set", "tuple"],
    tuples: &["tuple"],
    handlers: &["except_clause"],
    condition: 1,
    ..Syntax::of(Grammar::Python)
};
