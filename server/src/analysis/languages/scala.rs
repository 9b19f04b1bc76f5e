//! Scala.

use regex::Regex;

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;
use crate::pattern::{Pattern, regex};

static ENVIRONMENT: Pattern = regex!(
    r#"(?x)
        (?-u:\b) sys \. env (?: \. (?: get | getOrElse | apply ) )? \s* \( \s* " ([0-9A-Za-z_]+) "
      | (?-u:\b) getenv \( \s* " ([0-9A-Za-z_]+) "
      | (?-u:\b) (?: getProperty | getInt | getString | envOrElse | envOrNone | propOrElse ) \( \s* " ([0-9A-Za-z_.-]+) "
      | (?-u:\b) [0-9A-Za-z_]* (?: [eE]nv (?: [A-Z_] [0-9A-Za-z_]* )? (?: \. [0-9A-Za-z_]+ )? | ENV [0-9A-Z_]* | [eE]nvironment \. [0-9A-Za-z_]+ ) \( \s* ["'] ([A-Z_][A-Z0-9_]*) ["']
        "#
);

fn environment() -> &'static Regex {
    &ENVIRONMENT
}

pub(in crate::analysis) static SCALA: Syntax = Syntax {
    grammar: Grammar::Scala,
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
    pairs: &[],
    infix: &["infix_expression"],
    ternaries: &["if_expression", "match_expression"],
    conditionals: &[("if_expression", "condition")],
    returns: &["return_expression"],
    functions: &["function_definition"],
    lambdas: &["lambda_expression"],
    has_implicit_return: true,
    subscripts: &[],
    inert: &["import_declaration", "throw_expression"],
    inert_fields: &[("case_clause", "pattern")],
    constant: &["annotation"],
    constant_words: &[],
    has_constant_globals: false,
    attributes: &[],
    tags: &[],
    has_docstrings: false,
    environment,
};
