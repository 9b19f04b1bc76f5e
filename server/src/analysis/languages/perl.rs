//! Perl.

use crate::analysis::code::{Binding, Operator, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static PERL: Syntax = Syntax {
    numbers: &["number"],
    strings: &["string_literal", "interpolated_string_literal", "heredoc_content"],
    comments: &["comment", "pod"],
    calls: &[
        ("method_call_expression", Part::Field("arguments")),
        ("function_call_expression", Part::Field("arguments")),
        ("ambiguous_function_call_expression", Part::Field("arguments")),
    ],
    bindings: &[Binding::fields("assignment_expression", "left", "right", Role::Assignment)],
    pairs: &[("list_expression", Role::Entry)],
    infix: &["binary_expression", "equality_expression", "relational_expression"],
    ternaries: &["conditional_expression"],
    conditionals: &[("conditional_statement", "condition"), ("postfix_conditional_expression", "condition")],
    returns: &["return_expression"],
    functions: &["subroutine_declaration_statement"],
    lambdas: &["anonymous_subroutine_expression"],
    has_implicit_return: true,
    subscripts: &["array_element_expression"],
    collections: &["anonymous_array_expression"],
    operators: &[("//", Operator::Default)],
    ..Syntax::of(Grammar::Perl)
};
