//! Applications in Python, and what starts them.

use crate::app::{App, Port};
use crate::tools::{MAKE, NODE, PYTHON};

#[test]
fn flask() {
    App {
        name: "flask",
        needs: &[PYTHON],
        start: &["python prices.py", "python app.py"],
        ports: &[
            Port {
                variable: "PRICES_PORT",
                number: 5001,
                answers: &[("/prices", r#"{"tea":3,"worktree":"{worktree}"}"#)],
            },
            Port {
                variable: "API_PORT",
                number: 5000,
                answers: &[("/", "<p>{worktree}: tea costs 3, says {worktree}</p>")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

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
#[ignore = "make prove-running"]
fn django() {
    App {
        name: "django",
        needs: &[PYTHON],
        start: &["python quotes.py", "bin/dev"],
        ports: &[
            Port {
                variable: "QUOTES_PORT",
                number: 5500,
                answers: &[("/", r#"{"text": "Tea first.", "worktree": "{worktree}"}"#)],
            },
            Port {
                variable: "WEB_PORT",
                number: 8001,
                answers: &[("/", "{worktree} quotes {worktree}: Tea first.")],
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
