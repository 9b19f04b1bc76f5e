//! Clojure.

use crate::analysis::code::{Part, Role, Syntax};
use crate::grammar::Grammar;

pub(in crate::analysis) static CLOJURE: Syntax = Syntax {
    numbers: &["num_lit"],
    strings: &["str_lit"],
    comments: &["comment", "dis_expr"],
    calls: &[("list_lit", Part::Rest), ("anon_fn_lit", Part::Rest)],
    pairs: &[("map_lit", Role::Entry), ("vec_lit", Role::Assignment)],
    ..Syntax::of(Grammar::Clojure)
};
