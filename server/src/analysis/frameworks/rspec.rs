//! RSpec: `let(:port) { 8080 }` gives a name a value.

use crate::analysis::code::{Called, Framework, Verdict};
use crate::analysis::occurrence::Kind;

pub(in crate::analysis) const RSPEC: Framework = Framework::Block(value);

fn value(call: &Called<'_>) -> Option<Verdict> {
    let is_port = || call.packs.names.is_port(call.arguments.trim_matches(['(', ')', ':']));
    (matches!(call.callee, "let" | "let!") && is_port()).then(|| Verdict::of(Kind::Setting, "call.let-block"))
}

#[cfg(test)]
mod tests {
    use crate::analysis::tests::only_first;

    #[test]
    fn a_let_block_gives_its_port_a_value() {
        let others = ["let(:limit) { 8080 }", "fetch(:port) { 8080 }"];
        for first in ["let(:port) { 8080 }", "let!(:port) { 8080 }"] {
            only_first("call.let-block", "a.rb", first, &others);
        }
    }
}
