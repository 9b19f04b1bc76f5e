//! Python.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::pydantic;
use crate::grammar::Grammar;

pub(in crate::analysis) static PYTHON: Syntax = Syntax {
    grammar: Grammar::Python,
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
    pairs: &[],
    infix: &["binary_operator", "boolean_operator", "comparison_operator"],
    ternaries: &["conditional_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_definition", "lambda"],
    lambdas: &["lambda"],
    has_implicit_return: false,
    subscripts: &["subscript"],
    inert: &["type", "import_statement", "case_pattern", "raise_statement"],
    inert_fields: &[],
    // Before 3.12 no quotes of the same kind stand in an f-string.
    constant: &["decorator", "interpolation"],
    constant_words: &[],
    has_constant_globals: false,
    attributes: &[],
    tags: &[],
    has_docstrings: true,
    frameworks: &[pydantic::PYDANTIC],
};
