//! What `config.toml` sets, and what it cannot.

use std::path::Path;

use super::*;
use crate::service::Service;
use crate::variable::Variable;

fn parse(text: &str) -> Result<Config> {
    Config::parse(text, Path::new("config.toml"))
}

fn port(number: u16) -> Port {
    Port::new(number).unwrap()
}

fn variable(name: &str) -> Variable {
    name.parse().unwrap()
}

#[test]
fn an_empty_file_changes_nothing() {
    assert_eq!(parse("").unwrap(), Config::default());
    assert_eq!(parse(TEMPLATE).unwrap(), Config::default());
}

#[test]
fn the_template_is_right_without_its_comments() {
    let settings: Vec<&str> = TEMPLATE.lines().filter_map(|line| line.strip_prefix("# ")).collect();
    let text: String = settings
        .iter()
        .filter(|line| line.contains(" = ") || line.starts_with('['))
        .map(|line| format!("{line}\n"))
        .collect();
    let config = parse(&text).unwrap();
    for key in file::File::KEYS {
        assert!(text.contains(key), "{key} in {text}");
    }
    assert!(config.avoids(port(8080)) && config.types().named("search").is_some());
}

#[test]
fn a_new_type_has_its_range_and_its_own_name() {
    let config = parse("[ranges]\nsearch = \"9200-9299\"\n[words]\nsearch = [\"solr\"]\n").unwrap();
    let types = config.types();
    let search = types.named("search").unwrap();
    assert_eq!(types.get(search).unwrap().range, 9200..=9299);
    assert_eq!(types.variable(search), variable("SEARCH_PORT"));
    for name in ["SEARCH_PORT", "PRODUCT_SEARCH_PORT", "SOLR_PORT"] {
        assert_eq!(types.of_variable(&variable(name), None), search, "{name}");
    }
    assert_eq!(types.of_port(port(9250)), Some(search));
    assert_eq!(config.origins().range(search), Origin::Line(2));
    assert_eq!(config.origins().variable(search), Origin::BuiltIn);
}

#[test]
fn a_built_in_type_may_get_other_numbers_and_another_variable() {
    let config = parse("[ranges]\ncache = \"6400-6420\"\n[variables]\ncache = \"CACHE_PORT\"\n").unwrap();
    assert_eq!(config.types().get(Service::Cache).unwrap().range, 6400..=6420);
    assert_eq!(config.types().variable(Service::Cache), variable("CACHE_PORT"));
    assert_eq!(config.types().of_port(port(6379)), None);
    assert_eq!(config.types().get(Service::Web), Config::default().types().get(Service::Web));
}

#[test]
fn single_ports_and_ranges_are_avoided() {
    let config = parse("avoid = [8080, \"9000-9010\"]\n").unwrap();
    for (number, is_avoided) in [(8080, true), (8081, false), (9000, true), (9010, true), (9011, false)] {
        assert_eq!(config.avoids(port(number)), is_avoided, "{number}");
    }
}

#[test]
fn what_cannot_be_set_is_an_error_with_its_place() {
    let cases = [
        ("avoid = [\n", (1, 10), "array"),
        ("avoid = 8080\n", (1, 9), "expected a sequence"),
        ("\nrange = 1\n", (2, 1), "there is no setting `range`; did you mean `ranges`?"),
        ("colour = 1\n", (1, 1), "the settings are `avoid`, `ranges`, `words`, `variables`"),
        ("avoid = [80800]\n", (1, 10), "80800 is not a port: ports are 1 to 65535"),
        ("avoid = [80, 0]\n", (1, 14), "0 is not a port"),
        ("avoid = [\"9010-9000\"]\n", (1, 10), "write \"9000-9010\""),
        ("[ranges]\nweb = \"8099-8000\"\n", (2, 7), "the range 8099-8000 is empty: write \"8000-8099\""),
        ("[ranges]\nweb = \"\"\n", (2, 7), "`` is not a range"),
        ("[ranges]\nweb = \"8000\"\n", (2, 7), "as in \"9200-9299\""),
        ("[ranges]\nweb = \"8000-80000\"\n", (2, 7), "the highest is 65535"),
        ("[ranges]\nweb = 8000\n", (2, 7), "in quotation marks"),
        ("[ranges]\nweb = \"80-8000\"\n", (2, 7), "begin at 1024 or above"),
        ("[ranges]\nSearch = \"9200-9299\"\n", (2, 1), "lower-case letters"),
        (
            "[ranges]\nsearch = \"8050-8120\"\n",
            (2, 10),
            "overlaps that of `web` (8000-8099), which is built in",
        ),
        (
            "[ranges]\nsolr = \"9200-9299\"\nelastic = \"9299-9300\"\n",
            (3, 11),
            "the range of `elastic` (9299-9300) overlaps that of `solr` of line 2 (9200-9299)",
        ),
        ("[ranges]\nweb = \"8100-8199\"\n", (2, 7), "overlaps that of `api`"),
        ("[ranges]\nbad = \"6665-6669\"\n", (2, 7), "blocked by browsers"),
        ("avoid = [\"7230-7239\"]\n", (1, 10), "no number of `temporal` (7230-7239) can be assigned"),
        ("[words]\nwbe = [\"x\"]\n", (2, 1), "there is no service type `wbe`; did you mean `web`?"),
        ("[words]\nsearch = [\"x\"]\n", (2, 1), "gets its numbers in [ranges]"),
        ("[words]\nweb = [\"8080\"]\n", (2, 8), "tells no variable from another"),
        ("[words]\nweb = [\"PORT\"]\n", (2, 8), "other than `port`"),
        ("[words]\nweb = [\"api\"]\n", (2, 8), "is the name of another type"),
        ("[words]\napi = [\"x\"]\nweb = [\"x\"]\n", (3, 8), "`x` already means `api`"),
        ("[variables]\nweb = \"W E B\"\n", (2, 7), "not a variable name"),
        ("[variables]\nweb = \"PORT\"\n", (2, 7), "is read by every program"),
        ("[variables]\nweb = \"NODE_OPTIONS\"\n", (2, 7), "is a setting of"),
        ("[variables]\nweb = \"WEBSITE\"\n", (2, 7), "is not the name of a port variable"),
        ("[variables]\nweb = \"API_PORT\"\n", (2, 7), "API_PORT would be the variable of `web` and of `api`"),
        (
            "[ranges]\nredis = \"6400-6499\"\n",
            (2, 1),
            "REDIS_PORT would be the variable of `cache` and of `redis`",
        ),
        ("[ranges]\nbash = \"9400-9499\"\n", (2, 1), "name another variable for `bash` in [variables]"),
        ("[ranges]\nweb = \"8000-8010\"\nweb = \"8020-8030\"\n", (3, 1), "duplicate key"),
    ];
    for (text, place, expected) in cases {
        match parse(text) {
            Err(Error::Config { line, column, message, .. }) => {
                assert!(message.contains(expected), "{text}{message}");
                assert_eq!((line, column), place, "{text}{message}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}
