"""Says which files are no Python. Compiling finds more than parsing: where `from __future__` may stand."""
import sys
import warnings

warnings.simplefilter("ignore")
for file in sys.argv[1:]:
    try:
        with open(file, encoding="utf-8", newline="") as opened:
            compile(opened.read(), file, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        print(f"{file}: {error}")
