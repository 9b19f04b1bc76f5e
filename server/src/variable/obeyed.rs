//! Environment variables that loaders, shells, runtimes and tools obey. No project's file may set one of these, whatever
//! its value is: `LD_LIBRARY_PATH=8006` makes programs load libraries from a directory `8006` of a clone.

/// Names that a program obeys.
pub(super) struct Obeyed {
    names: Names,
    /// The program, as the end of "a setting of".
    pub(super) by: &'static str,
    /// Names of this row that exist.
    #[cfg(test)]
    examples: &'static [&'static str],
}

/// Which names. Lower case counts as upper case, as it does for npm and on Windows.
enum Names {
    /// These.
    Exactly(&'static [&'static str]),
    /// Every name that begins so: the program, or a later version of it, may read any of them.
    Beginning(&'static str),
    /// Every name that begins so, without `_` behind it.
    BeginningWord(&'static str),
}

macro_rules! rows {
    ($($names:ident($value:expr), $by:literal, $examples:expr;)*) => {
        &[$(Obeyed {
            names: Names::$names($value),
            by: $by,
            #[cfg(test)]
            examples: &$examples,
        }),*]
    };
}

#[rustfmt::skip]
const OBEYED: &[Obeyed] = rows![
    Beginning("LD_"), "the dynamic loader", ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT"];
    Beginning("DYLD_"), "the dynamic loader of macOS", ["DYLD_INSERT_LIBRARIES"];
    Exactly(&["GCONV_PATH", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NLSPATH", "RES_OPTIONS"]),
        "the C library", ["GCONV_PATH", "GLIBC_TUNABLES"];
    Beginning("BASH_"), "bash", ["BASH_ENV", "BASH_FUNC_PORT"];
    Exactly(&["BASHOPTS", "CDPATH", "ENV", "FPATH", "GLOBIGNORE", "HOME", "IFS", "PATH", "PROMPT_COMMAND", "PS1",
        "PS2", "PS4", "SHELL", "SHELLOPTS", "ZDOTDIR"]),
        "the shell", ["PATH", "IFS", "ENV"];
    Exactly(&["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BROWSER", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "EDITOR",
        "EXINIT", "FZF_DEFAULT_COMMAND", "INPUTRC", "KUBECONFIG", "LESS", "LESSCLOSE", "LESSOPEN", "LOGNAME", "MANPAGER",
        "PAGER", "RIPGREP_CONFIG_PATH", "TEMP", "TERM", "TERMCAP", "TERMINFO", "TMP", "TMPDIR", "USER", "VIMINIT",
        "VISUAL"]),
        "many programs", ["PAGER", "TMPDIR"];
    Exactly(&["COMSPEC", "PATHEXT", "PSMODULEPATH", "SYSTEMROOT", "USERPROFILE", "WINDIR"]),
        "Windows", ["PATHEXT", "ComSpec"];
    Beginning("XDG_"), "desktop programs and port-manager", ["XDG_CONFIG_HOME"];
    Beginning("PORT_MANAGER_"), "port-manager itself", ["PORT_MANAGER_CONFIG_DIR"];
    Beginning("SUDO_"), "sudo", ["SUDO_ASKPASS", "SUDO_USER"];
    Beginning("GIT_"), "git", ["GIT_SSH_COMMAND", "GIT_DIR", "GIT_EXTERNAL_DIFF"];
    Exactly(&["SSH_ASKPASS", "SSH_AUTH_SOCK"]), "ssh", ["SSH_ASKPASS"];
    Exactly(&["ALL_PROXY", "FTP_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]),
        "programs that use a proxy", ["HTTP_PROXY", "https_proxy"];
    Exactly(&["OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "SSL_CERT_DIR", "SSL_CERT_FILE"]),
        "OpenSSL", ["OPENSSL_CONF"];
    Exactly(&["ELECTRON_RUN_AS_NODE", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_PATH", "NODE_REDIRECT_WARNINGS",
        "NODE_REPL_EXTERNAL_MODULE", "NODE_REPL_HISTORY", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_V8_COVERAGE"]),
        "Node.js", ["NODE_OPTIONS"];
    Exactly(&["BUN_CONFIG_REGISTRY", "BUN_INSPECT_PRELOAD", "BUN_OPTIONS", "DENO_DIR", "DENO_INSTALL_ROOT"]),
        "Bun or Deno", ["BUN_OPTIONS"];
    Exactly(&["YARN_NPM_REGISTRY_SERVER", "YARN_PLUGINS", "YARN_RC_FILENAME", "YARN_REGISTRY", "YARN_YARN_PATH"]),
        "Yarn", ["YARN_RC_FILENAME"];
    Beginning("NPM_CONFIG_"), "npm", ["npm_config_script_shell", "npm_config_registry"];
    BeginningWord("PYTHON"), "Python", ["PYTHONPATH", "PYTHONSTARTUP", "PYTHONWARNINGS"];
    Exactly(&["PYTHON_HISTORY", "PYTHON_PRESITE", "VIRTUAL_ENV"]), "Python", ["PYTHON_PRESITE"];
    Exactly(&["PIP_CONFIG_FILE", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_PREFIX", "PIP_PROXY",
        "PIP_REQUIREMENT", "PIP_TARGET", "PIP_TRUSTED_HOST"]), "pip", ["PIP_INDEX_URL"];
    Exactly(&["UV_CONFIG_FILE", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX", "UV_INDEX_URL",
        "UV_PYTHON"]), "uv", ["UV_DEFAULT_INDEX"];
    Exactly(&["PERL5DB", "PERL5LIB", "PERL5OPT", "PERLLIB"]), "Perl", ["PERL5LIB", "PERL5OPT"];
    Exactly(&["BUNDLE_GEMFILE", "GEM_HOME", "GEM_PATH", "RUBYLIB", "RUBYOPT"]), "Ruby", ["RUBYOPT"];
    Exactly(&["CLASSPATH", "JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
        "GRADLE_OPTS", "MAVEN_OPTS"]),
        "Java", ["JAVA_TOOL_OPTIONS", "CLASSPATH"];
    Beginning("DOTNET_"), ".NET", ["DOTNET_STARTUP_HOOKS"];
    Beginning("CORECLR_"), ".NET", ["CORECLR_PROFILER_PATH"];
    Beginning("COMPLUS_"), ".NET", ["COMPlus_JitPath"];
    Exactly(&["PHPRC", "PHP_INI_SCAN_DIR"]), "PHP", ["PHPRC"];
    Exactly(&["LUA_CPATH", "LUA_INIT", "LUA_PATH"]), "Lua", ["LUA_INIT"];
    Exactly(&["ERL_AFLAGS", "ERL_FLAGS", "ERL_LIBS", "ERL_ZFLAGS"]), "Erlang", ["ERL_FLAGS"];
    Exactly(&["GODEBUG", "GOENV", "GOFLAGS", "GOPATH", "GOPROXY", "GOROOT", "GOTOOLCHAIN"]), "Go", ["GOFLAGS"];
    Beginning("CARGO_"), "cargo", ["CARGO_BUILD_RUSTC_WRAPPER", "CARGO_HOME"];
    Exactly(&["RUSTC", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_WRAPPER", "RUSTDOC", "RUSTDOCFLAGS", "RUSTFLAGS", "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN"]), "Rust", ["RUSTC_WRAPPER"];
    Exactly(&["AR", "AS", "CC", "CFLAGS", "CMAKE_TOOLCHAIN_FILE", "COMPILER_PATH", "CPATH", "CPLUS_INCLUDE_PATH", "CPP",
        "CPPFLAGS", "CXX", "CXXFLAGS", "C_INCLUDE_PATH", "GCC_EXEC_PREFIX", "GNUMAKEFLAGS", "LD", "LDFLAGS", "LIBRARY_PATH",
        "MAKEFILES", "MAKEFLAGS", "MFLAGS", "PKG_CONFIG", "PKG_CONFIG_PATH"]),
        "compilers and make", ["CC", "MAKEFLAGS", "LDFLAGS"];
    Exactly(&["BUILDKIT_HOST", "COMPOSE_ENV_FILES", "COMPOSE_FILE", "CONTAINER_HOST", "DOCKER_CERT_PATH", "DOCKER_CONFIG",
        "DOCKER_CONTEXT", "DOCKER_HOST"]), "Docker and Podman", ["DOCKER_HOST", "COMPOSE_FILE"];
    Exactly(&["ELIXIR_ERL_OPTIONS", "R_ENVIRON", "R_HOME", "R_LIBS", "R_PROFILE"]), "Elixir or R", ["R_PROFILE"];
];

/// The program that obeys a variable of that name, where there is one.
pub(super) fn by(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_uppercase();
    OBEYED.iter().find(|row| row.has(&name)).map(|row| row.by)
}

impl Obeyed {
    fn has(&self, name: &str) -> bool {
        match self.names {
            Names::Exactly(names) => names.contains(&name),
            Names::Beginning(beginning) => name.starts_with(beginning),
            Names::BeginningWord(beginning) => {
                name.strip_prefix(beginning).is_some_and(|rest| !rest.starts_with('_'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_examples_and_no_other_row_has_them() {
        for row in OBEYED {
            assert!(!row.examples.is_empty(), "{}", row.by);
            for example in row.examples {
                let rows = OBEYED.iter().filter(|row| row.has(&example.to_ascii_uppercase()));
                assert_eq!(rows.map(|row| row.by).collect::<Vec<_>>(), [row.by], "{example}");
            }
        }
    }

    #[test]
    fn names_are_written_in_upper_case() {
        for row in OBEYED {
            let names = match &row.names {
                Names::Exactly(names) => names,
                Names::Beginning(beginning) | Names::BeginningWord(beginning) => {
                    std::slice::from_ref(beginning)
                }
            };
            assert!(names.iter().all(|name| **name == name.to_ascii_uppercase()), "{names:?}");
        }
    }
}
