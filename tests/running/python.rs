//! Applications in Python, and what starts them.

use crate::app::{App, Port};
use crate::tools::{MAKE, NODE, PYTHON};

#[test]
#[ignore = "make prove-running"]
fn fastapi() {
    App {
        name: "fastapi",
        needs: &[PYTHON, MAKE],
        start: &["make inventory", "make dev"],
        ports: &[
            Port {
                variable: "INVENTORY_PORT",
                number: 8001,
                answers: &[("/items/tea", r#"{"item":"tea","worktree":"{worktree}"}"#)],
            },
            Port {
                variable: "WEB_PORT",
                number: 8000,
                answers: &[(
                    "/orders/tea",
                    r#"{"worktree":"{worktree}","ordered":{"item":"tea","worktree":"{worktree}"}}"#,
                )],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
fn procfile() {
    App {
        name: "procfile",
        needs: &[PYTHON, NODE],
        start: &["honcho start"],
        ports: &[
            Port {
                variable: "CLOCK_PORT",
                number: 7000,
                answers: &[("/", "twelve by the clock of {worktree}")],
            },
            Port {
                variable: "WEB_PORT",
                number: 8000,
                answers: &[("/", "{worktree} says twelve by the clock of {worktree}")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
fn make() {
    App {
        name: "make",
        needs: &[PYTHON, MAKE],
        start: &["make -j2 run"],
        ports: &[
            Port { variable: "NOTES_PORT", number: 9000, answers: &[("/", "buy tea (of {worktree})")] },
            Port {
                variable: "PORT",
                number: 8080,
                answers: &[("/", "{worktree} notes: buy tea (of {worktree})")],
            },
        ],
        remaining: &[],
    }
    .prove();
}
