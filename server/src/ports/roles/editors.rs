//! Editors by their installation. What they are made from tells more than their names, and a new one that is
//! made from the same parts needs no row of its own.

use std::path::{Component, Path};

use serde_json::Value;

use super::names::script_path;
use crate::files;
use crate::pattern::is_like;
use crate::ports::process::Process;

/// Editors that are installed alike.
struct Family {
    /// Where its programs and scripts are in an installation. A `*` stands for any path.
    places: &'static [&'static str],
    /// The file of an installation that describes it.
    manifest: &'static str,
    /// The texts that the manifest has, as JSON pointers. They tell it from an unrelated file of that name.
    texts: &'static [&'static str],
}

/// What the manifest of VS Code says, and of every editor that is made from it.
const VS_CODE: &[&str] = &["/applicationName", "/dataFolderName"];

/// What `product-info.json` of every IDE of JetBrains says, and of Android Studio.
const JETBRAINS: &[&str] = &["/productCode", "/buildNumber"];

/// An application that is built on Theia depends on it.
const THEIA: &[&str] = &["/dependencies/@theia~1core"];

static FAMILIES: &[Family] = &[
    // The server of VS Code, with the Node.js that it brings along.
    Family { places: &["out/*", "node", "node.exe"], manifest: "product.json", texts: VS_CODE },
    // code-server, which has the server of VS Code inside.
    Family { places: &["out/node/*", "lib/node"], manifest: "lib/vscode/product.json", texts: VS_CODE },
    // VS Code as a desktop application.
    Family { places: &["*"], manifest: "resources/app/product.json", texts: VS_CODE },
    Family {
        places: &["Contents/MacOS/*", "Contents/Frameworks/*"],
        manifest: "Contents/Resources/app/product.json",
        texts: VS_CODE,
    },
    // Not what is under `plugins/` and `jbr/`: these run the user's programs, too.
    Family { places: &["bin/*"], manifest: "product-info.json", texts: JETBRAINS },
    Family {
        places: &["Contents/MacOS/*", "Contents/bin/*"],
        manifest: "Contents/Resources/product-info.json",
        texts: JETBRAINS,
    },
    Family { places: &["lib/backend/*", "src-gen/backend/*"], manifest: "package.json", texts: THEIA },
];

/// Directories in which an editor keeps what it runs on a remote machine, by name.
const DIRECTORIES: &[&str] = &[
    ".vscode-server",
    ".vscode-server-insiders",
    ".vscode-server-oss",
    ".vscode-remote",
    ".vscodium-server",
    ".codium-server",
    ".cursor-server",
    ".windsurf-server",
    ".kiro-server",
    ".antigravity-server",
    ".trae-server",
    ".positron-server",
    ".zed_server",
];

/// Those of editors that are not in that list: hidden, named like these, and with the directories that the
/// server of VS Code makes.
const UNLISTED_DIRECTORY: &str = ".*-server*";
const CONTENTS: [&str; 2] = ["data", "extensions"];

/// Whether the process is part of an editor, by where its program or its script is.
pub(super) fn is_editors(process: &Process) -> bool {
    let script = script_path(process);
    [process.path.as_deref(), script.as_deref()].into_iter().flatten().any(is_in_editor)
}

fn is_in_editor(path: &Path) -> bool {
    path.ancestors().skip(1).any(is_server_directory) || family(path).is_some()
}

/// The family of the editor to whose installation the file belongs.
fn family(path: &Path) -> Option<&'static Family> {
    // A relative path would be looked up in our own directory.
    let roots = path.ancestors().skip(1).filter(|_| path.is_absolute());
    roots
        .filter_map(|root| Some((root, path.strip_prefix(root).ok()?)))
        .find_map(|(root, place)| FAMILIES.iter().find(|family| family.has(place) && family.is_at(root)))
}

/// Whether an editor keeps in this directory what it runs on a remote machine.
fn is_server_directory(directory: &Path) -> bool {
    let Some(Component::Normal(name)) = directory.components().next_back() else { return false };
    let name = name.to_string_lossy();
    DIRECTORIES.contains(&&*name)
        || is_like(&name, UNLISTED_DIRECTORY) && CONTENTS.iter().all(|part| directory.join(part).is_dir())
}

impl Family {
    /// Whether its programs and scripts are at that path of an installation.
    fn has(&self, place: &Path) -> bool {
        let place = place.to_string_lossy().replace('\\', "/");
        self.places.iter().any(|pattern| is_like(&place, pattern))
    }

    /// Whether it is installed there.
    fn is_at(&self, root: &Path) -> bool {
        let Ok(text) = files::read(&root.join(self.manifest), files::LARGEST) else { return false };
        let Ok(manifest) = serde_json::from_slice::<Value>(&text) else { return false };
        self.texts.iter().all(|pointer| manifest.pointer(pointer).is_some_and(Value::is_string))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    const CODE: &str = r#"{"nameShort": "Kiro", "applicationName": "kiro", "dataFolderName": ".kiro",
        "serverApplicationName": "kiro-server", "serverDataFolderName": ".kiro-server"}"#;
    const IDE: &str =
        r#"{"name": "IntelliJ IDEA", "productCode": "IU", "buildNumber": "242.1", "launch": []}"#;
    const THEIA_APPLICATION: &str = r#"{"name": "shop-ide", "dependencies": {"@theia/core": "1.55.0"}}"#;

    /// A file that runs, in an installation with that manifest.
    struct Installation {
        _root: tempfile::TempDir,
        runs: PathBuf,
    }

    fn installation(manifest: &str, content: &str, runs: &str) -> Installation {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().canonicalize().unwrap();
        for (path, content) in [(manifest, content), (runs, "")] {
            let path = directory.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Installation { runs: directory.join(runs), _root: root }
    }

    #[test]
    fn every_family_has_an_example() {
        let mut found: Vec<*const Family> = Vec::new();
        for (manifest, content, runs) in [
            ("product.json", CODE, "out/server-main.js"),
            ("server/product.json", CODE, "server/node"),
            ("vscode/product.json", CODE, "vscode/out/vs/server/main.js"),
            ("lib/vscode/product.json", CODE, "out/node/entry.js"),
            ("lib/vscode/product.json", CODE, "lib/node"),
            ("lib/vscode/product.json", CODE, "lib/vscode/out/bootstrap-fork.js"),
            ("kiro/resources/app/product.json", CODE, "kiro/kiro"),
            ("Kiro.app/Contents/Resources/app/product.json", CODE, "Kiro.app/Contents/MacOS/Electron"),
            ("idea/product-info.json", IDE, "idea/bin/idea"),
            ("dist/1_ideaIU/product-info.json", IDE, "dist/1_ideaIU/bin/remote-dev-server"),
            ("IDEA.app/Contents/Resources/product-info.json", IDE, "IDEA.app/Contents/MacOS/idea"),
            ("browser/package.json", THEIA_APPLICATION, "browser/lib/backend/main.js"),
            ("browser/package.json", THEIA_APPLICATION, "browser/src-gen/backend/main.js"),
        ] {
            let installation = installation(manifest, content, runs);
            match family(&installation.runs) {
                Some(family) => found.push(family),
                None => panic!("{runs} beside {manifest} is an editor's"),
            }
        }
        for family in FAMILIES {
            assert!(found.contains(&std::ptr::from_ref(family)), "{:?} has no example", family.places);
        }
    }

    #[test]
    fn what_is_merely_laid_out_alike_is_no_editor() {
        const SHOP: &str = r#"{"name": "shoe", "price": 42, "applicationName": ["shop"]}"#;
        for (manifest, content, runs) in [
            // Other products.
            ("product.json", SHOP, "out/server.js"),
            ("product.json", "[1, 2", "out/server.js"),
            ("lib/vscode/product.json", SHOP, "out/node/entry.js"),
            ("product-info.json", SHOP, "bin/server"),
            ("package.json", r#"{"dependencies": {"express": "4"}}"#, "lib/backend/main.js"),
            ("package.json", r#"{"description": "no @theia/core"}"#, "lib/backend/main.js"),
            // The user's own servers beside an editor's sources, and what an IDE runs.
            ("product.json", CODE, "server.js"),
            ("product.json", CODE, "scripts/serve.js"),
            ("product-info.json", IDE, "jbr/bin/java"),
            ("product-info.json", IDE, "plugins/python/helpers/pydev/pydevd.py"),
            ("package.json", THEIA_APPLICATION, "server.js"),
        ] {
            let installation = installation(manifest, content, runs);
            assert!(!is_in_editor(&installation.runs), "{runs} beside {manifest}: {content}");
        }
    }

    #[test]
    fn directories_of_remote_editors_are_known_by_what_is_in_them() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        for (directory, contents, expected) in [
            (".vscode-server", &[][..], true),
            (".kiro-server", &[], true),
            (".antigravity-server", &[], true),
            (".codium-server", &[], true),
            (".vscode-server-oss", &[], true),
            (".tomorrow-server", &["data", "extensions"], true),
            (".tomorrow-server-insiders", &["data", "extensions"], true),
            (".my-server", &["data"], false),
            (".my-other-server", &[], false),
            ("my-server", &["data", "extensions"], false),
            ("vscode-server", &["data", "extensions"], false),
        ] {
            for part in contents {
                fs::create_dir_all(home.join(directory).join(part)).unwrap();
            }
            let runs = home.join(directory).join("bin/1/node");
            assert_eq!(is_in_editor(&runs), expected, "{directory} {contents:?}");
        }
    }

    #[test]
    fn a_manifest_that_is_no_plain_file_is_not_read() {
        let broken = installation("product.json", &"[".repeat(100_000), "out/server-main.js");
        assert!(!is_in_editor(&broken.runs));
        let large =
            installation("product.json", &format!("{CODE}{}", " ".repeat(1 << 20)), "out/server-main.js");
        assert!(!is_in_editor(&large.runs));
        let directory = installation("product.json/x", CODE, "out/server-main.js");
        assert!(!is_in_editor(&directory.runs));
    }
}
