//! `port-manager unset`

use crate::home::Home;

#[test]
fn a_variable_leaves_the_registry_and_both_files() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000), ("OLD_PORT", "misc", 3000)]);
    home.write("shop/.ports.env.example", "# the team's\nWEB_PORT=8000\nOLD_PORT=3000\n");
    insta::assert_snapshot!(home.run("shop", &["unset", "OLD_PORT"]).seen(&home), @r"
    VARIABLE  PORT
    OLD_PORT  3000  removed
    --- exit code 0
    ");
    assert!(!home.read("shop/.ports.env").contains("OLD_PORT"));
    assert!(home.read("shop/.ports.env").contains("WEB_PORT=8000\n"));
    assert_eq!(home.read("shop/.ports.env.example"), "# the team's\nWEB_PORT=8000\n");
    assert!(!home.read("config/registry.json").contains("OLD_PORT"));
    // `init` does not bring it back.
    assert_eq!(home.run("shop", &["init", "."]).code, Some(0));
    assert!(!home.read("shop/.ports.env").contains("OLD_PORT"));
}

#[test]
fn code_that_still_reads_the_variable_is_named() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    home.write("shop/web/server.js", "const app = express()\napp.listen(process.env.WEB_PORT)\n");
    let ran = home.run("shop", &["unset", "WEB_PORT"]);
    insta::assert_snapshot!(ran.stderr, @r"
    warning: the code still reads WEB_PORT: web/server.js:2
    help: Change the code too, or the next `port-manager init` gives the variable a number again.
    ");
    let ran = home.run("shop", &["init", ".", "--json"]).json();
    assert_eq!(ran["ports"][0]["variable"], "WEB_PORT", "as it says");
}

#[test]
fn a_variable_that_the_project_does_not_have_is_a_no() {
    let home = Home::new();
    home.project("shop", &[("WEB_PORT", "web", 8000)]);
    let before = home.read("config/registry.json");
    insta::assert_snapshot!(home.run("shop", &["unset", "WEB_PORT", "WBE_PORT"]).seen(&home), @r"
    --- stderr
    error: shop has no variable WBE_PORT
    help: Did you mean WEB_PORT?
    --- exit code 1
    ");
    assert_eq!(home.read("config/registry.json"), before, "nothing was removed");
}
