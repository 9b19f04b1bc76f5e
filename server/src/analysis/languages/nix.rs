//! Nix.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static NIX: Syntax = Syntax {
    numbers: &["integer_expression"],
    strings: &["string_expression", "indented_string_expression"],
    comments: &["comment"],
    calls: &[("apply_expression", Part::Field("argument"))],
    bindings: &[
        Binding::fields("binding", "attrpath", "expression", Role::Entry),
        Binding::fields("formal", "name", "default", Role::Parameter),
    ],
    infix: &["binary_expression"],
    ternaries: &["if_expression"],
    lambdas: &["function_expression"],
    collections: &["list_expression"],
    interpolations: &["interpolation"],
    ..Syntax::of(Grammar::Nix)
};
