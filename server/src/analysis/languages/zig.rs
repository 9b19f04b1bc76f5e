//! Zig.

use crate::analysis::code::{Binding, Operator, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static ZIG: Syntax = Syntax {
    numbers: &["integer"],
    strings: &["string", "multiline_string"],
    comments: &["comment"],
    calls: &[("call_expression", Part::Rest), ("builtin_function", Part::Kind("arguments"))],
    bindings: &[
        Binding::last("variable_declaration", Part::First, Role::Assignment),
        Binding::fields("assignment_expression", "left", "right", Role::Entry),
        Binding::last("container_field", Part::Field("name"), Role::Assignment),
    ],
    infix: &["binary_expression", "catch_expression"],
    ternaries: &["if_expression"],
    conditionals: &[("if_statement", "condition")],
    returns: &["return_expression"],
    functions: &["function_declaration"],
    subscripts: &["index_expression", "slice_expression"],
    inert: &["switch_case"],
    constant: &["container_field"],
    has_constant_globals: true,
    collections: &["initializer_list"],
    operators: &[("orelse", Operator::Default), ("catch", Operator::Default)],
    ..Syntax::of(Grammar::Zig)
};
