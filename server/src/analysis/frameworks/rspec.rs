//! RSpec: `let(:port) { 8080 }` gives a name a value.

use crate::analysis::code::{Called, Framework, Verdict};
use crate::analysis::occurrence::Kind;

pub(in crate::analysis) const RSPEC: Framework = Framework::Block(value);

fn value(call: &Called<'_>) -> Option<Verdict> {
    let is_port = || call.packs.names.is_port(call.arguments.trim_matches(['(', ')', ':']));
    (matches!(call.callee, "let" | "let!") && is_port()).then(|| Verdict::of(Kind::Setting, "call.let-block"))
}
