//! `spring`: Spring Boot reads `.ports.env` as properties, where there is one.

use std::path::{Path, PathBuf};

use super::work::{Work, newline, not_understood};
use super::{State, Target};
use crate::error::Result;
use crate::pattern::{Pattern, regex};
use crate::ports_env::FILE_NAME;
use crate::project::wiring;

pub(super) const TARGET: Target = Target {
    name: "spring",
    summary: "Spring Boot reads .ports.env (spring.config.import)",
    plan,
    is_needed: |work| files(work).is_ok_and(|files| !files.is_empty()),
};

const RESOURCES: &str = "src/main/resources";

/// The configurations of the project's applications: those that read a port variable.
fn files(work: &Work<'_>) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    for module in work.map().components().directories().chain([Path::new("")]) {
        if !is_of_spring(work, module)? {
            continue;
        }
        for name in ["application.properties", "application.yml", "application.yaml"] {
            let path = module.join(RESOURCES).join(name);
            let reads = !wiring::read_in(work.map(), &path).is_empty();
            if let Some(text) = work.text(&path)?.filter(|_| reads || work.is_asked) {
                found.push((path, text));
            }
        }
    }
    Ok(found)
}

/// The builds of a module and of the root.
fn builds(work: &Work<'_>, module: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for directory in [module, Path::new("")] {
        for name in ["pom.xml", "build.gradle", "build.gradle.kts"] {
            found.extend(work.text(directory.join(name))?);
        }
    }
    Ok(found)
}

/// Whether the build of a module, or that of the root, names Spring: others have an `application.yaml` too.
fn is_of_spring(work: &Work<'_>, module: &Path) -> Result<bool> {
    Ok(builds(work, module)?.iter().any(|text| text.contains("springframework")))
}

static VERSION: Pattern = regex!(
    r#"(?x) (?: spring-boot-(?:starter-parent|dependencies|gradle-plugin) (?: </artifactId> \s* <version> | : )
              | org\.springframework\.boot ["'] \)? \s+ version \s+ ["'] )
         ([0-9]+) \. ([0-9]+)"#
);

/// The version of Spring Boot that a build names, where that is older than `spring.config.import`: 2.4 brought it (Spring Boot 2.4
/// Release Notes, "Importing Additional Application Config").
fn too_old(build: &str) -> Option<String> {
    let version = VERSION.captures(build)?;
    let [major, minor] = [1, 2].map(|group| version[group].parse::<u32>().ok());
    ((major?, minor?) < (2, 4)).then(|| format!("{}.{}", &version[1], &version[2]))
}

fn plan(work: &mut Work<'_>) -> Result<State> {
    let files = files(work)?;
    if files.is_empty() {
        return Ok(State::NotUsed(format!(
            "no {RESOURCES}/application.properties or .yml reads a port variable"
        )));
    }
    let mut edits = Vec::new();
    let mut left = Vec::new();
    let mut is_any_wired = false;
    for (path, text) in files {
        if text.contains(FILE_NAME) {
            is_any_wired = true;
            continue;
        }
        match edited(work, &path, &text)? {
            Ok(edited) => edits.push((path, edited)),
            Err(why_not) => left.push(why_not),
        }
    }
    if edits.is_empty() && !is_any_wired {
        return Ok(State::Impossible(left.join("; ")));
    }
    for (path, edited) in edits {
        work.set(&path, edited)?;
    }
    left.into_iter().for_each(|why_not| work.note(why_not));
    Ok(State::Done)
}

/// The configuration with the import; else why that cannot be done, and what to do.
fn edited(work: &Work<'_>, path: &Path, text: &str) -> Result<std::result::Result<String, String>> {
    let module = path.ancestors().nth(4).unwrap_or(Path::new(""));
    let shown = path.display();
    if let Some(version) = builds(work, module)?.iter().find_map(|build| too_old(build)) {
        return Ok(Err(format!(
            "{shown} cannot import {FILE_NAME}: Spring Boot {version} does not know spring.config.import, which came with 2.4; \
             start the application with `port-manager run`"
        )));
    }
    let import = import(module);
    let is_properties = path.extension().is_some_and(|extension| extension == "properties");
    let edited = if is_properties { in_properties(text, &import) } else { in_yaml(path, text, &import)? };
    Ok(edited.ok_or_else(|| format!("{shown} imports other files already; add \"{import}\" to them")))
}

/// Build tools start a module in its own directory, editors in the project's.
fn import(module: &Path) -> String {
    let of = |path: String| format!("optional:file:{path}[.properties]");
    match module.components().count() {
        0 => of(FILE_NAME.to_owned()),
        up => format!("{},{}", of(FILE_NAME.to_owned()), of(format!("{}{FILE_NAME}", "../".repeat(up)))),
    }
}

fn in_properties(text: &str, import: &str) -> Option<String> {
    if text.lines().any(|line| line.trim_start().starts_with("spring.config.import")) {
        return None;
    }
    Some(format!("spring.config.import={import}{}{text}", newline(text)))
}

/// An import whose key has dots. Spring makes one property of it and of the nested keys.
static FLAT_IMPORT: Pattern =
    regex!(r#"(?m)^["']?spring\.config(?:\.import(?:\[[0-9]+\])?)?["']?[ \t]*:(?:[ \t\r]|$)"#);

/// The text with the import in its first document; `None` where that has one already.
fn in_yaml(path: &Path, text: &str, import: &str) -> Result<Option<String>> {
    super::yaml::ensure_valid(path, text)?;
    let newline = newline(text);
    let line = format!("import: \"{import}\"");
    let document_end = text.find("\n---").map_or(text.len(), |at| at + 1);
    let (document, rest) = text.split_at(if text.starts_with("---") { text.len() } else { document_end });
    if FLAT_IMPORT.is_match(document) {
        return Ok(None);
    }
    let Some(spring) = super::yaml::key(document, 0, "spring") else {
        return Ok(Some(format!("spring:{newline}  config:{newline}    {line}{newline}{newline}{text}")));
    };
    let children = &document[spring.clone()];
    let Some(indent) = super::yaml::indent_of_children(children) else {
        return Err(not_understood(path, text, spring.start, "`spring` is not a mapping of lines"));
    };
    if super::yaml::key(children, indent, "config").is_some() || children.contains("config.import") {
        return Ok(None);
    }
    let (before, behind) = document.split_at(spring.start);
    let pad = " ".repeat(indent);
    Ok(Some(format!("{before}{pad}config:{newline}{pad}  {line}{newline}{behind}{rest}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_before_the_import_are_too_old() {
        let parent = |version: &str| {
            format!("<artifactId>spring-boot-starter-parent</artifactId>\n  <version>{version}</version>")
        };
        assert_eq!(too_old(&parent("2.0.3.RELEASE")).as_deref(), Some("2.0"));
        assert_eq!(too_old("id 'org.springframework.boot' version '2.3.12.RELEASE'").as_deref(), Some("2.3"));
        assert_eq!(too_old("id(\"org.springframework.boot\") version \"1.5.0\"").as_deref(), Some("1.5"));
        for build in [parent("2.4.0"), parent("3.5.1"), parent("${boot.version}"), String::new()] {
            assert_eq!(too_old(&build), None, "{build}");
        }
    }

    #[test]
    fn the_import_goes_where_spring_reads_it() {
        let path = Path::new("application.yml");
        let import = import(Path::new("services/api"));
        assert_eq!(
            import,
            "optional:file:.ports.env[.properties],optional:file:../../.ports.env[.properties]"
        );
        let edited = |text: &str| in_yaml(path, text, "X").unwrap();
        assert_eq!(
            edited("server:\n  port: 1\n").unwrap(),
            "spring:\n  config:\n    import: \"X\"\n\nserver:\n  port: 1\n"
        );
        assert_eq!(
            edited("# ours\nspring:\n    application:\n        name: a\n---\nspring:\n  x: 1\n").unwrap(),
            "# ours\nspring:\n    config:\n      import: \"X\"\n    application:\n        name: a\n---\nspring:\n  x: 1\n"
        );
        assert_eq!(edited("spring:\n  config:\n    import: other\n"), None);
        for flat in [
            "spring.config.import: other\n",
            "a: 1\nspring.config.import:\n  - other\nspring:\n  x: 1\n",
            "\"spring.config.import\": other\r\n",
            "spring.config.import[0]: other\n",
            "spring.config:\n  import: other\n",
        ] {
            assert_eq!(edited(flat), None, "{flat}");
        }
        for other in ["# spring.config.import: other\n", "a: 1\n---\nspring.config.import: other\n"] {
            assert!(edited(other).is_some(), "{other}");
        }
        assert_eq!(in_properties("server.port=1\n", "X").unwrap(), "spring.config.import=X\nserver.port=1\n");
        assert!(in_yaml(path, "a: [1\nb: }\n", "X").is_err());
    }
}
