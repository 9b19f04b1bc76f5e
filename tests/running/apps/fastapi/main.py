from pathlib import Path

import httpx
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

INVENTORY_URL = "http://127.0.0.1:8001"

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:8000"],
    allow_methods=["*"],
)


@app.get("/orders/{item}")
async def order(item: str):
    async with httpx.AsyncClient(base_url=INVENTORY_URL) as client:
        response = await client.get(f"/items/{item}")
    return {"worktree": Path("worktree.txt").read_text().strip(), "ordered": response.json()}
