//! Ruby.

use crate::analysis::code::{Binding, Part, Role, Syntax};
use crate::analysis::frameworks::{rspec, vagrant};
use crate::grammar::Grammar;

pub(in crate::analysis) static RUBY: Syntax = Syntax {
    numbers: &["integer"],
    strings: &["string", "heredoc_body", "bare_string"],
    comments: &["comment"],
    calls: &[("call", Part::Field("arguments"))],
    bindings: &[
        Binding::fields("assignment", "left", "right", Role::Assignment),
        Binding::fields("operator_assignment", "left", "right", Role::Assignment),
        Binding::fields("pair", "key", "value", Role::Entry),
        Binding::fields("optional_parameter", "name", "value", Role::Parameter),
        Binding::fields("keyword_parameter", "name", "value", Role::Parameter),
    ],
    infix: &["binary"],
    ternaries: &["conditional", "if", "case"],
    conditionals: &[
        ("if", "condition"),
        ("unless", "condition"),
        ("if_modifier", "condition"),
        ("unless_modifier", "condition"),
    ],
    returns: &["return"],
    functions: &["method", "singleton_method"],
    has_implicit_return: true,
    subscripts: &["element_reference"],
    inert: &["pattern", "range"],
    // Words in `%w[...]` are no expressions.
    constant: &["string_array"],
    frameworks: &[rspec::RSPEC, vagrant::VAGRANT],
    interpolations: &["interpolation"],
    collections: &["array", "hash", "string_array"],
    handlers: &["rescue"],
    ..Syntax::of(Grammar::Ruby)
};
