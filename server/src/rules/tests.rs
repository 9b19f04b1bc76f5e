use std::path::PathBuf;

use super::*;

/// `docs/rules/` is written from here: run the tests with `UPDATE_DOCS=1` to write it again.
#[test]
fn every_rule_has_its_page_in_the_documentation() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/rules");
    for rule in Rule::ALL {
        let path = directory.join(format!("{}.md", rule.name()));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::create_dir_all(&directory).unwrap();
            std::fs::write(&path, rule.page()).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(written, rule.page(), "{} is not what the rule says", path.display());
    }
}

#[test]
fn a_rule_is_found_by_its_name() {
    for rule in Rule::ALL {
        assert_eq!(Rule::of_name(rule.name()), Some(rule));
    }
    assert_eq!(Rule::of_name("no-such-rule"), None);
}

#[test]
fn a_rules_page_is_in_the_repository_that_the_package_names() {
    let address = Rule::HardcodedPort.address_in("https://example.org/dev/port-manager");
    let version = crate::version::NUMBER;
    let expected =
        format!("https://example.org/dev/port-manager/blob/v{version}/docs/rules/hardcoded-port.md");
    assert_eq!(address, Some(expected));
    assert_eq!(Rule::HardcodedPort.address_in(""), None);
}
