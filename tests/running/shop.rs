//! The shop of the README's *Start*: adopted, and running twice.

use std::collections::BTreeMap;

use crate::app::{RUN, Remaining};
use crate::http;
use crate::numbers::Numbers;
use crate::packages::Packages;
use crate::processes::Processes;
use crate::tools::{self, GO, MAKE, NODE, PYTHON, Tool};
use crate::worktrees::{Worktree, Worktrees};

const NAME: &str = "examples/shop";
const NEEDS: &[Tool] = &[NODE, PYTHON, GO, MAKE];
const PORTS: [(&str, u16); 7] = [
    ("API_PORT", 5000),
    ("WORKER_PORT", 9090),
    ("WEB_PORT", 8080),
    ("DB_PORT", 5432),
    ("REDIS_PORT", 6379),
    ("QUEUE_PORT", 5672),
    ("QUEUE_MANAGEMENT_PORT", 15672),
];

/// What is left in a worktree that has other numbers than the code.
const REMAINING: Remaining =
    Remaining { path: ".env", rule: "hardcoded-port", because: "`node --env-file` fills in no variables" };

/// Its answers do not say which worktree they come from. An order does: only the worker of the same worktree packs it.
#[test]
#[ignore = "make prove-running"]
fn an_order_stays_in_the_worktree_where_it_was_placed() {
    if !tools::are_here(NAME, NEEDS) {
        return;
    }
    let packages = Packages::of(NAME, NEEDS);
    let numbers = Numbers::take(PORTS.iter().map(|(_, number)| *number));
    let worktrees = Worktrees::of(NAME, &numbers, &packages);
    let Worktrees { main, feature, .. } = &worktrees;
    let defaults = PORTS.map(|(variable, number)| (variable.to_owned(), numbers.of(number)));
    for worktree in [main, feature] {
        worktrees.run(worktree, &["init"]);
        worktrees.fix(worktree);
        worktree.assert_example(&defaults);
        worktrees.assert_fixed(worktree);
    }
    worktrees.assert_warnings(main, &[]);
    worktrees.assert_warnings(feature, &[REMAINING, REMAINING]);
    assert_eq!(worktrees.files(main), worktrees.files(feature));

    let [first, second] = [main, feature].map(Worktree::assigned);
    let mut shops = Shops::start(&worktrees, &RUN, &[main, feature]);
    shops.wait_for_orders(&first, "[]");
    shops.wait_for_orders(&second, "[]");
    worktrees.printed(feature, &RUN, "make order");
    shops.wait_for_orders(&second, r#""state": "packed""#);
    shops.wait_for(second["WORKER_PORT"], "/metrics", "shop_orders_packed_total 1");
    shops.wait_for_orders(&first, "[]");
    shops.wait_for(first["WORKER_PORT"], "/metrics", "shop_orders_packed_total 0");
    shops.0.end();

    // A teammate without port-manager.
    let mut shops = Shops::start(&worktrees, &[], &[feature]);
    let defaults = BTreeMap::from(defaults);
    shops.wait_for_orders(&defaults, "[]");
    worktrees.printed(feature, &[], "make order");
    shops.wait_for_orders(&defaults, r#""state": "packed""#);
    shops.0.end();
}

/// `adopt` alone is enough, and `make dev` needs no `port-manager run` before it.
#[test]
#[ignore = "make prove-running"]
fn adopted_in_two_worktrees_both_shops_run_at_once() {
    if !tools::are_here(NAME, NEEDS) {
        return;
    }
    let packages = Packages::of(NAME, NEEDS);
    let numbers = Numbers::take(PORTS.iter().map(|(_, number)| *number));
    let worktrees = Worktrees::of(NAME, &numbers, &packages);
    let Worktrees { main, feature, .. } = &worktrees;
    let defaults = PORTS.map(|(variable, number)| (variable.to_owned(), numbers.of(number)));
    for worktree in [main, feature] {
        worktrees.run(worktree, &["adopt", "--yes"]);
        worktree.assert_example(&defaults);
        assert_eq!(worktrees.run(worktree, &["adopt", "--diff"]), "", "a second run finds something to do");
    }
    assert_eq!(worktrees.files(main), worktrees.files(feature), "a plan depends on this machine's numbers");

    let [first, second] = [main, feature].map(Worktree::assigned);
    let mut shops = Shops::start(&worktrees, &[], &[main, feature]);
    shops.wait_for_orders(&first, "[]");
    shops.wait_for_orders(&second, "[]");
    worktrees.printed(feature, &[], "make order");
    shops.wait_for_orders(&second, r#""state": "packed""#);
    shops.wait_for(second["WORKER_PORT"], "/metrics", "shop_orders_packed_total 1");
    shops.wait_for_orders(&first, "[]");
    shops.wait_for(first["WORKER_PORT"], "/metrics", "shop_orders_packed_total 0");
    shops.0.end();
}

struct Shops(Processes);

impl Shops {
    /// Starts the shop in each of the worktrees.
    fn start(worktrees: &Worktrees, before: &[&str], started: &[&Worktree]) -> Self {
        let mut processes = Processes::new(&worktrees.directory());
        for worktree in started {
            processes.start(before, "make dev", &worktree.root, worktrees.environment());
        }
        Self(processes)
    }

    /// Asks the storefront, which asks its API.
    fn wait_for_orders(&mut self, numbers: &BTreeMap<String, u16>, expected: &str) {
        self.wait_for(numbers["WEB_PORT"], "/api/orders", expected);
    }

    fn wait_for(&mut self, port: u16, path: &str, expected: &str) {
        self.0.wait_for(&format!("http://localhost:{port}{path}"), expected, || {
            let answer = http::get(port, path)?;
            if answer.body.contains(expected) { Ok(()) } else { Err(format!("{answer:?}")) }
        });
    }
}
