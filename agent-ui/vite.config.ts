import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What every page has in its head, and a word to browsers without scripts where the page needs them. */
const sameHead: Plugin = {
  name: 'same-head',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) =>
      html
        .replace(
          '<head>',
          `<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="./icon.svg" type="image/svg+xml" />`,
        )
        .replace(
          '<div id="page"></div>',
          `<div id="page"></div>
    <noscript>此页面需要 JavaScript。This page needs JavaScript.</noscript>`,
        ),
  },
};

/** Desks in government offices run Chromium kernels as old as 90. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), sameHead],
  build: {
    target: 'chrome90',
    cssTarget: 'chrome90',
    outDir: here('../dist/ui'),
    emptyOutDir: true,
    rolldownOptions: {
      input: {
        index: here('index.html'),
        desk: here('desk.html'),
        manage: here('manage.html'),
        emergency: here('emergency.html'),
        wall: here('wall.html'),
        tickets: here('tickets.html'),
        citizen: here('citizen.html'),
        tour: here('tour.html'),
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
