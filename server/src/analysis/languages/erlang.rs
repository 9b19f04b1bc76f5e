//! Erlang.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static ERLANG: Syntax = Syntax {
    numbers: &["integer"],
    strings: &["string"],
    comments: &["comment"],
    calls: &[("call", Part::Field("args"))],
    modules: &["remote_module"],
    bindings: &[
        Binding::fields("map_field", "key", "value", Role::Entry),
        Binding::fields("record_field", "name", "expr", Role::Entry),
        Binding::fields("pp_define", "lhs", "replacement", Role::Assignment),
    ],
    pairs: &[("tuple", Role::Entry)],
    infix: &["match_expr", "binary_op_expr"],
    ternaries: &["case_expr", "if_expr"],
    functions: &["fun_decl", "anonymous_fun"],
    has_implicit_return: true,
    inert: &["module_attribute", "export_attribute", "import_attribute", "guard"],
    inert_fields: &[("cr_clause", "pat"), ("function_clause", "args")],
    constant: &["pp_define"],
    collections: &["list", "tuple"],
    tuples: &["tuple"],
    ..Syntax::of(Grammar::Erlang)
};
