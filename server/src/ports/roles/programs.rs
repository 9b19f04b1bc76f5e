//! The table of programs: which start a server again, which only pass a command on, which help another
//! program, and which are never stopped.

use super::Role;
use crate::ports::Protection;

/// A program, by its file's name without `.exe`, in lower case; by its script's where an interpreter
/// runs it; or by what it calls itself (`npm run dev`).
pub(super) struct Row {
    pub(super) names: &'static [&'static str],
    /// One of these has to be among the words of its command line, if there are any here.
    pub(super) words: &'static [&'static str],
    /// Whether it may be a script. Any script may be called `code` or `login` and be nobody's editor.
    pub(super) may_be_script: bool,
    pub(super) role: Role,
    /// Command lines that this row decides, at least one for each name that may be a script's. Tests hold the
    /// row to them.
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the tests"))]
    pub(super) examples: &'static [&'static str],
}

/// A `*` in a name or a word stands for any text. The first row that fits counts.
#[rustfmt::skip]
pub(super) static PROGRAMS: &[Row] = &[
    never(Protection::Shell, &[
        "sh", "bash", "rbash", "dash", "ash", "zsh", "fish", "ksh", "ksh93", "mksh", "tcsh", "csh", "nu",
        "elvish", "pwsh", "powershell", "cmd",
    ]),
    never_script(Protection::Shell, &["xonsh"], &["python3 /usr/bin/xonsh"]),
    never(Protection::Terminal, &[
        "tmux", "tmate", "screen", "zellij", "dtach", "abduco", "mosh-server", "gnome-terminal*", "kgx",
        "ptyxis*", "konsole", "yakuake", "xterm", "urxvt*", "rxvt*", "alacritty", "kitty", "wezterm*", "foot",
        "ghostty", "tilix", "xfce4-terminal", "lxterminal", "mate-terminal", "iterm2", "iterm",
        "warp-terminal", "windowsterminal", "openconsole", "conhost", "ttyd", "gotty", "shellinaboxd", "upterm",
        "script",
    ]),
    never_script(Protection::Terminal, &["terminator", "wetty"], &[
        "/usr/bin/python3 /usr/bin/terminator",
        "node /usr/local/bin/wetty --port 3000",
    ]),
    never(Protection::Session, &[
        "sshd", "sshd-session", "sshd-auth", "dropbear", "etserver", "login", "su", "sudo", "doas", "gdm*",
        "sddm*", "lightdm*", "gnome-session*", "gnome-shell", "plasmashell", "kwin*", "xorg", "xwayland",
        "sway", "hyprland", "windowserver", "loginwindow", "winlogon", "csrss",
    ]),
    Row {
        names: &["coder"], words: &["agent"], may_be_script: false, role: Role::Never(Protection::Session),
        examples: &["/tmp/coder.x1/coder agent"],
    },
    // Remote desktops.
    never(Protection::Session, &[
        "*vnc*", "krfb", "xrdp*", "xorgxrdp", "gnome-remote-de*", "krdpserver", "freerdp-shadow*", "x2go*",
        "nxserver*", "nxnode*", "nxd", "nxagent", "guacd", "rustdesk*", "anydesk*", "teamviewer*",
        "sunshine", "chrome-remote-desktop*", "remoting_host", "remoting_me2me_host", "dcvserver", "dcvagent",
        "parsecd", "screensharingd", "ardagent",
    ]),
    never_script(Protection::Session, &["vncserver", "tigervncserver", "novnc_proxy", "xpra"], &[
        "/usr/bin/perl /usr/bin/vncserver :1",
        "/usr/bin/perl /usr/bin/tigervncserver -fg :1",
        "/usr/bin/python3 /usr/bin/novnc_proxy --vnc localhost:5901",
        "/usr/bin/python3 /usr/bin/xpra start :100 --bind-tcp=127.0.0.1:10000",
    ]),
    Row {
        names: &["websockify"], words: &["*novnc*", "*:590*", "*:591*"], may_be_script: true,
        role: Role::Never(Protection::Session),
        examples: &["/usr/bin/python3 /usr/bin/websockify --web /usr/share/novnc 6080 localhost:5901"],
    },
    never(Protection::Editor, &[
        "code", "code-insiders", "code-oss", "code-server", "code-tunnel", "code helper*",
        "visual studio code*", "vscodium", "codium", "codium-*", "openvscode-server", "cursor",
        "cursor-server", "cursor-tunnel", "cursor helper*", "windsurf", "windsurf-server",
        "windsurf helper*", "vim", "nvim", "gvim", "vi", "neovide",
        "emacs", "emacs-*", "hx", "helix", "kak", "nano", "zed", "zed-editor", "zeditor", "zed-remote-server*",
        "sublime_text", "subl", "kate", "gedit", "gnome-text-editor", "idea", "idea64", "pycharm", "pycharm64",
        "webstorm", "webstorm64", "phpstorm", "phpstorm64", "goland", "goland64", "rubymine", "rubymine64",
        "clion", "clion64", "rider", "rider64", "rider.backend", "rustrover", "rustrover64", "datagrip",
        "datagrip64", "remote-dev-*", "eclipse", "xcode", "devenv", "rstudio*", "rserver", "rsession",
    ]),
    never_script(Protection::Editor, &["bootstrap-fork", "extensionhostprocess"], &[
        "/usr/bin/node /home/dev/editor/out/bootstrap-fork --type=fileWatcher",
        "/usr/bin/node /home/dev/editor/extensionHostProcess",
    ]),
    Row {
        names: &["*"], words: &["--type=extensionHost"], may_be_script: true,
        role: Role::Never(Protection::Editor),
        examples: &["/opt/editor/editor --type=extensionHost"],
    },
    Row {
        names: &["java", "javaw"], may_be_script: false, role: Role::Never(Protection::Editor),
        words: &[
            "com.intellij.idea.Main", "com.intellij.platform.runtime.loader.*", "org.jetbrains.idea.maven.server.*",
            "org.eclipse.equinox.launcher.Main", "*/org.eclipse.equinox.launcher_*.jar", "org.netbeans.Main",
        ],
        examples: &[
            "/home/dev/.cache/JetBrains/RemoteDev/dist/1_ideaIU/jbr/bin/java -cp lib com.intellij.idea.Main cwmHostNoLobby",
            "/usr/bin/java -jar /opt/eclipse/plugins/org.eclipse.equinox.launcher_1.6.jar -data /home/dev/shop",
            "C:\\idea\\jbr\\bin\\javaw.exe -cp lib com.intellij.platform.runtime.loader.IntellijLoader",
        ],
    },
    // Notebooks, and the kernels that hold what was computed in them.
    never_script(Protection::Editor, &[
        "jupyter", "jupyter-lab", "jupyter-labhub", "jupyter-notebook", "jupyter-server", "jupyter_server",
        "jupyterlab", "jupyterhub", "jupyterhub-singleuser", "jupyterhub.singleuser", "notebook", "ipykernel",
        "ipykernel_launcher",
    ], &[
        "/usr/bin/python3 /usr/bin/jupyter lab",
        "/usr/bin/python3 /home/dev/.local/bin/jupyter-lab --no-browser",
        "/usr/bin/python3 /opt/conda/bin/jupyter-labhub",
        "/usr/bin/python3 /usr/bin/jupyter-notebook",
        "/usr/bin/python3 /usr/bin/jupyter-server",
        "python3 -m jupyter_server",
        "python3 -m jupyterlab --port 8888",
        "/usr/bin/python3 /opt/conda/bin/jupyterhub --config hub.py",
        "/usr/bin/python3 /opt/conda/bin/jupyterhub-singleuser",
        "python3 -m jupyterhub.singleuser",
        "python3 -m notebook",
        "python3 -m ipykernel install",
        "/usr/bin/python3 -m ipykernel_launcher -f /run/user/1000/jupyter/kernel-1.json",
    ]),
    Row {
        names: &["marimo"], words: &["edit"], may_be_script: true, role: Role::Never(Protection::Editor),
        examples: &["/usr/bin/python3 /home/dev/shop/.venv/bin/marimo edit notebook.py"],
    },
    never(Protection::ServiceManager, &[
        "systemd", "systemd-*", "init", "launchd", "runit", "runit-init", "runsv", "runsvdir", "s6-*",
        "monit", "openrc*", "upstart", "dinit", "shepherd", "svchost", "xinetd", "inetd", "tini", "dumb-init", "docker-init", "catatonit", "cron", "crond",
        "atd",
    ]),
    never_script(Protection::ServiceManager, &["supervisord", "circusd", "pm2", "pm2-runtime"], &[
        "/usr/bin/python3 /usr/bin/supervisord -n",
        "/usr/bin/python3 /usr/bin/circusd circus.ini",
        "node /usr/bin/pm2 logs",
        "node /usr/bin/pm2-runtime server.js",
    ]),
    never(Protection::ContainerRuntime, &[
        "docker-proxy", "dockerd", "dockerd-*", "containerd", "containerd-*", "com.docker.*",
        "docker desktop*", "vpnkit*", "orbstack*", "orbstack helper*", "podman", "conmon", "conmonrs",
        "rootlessport*", "rootlesskit", "rootlessctl", "slirp4netns", "pasta", "pasta.avx2", "passt*",
        "gvproxy", "gvforwarder", "netavark", "aardvark-dns", "crun", "runc", "youki", "crio", "kubelet",
        "k3s", "lxc-*", "lxd", "incusd", "limactl", "wslrelay", "colima",
    ]),

    // JavaScript.
    watcher(&["nodemon", "node-dev", "ts-node-dev", "tsnd", "forever", "supervisor", "pm2-dev"], &[], &[
        "/usr/bin/node /home/dev/shop/node_modules/.bin/nodemon server.js",
        "node /usr/lib/node_modules/nodemon/bin/nodemon.js --watch src server.js",
        "node /home/dev/shop/node_modules/.bin/node-dev server.js",
        "node /home/dev/shop/node_modules/.bin/ts-node-dev --respawn server.ts",
        "node /home/dev/shop/node_modules/.bin/tsnd server.ts",
        "node /usr/bin/forever server.js",
        "node /usr/bin/supervisor server.js",
        "node /usr/bin/pm2-dev server.js",
    ]),
    watcher(&["node", "nodejs"], &["--watch", "--watch-path*", "--watch=*"], &[
        "node --watch server.js",
        "node --watch-path=src server.js",
        "nodejs --watch server.js",
    ]),
    watcher(&["bun"], &["--watch", "--hot"], &["bun --hot server.ts", "bun --watch run server.ts"]),
    watcher(&["deno"], &["--watch", "--watch=*"], &["deno run --watch server.ts"]),
    watcher(&["tsx", "vite-node"], &["watch", "--watch", "-w"], &[
        "node /home/dev/shop/node_modules/.bin/tsx watch server.ts",
        "node /home/dev/shop/node_modules/.bin/vite-node --watch server.ts",
    ]),
    watcher(&["nest"], &["start"], &["node /home/dev/shop/node_modules/.bin/nest start --watch"]),
    watcher(&["next", "nuxt", "nuxi", "wrangler"], &["dev"], &[
        "node /home/dev/shop/node_modules/.bin/next dev",
        "node /home/dev/shop/node_modules/next/dist/bin/next dev --turbopack",
        "node /home/dev/shop/node_modules/.bin/nuxt dev",
        "node /home/dev/shop/node_modules/.bin/nuxi dev",
        "node /home/dev/shop/node_modules/wrangler/bin/wrangler.js dev",
    ]),
    watcher(&["gatsby", "strapi"], &["develop"], &[
        "node /home/dev/shop/node_modules/.bin/gatsby develop",
        "node /home/dev/shop/node_modules/.bin/strapi develop",
    ]),
    watcher(&["tsc-watch", "tsup", "onchange", "chokidar", "npm-watch"], &[], &[
        "node /home/dev/shop/node_modules/.bin/tsc-watch --onSuccess node",
        "node /home/dev/shop/node_modules/.bin/tsup --watch --onSuccess node",
        "node /home/dev/shop/node_modules/.bin/onchange src -- node server.js",
        "node /home/dev/shop/node_modules/.bin/chokidar src -c restart",
        "node /home/dev/shop/node_modules/.bin/npm-watch",
    ]),
    // Go, Rust, and tools for any language.
    watcher(&["air", "reflex", "compiledaemon", "gow", "wgo", "modd", "realize", "fresh", "gin", "arelo", "gaper"], &[], &[
        "/home/dev/go/bin/air -c .air.toml",
        "/home/dev/go/bin/reflex -s -- ./server",
        "/home/dev/go/bin/CompileDaemon -command=./server",
        "/home/dev/go/bin/gow run .",
        "/home/dev/go/bin/wgo run main.go",
        "/home/dev/go/bin/modd",
        "/home/dev/go/bin/realize start",
        "/home/dev/go/bin/fresh",
        "/home/dev/go/bin/gin --appPort 3001 run main.go",
        "/home/dev/go/bin/arelo -p **/*.go -- go run .",
        "/home/dev/go/bin/gaper --build-path .",
    ]),
    watcher(&["cargo-watch", "watchexec", "bacon", "entr", "ibazel", "autossh"], &[], &[
        "/home/dev/.cargo/bin/cargo-watch watch -x run",
        "watchexec -r ./server",
        "bacon run",
        "entr -r ./server",
        "ibazel run //shop:server",
        "/usr/lib/autossh/autossh -N -L 8000:localhost:80 example.org",
    ]),
    watcher(&["dotnet", "cargo"], &["watch"], &["dotnet watch run", "cargo watch -x run"]),
    // Python.
    watcher(&["watchmedo", "watchfiles", "watchgod", "hupper", "jurigged"], &[], &[
        "/usr/bin/python3.12 /usr/bin/watchmedo auto-restart",
        "python3 -m watchfiles app.main",
        "python3 -m watchgod app.main",
        "python3 -m hupper -m app",
        "python3 -m jurigged server.py",
    ]),
    watcher(&["uvicorn", "hypercorn", "granian", "pserve", "litestar", "flask", "sanic", "quart"],
        &["--reload", "--debug", "--dev", "--auto-reload"], &[
        "/home/dev/shop/.venv/bin/python3 /home/dev/shop/.venv/bin/uvicorn app:app --reload",
        "python3 -m hypercorn app:app --reload",
        "python3 -m granian --reload app:app",
        "python3 /home/dev/shop/.venv/bin/pserve development.ini --reload",
        "python3 /home/dev/shop/.venv/bin/litestar run --reload",
        "python3 -m flask run --debug",
        "/usr/bin/python3 /usr/bin/flask --app shop run --reload",
        "python3 /usr/bin/sanic shop.app --dev",
        "python3 -m quart --debug run",
    ]),
    watcher(&["fastapi"], &["dev"], &["python3 /home/dev/shop/.venv/bin/fastapi dev main.py"]),
    watcher(&["manage.py", "django-admin"], &["runserver*"], &[
        "python3 manage.py runserver 8000",
        "python3 /usr/bin/django-admin runserver",
    ]),
    // Ruby and PHP.
    watcher(&["rerun", "guard", "shotgun"], &[], &[
        "ruby /home/dev/.gem/bin/rerun -- ruby server.rb",
        "/usr/bin/ruby3.1 /usr/bin/guard",
        "ruby /usr/bin/shotgun config.ru",
    ]),
    watcher(&["artisan"], &["serve"], &["php artisan serve --port 8000"]),
    // Servers that start their workers again.
    watcher(&["gunicorn*", "uwsgi*", "puma", "unicorn*", "pitchfork", "passenger*", "php-fpm*"], &[], &[
        "/usr/bin/python3 /usr/bin/gunicorn -w 4 shop:app",
        "/usr/bin/uwsgi --master --http :8000",
        "/usr/bin/ruby3.1 /usr/bin/puma -w 2",
        "/usr/bin/ruby3.1 /usr/bin/unicorn_rails -c config/unicorn.rb",
        "/usr/bin/ruby3.1 /usr/bin/pitchfork -c config/pitchfork.rb",
        "/usr/bin/ruby3.1 /usr/bin/passenger start",
        "php-fpm8.2 --nodaemonize",
    ]),

    runner(&["npm", "npm-cli", "npx", "npx-cli", "pnpm", "pnpx", "yarn", "yarnpkg", "yarn-*", "bunx"], &[], &[
        "node /usr/bin/npm run dev",
        "node /usr/lib/node_modules/npm/bin/npm-cli.js start",
        "node /usr/bin/npx vite",
        "node /usr/lib/node_modules/npm/bin/npx-cli.js vite",
        "node /usr/bin/pnpm dev",
        "node /usr/bin/pnpx vite",
        "node /usr/bin/yarn dev",
        "node /usr/bin/yarnpkg dev",
        "node /home/dev/shop/.yarn/releases/yarn-4.1.0.cjs dev",
        "bunx vite",
    ]),
    runner(&["bun"], &["run"], &["bun run dev"]),
    runner(&["deno"], &["task"], &["deno task dev"]),

    wrapper(&["env", "time", "timeout", "nice", "ionice", "nohup", "setsid", "stdbuf", "unbuffer", "chrt", "taskset", "strace", "caffeinate", "xvfb-run"], &[], &[
        "env PORT=8000 ./server",
        "time ./server",
        "timeout 60 ./server",
        "nice ./server",
        "ionice -c 3 ./server",
        "nohup ./server",
        "setsid ./server",
        "stdbuf -oL ./server",
        "/usr/bin/unbuffer ./server",
        "chrt --batch 0 ./server",
        "taskset 1 ./server",
        "strace -f ./server",
        "caffeinate ./server",
        "xvfb-run ./server",
    ]),
    wrapper(&["cargo", "make", "gmake", "just", "task", "go", "mise", "asdf"], &[], &[
        "cargo run",
        "make dev",
        "gmake dev",
        "just dev",
        "task dev",
        "go run .",
        "mise run dev",
        "asdf exec node server.js",
    ]),
    wrapper(&["cross-env", "cross-env-shell", "dotenv", "dotenvx", "env-cmd", "direnv", "doppler", "op", "infisical", "chamber", "aws-vault", "sops"], &[], &[
        "node /home/dev/shop/node_modules/.bin/cross-env PORT=8000 node server.js",
        "node /home/dev/shop/node_modules/.bin/cross-env-shell PORT=8000 node server.js",
        "node /home/dev/shop/node_modules/.bin/dotenv -- node server.js",
        "node /home/dev/shop/node_modules/.bin/dotenvx run -- node server.js",
        "node /home/dev/shop/node_modules/.bin/env-cmd node server.js",
        "direnv exec . node server.js",
        "doppler run -- node server.js",
        "op run -- node server.js",
        "infisical run -- node server.js",
        "chamber exec shop -- node server.js",
        "aws-vault exec shop -- node server.js",
        "sops exec-env secrets.yaml ./server",
    ]),
    wrapper(&["uv", "uvx", "poetry", "pipenv", "pdm", "hatch", "rye", "pixi", "bundle", "rbenv", "pyenv", "nix"], &[], &[
        "uv run server.py",
        "uvx server",
        "python3 /usr/bin/poetry run python server.py",
        "python3 /usr/bin/pipenv run python server.py",
        "python3 /usr/bin/pdm run server",
        "python3 /usr/bin/hatch run server",
        "rye run server",
        "pixi run server",
        "ruby /usr/bin/bundle exec rackup",
        "rbenv exec rackup",
        "pyenv exec python server.py",
        "nix develop -c ./server",
    ]),
    wrapper(&["port-manager"], &["run"], &["/usr/local/bin/port-manager run npm start"]),

    helper(&["esbuild"], &["--service*"], &[
        "/home/dev/shop/node_modules/@esbuild/linux-x64/bin/esbuild --service=0.21.5 --ping",
    ]),
    helper(&["sass", "dart"], &["--embedded"], &[
        "/home/dev/shop/node_modules/sass-embedded-linux-x64/dart-sass/src/dart sass.snapshot --embedded",
        "sass --embedded",
    ]),
    helper(&["python*"], &["from multiprocessing.resource_tracker import *"], &[]),
    helper(&["inotifywait", "fswatch", "sleep"], &[], &["inotifywait -r src", "fswatch src", "sleep 1"]),
];

const fn never(protection: Protection, names: &'static [&'static str]) -> Row {
    Row { names, words: &[], may_be_script: false, role: Role::Never(protection), examples: &[] }
}

const fn never_script(protection: Protection, names: Words, examples: Words) -> Row {
    Row { names, words: &[], may_be_script: true, role: Role::Never(protection), examples }
}

const fn watcher(names: Words, words: Words, examples: Words) -> Row {
    Row { names, words, may_be_script: true, role: Role::Watcher, examples }
}

const fn runner(names: Words, words: Words, examples: Words) -> Row {
    Row { names, words, may_be_script: true, role: Role::Runner, examples }
}

const fn wrapper(names: Words, words: Words, examples: Words) -> Row {
    Row { names, words, may_be_script: true, role: Role::Wrapper, examples }
}

const fn helper(names: Words, words: Words, examples: Words) -> Row {
    Row { names, words, may_be_script: false, role: Role::Helper, examples }
}

type Words = &'static [&'static str];
