//! R.

use crate::analysis::code::{Binding, Operator, Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static R: Syntax = Syntax {
    numbers: &["float", "integer"],
    strings: &["string"],
    comments: &["comment"],
    calls: &[("call", Part::Field("arguments"))],
    bindings: &[
        Binding::fields("argument", "name", "value", Role::Argument),
        Binding::fields("parameter", "name", "default", Role::Parameter),
    ],
    infix: &["binary_operator"],
    ternaries: &["if_statement"],
    functions: &["function_definition"],
    subscripts: &["subset", "subset2"],
    operators: &[("<-", Operator::Assign), ("<<-", Operator::Assign)],
    ..Syntax::of(Grammar::R)
};
