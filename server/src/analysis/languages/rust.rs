//! Rust.

use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::code::{Binding, Part, Role, Syntax};

// The last two are of clap: the variable that an argument can be read from.
static ENVIRONMENT: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::expect_used)] // a constant
    Regex::new(
        r#"(?x)
        (?-u:\b) env :: var (?: _os )? \( \s* &? " ([0-9A-Za-z_]+) "
      | (?-u:\b) (?: option_ )? env! \( \s* " ([0-9A-Za-z_]+) "
      | (?-u:\b) [0-9A-Za-z_]* (?: env | var_or | dotenv ) [0-9A-Za-z_:]* \( \s* " ([A-Z_][A-Z0-9_]*) "
      | (?-u:\b) env \s* = \s* " ([A-Z_][A-Z0-9_]*) "
        "#,
    )
    .expect("the pattern is constant")
});

fn environment() -> &'static Regex {
    &ENVIRONMENT
}

const fn assignment(node: &'static str, name: &'static str, value: &'static str) -> Binding {
    Binding { node, name: Part::Field(name), value: Part::Field(value), role: Role::Assignment }
}

pub(in crate::analysis) static RUST: Syntax = Syntax {
    grammar: || tree_sitter_rust::LANGUAGE.into(),
    numbers: &["integer_literal"],
    strings: &["string_literal", "raw_string_literal"],
    comments: &["line_comment", "block_comment"],
    calls: &[("call_expression", Part::Field("arguments")), ("macro_invocation", Part::Kind("token_tree"))],
    bindings: &[
        assignment("let_declaration", "pattern", "value"),
        assignment("const_item", "name", "value"),
        assignment("static_item", "name", "value"),
        assignment("assignment_expression", "left", "right"),
        Binding {
            node: "field_initializer",
            name: Part::Field("field"),
            value: Part::Field("value"),
            role: Role::Entry,
        },
    ],
    pairs: &[],
    infix: &["binary_expression"],
    ternaries: &["if_expression", "match_expression"],
    conditionals: &[("if_expression", "condition")],
    returns: &["return_expression"],
    functions: &["function_item"],
    lambdas: &["closure_expression"],
    has_implicit_return: true,
    subscripts: &["index_expression"],
    inert: &["match_pattern", "use_declaration", "range_expression"],
    inert_fields: &[],
    constant: &["const_item", "static_item", "attribute_item"],
    constant_words: &[],
    has_constant_globals: false,
    has_docstrings: false,
    environment,
};
