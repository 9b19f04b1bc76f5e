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
    /// The page of documentation that says so.
    #[cfg(test)]
    source: &'static str,
}

/// Which names. Lower case counts as upper case, as it does for npm and on Windows.
enum Names {
    /// These.
    Exactly(&'static [&'static str]),
    /// Every name that begins so, where the documentation leaves open which there are: a setting each (`NPM_CONFIG_`), a
    /// number behind (`GIT_CONFIG_KEY_0`), or another list in each system (`LD_`).
    Beginning(&'static str),
    /// Every name that ends so: programs without number name the command that they run, or what goes before their arguments, so.
    Ending(&'static str),
}

macro_rules! rows {
    ($($names:ident($value:expr), $by:literal, $examples:expr, $source:literal;)*) => {
        &[$(Obeyed {
            names: Names::$names($value),
            by: $by,
            #[cfg(test)]
            examples: &$examples,
            #[cfg(test)]
            source: $source,
        }),*]
    };
}

#[rustfmt::skip]
const OBEYED: &[Obeyed] = rows![
    Beginning("LD_"), "the dynamic loader", ["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT"],
        "https://man7.org/linux/man-pages/man8/ld.so.8.html";
    Beginning("DYLD_"), "the dynamic loader of macOS", ["DYLD_INSERT_LIBRARIES"],
        "https://keith.github.io/xcode-man-pages/dyld.1.html";
    Exactly(&["GCONV_PATH", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NLSPATH", "RES_OPTIONS"]),
        "the C library", ["GCONV_PATH", "GLIBC_TUNABLES"],
        "https://man7.org/linux/man-pages/man7/environ.7.html";
    Beginning("BASH_"), "bash", ["BASH_ENV", "BASH_FUNC_PORT"],
        "https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html";
    Exactly(&["BASHOPTS", "CDPATH", "ENV", "FPATH", "GLOBIGNORE", "HOME", "IFS", "PATH", "PROMPT_COMMAND", "PS1",
        "PS0", "PS2", "PS3", "PS4", "PROMPT", "PROMPT2", "PROMPT3", "PROMPT4", "READNULLCMD", "NULLCMD", "RPROMPT",
        "RPROMPT2", "RPS1", "RPS2", "SHELL", "SHELLOPTS", "SPROMPT", "ZDOTDIR"]),
        "the shell", ["PATH", "IFS", "ENV"],
        "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html";
    Exactly(&["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BROWSER", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "EDITOR",
        "EXINIT", "FZF_DEFAULT_COMMAND", "INPUTRC", "KUBECONFIG", "LESS", "LESSCLOSE", "LESSOPEN", "LOGNAME", "MANPAGER",
        "PAGER", "RIPGREP_CONFIG_PATH", "TEMP", "TERM", "TERMCAP", "TERMINFO", "TMP", "TMPDIR", "USER", "VIMINIT",
        "VISUAL"]),
        "many programs", ["PAGER", "TMPDIR"],
        "https://man7.org/linux/man-pages/man7/environ.7.html";
    Exactly(&["COMSPEC", "PATHEXT", "PSMODULEPATH", "SYSTEMROOT", "USERPROFILE", "WINDIR"]),
        "Windows", ["PATHEXT", "ComSpec"],
        "https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/cmd";
    Beginning("XDG_"), "desktop programs and port-manager", ["XDG_CONFIG_HOME"],
        "https://specifications.freedesktop.org/basedir-spec/latest/";
    Beginning("PORT_MANAGER_"), "port-manager itself", ["PORT_MANAGER_CONFIG_DIR"],
        "docs/configuration.md";
    Beginning("SUDO_"), "sudo", ["SUDO_ASKPASS", "SUDO_USER"],
        "https://www.sudo.ws/docs/man/sudo.man/";
    Exactly(&[
        "GIT_ALLOC_LIMIT", "GIT_ALLOW_NULL_SHA1", "GIT_ALLOW_PROTOCOL", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_ASKPASS", "GIT_ATTR_NOSYSTEM", "GIT_ATTR_SOURCE", "GIT_AUTHOR_DATE", "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_IDENT", "GIT_AUTHOR_NAME", "GIT_BASENAME_FACTOR", "GIT_CEILING_DIRECTORIES",
        "GIT_CHERRY_PICK_HELP", "GIT_COMMITTER_DATE", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_IDENT",
        "GIT_COMMITTER_NAME", "GIT_COMMON_DIR", "GIT_CURL_VERBOSE", "GIT_DEFAULT_BRANCH", "GIT_DEFAULT_HASH",
        "GIT_DEFAULT_REF_FORMAT", "GIT_DIFFTOOL_DIRDIFF", "GIT_DIFFTOOL_EXTCMD", "GIT_DIFFTOOL_TRUST_EXIT_CODE",
        "GIT_DIFF_OPTS", "GIT_DIFF_PATH_COUNTER", "GIT_DIFF_PATH_TOTAL", "GIT_DIFF_TOOL", "GIT_DIR",
        "GIT_DISABLE_UNTRACKED_CACHE", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EDITOR", "GIT_EXEC_PATH",
        "GIT_EXTERNAL_DIFF", "GIT_EXTERNAL_DIFF_TRUST_EXIT_CODE", "GIT_EXT_SERVICE", "GIT_EXT_SERVICE_NOPREFIX",
        "GIT_FLUSH", "GIT_FORCE_THREADS", "GIT_FORCE_UNTRACKED_CACHE", "GIT_GLOB_PATHSPECS", "GIT_GRAFT_FILE",
        "GIT_HTTP_EXPORT_ALL", "GIT_HTTP_LOW_SPEED_LIMIT", "GIT_HTTP_LOW_SPEED_TIME", "GIT_HTTP_MAX_REQUEST_BUFFER",
        "GIT_HTTP_PROXY_AUTHMETHOD", "GIT_HTTP_USER_AGENT", "GIT_ICASE_PATHSPECS", "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE", "GIT_INDEX_VERSION", "GIT_INTERNAL_SUPER_PREFIX", "GIT_LITERAL_PATHSPECS", "GIT_MAN_VIEWER",
        "GIT_MERGETOOL_GUI", "GIT_MERGE_AUTOEDIT", "GIT_MERGE_VERBOSITY", "GIT_MMAP_LIMIT", "GIT_NAMESPACE",
        "GIT_NOGLOB_PATHSPECS", "GIT_NOTES_DISPLAY_REF", "GIT_NOTES_REF", "GIT_NOTES_REWRITE_MODE",
        "GIT_NOTES_REWRITE_REF", "GIT_NO_LAZY_FETCH", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY",
        "GIT_OPTIONAL_LOCKS", "GIT_OVERRIDE_VIRTUAL_HOST", "GIT_PAGER", "GIT_PAGER_IN_USE", "GIT_PREFIX",
        "GIT_PRINT_SHA1_ELLIPSIS", "GIT_PROGRESS_DELAY", "GIT_PROTOCOL", "GIT_PROTOCOL_FROM_USER",
        "GIT_PROXY_COMMAND", "GIT_PROXY_SSL_CAINFO", "GIT_PROXY_SSL_CERT", "GIT_PROXY_SSL_KEY", "GIT_QUARANTINE_PATH",
        "GIT_REDIRECT_STDERR", "GIT_REDIRECT_STDIN", "GIT_REDIRECT_STDOUT", "GIT_REFLOG_ACTION", "GIT_REF_PARANOIA",
        "GIT_REPLACE_REF_BASE", "GIT_SEQUENCE_EDITOR", "GIT_SHALLOW_FILE", "GIT_SSH", "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_CERT", "GIT_SSL_CERT_PASSWORD_PROTECTED",
        "GIT_SSL_CERT_TYPE", "GIT_SSL_CIPHER_LIST", "GIT_SSL_KEY", "GIT_SSL_KEY_TYPE", "GIT_SSL_NO_VERIFY",
        "GIT_SSL_VERSION", "GIT_TEMPLATE_DIR", "GIT_TERMINAL_PROMPT", "GIT_TEXTDOMAINDIR", "GIT_TRANSLOOP_DEBUG",
        "GIT_TRANSPORT_HELPER_DEBUG", "GIT_USER_AGENT", "GIT_WORK_TREE"]),
        "git", ["GIT_DIR", "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND"],
        "https://git-scm.com/docs/git#_environment_variables";
    Beginning("GIT_CONFIG"), "git", ["GIT_CONFIG_COUNT"],
        "https://git-scm.com/docs/git#_environment_variables";
    Beginning("GIT_PUSH_OPTION_"), "git", ["GIT_PUSH_OPTION_COUNT"],
        "https://git-scm.com/docs/git#_environment_variables";
    Beginning("GIT_TEST_"), "git", ["GIT_TEST_FSMONITOR"],
        "https://git-scm.com/docs/git#_environment_variables";
    Beginning("GIT_TRACE"), "git", ["GIT_TRACE2_EVENT"],
        "https://git-scm.com/docs/git#_environment_variables";
    Exactly(&["SSH_ASKPASS", "SSH_AUTH_SOCK"]), "ssh", ["SSH_ASKPASS"],
        "https://man.openbsd.org/ssh.1";
    Exactly(&["ALL_PROXY", "FTP_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]),
        "programs that use a proxy", ["HTTP_PROXY", "https_proxy"],
        "https://curl.se/docs/manpage.html";
    Exactly(&["OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES", "SSL_CERT_DIR", "SSL_CERT_FILE"]),
        "OpenSSL", ["OPENSSL_CONF"],
        "https://docs.openssl.org/master/man7/openssl-env/";
    Exactly(&["ELECTRON_RUN_AS_NODE", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS", "NODE_PATH", "NODE_REDIRECT_WARNINGS",
        "NODE_REPL_EXTERNAL_MODULE", "NODE_REPL_HISTORY", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_V8_COVERAGE"]),
        "Node.js", ["NODE_OPTIONS"],
        "https://nodejs.org/api/cli.html#environment-variables_1";
    Exactly(&["BUN_CONFIG_REGISTRY", "BUN_INSPECT_PRELOAD", "BUN_OPTIONS", "DENO_DIR", "DENO_INSTALL_ROOT"]),
        "Bun or Deno", ["BUN_OPTIONS"],
        "https://docs.deno.com/runtime/reference/env_variables/";
    Exactly(&["YARN_NPM_REGISTRY_SERVER", "YARN_PLUGINS", "YARN_RC_FILENAME", "YARN_REGISTRY", "YARN_YARN_PATH"]),
        "Yarn", ["YARN_RC_FILENAME"],
        "https://yarnpkg.com/configuration/yarnrc";
    Beginning("NPM_CONFIG_"), "npm", ["npm_config_script_shell", "npm_config_registry"],
        "https://docs.npmjs.com/cli/using-npm/config";
    Exactly(&[
        "PYTHONASYNCIODEBUG", "PYTHONBREAKPOINT", "PYTHONCASEOK", "PYTHONCOERCECLOCALE", "PYTHONDEBUG",
        "PYTHONDEVMODE", "PYTHONDOCS", "PYTHONDONTWRITEBYTECODE", "PYTHONDUMPREFS", "PYTHONDUMPREFSFILE",
        "PYTHONEXECUTABLE", "PYTHONFAULTHANDLER", "PYTHONHASHSEED", "PYTHONHOME", "PYTHONINSPECT",
        "PYTHONINTMAXSTRDIGITS", "PYTHONIOENCODING", "PYTHONLEGACYWINDOWSFSENCODING", "PYTHONLEGACYWINDOWSSTDIO",
        "PYTHONMALLOC", "PYTHONMALLOCSTATS", "PYTHONNODEBUGRANGES", "PYTHONNOUSERSITE", "PYTHONOPTIMIZE",
        "PYTHONPATH", "PYTHONPERFSUPPORT", "PYTHONPLATLIBDIR", "PYTHONPROFILEIMPORTTIME", "PYTHONPYCACHEPREFIX",
        "PYTHONSAFEPATH", "PYTHONSHOWALLOCCOUNT", "PYTHONSHOWREFCOUNT", "PYTHONSTARTUP", "PYTHONTHREADDEBUG",
        "PYTHONTRACEMALLOC", "PYTHONTZPATH", "PYTHONUNBUFFERED", "PYTHONUSERBASE", "PYTHONUTF8", "PYTHONVERBOSE",
        "PYTHONWARNDEFAULTENCODING", "PYTHONWARNINGS", "PYTHONY2K", "PYTHON_BASIC_REPL", "PYTHON_COLORS",
        "PYTHON_CONTEXT_AWARE_WARNINGS", "PYTHON_CPU_COUNT", "PYTHON_DISABLE_REMOTE_DEBUG", "PYTHON_DOM",
        "PYTHON_FROZEN_MODULES", "PYTHON_GIL", "PYTHON_HISTORY", "PYTHON_JIT", "PYTHON_PERF_JIT_SUPPORT",
        "PYTHON_PRESITE", "PYTHON_THREAD_INHERIT_CONTEXT", "PYTHON_TLBC"]),
        "Python", ["PYTHONPATH", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHON_PRESITE"],
        "https://docs.python.org/3/using/cmdline.html#environment-variables";
    Exactly(&["VIRTUAL_ENV"]), "Python", ["VIRTUAL_ENV"],
        "https://docs.python.org/3/library/venv.html";
    Exactly(&["PIP_BUILD_CONSTRAINT", "PIP_CONFIG_FILE", "PIP_CONSTRAINT", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS",
        "PIP_INDEX_URL", "PIP_PREFIX", "PIP_PROXY", "PIP_REQUIREMENT", "PIP_TARGET", "PIP_TRUSTED_HOST"]), "pip",
        ["PIP_INDEX_URL", "PIP_CONSTRAINT"],
        "https://pip.pypa.io/en/stable/topics/configuration/";
    Exactly(&["UV_BUILD_CONSTRAINT", "UV_CONFIG_FILE", "UV_CONSTRAINT", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS", "UV_INDEX", "UV_INDEX_URL", "UV_OVERRIDE", "UV_PYTHON"]), "uv", ["UV_DEFAULT_INDEX", "UV_CONSTRAINT"],
        "https://docs.astral.sh/uv/reference/environment/";
    Exactly(&["PERL5DB", "PERL5LIB", "PERL5OPT", "PERLLIB"]), "Perl", ["PERL5LIB", "PERL5OPT"],
        "https://perldoc.perl.org/perlrun#ENVIRONMENT";
    Exactly(&["BUNDLE_GEMFILE", "BUNDLE_PATH", "GEM_HOME", "GEM_PATH", "RUBYLIB", "RUBYOPT", "RUBYSHELL"]), "Ruby",
        ["RUBYOPT", "RUBYSHELL"],
        "https://guides.rubygems.org/command-reference/";
    Exactly(&["CLASSPATH", "JAVA_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
        "GRADLE_OPTS", "MAVEN_OPTS"]),
        "Java", ["JAVA_TOOL_OPTIONS", "CLASSPATH"],
        "https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html";
    Beginning("DOTNET_"), ".NET", ["DOTNET_STARTUP_HOOKS"],
        "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-environment-variables";
    Beginning("CORECLR_"), ".NET", ["CORECLR_PROFILER_PATH"],
        "https://learn.microsoft.com/en-us/dotnet/core/runtime-config/debugging-profiling";
    Beginning("COMPLUS_"), ".NET", ["COMPlus_JitPath"],
        "https://learn.microsoft.com/en-us/dotnet/core/runtime-config/";
    Exactly(&["PHPRC", "PHP_INI_SCAN_DIR"]), "PHP", ["PHPRC"],
        "https://www.php.net/manual/en/configuration.file.php";
    Exactly(&["LUA_CPATH", "LUA_INIT", "LUA_PATH"]), "Lua", ["LUA_INIT"],
        "https://www.lua.org/manual/5.4/manual.html";
    Exactly(&["ERL_AFLAGS", "ERL_FLAGS", "ERL_LIBS", "ERL_ZFLAGS"]), "Erlang", ["ERL_FLAGS"],
        "https://www.erlang.org/doc/apps/erts/erl_cmd.html";
    Exactly(&["CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS", "GOBIN", "GODEBUG", "GOENV",
        "GOFLAGS", "GONOSUMDB", "GOPATH", "GOPROXY", "GOROOT", "GOSUMDB", "GOTOOLCHAIN"]), "Go",
        ["GOFLAGS", "CGO_LDFLAGS", "GOSUMDB"],
        "https://pkg.go.dev/cmd/go#hdr-Environment_variables";
    Beginning("CARGO_"), "cargo", ["CARGO_BUILD_RUSTC_WRAPPER", "CARGO_HOME"],
        "https://doc.rust-lang.org/cargo/reference/config.html#environment-variables";
    Exactly(&["RUSTC", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_WRAPPER", "RUSTDOC", "RUSTDOCFLAGS", "RUSTFLAGS", "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN"]), "Rust", ["RUSTC_WRAPPER"],
        "https://doc.rust-lang.org/cargo/reference/environment-variables.html";
    Exactly(&["AR", "AS", "CC", "CFLAGS", "CMAKE_TOOLCHAIN_FILE", "COMPILER_PATH", "CPATH", "CPLUS_INCLUDE_PATH", "CPP",
        "CPPFLAGS", "CXX", "CXXFLAGS", "C_INCLUDE_PATH", "GCC_EXEC_PREFIX", "GNUMAKEFLAGS", "LD", "LDFLAGS", "LIBRARY_PATH",
        "MAKEFILES", "MAKEFLAGS", "MFLAGS", "PKG_CONFIG", "PKG_CONFIG_PATH"]),
        "compilers and make", ["CC", "MAKEFLAGS", "LDFLAGS"],
        "https://www.gnu.org/software/make/manual/html_node/Implicit-Variables.html";
    Exactly(&["BUILDKIT_HOST", "COMPOSE_ENV_FILES", "COMPOSE_FILE", "CONTAINER_HOST", "DOCKER_CERT_PATH", "DOCKER_CONFIG",
        "DOCKER_CONTEXT", "DOCKER_HOST"]), "Docker and Podman", ["DOCKER_HOST", "COMPOSE_FILE"],
        "https://docs.docker.com/reference/cli/docker/";
    Exactly(&["ELIXIR_ERL_OPTIONS", "R_ENVIRON", "R_HOME", "R_LIBS", "R_PROFILE"]), "Elixir or R", ["R_PROFILE"],
        "https://stat.ethz.ch/R-manual/R-devel/library/base/html/Startup.html";
    Ending("_PAGER"), "a program that shows pages", ["GH_PAGER", "PSQL_PAGER", "SYSTEMD_PAGER"],
        "https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-ENVIRONMENT";
    Ending("_EDITOR"), "a program that opens an editor", ["PSQL_EDITOR", "KUBE_EDITOR"],
        "https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-ENVIRONMENT";
    Ending("_RSH"), "a program that starts a remote shell", ["RSYNC_RSH", "CVS_RSH"],
        "https://download.samba.org/pub/rsync/rsync.1";
    Ending("_ASKPASS"), "a program that asks for a password", ["GIT_CREDENTIAL_ASKPASS"],
        "https://man.openbsd.org/ssh.1";
    Ending("_OPTS"), "a program that takes its options from it", ["SBT_OPTS", "JRUBY_OPTS", "CATALINA_OPTS"],
        "https://tomcat.apache.org/tomcat-10.1-doc/RUNNING.txt";
    Ending("_CA_BUNDLE"), "a program that trusts certificates", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE"],
        "https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification";
    Exactly(&["ANSIBLE_CONFIG", "CURL_HOME", "GNUPGHOME", "HELM_PLUGINS", "HGRCPATH", "TF_CLI_CONFIG_FILE", "WGETRC"]),
        "programs that read their settings where it says", ["CURL_HOME", "WGETRC"],
        "https://curl.se/docs/manpage.html";
    Exactly(&["MAVEN_ARGS"]), "Maven", ["MAVEN_ARGS"], "https://maven.apache.org/configure.html";
    Exactly(&["COREPACK_NPM_REGISTRY", "YARN_IGNORE_PATH"]), "Corepack or Yarn", ["COREPACK_NPM_REGISTRY"],
        "https://yarnpkg.com/corepack";
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
            Names::Ending(ending) => name.ends_with(ending),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_examples_which_it_decides() {
        for row in OBEYED {
            assert!(!row.examples.is_empty(), "{}", row.by);
            for example in row.examples {
                assert_eq!(by(example), Some(row.by), "{example}");
            }
            assert!(row.source.starts_with("https://") || row.source.starts_with("docs/"), "{}", row.source);
        }
    }

    #[test]
    fn names_that_only_begin_like_those_are_a_projects_own() {
        for name in [
            "PYTHONANYWHERE_URL",
            "PYTHON_API_URL",
            "GIT_SERVER_URL",
            "GITEA_URL",
            "NODE_API_URL",
            "GO_API_URL",
            "PAGER_URL",
            "OPTS_URL",
        ] {
            assert_eq!(by(name), None, "{name}");
        }
    }

    #[test]
    fn names_are_written_in_upper_case() {
        for row in OBEYED {
            let names = match &row.names {
                Names::Exactly(names) => names,
                Names::Beginning(part) | Names::Ending(part) => std::slice::from_ref(part),
            };
            assert!(names.iter().all(|name| **name == name.to_ascii_uppercase()), "{names:?}");
        }
    }
}
