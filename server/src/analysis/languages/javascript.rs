//! JavaScript, TypeScript, JSX and TSX.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

const BINDINGS: &[Binding] = &[
    Binding { node: "pair", name: Part::Field("key"), value: Part::Field("value"), role: Role::Entry },
    Binding {
        node: "variable_declarator",
        name: Part::Field("name"),
        value: Part::Field("value"),
        role: Role::Assignment,
    },
    Binding {
        node: "assignment_expression",
        name: Part::Field("left"),
        value: Part::Field("right"),
        role: Role::Assignment,
    },
    Binding {
        node: "augmented_assignment_expression",
        name: Part::Field("left"),
        value: Part::Field("right"),
        role: Role::Assignment,
    },
    Binding {
        node: "assignment_pattern",
        name: Part::Field("left"),
        value: Part::Field("right"),
        role: Role::Parameter,
    },
    Binding {
        node: "object_assignment_pattern",
        name: Part::Field("left"),
        value: Part::Field("right"),
        role: Role::Parameter,
    },
    Binding {
        node: "field_definition",
        name: Part::Field("property"),
        value: Part::Field("value"),
        role: Role::Assignment,
    },
    Binding {
        node: "public_field_definition",
        name: Part::Field("name"),
        value: Part::Field("value"),
        role: Role::Assignment,
    },
    Binding {
        node: "required_parameter",
        name: Part::Field("pattern"),
        value: Part::Field("value"),
        role: Role::Parameter,
    },
    Binding {
        node: "optional_parameter",
        name: Part::Field("pattern"),
        value: Part::Field("value"),
        role: Role::Parameter,
    },
    Binding {
        node: "enum_assignment",
        name: Part::Field("name"),
        value: Part::Field("value"),
        role: Role::Assignment,
    },
    Binding { node: "jsx_attribute", name: Part::First, value: Part::Last, role: Role::Attribute },
];

const fn syntax(grammar: Grammar) -> Syntax {
    Syntax {
        numbers: &["number"],
        strings: &["string", "template_string"],
        comments: &["comment", "html_comment", "hash_bang_line", "jsx_text", "regex"],
        calls: &[("call_expression", Part::Field("arguments")), ("new_expression", Part::Field("arguments"))],
        bindings: BINDINGS,
        infix: &["binary_expression"],
        ternaries: &["ternary_expression"],
        conditionals: &[("if_statement", "condition")],
        returns: &["return_statement"],
        functions: &[
            "function_declaration",
            "function_expression",
            "method_definition",
            "arrow_function",
            "generator_function_declaration",
        ],
        lambdas: &["arrow_function"],
        subscripts: &["subscript_expression"],
        inert: &["literal_type", "import_statement", "switch_case", "throw_statement"],
        constant: &["enum_assignment", "decorator"],
        interpolations: &["template_substitution"],
        collections: &["array", "object"],
        handlers: &["catch_clause"],
        ..Syntax::of(grammar)
    }
}

pub(in crate::analysis) static JAVASCRIPT: Syntax = syntax(Grammar::JavaScript);
pub(in crate::analysis) static TYPESCRIPT: Syntax = syntax(Grammar::TypeScript);
pub(in crate::analysis) static TSX: Syntax = syntax(Grammar::Tsx);
