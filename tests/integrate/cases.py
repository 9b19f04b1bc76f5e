"""One case a tool; `integrate` has a target for each."""

import json
import os

CASES = {}


def case(function):
    CASES[function.__name__.replace("_", "-")] = function
    return function


# What starts commands.


@case
def make(shop):
    shop.apt("make", "make")
    shop.apt("node", "nodejs")
    shop.write("Makefile", "dev:\n\tnode server.js\n")
    shop.proven_printing("makefile", "make -s dev")


@case
def just(shop):
    shop.uses(shop.pip("just", "rust-just==1.59.0"))
    shop.write("justfile", "dev:\n    @node server.js\n")
    shop.proven_printing("just", "just dev")


@case
def honcho(shop):
    shop.uses(shop.pip("honcho", "honcho==2.0.0"))
    shop.write("Procfile", "web: node server.js\n")
    shop.write("bin/dev", "#!/bin/sh\nexec honcho start\n")
    shop.proven_printing("procfile", "bin/dev")


@case
def foreman(shop):
    shop.apt("foreman", "ruby-foreman")
    shop.write("Procfile", "web: node server.js\n")
    shop.write("bin/dev", "#!/bin/sh\nexec foreman start\n")
    shop.proven_printing("procfile", "bin/dev")


@case
def direnv(shop):
    shop.apt("direnv", "direnv")
    shop.write(".envrc", "export OTHER=1\n")
    allowed = "direnv allow . && direnv exec . node server.js"
    shop.proven_printing("direnv", allowed)


@case
def mise(shop):
    shop.uses(shop.npm("mise", "@jdxcode/mise@2026.9.15"))
    shop.write("mise.toml", "[env]\nOTHER = \"1\"\n\n[tasks]\ndev = \"node server.js\"\n")
    trusted = "mise trust --quiet && mise run --quiet dev"
    shop.proven_printing("mise", trusted)
    shop.prints("mise exec -- node server.js", shop.assigned)


@case
def npm(shop):
    shop.apt("npm", "nodejs", "npm")
    shop.write("package.json", json.dumps({"engines": {"node": ">=22.9"}, "scripts": {"start": "node server.js"}}))
    shop.proven_printing("package-json", "npm start --silent")


@case
def turbo(shop):
    """Turborepo hands on only what turbo.json names."""
    shop.uses(shop.npm("turbo", "turbo@2.5.8"))
    shop.write("package.json", json.dumps({"name": "shop", "packageManager": "npm@10.0.0", "scripts": {"dev": "node server.js"}}))
    shop.write("package-lock.json", json.dumps({"name": "shop", "lockfileVersion": 3, "packages": {}}))
    shop.write("turbo.json", json.dumps({"tasks": {"dev": {"cache": False}}}))
    dev = "port-manager run --quiet turbo run dev"
    shop.prints(dev, shop.default)
    shop.integrate("turbo")
    shop.prints(dev, shop.assigned)
    with shop.as_teammate():
        shop.prints("turbo run dev", shop.default)
    shop.shows("turbo hands the number on, and did not before")


@case
def nx(shop):
    """Nx hands on its whole environment."""
    shop.uses(shop.npm("nx", "nx@20.7.0"))
    (shop.root / "node_modules").symlink_to(os.path.dirname(shop.path[0]))
    shop.write("package.json", json.dumps({"name": "shop", "private": True}))
    shop.write("nx.json", json.dumps({"useDaemonProcess": False, "neverConnectToCloud": True}))
    serve = {"executor": "nx:run-commands", "options": {"command": "node server.js"}}
    shop.write("project.json", json.dumps({"name": "shop", "targets": {"serve": serve}}))
    shop.integrate("nx")
    shop.prints("port-manager run --quiet nx run shop:serve", shop.assigned)
    with shop.as_teammate():
        shop.prints("nx run shop:serve", shop.default)
    shop.shows("nx hands the number on by itself")


# What loads `.env` in a program.


@case
def node_dotenv(shop):
    (shop.root / "node_modules").symlink_to(shop.npm(None, "dotenv@16.6.1"))
    shop.write("app.js", "require('dotenv').config();\n\nrequire('./server');\n")
    shop.proven_printing("dotenv", "node app.js")


UVICORN = """\
import os

import uvicorn
from dotenv import load_dotenv

load_dotenv()


async def app(scope, receive, send):
    pass


if __name__ == "__main__":
    uvicorn.run("main:app", port=int(os.environ.get("WEB_PORT", "{default}")))
"""


@case
def uvicorn(shop):
    shop.uses(shop.pip("uvicorn", "uvicorn==0.54.0", "python-dotenv==1.2.4"))
    shop.write("main.py", UVICORN)
    shop.proven_listening("python", "python main.py")


DJANGO_MANAGE = """\
#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line
    from django.core.management.commands.runserver import Command

    from shop import settings

    Command.default_port = str(settings.WEB_PORT)
    execute_from_command_line(sys.argv)
"""

DJANGO_SETTINGS = """\
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

SECRET_KEY = "x"
DEBUG = True
ROOT_URLCONF = "shop.urls"
WEB_PORT = env.int("WEB_PORT", default={default})
"""


@case
def django(shop):
    shop.uses(shop.pip("django-admin", "django==5.2.19", "django-environ==0.14.0"))
    shop.write("manage.py", DJANGO_MANAGE)
    shop.write("shop/__init__.py", "")
    shop.write("shop/urls.py", "urlpatterns = []\n")
    shop.write("shop/settings.py", DJANGO_SETTINGS)
    shop.write("requirements.txt", "django\ndjango-environ\n")
    shop.proven_listening("django", "python manage.py runserver --noreload --skip-checks")


@case
def rails(shop):
    shop.needs(lambda: os.path.exists("/usr/share/doc/ruby-railties"), "Rails", "ruby-railties", "ruby-dotenv", "puma")
    shop.needs(lambda: os.path.exists("/usr/share/doc/ruby-dotenv"), "the gem dotenv", "ruby-dotenv")
    shop.write("Gemfile", 'source "https://rubygems.org"\n\ngem "railties"\ngem "puma"\ngem "dotenv"\n')
    shop.write("config/boot.rb", 'require "bundler/setup"\n')
    shop.write("config/application.rb", """\
require_relative "boot"

require "rails"
require "action_controller/railtie"

Bundler.require(*Rails.groups)

module Shop
  class Application < Rails::Application
    config.load_defaults 6.1
  end
end
""")
    shop.write("config/environment.rb", 'require_relative "application"\n\nRails.application.initialize!\n')
    shop.write("config/puma.rb", 'port ENV.fetch("WEB_PORT", {default})\n')
    shop.write("config.ru", 'require_relative "config/environment"\n\nrun Rails.application\n')
    shop.write("bin/rails", """\
#!/usr/bin/env ruby
APP_PATH = File.expand_path("../config/application", __dir__)
require_relative "../config/boot"
require "rails/commands"
""")
    shop.proven_listening("rails", "bin/rails server")


@case
def go(shop):
    shop.apt("go", "golang-go")
    source = "/usr/share/gocode/src/github.com/joho/godotenv"
    shop.needs(lambda: os.path.exists(source), "godotenv", "golang-github-joho-godotenv-dev")
    shop.write("go.mod", "module shop\n\ngo 1.19\n\nrequire github.com/joho/godotenv v1.5.1\n\n"
                         f"replace github.com/joho/godotenv => {source}\n")
    shop.write("main.go", """\
package main

import (
	"fmt"
	"os"

	"github.com/joho/godotenv"
)

func main() {
	godotenv.Load()
	port := os.Getenv("WEB_PORT")
	if port == "" {
		port = "{default}"
	}
	fmt.Println("number", port)
}
""")
    shop.proven_printing("go", "GOFLAGS=-mod=mod GOTOOLCHAIN=local go run .")


# What starts containers.


@case
def compose(shop):
    shop.apt("docker-compose", "docker-compose")
    shop.write("compose.yaml", 'services:\n  web:\n    image: nginx\n    ports: ["${WEB_PORT:-{default}}:80"]\n')

    def publishes(command, number):
        printed = shop.output(command)
        assert str(number) in printed, f"{number} is not published: {printed[-500:]}"

    publishes("docker-compose config", shop.default)
    shop.integrate("compose")
    publishes("docker-compose config", shop.assigned)
    # The file is the developer's own; a teammate has none.
    (shop.root / ".env").unlink()
    publishes("docker-compose config", shop.default)
    shop.shows("publishes its number, and the default without .env")


@case
def devcontainer(shop):
    shop.uses(shop.npm("devcontainer", "@devcontainers/cli@0.89.0"))
    shop.write(".devcontainer/devcontainer.json", '{\n  // ours\n  "image": "debian"\n}\n')
    # It asks Docker which containers there are.
    docker = shop.root.parent / "docker"
    docker.write_text("#!/bin/sh\nexit 0\n")
    docker.chmod(0o755)
    read = f"devcontainer read-configuration --workspace-folder . --docker-path {docker}"
    shop.integrate("devcontainer")

    def has(command, number):
        environment = json.loads(shop.output(command))["configuration"]["containerEnv"]
        assert environment == {"WEB_PORT": str(number)}, environment

    has(f"port-manager run --quiet {read}", shop.assigned)
    with shop.as_teammate():
        has(read, shop.default)
    shop.shows("the container gets the number of the editor's environment, and the default else")


# git.


@case
def pre_commit(shop):
    shop.uses(shop.pip("pre-commit", "pre-commit==4.7.0"))
    shop.integrate("pre-commit")
    shop.output("git add --all && git commit --quiet --message first")
    shop.write("bad.js", "app.listen(8099)\n")
    shop.output("git add bad.js")
    shop.ends_with("pre-commit run", 1)
    with shop.as_teammate():
        shop.ends_with("pre-commit run", 0)
    shop.shows("a hardcoded port is refused, and passes where port-manager is not installed")


@case
def git(shop):
    shop.output("git add --all && git commit --quiet --message first")
    shop.integrate("git")
    shop.output("git worktree add --quiet ../feature")
    numbers = (shop.root.parent / "feature/.ports.env").read_text()
    assert "WEB_PORT=" in numbers and f"WEB_PORT={shop.assigned}\n" not in numbers, numbers
    with shop.as_teammate():
        shop.output("git worktree add --quiet ../other")
    assert not (shop.root.parent / "other/.ports.env").exists()
    shop.shows("a new worktree has a number of its own; one of somebody without port-manager is made as before")
