import assert from "node:assert/strict";
import { test } from "node:test";

import { labelled } from "../src/labels";

const port = (number: number, variable: string) => ({ port: number, project: "shop", root: "/shop", variable, service: "web", listeners: [] });

test("each registered port has its project's variable as label", () => {
  const after = labelled({ "443": { protocol: "https" } }, [port(443, "TLS_PORT"), port(8000, "WEB_PORT")]);
  assert.deepEqual(after, {
    "443": { protocol: "https", label: "shop: TLS_PORT (port-manager)" },
    "8000": { label: "shop: WEB_PORT (port-manager)" },
  });
});

test("other labels stay, and our old ones go", () => {
  const before = {
    "3000-3010": { label: "mine" },
    "8000": { label: "mine, too" },
    "8001": { label: "old: WEB_PORT (port-manager)" },
    "8002": { label: "old: API_PORT (port-manager)", onAutoForward: "silent" },
  };
  assert.deepEqual(labelled(before, [port(8000, "WEB_PORT")]), {
    "3000-3010": { label: "mine" },
    "8000": { label: "mine, too" },
    "8002": { onAutoForward: "silent" },
  });
});
