from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item}")
def read_item(item: str):
    return {"item": item, "worktree": Path("worktree.txt").read_text().strip()}
