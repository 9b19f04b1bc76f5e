//! Languages that are run as they are written.

use super::*;

#[test]
fn javascript_keeps_a_number_where_others_see_it() {
    assert_repairs(
        "a.js",
        &[
            ("const port = 8080;", "const port = Number(process.env.WEB_PORT || 8080);"),
            ("app.listen(8080)", "app.listen(process.env.WEB_PORT || 8080)"),
            ("app.listen(0x1F90, up)", "app.listen(process.env.WEB_PORT || 0x1F90, up)"),
            ("net.connect(8080, 'localhost')", "net.connect(process.env.WEB_PORT || 8080, 'localhost')"),
            ("app.listen({ port: 8080 })", "app.listen({ port: Number(process.env.WEB_PORT || 8080) })"),
            ("app.listen(8080 + instance)", "app.listen(Number(process.env.WEB_PORT || 8080) + instance)"),
            (
                "module.exports = { port: 8080 };",
                "module.exports = { port: Number(process.env.WEB_PORT || 8080) };",
            ),
            (
                "const port = 8080;\nif (url.port === port) f();",
                "const port = Number(process.env.WEB_PORT || 8080);\nif (url.port === port) f();",
            ),
            ("class A { port = 8080 }", "class A { port = Number(process.env.WEB_PORT || 8080) }"),
        ],
    );
}

#[test]
fn javascript_puts_the_default_into_strings() {
    assert_repairs(
        "a.js",
        &[
            ("const port = '8080';", "const port = process.env.WEB_PORT || '8080';"),
            ("const port = '8080'\nrun()", "const port = process.env.WEB_PORT || '8080'\nrun()"),
            ("const port = given ?? '8080';", "const port = given ?? (process.env.WEB_PORT || '8080');"),
            ("const port = '8080'.trim();", "const port = (process.env.WEB_PORT || '8080').trim();"),
            ("const port = '8080' + x;", "const port = (process.env.WEB_PORT || '8080') + x;"),
            (
                "fetch('http://localhost:8080/a')",
                "fetch(`http://localhost:${process.env.WEB_PORT || 8080}/a`)",
            ),
            (
                "fetch(`http://localhost:8080/${a}`)",
                "fetch(`http://localhost:${process.env.WEB_PORT || 8080}/${a}`)",
            ),
            (
                "fetch('http://localhost:8080/`${a}')",
                "fetch(`http://localhost:${process.env.WEB_PORT || 8080}/\\`\\${a}`)",
            ),
            // An octal escape is an error in a template.
            (
                "fetch('http://localhost:8080/\\1')",
                "fetch('http://localhost:' + (process.env.WEB_PORT || 8080) + '/\\1')",
            ),
        ],
    );
}

#[test]
fn javascript_has_places_of_its_own_for_strings() {
    assert_repairs(
        "a.jsx",
        &[
            (
                "const a = <a href=\"http://localhost:8080/x\">x</a>;",
                "const a = <a href={`http://localhost:${process.env.WEB_PORT || 8080}/x`}>x</a>;",
            ),
            (
                "const a = <Api port={8080} />;",
                "const a = <Api port={Number(process.env.WEB_PORT || 8080)} />;",
            ),
            (
                "const a = <Api port=\"8080\" />;",
                "const a = <Api port={process.env.WEB_PORT || \"8080\"} />;",
            ),
            // An attribute reads entities, a template does not.
            ("const a = <a href=\"http://localhost:8080/?a&amp;b\" />;", NO_FIX),
            (
                "const names = { 'http://localhost:8080': 'dev' };",
                "const names = { [`http://localhost:${process.env.WEB_PORT || 8080}`]: 'dev' };",
            ),
            ("export * from 'http://localhost:8080/a.js';", NO_FIX),
        ],
    );
}

#[test]
fn a_project_may_want_no_defaults() {
    assert_bare_repairs(
        "a.js",
        &[
            ("const port = 8080;", "const port = Number(process.env.WEB_PORT);"),
            ("app.listen(8080)", "app.listen(process.env.WEB_PORT)"),
            ("const port = '8080'.trim();", "const port = process.env.WEB_PORT.trim();"),
            ("fetch('http://localhost:8080/a')", "fetch(`http://localhost:${process.env.WEB_PORT}/a`)"),
        ],
    );
    assert_bare_repairs(
        "a.tsx",
        &[
            ("const port: string = '8080';", "const port: string = `${process.env.WEB_PORT}`;"),
            ("const a = <Api port=\"8080\" />;", "const a = <Api port={`${process.env.WEB_PORT}`} />;"),
        ],
    );
    assert_bare_repairs(
        "a.py",
        &[
            ("import os\nport = 8080\n", "import os\nport = int(os.environ[\"WEB_PORT\"])\n"),
            (
                "import os\nurl = 'http://localhost:8080'\n",
                "import os\nurl = f'http://localhost:{os.environ[\"WEB_PORT\"]}'\n",
            ),
        ],
    );
    assert_bare_repairs("a.rb", &[("set :port, 8080\n", "set :port, Integer(ENV.fetch(\"WEB_PORT\"))\n")]);
    assert_bare_repairs(
        "a.pl",
        &[
            ("my $port = 8080;\n", "my $port = $ENV{WEB_PORT};\n"),
            ("my $u = 'http://localhost:8080/';\n", "my $u = \"http://localhost:$ENV{WEB_PORT}/\";\n"),
        ],
    );
    assert_bare_repairs(
        "run.sh",
        &[
            ("PORT=8080 node server.js\n", "PORT=$WEB_PORT node server.js\n"),
            ("WEB_PORT=8080\n", "WEB_PORT=${WEB_PORT:-8080}\n"),
            ("docker run -p 8080:80 a\n", "docker run -p $WEB_PORT:80 a\n"),
        ],
    );
    assert_bare_repairs("Makefile", &[("PORT = 8080\n", "PORT = $(WEB_PORT)\n")]);
}

#[test]
fn typescript_gets_a_value_of_the_type_that_stood_there() {
    assert_repairs(
        "a.ts",
        &[
            ("const port: number = 8080;", "const port: number = Number(process.env.WEB_PORT || 8080);"),
            ("const port: string = '8080';", "const port: string = process.env.WEB_PORT || '8080';"),
            ("app.listen(8080);", "app.listen(Number(process.env.WEB_PORT || 8080));"),
            (
                "const all = { port: 8080 } as const;",
                "const all = { port: Number(process.env.WEB_PORT || 8080) } as const;",
            ),
            (
                "class A { constructor(private port = 8080) {} }",
                "class A { constructor(private port = Number(process.env.WEB_PORT || 8080)) {} }",
            ),
            // The type is this one value.
            ("const port = 8080 as const;", NO_FIX),
            ("const port: 8080 = 8080;", NO_FIX),
            ("const port: 8080 | 3000 = 8080;", NO_FIX),
            ("const base: 'http://localhost:8080' = 'http://localhost:8080';", NO_FIX),
            ("enum Ports { WEB_PORT = 8080 }", NO_FIX),
            ("@Settings({ port: 8080 }) class A {}", NO_FIX),
        ],
    );
}

#[test]
fn python_reads_os_environ_with_the_default_and_imports_os() {
    assert_repairs(
        "a.py",
        &[
            (
                "import sys\napp.run(port=8080)\n",
                "import os\nimport sys\napp.run(port=int(os.environ.get(\"WEB_PORT\", \"8080\")))\n",
            ),
            (
                "import os\ns.bind(('', 8080))\n",
                "import os\ns.bind(('', int(os.environ.get('WEB_PORT', '8080'))))\n",
            ),
            (
                "import os\nDATABASE = {\"PORT\": \"8080\"}\n",
                "import os\nDATABASE = {\"PORT\": os.environ.get(\"WEB_PORT\", \"8080\")}\n",
            ),
            (
                "import os\ndef serve(port: int = 8080): ...\n",
                "import os\ndef serve(port: int = int(os.environ.get(\"WEB_PORT\", \"8080\"))): ...\n",
            ),
            (
                "import os\r\nport = 8080\r\n",
                "import os\r\nport = int(os.environ.get(\"WEB_PORT\", \"8080\"))\r\n",
            ),
        ],
    );
}

#[test]
fn python_makes_f_strings_of_strings() {
    assert_repairs(
        "a.py",
        &[
            (
                "import os\nurl = 'http://localhost:8080/{a}'\n",
                "import os\nurl = f'http://localhost:{os.environ.get(\"WEB_PORT\", 8080)}/{{a}}'\n",
            ),
            (
                "import os\nurl = f\"http://localhost:8080/{a}\"\n",
                "import os\nurl = f\"http://localhost:{os.environ.get('WEB_PORT', 8080)}/{a}\"\n",
            ),
            (
                "import os\nurl = R\"http://localhost:8080/\\d{2}\"\n",
                "import os\nurl = rf\"http://localhost:{os.environ.get('WEB_PORT', 8080)}/\\d{{2}}\"\n",
            ),
            (
                "import os\nurl = \"\"\"\nhttp://localhost:8080\n\"\"\"\n",
                "import os\nurl = f\"\"\"\nhttp://localhost:{os.environ.get('WEB_PORT', 8080)}\n\"\"\"\n",
            ),
            ("import os\nurl = b'http://localhost:8080'\n", NO_FIX),
            ("import os\nurl = '\\N{BULLET} http://localhost:8080'\n", NO_FIX),
            // Before 3.12 the quotes of an f-string cannot stand in it.
            ("import os\nurl = f\"{get('http://localhost:8080')}\"\n", NO_FIX),
            // A decorator is evaluated when nobody has set anything yet.
            ("@click.option(\"--port\", default=8080)\ndef run(port): ...\n", NO_FIX),
            ("import os\nport: Literal[8080] = 8080\n", NO_FIX),
        ],
    );
}

#[test]
fn php_reads_getenv() {
    assert_repairs(
        "a.php",
        &[
            ("<?php\n$port = 8080;\n", "<?php\n$port = (int) (getenv('WEB_PORT') ?: 8080);\n"),
            (
                "<?php\n$w = new Worker('http://0.0.0.0:8080');\n",
                "<?php\n$w = new Worker('http://0.0.0.0:' . (getenv('WEB_PORT') ?: 8080));\n",
            ),
            (
                "<?php\n$u = \"http://localhost:8080/{$id}\";\n",
                "<?php\n$u = \"http://localhost:\" . (getenv('WEB_PORT') ?: 8080) . \"/{$id}\";\n",
            ),
            (
                "<?php\n$u = 'http://localhost:8080' . '/a';\n",
                "<?php\n$u = 'http://localhost:' . (getenv('WEB_PORT') ?: 8080) . '/a';\n",
            ),
            ("<?php\n$port = '8080';\n", "<?php\n$port = getenv('WEB_PORT') ?: '8080';\n"),
            (
                "<?php\n$port = $tls ? null : '8080';\n",
                "<?php\n$port = $tls ? null : (getenv('WEB_PORT') ?: '8080');\n",
            ),
            // What has to be a constant expression calls nothing.
            ("<?php\nconst PORT = 8080;\n", NO_FIX),
            ("<?php\nclass A { const PORT = 8080; }\n", NO_FIX),
            ("<?php\nclass A { public int $port = 8080; }\n", NO_FIX),
            ("<?php\nfunction f($port = 8080) {}\n", NO_FIX),
            ("<?php\n$u = <<<END\nhttp://localhost:8080\nEND;\n", NO_FIX),
        ],
    );
}

#[test]
fn ruby_interpolates_where_the_quotes_allow_it() {
    assert_repairs(
        "a.rb",
        &[
            ("set :port, 8080\n", "set :port, Integer(ENV.fetch(\"WEB_PORT\", 8080))\n"),
            (
                "set :bind, 'a'\nset :port, 8080\n",
                "set :bind, 'a'\nset :port, Integer(ENV.fetch('WEB_PORT', 8080))\n",
            ),
            ("port = '8080'\n", "port = ENV.fetch('WEB_PORT', '8080')\n"),
            (
                "u = 'http://localhost:8080/'\n",
                "u = \"http://localhost:#{ENV.fetch(\"WEB_PORT\", 8080)}/\"\n",
            ),
            (
                "u = <<~END\n  http://localhost:8080/\nEND\n",
                "u = <<~END\n  http://localhost:#{ENV.fetch(\"WEB_PORT\", 8080)}/\nEND\n",
            ),
            ("u = <<~'END'\n  http://localhost:8080/\nEND\n", NO_FIX),
            ("u = 'http://localhost:8080/#{x}'\n", NO_FIX),
            ("u = %w[http://localhost:8080 x]\n", NO_FIX),
        ],
    );
}

#[test]
fn perl_joins_strings_or_expands_a_list() {
    assert_repairs(
        "a.pl",
        &[
            ("my $port = 8080;\n", "my $port = $ENV{WEB_PORT} || 8080;\n"),
            ("my %o = (port => 8080, x => 1);\n", "my %o = (port => $ENV{WEB_PORT} || 8080, x => 1);\n"),
            ("use constant PORT => 8080;\n", "use constant PORT => $ENV{WEB_PORT} || 8080;\n"),
            (
                "my $u = 'http://localhost:8080/$x';\n",
                "my $u = 'http://localhost:' . ($ENV{WEB_PORT} || 8080) . '/$x';\n",
            ),
            (
                "my $u = \"http://localhost:8080/$x\";\n",
                "my $u = \"http://localhost:\" . ($ENV{WEB_PORT} || 8080) . \"/$x\";\n",
            ),
            (
                "my $u = <<END;\nhttp://localhost:8080/$x\nEND\n",
                "my $u = <<END;\nhttp://localhost:@{[ $ENV{WEB_PORT} || 8080 ]}/$x\nEND\n",
            ),
            ("my $u = q(http://localhost:8080);\n", NO_FIX),
        ],
    );
}

#[test]
fn elixir_reads_at_run_time_only() {
    assert_repairs(
        "a.ex",
        &[
            (
                "options = [port: 8080]\n",
                "options = [port: String.to_integer(System.get_env(\"WEB_PORT\", \"8080\"))]\n",
            ),
            (
                "def start(port \\\\ 8080), do: port\n",
                "def start(port \\\\ String.to_integer(System.get_env(\"WEB_PORT\", \"8080\"))), do: port\n",
            ),
            (
                "u = \"http://localhost:8080/\"\n",
                "u = \"http://localhost:#{System.get_env(\"WEB_PORT\", \"8080\")}/\"\n",
            ),
            // The compiler looks at an attribute and at a pattern.
            ("@port 8080\n", NO_FIX),
            ("@url \"http://localhost:8080/\"\n", NO_FIX),
            ("case x do\n  %{port: 8080} -> :ok\nend\n", NO_FIX),
            ("u = ~S(http://localhost:8080)\n", NO_FIX),
        ],
    );
}

#[test]
fn lua_joins_strings() {
    assert_repairs(
        "a.lua",
        &[
            ("server:listen(8080)\n", "server:listen(tonumber(os.getenv(\"WEB_PORT\")) or 8080)\n"),
            (
                "local u = 'http://localhost:8080/'\n",
                "local u = 'http://localhost:' .. (os.getenv(\"WEB_PORT\") or 8080) .. '/'\n",
            ),
            (
                "local n = #'http://localhost:8080/'\n",
                "local n = #('http://localhost:' .. (os.getenv(\"WEB_PORT\") or 8080) .. '/')\n",
            ),
            ("get'http://localhost:8080/'\n", NO_FIX),
            ("local u = [[http://localhost:8080/]]\n", NO_FIX),
        ],
    );
}

#[test]
fn a_component_runs_in_a_browser_which_has_no_environment() {
    assert_repairs("a.vue", &[("<script>\nconst port = 8080\n</script>\n", NO_FIX)]);
}

#[test]
fn a_template_of_a_program_gets_no_import_that_a_branch_may_leave_out() {
    assert_repairs(
        "a.py",
        &[
            ("{% if a %}\nimport b\n{% endif %}\nPORT = 8080\n", NO_FIX),
            ("url = 'http://{{ host }}:8080'\n", NO_FIX),
        ],
    );
    assert_repairs("a.py.j2", &[("import b\n\nPORT = 8080\n", NO_FIX)]);
    assert_repairs("a.js", &[("listen({%- if a %} 8080 {%- else %} 1 {%- endif %})\n", NO_FIX)]);
}
