import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** bench/pages/webrtc-phone.js with sip.js, as one script for a page. */
export async function webrtcPhoneScript(): Promise<string> {
  const entry = fileURLToPath(new URL('../pages/webrtc-phone.js', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'chrome90',
      lib: { entry, formats: ['iife'], name: 'phone' },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const chunk = outputs.flatMap((one) => ('output' in one ? one.output : []))[0];
  if (chunk?.type !== 'chunk') throw new Error('the phone was not bundled');
  return chunk.code;
}
