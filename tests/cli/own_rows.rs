//! What a project adds in `port-manager.toml` to what port-manager knows.

use crate::home::Home;

const BOOT_SHOP: &str = "\
[[call]]
id = \"our.boot-shop\"
means = \"Starts our web server.\"
does = \"listen\"
names = [\"bootShop\"]
found = [{ js = \"bootShop(3000)\" }]
";

/// A project with these settings, and a server that is started by a function of its own.
fn shop(settings: &str) -> Home {
    let home = Home::new();
    home.write("shop/.git/HEAD", "")
        .write("shop/package.json", "{\"name\": \"shop\"}\n")
        .write("shop/server.js", "bootShop(8090);\n")
        .write("shop/port-manager.toml", settings);
    home
}

#[test]
fn a_call_of_the_project_is_found_explained_and_fixed() {
    let home = shop("");
    assert_eq!(home.run("shop", &["check"]).stdout, "");

    home.write("shop/port-manager.toml", BOOT_SHOP);
    let found = home.run("shop", &["check"]);
    assert!(found.stdout.contains("port 8090 is hardcoded where the service listens"), "{}", found.stdout);
    let explained = home.run("shop", &["explain", "--at", "server.js:1"]);
    insta::assert_snapshot!(explained.stdout, @r"
    COLUMN  TEXT  MEANING            DECIDED BY     WHICH SAYS
        10  8090  a service listens  our.boot-shop  Starts our web server.
    ");

    assert_eq!(home.run("shop", &["init"]).code, Some(0));
    assert_eq!(home.read("shop/.ports.env.example").lines().last(), Some("WEB_PORT=8090"));
    let fixed = home.run("shop", &["check", "--fix"]);
    assert_eq!(fixed.stderr.lines().next(), Some("Fixed 1 place in 1 file."));
    assert_eq!(home.read("shop/server.js"), "bootShop(Number(process.env.WEB_PORT || 8090));\n");
    assert_eq!(home.run("shop", &["check"]).code, Some(0));
}

#[test]
fn a_row_of_the_project_comes_before_those_of_port_manager() {
    let quiet =
        "[[call]]\nid = \"our.boot-shop\"\nmeans = \"Plays.\"\ndoes = \"prose\"\nnames = [\"listen\"]\n";
    let home = shop("");
    home.write("shop/server.js", "radio.listen(8090);\n");
    assert_eq!(home.run("shop", &["check", "--only", "hardcoded-port"]).code, Some(1));
    home.write("shop/port-manager.toml", quiet);
    assert_eq!(home.run("shop", &["check", "--only", "hardcoded-port"]).code, Some(0));
}

#[test]
fn a_call_without_parentheses_is_found_too() {
    let home = shop(&BOOT_SHOP.replace("bootShop\"]", "boot_shop\"]"));
    home.write("shop/server.rb", "boot_shop 8091\n").write("shop/named.rb", "boot_shop host, 8092\n");
    for (place, number) in [("server.rb:1", "8091"), ("named.rb:1", "8092")] {
        let explained = home.run("shop", &["explain", "--at", place]);
        assert!(explained.stdout.contains(number), "{place}: {}", explained.stdout);
    }
}

#[test]
fn rows_hold_for_the_examples_of_the_repository_too() {
    let home = shop(BOOT_SHOP);
    home.write("shop/examples/small/package.json", "{\"name\": \"small\"}\n")
        .write("shop/examples/small/main.js", "bootShop(8091);\n");
    let explained = home.run("shop/examples/small", &["explain", "--at", "main.js:1"]);
    assert!(explained.stdout.contains("our.boot-shop"), "{}", explained.stdout);
    let ports = home.run("shop/examples/small", &["ports"]);
    assert!(ports.stdout.contains("8091"), "{}", ports.stdout);
}

#[test]
fn a_row_that_cannot_be_obeyed_is_an_error_with_its_place() {
    let home = shop(&format!("ignore = []\n\n{}", BOOT_SHOP.replace("names", "name")));
    for command in [&["check"][..], &["init"], &["explain", "--at", "server.js:1"]] {
        let ran = home.run("shop", command);
        assert_eq!(ran.code, Some(2), "{command:?}");
        let place = format!("{}:7:1: unknown field `name`", home.path("shop/port-manager.toml").display());
        assert!(ran.stderr.contains(&place), "{command:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("No findings; "), "{command:?}: {}", ran.stderr);
    }
}

#[test]
fn doctor_names_examples_that_do_not_hold() {
    let wrong = BOOT_SHOP.replace("bootShop(3000)", "stopShop(3000)");
    let home = shop(&wrong);
    home.run("shop", &["init"]);
    let ran = home.run("shop", &["doctor"]);
    let message = format!(
        "{}:1:1: an example of the row `our.boot-shop` does not hold: no port is found in `stopShop(3000)`",
        home.path("shop/port-manager.toml").display()
    );
    assert!(ran.stdout.contains(&message), "{}\n{message}", ran.stdout);
    home.write("shop/port-manager.toml", BOOT_SHOP);
    let ran = home.run("shop", &["doctor"]);
    assert!(!ran.stdout.contains("our.boot-shop"), "{}", ran.stdout);
}

/// A row of the project, a file that it is about, and what `explain` says of the file's first line with the row.
struct Kind {
    row: &'static str,
    file: (&'static str, &'static str),
    explained: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        row: "[[environment]]\nid = \"our.row\"\nmeans = \"Our function reads a variable.\"\ncalls = [\"shopSetting\"]\n\
              found = [{ js = 'const a = shopSetting(\"WEB_PORT\")' }]\n",
        file: ("server.js", "app.listen(shopSetting(\"WEB_PORT\"));\n"),
        explained: "WEB_PORT the variable is read our.row Our function reads a variable.",
    },
    Kind {
        row: "[[host]]\nid = \"our.row\"\nmeans = \"Our machines.\"\nleads = \"private\"\nnames = [\"*.corp.example\"]\n\
              found = [{ env = \"API_URL=http://api.corp.example:8080\" }]\n",
        file: (".env", "API_URL=http://api.corp.example:8080\n"),
        explained: "api.corp.example a host our.row Our machines.",
    },
    Kind {
        row: "[[word]]\nid = \"our.row\"\nmeans = \"Our addresses.\"\nrole = \"address\"\nwords = [\"beacon\"]\n\
              each = \"shop_{}\"\nfound = [{ env = \"SHOP_BEACON=lobby:8080\" }]\n",
        file: (".env", "SHOP_BEACON=lobby:8080\n"),
        explained: "8080",
    },
];

#[test]
fn a_row_of_each_kind_decides_in_the_project() {
    for Kind { row, file: (path, text), explained } in KINDS {
        let home = shop("");
        home.write(&format!("shop/{path}"), text);
        let explain = || {
            let table = home.run("shop", &["explain", "--at", &format!("{path}:1")]).stdout;
            table.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert!(!explain().contains(explained), "{row}");
        home.write("shop/port-manager.toml", row);
        assert!(explain().contains(explained), "{row}{}", explain());
        let doctor = home.run("shop", &["doctor"]).stdout;
        assert!(!doctor.contains("our.row") && !doctor.contains("port-manager.toml:"), "{row}{doctor}");
    }
}

const RADIO: &str = "\
[[word]]
id = \"our.radio\"
means = \"Before `port`, the plug of a radio is meant.\"
role = \"no-network\"
words = [\"radio\"]
each = \"{}-port\"
not = [{ js = \"const radioPort = 8090\" }]
";

#[test]
fn a_word_of_the_project_decides_in_code_settings_and_the_port_map() {
    let home = shop("");
    home.write("shop/server.js", "const radioPort = 8090;\n")
        .write("shop/config.yaml", "radioPort: 8091\n")
        .write("shop/radio.toml", "radio_port = 8092\n")
        .write("shop/Makefile", "RADIO_PORT ?= 8093\n")
        .write("shop/start.sh", "serve --radio-port 8094 $RADIO_PORT\n")
        .write("shop/ci.yaml", "environment:\n  - RADIO_PORT=8095\n");
    let found = |command: &[&str]| home.run("shop", command).stdout;
    let check = ["check", "--only", "hardcoded-port"];
    for number in ["8090", "8091", "8092", "8094"] {
        assert!(found(&check).contains(number), "{number} in {}", found(&check));
    }
    assert!(found(&["ports"]).contains("RADIO_PORT"), "{}", found(&["ports"]));

    home.write("shop/port-manager.toml", RADIO);
    assert_eq!(found(&check), "");
    assert!(!found(&["ports"]).contains("RADIO_PORT"), "{}", found(&["ports"]));
    assert!(!found(&["doctor"]).contains("our.radio"));
}

#[test]
fn a_variable_that_a_word_says_is_anothers_gets_no_port() {
    let home = shop("");
    home.write("shop/server.js", "connect(process.env.PARTNER_PORT || 8090);\n");
    let ports = || home.run("shop", &["ports"]).stdout;
    assert!(ports().contains("PARTNER_PORT"), "{}", ports());
    let row = "[[word]]\nid = \"our.partner\"\nmeans = \"A partner's.\"\nrole = \"foreign\"\nwords = [\"partner\"]\neach = \"{}_PORT\"\n";
    home.write("shop/port-manager.toml", row);
    assert!(!ports().contains("PARTNER_PORT"), "{}", ports());
}

#[test]
fn a_word_that_says_nothing_new_is_named_by_doctor() {
    let home = shop(&RADIO.replace("\"radio\"]", "\"radio\", \"serial\"]"));
    home.run("shop", &["init"]);
    let ran = home.run("shop", &["doctor"]);
    assert!(ran.stdout.contains("`serial-port` says the same without the row"), "{}", ran.stdout);
}

#[test]
fn a_host_of_the_project_counts_beside_a_number_and_on_the_port_map() {
    let row = "[[host]]\nid = \"our.corp\"\nmeans = \"Our machines.\"\nleads = \"private\"\nnames = [\"*.corp.example\"]\n";
    let home = shop("");
    home.write("shop/server.js", "connect('queue.corp.example', 8090);\n").write(
        "shop/mail.py",
        "settings = {\"queue_server\": \"queue.corp.example\", \"queue_port\": 8091}\n",
    );
    let places_here = || {
        let ports = home.run("shop", &["ports", "--json"]).json();
        let of = |default: u16| {
            let ports = ports["ports"].as_array().unwrap();
            ports.iter().find(|port| port["default"] == default).map(|port| port["places_here"].clone())
        };
        (of(8090), of(8091))
    };
    assert_eq!(places_here(), (None, Some(0.into())));
    home.write("shop/port-manager.toml", row);
    assert_eq!(places_here(), (Some(1.into()), Some(1.into())));
}

#[test]
fn a_row_about_files_says_where_their_code_runs() {
    let home = shop("");
    home.write("shop/server.js", "").write("shop/playground/try.js", "app.listen(8095);\n");
    let grade =
        || home.run("shop", &["check", "--only", "hardcoded-port", "--json"]).json_lines()[0]["grade"].take();
    assert_eq!(grade(), "warning");
    let row = "[[file]]\nid = \"our.playground\"\nmeans = \"Our playground.\"\nruntime = \"aside\"\n\
               directories = [\"playground\"]\nfound = [\"playground/try.js\"]\n";
    home.write("shop/port-manager.toml", row);
    assert_eq!(grade(), "note");
    let explained = home.run("shop", &["explain", "--at", "playground/try.js:1"]).stdout;
    let said = "it is a test, an example, or generated  our.playground  Our playground.";
    assert!(explained.contains(said), "{explained}");
    assert!(!home.run("shop", &["doctor"]).stdout.contains("our.playground"));
}

const OUR_SETTINGS: &str = "\
[[environment]]
id = \"our.settings\"
means = \"Our settings are those of the environment.\"
calls = [\"settings.read\"]
found = [{ js = 'settings.read(\"WEB_PORT\")' }]
";

#[test]
fn a_lookup_of_the_project_is_read_and_its_default_is_no_finding() {
    let home = shop("");
    home.write("shop/server.js", "app.listen(settings.read(\"WEB_PORT\") || 8090);\n")
        .write("shop/.ports.env", "WEB_PORT=8090\n");
    let hardcoded = ["check", "--only", "hardcoded-port"];
    assert_eq!(home.run("shop", &hardcoded).code, Some(1));

    home.write("shop/port-manager.toml", OUR_SETTINGS);
    assert_eq!(home.run("shop", &hardcoded).code, Some(0));
    let explained = home.run("shop", &["explain", "--at", "server.js:1"]).stdout;
    assert!(explained.contains("our.settings  Our settings are those of the environment."), "{explained}");
}

#[test]
fn a_lookup_needs_a_name_to_search_for() {
    let home = shop(&OUR_SETTINGS.replace("settings.read\"]", "*\"]"));
    let ran = home.run("shop", &["check"]);
    assert_eq!(ran.code, Some(2));
    let place =
        format!("{}:4:9: `*` needs 3 characters in a row", home.path("shop/port-manager.toml").display());
    assert!(ran.stderr.contains(&place), "{}", ran.stderr);
}
