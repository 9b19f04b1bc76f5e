//! Code of pages: each bundler has its lookup, or advice that names the variable.

use super::*;
use crate::project::map::{PortMap, Renamed};
use crate::project::survey::Survey;

/// A project with a package of this manifest and of these configuration files, whose API is on 5000.
fn project(manifest: &str, files: &[(&str, &str)]) -> Project {
    let mut project = Project::with("API_PORT=8101\n");
    let mut survey = Survey::default();
    survey.add(Path::new("package.json"), manifest);
    for (path, text) in files {
        survey.add(Path::new(path), text);
    }
    let api = Port::new(5000).unwrap();
    let listed = vec![("API_PORT".parse().unwrap(), Some(api))];
    project.facts.listed = Some(listed.clone());
    let memory = Memory { listed, ..Memory::default() };
    project.facts.map = Arc::new(PortMap::of([], memory, survey));
    project
}

/// The same with `port-manager.toml`.
fn naming(mut project: Project, toml: &str) -> Project {
    std::fs::write(project.path("port-manager.toml"), toml).unwrap();
    project.facts.settings = Settings::load(&project.directory.path().canonicalize().unwrap()).unwrap();
    project
}

const VITE: &str = r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"vite": "8"}}"#;

const URL: &str = "export const API = \"http://localhost:5000/api\";\n";

/// The fixes of the first diagnostic that repair something.
fn repairs(project: &Project, name: &str, text: &str) -> Vec<Fix> {
    with_findings(project, name, text, |document, facts, diagnostics| {
        let first = diagnostics.first().unwrap_or_else(|| panic!("nothing is found in {text}"));
        Fixer::new(document, facts).fixes(first).into_iter().filter(|fix| !is_exception(fix)).collect()
    })
}

fn is_exception(fix: &Fix) -> bool {
    !fix.is_repair() || matches!(fix.action, Some(Action::Configure(_)))
}

fn with_findings<T>(
    project: &Project,
    name: &str,
    text: &str,
    look: impl Fn(&Document<'_>, &Facts, &[Diagnostic]) -> T,
) -> T {
    let path = project.path(name);
    let language = Language::of_path(&path).unwrap();
    let analysis = analyze(text, language, &mut SyntaxCache::default());
    let document = Document { path: &path, text, language, analysis: &analysis };
    let facts = project.facts.seeing(&document);
    look(&document, &facts, &check(&document, &facts))
}

fn messages(project: &Project, name: &str, text: &str) -> Vec<String> {
    with_findings(project, name, text, |_, _, found| {
        found.iter().map(|found| found.message.clone()).collect()
    })
}

#[test]
fn a_page_reads_the_name_that_its_bundler_lets_through() {
    for (manifest, expected) in [
        (r#"{"dependencies": {"next": "16"}}"#, "process.env.NEXT_PUBLIC_API_PORT"),
        (r#"{"dependencies": {"nuxt": "4"}}"#, "import.meta.env.VITE_API_PORT"),
        (r#"{"dependencies": {"react-scripts": "5"}}"#, "process.env.REACT_APP_API_PORT"),
        (r#"{"devDependencies": {"@vue/cli-service": "5"}}"#, "process.env.VUE_APP_API_PORT"),
        (r#"{"dependencies": {"astro": "5"}}"#, "import.meta.env.PUBLIC_API_PORT"),
        (r#"{"devDependencies": {"@sveltejs/kit": "2", "vite": "7"}}"#, "import.meta.env.VITE_API_PORT"),
        (VITE, "import.meta.env.VITE_API_PORT"),
        (r#"{"dependencies": {"vue": "3"}, "devDependencies": {"parcel": "2"}}"#, "process.env.API_PORT"),
    ] {
        let project = project(manifest, &[]);
        let after = format!("export const API = `http://localhost:${{{expected} || 5000}}/api`;\n");
        assert_eq!(project.repaired("src/shop.ts", URL), after, "{manifest}");
        let fix = repairs(&project, "src/shop.ts", URL).remove(0);
        assert_eq!(fix.title, format!("Use {expected} (8101)"));
        assert!(fix.is_certain(), "{manifest}");
        let name = expected.rsplit('.').next().unwrap();
        let named = match fix.action {
            Some(Action::Rename(Renamed { directory, name, variable })) => {
                assert_eq!((directory, variable.as_str()), (PathBuf::new(), "API_PORT"));
                Some(name.to_string())
            }
            other => {
                assert_eq!(other, None);
                None
            }
        };
        assert_eq!(named.as_deref(), (name != "API_PORT").then_some(name), "{manifest}");
    }
}

#[test]
fn a_page_without_a_way_for_the_variable_gets_advice_that_names_it() {
    let webpack = r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"webpack": "5"}}"#;
    for (manifest, name, expected) in [
        (r#"{"dependencies": {"@angular/core": "20"}}"#, "src/shop.ts", "`process.env.API_PORT || 5000`"),
        (webpack, "src/shop.ts", "`new webpack.EnvironmentPlugin({ API_PORT: null })`"),
        (r#"{"dependencies": {"express": "5"}}"#, "public/shop.js", "the number of `API_PORT`"),
        (
            r#"{"dependencies": {"react-dom": "19", "esbuild": "0.25"}}"#,
            "src/shop.ts",
            "`process.env.API_PORT || 5000`",
        ),
    ] {
        let project = project(manifest, &[]);
        assert_eq!(project.repaired(name, URL), NO_FIX, "{manifest}");
        let message = messages(&project, name, URL).remove(0);
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn webpack_puts_in_what_its_configuration_names() {
    let manifest = r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"webpack": "5"}}"#;
    let plugin = "module.exports = { plugins: [new webpack.EnvironmentPlugin({ API_PORT: null })] };\n";
    let project = project(manifest, &[("webpack.config.js", plugin)]);
    assert_eq!(
        project.repaired("src/shop.ts", URL),
        "export const API = `http://localhost:${process.env.API_PORT || 5000}/api`;\n"
    );
    assert_eq!(repairs(&project, "src/shop.ts", URL)[0].action, None);
}

#[test]
fn configuration_and_servers_of_a_package_read_the_environment() {
    let project = project(VITE, &[("index.html", ""), ("vite.config.ts", "")]);
    let proxy = "export default { server: { proxy: { '/api': 'http://localhost:5000' } } };\n";
    assert_eq!(
        project.repaired("vite.config.ts", proxy),
        proxy.replace("'http://localhost:5000'", "`http://localhost:${process.env.API_PORT || 5000}`")
    );
    assert_eq!(
        project.repaired("server/index.js", "app.listen(5000);\n"),
        "app.listen(process.env.API_PORT || 5000);\n"
    );
}

#[test]
fn numbers_stay_numbers_in_a_page_too() {
    let project = project(VITE, &[]);
    for (name, before, after) in [
        (
            "src/shop.ts",
            "export const apiPort = 5000;\n",
            "export const apiPort = Number(import.meta.env.VITE_API_PORT || 5000);\n",
        ),
        (
            "src/shop.ts",
            "export const apiPort = '5000';\n",
            "export const apiPort = import.meta.env.VITE_API_PORT || '5000';\n",
        ),
        (
            "src/Shop.tsx",
            "export default () => <Shop url=\"http://localhost:5000/\" />;\n",
            "export default () => <Shop url={`http://localhost:${import.meta.env.VITE_API_PORT || 5000}/`} />;\n",
        ),
        (
            "src/Shop.vue",
            "<script setup lang=\"ts\">\nconst url = 'http://localhost:5000/'\n</script>\n",
            "<script setup lang=\"ts\">\nconst url = `http://localhost:${import.meta.env.VITE_API_PORT || 5000}/`\n</script>\n",
        ),
        (
            "src/Shop.svelte",
            "<script>\nlet apiPort = 5000;\n</script>\n",
            "<script>\nlet apiPort = Number(import.meta.env.VITE_API_PORT || 5000);\n</script>\n",
        ),
    ] {
        assert_eq!(project.repaired(name, before), after);
    }
}

#[test]
fn where_it_is_not_clear_who_runs_the_code_both_are_offered() {
    let project = project(VITE, &[]);
    let fixes = repairs(&project, "lib/shop.js", URL);
    let titles: Vec<&str> = fixes.iter().map(|fix| fix.title.as_str()).collect();
    assert_eq!(titles, ["Use import.meta.env.VITE_API_PORT (8101)", "Use process.env.API_PORT (8101)"]);
    assert!(fixes.iter().all(|fix| !fix.is_certain()));
    let message = messages(&project, "lib/shop.js", URL).remove(0);
    assert!(message.contains("in Node, read `process.env.API_PORT || 5000`; in a page, "), "{message}");
}

const READ: &str = "export const API = `http://localhost:${import.meta.env.VITE_API_PORT || 5000}/api`;\n";

#[test]
fn a_name_that_the_project_gives_pages_is_set() {
    let named = naming(project(VITE, &[]), "[run.\".\"]\nVITE_API_PORT = \"API_PORT\"\n");
    assert_eq!(messages(&named, "src/shop.ts", READ), [""; 0]);
    assert_eq!(repairs(&named, "src/shop.ts", URL)[0].action, None, "nothing is left to name");
    let mismatch = READ.replace("5000", "5001");
    assert_eq!(
        messages(&named, "src/shop.ts", &mismatch),
        ["the default number of VITE_API_PORT is 5000, but this place falls back to 5001: write 5000"]
    );
    with_findings(&named, "src/shop.ts", READ, |document, facts, _| {
        let port = facts.map.ports().iter().find(|port| !port.places.is_empty()).unwrap();
        assert_eq!(port.variable.as_str(), "API_PORT");
        assert_eq!(port.places.len(), 2, "{}", document.text);
    });
}

#[test]
fn a_name_that_pages_have_for_another_variable_is_not_used() {
    let named = naming(project(VITE, &[]), "[run.\".\"]\nVITE_API_PORT = \"SHOP_PORT\"\n");
    assert_eq!(named.repaired("src/shop.ts", URL), NO_FIX);
}

#[test]
fn a_name_that_nothing_gives_pages_is_reported_and_given() {
    let project = project(VITE, &[]);
    let message = "VITE_API_PORT has no entry in `port-manager.toml`, so pages get no value for it: add one, or take the quick fix";
    assert_eq!(messages(&project, "src/shop.ts", READ), [message]);
    let fix = repairs(&project, "src/shop.ts", READ).remove(0);
    assert_eq!(fix.title, "Give pages API_PORT as VITE_API_PORT");
    let named = Renamed {
        directory: PathBuf::new(),
        name: "VITE_API_PORT".parse().unwrap(),
        variable: "API_PORT".parse().unwrap(),
    };
    assert_eq!(fix.action, Some(Action::Rename(named)));
}

#[test]
fn a_port_that_only_a_page_reads_is_the_one_without_the_prefix() {
    let project = project(VITE, &[]);
    let text = READ.replace("API_PORT || 5000", "SHOP_PORT || 4000");
    let fix = repairs(&project, "src/shop.ts", &text).remove(0);
    match fix.action {
        Some(Action::Allocate { variable, preferred, public_name, .. }) => {
            assert_eq!(variable.as_str(), "SHOP_PORT");
            assert_eq!(preferred, Port::new(4000));
            assert_eq!(public_name, Some("VITE_SHOP_PORT".parse().unwrap()));
        }
        other => panic!("{other:?}"),
    }
}
