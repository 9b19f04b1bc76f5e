//! Go.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::{struct_tag, viper};
use crate::grammar::Grammar;

pub(in crate::analysis) static GO: Syntax = Syntax {
    numbers: &["int_literal"],
    strings: &["interpreted_string_literal", "raw_string_literal"],
    comments: &["comment"],
    calls: &[("call_expression", Part::Field("arguments"))],
    bindings: &[
        Binding { node: "keyed_element", name: Part::First, value: Part::Last, role: Role::Entry },
        Binding {
            node: "var_spec",
            name: Part::Field("name"),
            value: Part::Field("value"),
            role: Role::Assignment,
        },
        Binding {
            node: "const_spec",
            name: Part::Field("name"),
            value: Part::Field("value"),
            role: Role::Assignment,
        },
        Binding {
            node: "short_var_declaration",
            name: Part::Field("left"),
            value: Part::Field("right"),
            role: Role::Assignment,
        },
        Binding {
            node: "assignment_statement",
            name: Part::Field("left"),
            value: Part::Field("right"),
            role: Role::Assignment,
        },
    ],
    infix: &["binary_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_statement"],
    functions: &["function_declaration", "method_declaration", "func_literal"],
    subscripts: &["index_expression", "slice_expression"],
    inert: &["import_spec", "expression_case"],
    constant: &["const_spec", "field_declaration"],
    tags: &[("field_declaration", "tag")],
    frameworks: &[struct_tag::STRUCT_TAGS, viper::VIPER],
    collections: &["composite_literal", "expression_list", "literal_value"],
    ..Syntax::of(Grammar::Go)
};
