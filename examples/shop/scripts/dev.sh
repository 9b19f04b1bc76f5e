#!/usr/bin/env bash
# Runs the API, the worker (where Go is installed) and the storefront until one of them ends.
set -euo pipefail
cd "$(dirname "$0")/.."

WEB_PORT=8080
export API_URL="http://localhost:5000"

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

python3 api/app.py &

for _ in $(seq 50); do
  curl -fsS -o /dev/null http://localhost:5000/products 2>/dev/null && break
  sleep 0.1
done

if command -v go >/dev/null; then
  (cd worker && go build -o worker .)
  worker/worker &
else
  echo "worker: not started, Go is not installed" >&2
fi

node web/server.js &

echo "open http://localhost:${WEB_PORT}"
wait -n
