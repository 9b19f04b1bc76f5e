//! The table of programs: who would start a server anew, who is passed, who is never stopped.

use super::Role;
use crate::ports::Protection;

/// A program, by its file's name without `.exe`, in lower case; by its script's where an interpreter
/// runs it; or by what it calls itself (`npm run dev`).
pub(super) struct Row {
    pub(super) names: &'static [&'static str],
    /// One of these has to be among the words of its command line, if there are any here.
    pub(super) words: &'static [&'static str],
    pub(super) role: Role,
}

/// A name that ends in `*` stands for all that begin like it. What comes first counts.
#[rustfmt::skip]
pub(super) const PROGRAMS: &[Row] = &[
    never(Protection::Shell, &[
        "sh", "bash", "rbash", "dash", "ash", "zsh", "fish", "ksh", "ksh93", "mksh", "tcsh", "csh", "nu",
        "elvish", "xonsh", "pwsh", "powershell", "cmd",
    ]),
    never(Protection::Terminal, &[
        "tmux", "screen", "zellij", "dtach", "abduco", "mosh-server", "gnome-terminal*", "kgx", "ptyxis*",
        "konsole", "yakuake", "xterm", "urxvt*", "rxvt*", "alacritty", "kitty", "wezterm*", "foot",
        "ghostty", "terminator", "tilix", "xfce4-terminal", "lxterminal", "mate-terminal", "iterm2",
        "iterm", "warp-terminal", "windowsterminal", "openconsole", "conhost", "ttyd", "script",
    ]),
    never(Protection::Session, &[
        "sshd", "sshd-session", "sshd-auth", "dropbear", "login", "su", "sudo", "doas", "gdm*", "sddm*",
        "lightdm*", "gnome-session*", "gnome-shell", "plasmashell", "kwin*", "xorg", "xwayland", "sway",
        "hyprland", "windowserver", "loginwindow", "winlogon", "csrss",
    ]),
    never(Protection::Editor, &[
        "code", "code-insiders", "code-oss", "code-server", "code-tunnel", "code helper*",
        "visual studio code*", "vscodium", "codium", "codium-*", "openvscode-server", "cursor",
        "cursor-server", "cursor-tunnel", "cursor helper*", "windsurf", "windsurf-server",
        "windsurf helper*", "bootstrap-fork", "extensionhostprocess", "vim", "nvim", "gvim", "vi", "emacs",
        "emacs-*", "hx", "helix", "kak", "nano", "zed", "zed-editor", "zeditor", "sublime_text", "subl",
        "kate", "gedit", "gnome-text-editor", "idea", "idea64", "pycharm", "pycharm64", "webstorm",
        "webstorm64", "phpstorm", "phpstorm64", "goland", "goland64", "rubymine", "rubymine64", "clion",
        "clion64", "rider", "rider64", "rustrover", "rustrover64", "datagrip", "datagrip64",
        "remote-dev-serv*", "eclipse", "xcode", "devenv",
    ]),
    never(Protection::ServiceManager, &[
        "systemd", "systemd-*", "init", "launchd", "runit", "runit-init", "runsv", "runsvdir", "s6-*",
        "supervisord", "circusd", "monit", "openrc*", "upstart", "dinit", "shepherd", "pm2", "pm2-runtime",
        "svchost", "xinetd", "inetd", "tini", "dumb-init", "docker-init", "catatonit", "cron", "crond",
        "atd",
    ]),
    never(Protection::ContainerRuntime, &[
        "docker-proxy", "dockerd", "dockerd-*", "containerd", "containerd-*", "com.docker.*",
        "docker desktop*", "vpnkit*", "orbstack*", "orbstack helper*", "podman", "conmon", "conmonrs",
        "rootlessport*", "rootlesskit", "rootlessctl", "slirp4netns", "pasta", "pasta.avx2", "passt*",
        "gvproxy", "gvforwarder", "netavark", "aardvark-dns", "crun", "runc", "youki", "crio", "kubelet",
        "k3s", "lxc-*", "lxd", "incusd", "limactl", "wslrelay", "colima",
    ]),
    watcher(&[
        "nodemon", "node-dev", "ts-node-dev", "tsnd", "forever", "supervisor", "cargo-watch", "watchexec",
        "bacon", "air", "reflex", "compiledaemon", "gow", "wgo", "modd", "realize", "entr", "watchmedo",
        "watchfiles", "hupper", "rerun", "guard",
    ]),
    Row { names: &["node", "nodejs"], words: &["--watch", "--watch-path*", "--watch=*"], role: Role::Watcher },
    Row { names: &["bun"], words: &["--watch", "--hot"], role: Role::Watcher },
    Row { names: &["deno"], words: &["--watch", "--watch=*"], role: Role::Watcher },
    Row { names: &["tsx", "dotnet", "cargo"], words: &["watch"], role: Role::Watcher },
    Row { names: &["nest"], words: &["start"], role: Role::Watcher },
    Row { names: &["next"], words: &["dev"], role: Role::Watcher },
    Row { names: &["npm", "npm-cli", "npx", "npx-cli", "pnpm", "pnpx", "yarn", "yarnpkg", "yarn-*", "bunx"], words: &[], role: Role::Runner },
    Row { names: &["bun"], words: &["run"], role: Role::Runner },
    Row { names: &["deno"], words: &["task"], role: Role::Runner },
    Row { names: &[
        "env", "time", "timeout", "nice", "nohup", "setsid", "stdbuf", "cargo", "make", "gmake", "just",
        "go", "cross-env", "cross-env-shell", "dotenv", "dotenvx", "env-cmd", "direnv",
    ], words: &[], role: Role::Wrapper },
];

const fn never(protection: Protection, names: &'static [&'static str]) -> Row {
    Row { names, words: &[], role: Role::Never(protection) }
}

const fn watcher(names: &'static [&'static str]) -> Row {
    Row { names, words: &[], role: Role::Watcher }
}

/// Programs that run scripts.
pub(super) const INTERPRETERS: &[&str] =
    &["node", "nodejs", "bun", "deno", "python*", "pypy*", "ruby*", "perl*", "php*", "electron"];

/// Those of the programs above that are never stopped and are scripts themselves. Any other script may
/// be called `code.py`, and be nobody's editor.
pub(super) const SCRIPTS_NEVER_STOPPED: &[&str] = &[
    "supervisord",
    "circusd",
    "pm2",
    "pm2-runtime",
    "terminator",
    "xonsh",
    "bootstrap-fork",
    "extensionhostprocess",
];

/// Programs that are many: what they are called by says which.
pub(super) const MANY: &[&str] = &["busybox", "toybox", "coreutils"];

/// Directories in which an editor keeps what it runs on a remote machine, its own `node` among it.
pub(super) const EDITORS_DIRECTORIES: &[&str] =
    &[".vscode-server", ".vscode-server-insiders", ".vscodium-server", ".cursor-server", ".windsurf-server"];
