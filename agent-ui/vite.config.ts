import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Desks in government offices run Chromium kernels as old as 90. */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
  build: {
    target: 'chrome90',
    cssTarget: 'chrome90',
    outDir: here('../dist/ui'),
    emptyOutDir: true,
    rolldownOptions: {
      input: {
        index: here('index.html'),
        desk: here('desk.html'),
        citizen: here('citizen.html'),
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
