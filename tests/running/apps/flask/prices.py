from pathlib import Path

from flask import Flask, jsonify

app = Flask(__name__)


@app.route("/prices")
def prices():
    return jsonify(tea=3, worktree=Path("worktree.txt").read_text().strip())


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=5001)
