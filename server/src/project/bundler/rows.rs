//! What is known of bundlers, one row each. `make prove-bundlers` builds a page with each that has a lookup, with the
//! variable set, unset and empty.

use super::{Access, Bundler, Evidence, Object, PublicLookup};

/// What to do where a bundler puts no variable into a page.
pub(super) const RELATIVE: &str = "a page has no environment, and this bundler puts no variable into it; request a path of the page's \
    own host, such as `/api`, and let the development server's proxy, which runs in Node, read `process.env.WEB_PORT || {port}`";

const fn prefixed(object: Object, prefix: &'static str) -> Option<PublicLookup> {
    Some(PublicLookup { object, access: Access::Prefix(prefix, None) })
}

/// Vite's, which an option of its configuration can change.
const VITE: Option<PublicLookup> =
    Some(PublicLookup { object: Object::ImportMetaEnv, access: Access::Prefix("VITE_", Some("envPrefix")) });

const fn evidence(
    dependencies: &'static [&'static str],
    programs: &'static [&'static str],
    files: &'static [&'static str],
) -> Evidence {
    Evidence { dependencies, programs, files, needs_page: false }
}

/// The rows. The first that applies decides: frameworks come before what they are built on.
pub static BUNDLERS: &[Bundler] = &[
    Bundler {
        name: "Next.js",
        evidence: evidence(&["next"], &["next"], &["next.config.*"]),
        lookup: prefixed(Object::ProcessEnv, "NEXT_PUBLIC_"),
        // Pages and layouts of the app router run on the server, and nothing in a page can import them.
        server: &[
            "*app/page.*",
            "*app/*/page.*",
            "*app/layout.*",
            "*app/*/layout.*",
            "*app/route.*",
            "*app/*/route.*",
            "*pages/api/*",
            "instrumentation.*",
            "proxy.*",
            "*_document.*",
        ],
        advice: "read `process.env.NEXT_PUBLIC_WEB_PORT || {port}`, which Next.js puts into the page",
        documentation: "https://nextjs.org/docs/app/guides/environment-variables",
        example: (r#"{"dependencies": {"next": "16", "react-dom": "19"}}"#, &[]),
    },
    Bundler {
        name: "Nuxt",
        evidence: evidence(&["nuxt", "nuxt3"], &["nuxt", "nuxi"], &["nuxt.config.*"]),
        lookup: VITE,
        server: &[],
        advice: "read `import.meta.env.VITE_WEB_PORT || {port}`, which Nuxt's Vite puts into the page",
        documentation: "https://vite.dev/guide/env-and-mode",
        example: (r#"{"devDependencies": {"nuxt": "4"}}"#, &["nuxt.config.ts"]),
    },
    Bundler {
        name: "Angular",
        evidence: evidence(&["@angular/core"], &["ng"], &["angular.json"]),
        lookup: None,
        server: &[],
        advice: "a page has no environment, and Angular puts no variable into it; request a path of the page's own host, such as \
                 `/api`, and let `proxy.conf.mjs`, which runs in Node, read `process.env.WEB_PORT || {port}`",
        documentation: "https://angular.dev/tools/cli/serve#proxying-to-a-backend-server",
        example: (
            r#"{"dependencies": {"@angular/core": "20"}, "devDependencies": {"vite": "7"}}"#,
            &["angular.json"],
        ),
    },
    Bundler {
        name: "Create React App",
        evidence: evidence(
            &["react-scripts", "@craco/craco", "react-app-rewired"],
            &["react-scripts", "craco", "react-app-rewired"],
            &["craco.config.*"],
        ),
        lookup: prefixed(Object::ProcessEnv, "REACT_APP_"),
        server: &["setupProxy.*"],
        advice: "read `process.env.REACT_APP_WEB_PORT || {port}`, which Create React App puts into the page",
        documentation: "https://create-react-app.dev/docs/adding-custom-environment-variables/",
        example: (r#"{"dependencies": {"react-scripts": "5"}}"#, &[]),
    },
    Bundler {
        name: "Expo",
        evidence: evidence(&["expo"], &["expo"], &[]),
        lookup: prefixed(Object::ProcessEnv, "EXPO_PUBLIC_"),
        // Routes that answer requests, and what configures the bundler.
        server: &["*+api.*", "metro.config.*", "app.config.*"],
        advice: "read `process.env.EXPO_PUBLIC_WEB_PORT || {port}`, which Expo puts into the app",
        documentation: "https://docs.expo.dev/guides/environment-variables/",
        example: (r#"{"dependencies": {"expo": "57", "react-native": "0.86"}}"#, &[]),
    },
    Bundler {
        name: "Vue CLI",
        evidence: evidence(&["@vue/cli-service"], &["vue-cli-service"], &["vue.config.*"]),
        lookup: prefixed(Object::ProcessEnv, "VUE_APP_"),
        server: &[],
        advice: "read `process.env.VUE_APP_WEB_PORT || {port}`, which Vue CLI puts into the page",
        documentation: "https://cli.vuejs.org/guide/mode-and-env.html",
        example: (r#"{"devDependencies": {"@vue/cli-service": "5"}}"#, &["vue.config.js"]),
    },
    Bundler {
        name: "Astro",
        evidence: evidence(&["astro"], &["astro"], &["astro.config.*"]),
        lookup: prefixed(Object::ImportMetaEnv, "PUBLIC_"),
        server: &["*src/pages/*.ts", "*src/pages/*.js", "content.config.*"],
        advice: "read `import.meta.env.PUBLIC_WEB_PORT || {port}`, which Astro puts into the page",
        documentation: "https://docs.astro.build/en/guides/environment-variables/",
        example: (r#"{"dependencies": {"astro": "5"}}"#, &["astro.config.mjs"]),
    },
    Bundler {
        name: "SvelteKit",
        evidence: evidence(&["@sveltejs/kit"], &["svelte-kit"], &[]),
        lookup: VITE,
        server: &["*.server.*", "+server.*"],
        advice: "read `import.meta.env.VITE_WEB_PORT || {port}`, which SvelteKit's Vite puts into the page",
        documentation: "https://vite.dev/guide/env-and-mode",
        example: (
            r#"{"devDependencies": {"@sveltejs/kit": "2", "vite": "7"}}"#,
            &["svelte.config.js", "vite.config.ts"],
        ),
    },
    Bundler {
        name: "Vite",
        evidence: Evidence {
            needs_page: true,
            ..evidence(&["vite", "@vitejs/plugin-react", "@vitejs/plugin-vue"], &["vite"], &["vite.config.*"])
        },
        lookup: VITE,
        server: &[],
        advice: "read `import.meta.env.VITE_WEB_PORT || {port}`, which Vite puts into the page",
        documentation: "https://vite.dev/guide/env-and-mode",
        example: (r#"{"devDependencies": {"vite": "8"}}"#, &["index.html", "vite.config.ts"]),
    },
    Bundler {
        name: "Parcel",
        evidence: Evidence {
            needs_page: true,
            ..evidence(&["parcel", "parcel-bundler"], &["parcel"], &[".parcelrc"])
        },
        lookup: Some(PublicLookup { object: Object::ProcessEnv, access: Access::All }),
        server: &[],
        advice: "read `process.env.WEB_PORT || {port}`, which Parcel puts into the page",
        documentation: "https://parceljs.org/features/node-emulation/#environment-variables",
        example: (r#"{"devDependencies": {"parcel": "2"}}"#, &["index.html"]),
    },
    Bundler {
        name: "webpack",
        evidence: Evidence {
            needs_page: true,
            ..evidence(
                &["webpack", "webpack-dev-server", "html-webpack-plugin"],
                &["webpack", "webpack-dev-server"],
                &["webpack.config.*", "webpack.*.js", "webpack.*.ts"],
            )
        },
        lookup: Some(PublicLookup { object: Object::ProcessEnv, access: Access::Declared }),
        server: &[],
        advice: "webpack puts only variables into a page that its configuration names; add \
                 `new webpack.EnvironmentPlugin({ WEB_PORT: null })` to its plugins, and read `process.env.WEB_PORT || {port}` here",
        documentation: "https://webpack.js.org/plugins/environment-plugin/",
        example: (
            r#"{"dependencies": {"vue": "3"}, "devDependencies": {"webpack": "5"}}"#,
            &["webpack.config.js"],
        ),
    },
    Bundler {
        name: "another bundler",
        evidence: Evidence {
            needs_page: true,
            ..evidence(
                &[
                    "rollup",
                    "esbuild",
                    "gatsby",
                    "@remix-run/dev",
                    "@rspack/core",
                    "@rsbuild/core",
                    "snowpack",
                ],
                &["rollup", "esbuild", "gatsby", "rspack", "rsbuild", "snowpack"],
                &[
                    "rollup.config.*",
                    "rspack.config.*",
                    "rsbuild.config.*",
                    "snowpack.config.*",
                    "gatsby-config.*",
                    "gatsby-node.*",
                ],
            )
        },
        lookup: None,
        server: &[],
        advice: RELATIVE,
        documentation: "",
        example: (r#"{"dependencies": {"react-dom": "19"}, "devDependencies": {"esbuild": "0.25"}}"#, &[]),
    },
];
