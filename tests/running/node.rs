//! Applications on Node.

use crate::app::{App, Port};
use crate::tools::NODE;

#[test]
fn node_http() {
    App {
        name: "node-http",
        needs: &[NODE],
        start: &["node api.js", "npm start"],
        ports: &[
            Port {
                variable: "API_PORT",
                number: 4000,
                answers: &[("/greeting", r#"{"greeting":"hello","from":"{worktree}"}"#)],
            },
            Port {
                variable: "WEB_PORT",
                number: 3000,
                answers: &[("/", "<h1>{worktree}: hello from {worktree}</h1>")],
            },
        ],
        remaining: &[],
    }
    .prove();
}
