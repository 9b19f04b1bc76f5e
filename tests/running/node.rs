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

#[test]
#[ignore = "make prove-running"]
fn express() {
    App {
        name: "express",
        needs: &[NODE],
        start: &["npm run stock", "npm start"],
        ports: &[
            Port { variable: "PORT", number: 4000, answers: &[("/items", r#"{"worktree":"{worktree}","items":["tea","cups"]}"#)] },
            Port {
                variable: "WEB_PORT",
                number: 3000,
                answers: &[
                    ("/", r#"<ul id="items"></ul>"#),
                    ("/stock.js", "fetch('/api/stock')"),
                    (
                        "/api/stock",
                        r#"{"worktree":"{worktree}","stock":{"worktree":"{worktree}","items":["tea","cups"]}}"#,
                    ),
                ],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
#[ignore = "make prove-running"]
fn nest() {
    App {
        name: "nest",
        needs: &[NODE],
        start: &["npm run names", "npm start"],
        ports: &[
            Port { variable: "NAMES_PORT", number: 3100, answers: &[("/name", "Ada of {worktree}")] },
            Port {
                variable: "PORT",
                number: 3000,
                answers: &[("/", "{worktree}: Hello Ada of {worktree}!")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
#[ignore = "make prove-running"]
fn turbo() {
    App {
        name: "turbo",
        needs: &[NODE],
        start: &["npx turbo run dev"],
        ports: &[
            Port { variable: "API_PORT", number: 3001, answers: &[("/products", "the tea of {worktree}")] },
            Port {
                variable: "WEB_PORT",
                number: 3000,
                answers: &[("/", "{worktree} sells the tea of {worktree}")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

/// Each package reads PORT: `port-manager.toml` says which is whose.
#[test]
fn workspaces() {
    App {
        name: "workspaces",
        needs: &[NODE],
        start: &["cd packages/orders && npm start", "cd packages/web && npm start"],
        ports: &[
            Port {
                variable: "ORDERS_PORT",
                number: 3001,
                answers: &[("/orders", "the orders of {worktree}")],
            },
            Port {
                variable: "WEB_PORT",
                number: 3000,
                answers: &[("/", "{worktree} shows the orders of {worktree}")],
            },
        ],
        remaining: &[],
    }
    .prove();
}
