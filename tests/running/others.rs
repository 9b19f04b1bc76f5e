//! Applications in PHP, Ruby and Go, and what compose makes of a file.

use crate::app::{App, Port};
use crate::tools::{DOCKER_COMPOSE, GO, PHP, RACK};

#[test]
#[ignore = "make prove-running"]
fn php() {
    App {
        name: "php",
        needs: &[PHP],
        start: &["bin/guests", "bin/dev"],
        ports: &[
            Port {
                variable: "GUESTS_PORT",
                number: 9000,
                answers: &[("/guests", r#"{"guests":["Ada","Grace"],"worktree":"{worktree}"}"#)],
            },
            Port {
                variable: "WEB_PORT",
                number: 8000,
                answers: &[("/", "<p>Ada, Grace, says {worktree}</p>")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
#[ignore = "make prove-running"]
fn ruby() {
    App {
        name: "ruby",
        needs: &[RACK],
        start: &["ruby recipes.rb", "bin/web"],
        ports: &[
            Port {
                variable: "RECIPES_PORT",
                number: 4567,
                answers: &[("/recipes/tea", r#"{"name":"tea","text":"boil water","worktree":"{worktree}"}"#)],
            },
            Port {
                variable: "WEB_PORT",
                number: 9292,
                answers: &[("/", "{worktree} cooks with {worktree}: boil water")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
#[ignore = "make prove-running"]
fn go() {
    App {
        name: "go",
        needs: &[GO],
        start: &["go run ./cmd/stock", "go run ./cmd/web"],
        ports: &[
            Port { variable: "STOCK_PORT", number: 9000, answers: &[("/items", "the tea of {worktree}")] },
            Port {
                variable: "WEB_PORT",
                number: 8080,
                answers: &[("/", "{worktree} sells the tea of {worktree}")],
            },
        ],
        remaining: &[],
    }
    .prove();
}

#[test]
#[ignore = "make prove-running"]
fn compose() {
    App {
        name: "compose",
        needs: &[DOCKER_COMPOSE],
        start: &["docker-compose config"],
        ports: &[
            Port {
                variable: "WEB_PORT",
                number: 8080,
                answers: &[
                    ("", "- published: {port}\n      target: 80\n"),
                    ("", "PUBLIC_URL: http://localhost:{port}\n"),
                ],
            },
            Port {
                variable: "DB_PORT",
                number: 5432,
                answers: &[("", "- published: {port}\n      target: 5432\n"), ("", "@db:5432/blog\n")],
            },
            Port {
                variable: "REDIS_PORT",
                number: 6379,
                answers: &[("", "- published: {port}\n      target: 6379\n")],
            },
            Port { variable: "MAIL_PORT", number: 8025, answers: &[("", "- 127.0.0.1:{port}:8025/tcp\n")] },
            Port {
                variable: "SMTP_HOST_PORT",
                number: 1025,
                answers: &[("", "- published: {port}\n      target: 1025\n")],
            },
        ],
        remaining: &[],
    }
    .prove_what_it_prints();
}
