//! Applications whose pages are bundled.

use crate::app::{App, Port};
use crate::tools::{CHROMIUM, NODE};

const GUESTS: &[(&str, &str)] =
    &[("browser:/", "<p>Guests: Ada and Grace visit {worktree}</p><p>Today: Grace visits {worktree}</p>")];

#[test]
fn vite() {
    App {
        name: "vite",
        needs: &[NODE, CHROMIUM],
        start: &["npm run api", "npm run dev", "npm run built"],
        ports: &[
            Port {
                variable: "API_PORT",
                number: 5000,
                answers: &[("/api/guests", "Ada and Grace visit {worktree}")],
            },
            Port { variable: "WEB_PORT", number: 5173, answers: GUESTS },
            Port { variable: "PREVIEW_PORT", number: 4173, answers: GUESTS },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
#[ignore = "make prove-running"]
fn next() {
    App {
        name: "next",
        needs: &[NODE, CHROMIUM],
        start: &["npm run api", "npm run dev"],
        ports: &[
            Port { variable: "API_PORT", number: 4000, answers: &[("/stock", "tea of {worktree}")] },
            Port {
                variable: "PORT",
                number: 3000,
                answers: &[(
                    "browser:/",
                    "<p>Sent by the server: tea of {worktree}</p><p>Asked by the page: tea of {worktree}</p>",
                )],
            },
        ],
        remaining: &[],
    }
    .prove();
}
