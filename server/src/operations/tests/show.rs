//! Which project is meant, and what is told of it

use super::*;

#[test]
fn a_project_is_shown_by_its_name_its_path_or_from_within() {
    let machine = Machine::new();
    let shop = machine.project("shop", &[]);
    fs::create_dir(shop.as_path().join("src")).unwrap();
    machine.allocate(&shop, "WEB_PORT", None);
    fs::write(shop.as_path().join(".ports.env"), "WEB_PORT=8001\n").unwrap();
    let path = shop.as_path().to_str().unwrap();
    let within = shop.as_path().join("src");
    for which in [Which::Named("shop"), Which::Named(path), Which::Of(&within)] {
        let shown = show(&machine.context, which).unwrap();
        assert_eq!((shown.project.as_str(), shown.root.as_str(), shown.exists), ("shop", path, true));
        let [web] = shown.ports.as_slice() else { panic!("{shown:?}") };
        assert_eq!((web.port, web.ports_env, web.assigned_at), (port(8000), Some(port(8001)), noon()));
    }
    insta::with_settings!({filters => vec![(path, "~/shop")]}, {
        let shown = show(&machine.context, Which::Named("shop")).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap(), @r#"
        {
          "project": "shop",
          "root": "~/shop",
          "exists": true,
          "ports": [
            {
              "variable": "WEB_PORT",
              "port": 8000,
              "service": "web",
              "assigned_at": "2026-11-23T12:00:00Z",
              "ports_env": 8001
            }
          ]
        }
        "#);
    });
}

#[test]
fn a_project_that_is_unknown_or_has_a_namesake_is_not_guessed() {
    let machine = Machine::new();
    let (one, two) = (machine.project("a/shop", &[]), machine.project("b/shop", &[]));
    machine.init(&one);
    let unknown = show(&machine.context, Which::Named("blog")).unwrap_err();
    assert_eq!(unknown.help().as_deref(), Some("The projects are shop."));
    machine.init(&two);
    let ambiguous = show(&machine.context, Which::Named("shop")).unwrap_err();
    assert_eq!(ambiguous.to_string(), "2 projects are named 'shop'");
    assert!(ambiguous.help().unwrap().contains(two.as_path().to_str().unwrap()));
}
