import { Hono } from "hono";

/** Swagger UI's own files, read by whoever can read files. */
export type DocsAssets = { readonly script: Uint8Array<ArrayBuffer>; readonly styles: Uint8Array<ArrayBuffer> };

/** A page to read and try the REST API, whole: nothing on it comes from another host. */
export const docsPage = ({ script, styles }: DocsAssets) => {
  const app = new Hono();
  app.get("/", (c) => {
    c.header("content-security-policy", policy);
    return c.html(page);
  });
  app.get("/swagger-ui.css", (c) => c.body(styles, 200, { "content-type": "text/css; charset=utf-8", "cache-control": cached }));
  app.get("/swagger-ui.js", (c) => c.body(script, 200, { "content-type": "text/javascript; charset=utf-8", "cache-control": cached }));
  app.get("/start.js", (c) => c.body(start, 200, { "content-type": "text/javascript; charset=utf-8" }));
  return app;
};

// Swagger UI writes style attributes and has its icons as data.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const cached = "public, max-age=86400";

// Relative, so that the page also works behind a prefix.
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cartwright cart API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;
