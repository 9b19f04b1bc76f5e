//! What each bundler puts into a page: a page of `apps/bundlers` is fixed, and built with the variable set, unset and empty.

use std::fs;
use std::path::Path;

use crate::numbers::Numbers;
use crate::packages::Packages;
use crate::tools::{self, NODE};
use crate::worktrees::Worktrees;

/// The number that the pages type.
const TYPED: u16 = 48123;

/// A bundler, and what its page is.
struct Bundled {
    /// Its directory of `apps/bundlers`.
    name: &'static str,
    /// The file of the page that types the number.
    page: &'static str,
    /// What a fix reads there.
    lookup: &'static str,
    /// Where the built page is.
    built: &'static str,
}

impl Bundled {
    fn prove(&self) {
        let application = format!("bundlers/{}", self.name);
        if !tools::are_here(&application, &[NODE]) {
            return;
        }
        let packages = Packages::of(&application, &[NODE]);
        let numbers = Numbers::take([TYPED].into_iter());
        let worktrees = Worktrees::of(&application, &numbers, &packages);
        for worktree in [&worktrees.main, &worktrees.feature] {
            worktrees.run(worktree, &["init"]);
            worktrees.fix(worktree);
            worktrees.assert_warnings(worktree, &[]);
            worktrees.assert_fixed(worktree);
        }
        // The second to come has another number than the typed one.
        let worktree = &worktrees.feature;
        let typed = numbers.of(TYPED);
        let read = format!("http://localhost:${{{} || {typed}}}/stock", self.lookup);
        let page = worktree.read(self.page);
        assert!(page.contains(&read), "{}: {read} is not in\n{page}", self.name);

        let assigned = worktree.assigned()["API_PORT"];
        let empty = format!("{}=", self.lookup.rsplit('.').next().expect("a name"));
        for (before, expected, other) in [
            (&["env"][..], typed, assigned),
            (&["env", &empty], typed, assigned),
            (&[env!("CARGO_BIN_EXE_port-manager"), "run"], assigned, typed),
        ] {
            let directory = worktree.root.join(self.built);
            let _ = fs::remove_dir_all(&directory);
            worktrees.printed(worktree, before, "npm run build");
            let built = texts(&directory);
            let has = |number: u16| built.iter().any(|text| text.contains(&number.to_string()));
            assert!(has(expected), "{}, by {before:?}: {expected} is not in the page", self.name);
            assert!(!has(other), "{}, by {before:?}: {other} is in the page", self.name);
        }
    }
}

/// The texts of all pages and scripts below a directory.
fn texts(directory: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(directory).expect("the built page").flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(self::texts(&path));
        } else if path.extension().is_some_and(|end| ["html", "js", "mjs"].iter().any(|known| end == *known))
        {
            texts.push(fs::read_to_string(&path).expect("a text"));
        }
    }
    texts
}

macro_rules! bundlers {
    ($($test:ident: $name:literal, $page:literal, $lookup:literal, $built:literal;)*) => {
        $(#[test]
        #[ignore = "make prove-bundlers"]
        fn $test() {
            Bundled { name: $name, page: $page, lookup: $lookup, built: $built }.prove();
        })*
    };
}

bundlers! {
    next: "next", "app/page.jsx", "process.env.NEXT_PUBLIC_API_PORT", ".next/static";
    nuxt: "nuxt", "app.vue", "import.meta.env.VITE_API_PORT", ".output/public";
    create_react_app: "create-react-app", "src/index.js", "process.env.REACT_APP_API_PORT", "build";
    expo: "expo", "index.js", "process.env.EXPO_PUBLIC_API_PORT", "dist";
    vue_cli: "vue-cli", "src/main.js", "process.env.VUE_APP_API_PORT", "dist";
    astro: "astro", "src/main.ts", "import.meta.env.PUBLIC_API_PORT", "dist";
    sveltekit: "sveltekit", "src/routes/+page.svelte", "import.meta.env.VITE_API_PORT", "build";
    vite: "vite", "src/main.js", "import.meta.env.VITE_API_PORT", "dist";
    parcel: "parcel", "src/main.js", "process.env.API_PORT", "dist";
    webpack: "webpack", "src/index.js", "process.env.API_PORT", "dist";
}
