from pathlib import Path

import requests
from flask import Flask

app = Flask(__name__)
worktree = Path("worktree.txt").read_text().strip()


@app.route("/")
def price_list():
    prices = requests.get("http://localhost:5001/prices", timeout=5).json()
    return f"<p>{worktree}: tea costs {prices['tea']}, says {prices['worktree']}</p>"


if __name__ == "__main__":
    app.run(debug=True, port=5000)
