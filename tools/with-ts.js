// node --import ./tools/with-ts.js file.ts: runs TypeScript as it stands, types unchecked.
import { register } from 'node:module';

process.setSourceMapsEnabled(true);
register('./with-ts-hooks.js', import.meta.url);
