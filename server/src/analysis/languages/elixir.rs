//! Elixir.

use crate::analysis::code::{Binding, Operator, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static ELIXIR: Syntax = Syntax {
    numbers: &["integer"],
    strings: &["string", "charlist", "sigil"],
    comments: &["comment"],
    calls: &[("call", Part::Kind("arguments"))],
    bindings: &[Binding::fields("pair", "key", "value", Role::Entry)],
    infix: &["binary_operator"],
    lambdas: &["anonymous_function"],
    subscripts: &["access_call"],
    inert_fields: &[("stab_clause", "left")],
    interpolations: &["interpolation"],
    collections: &["list", "tuple"],
    tuples: &["tuple"],
    declaring_calls: &["def", "defp", "defmacro", "defmacrop"],
    choosing_calls: &["case", "if", "unless", "with"],
    operators: &[("\\\\", Operator::Parameter)],
    ..Syntax::of(Grammar::Elixir)
};
