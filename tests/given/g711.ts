/** G.711 A-law (ITU-T G.711), the codec of the trunks: 16-bit samples to bytes and back. */

const EVEN_BITS = 0x55;
const SIGN = 0x80;

/** One byte back into a sample. */
function expand(byte: number): number {
  const code = byte ^ EVEN_BITS;
  const segment = (code & 0x70) >> 4;
  const step = ((code & 0x0f) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & SIGN ? size : -size;
}

const expanded = Int16Array.from({ length: 256 }, (_, byte) => expand(byte));

export const fromAlaw = (byte: number): number => expanded[byte & 0xff] ?? 0;

export function toAlaw(sample: number): number {
  const positive = sample >= 0;
  const size = Math.min(0x7fff, positive ? sample : -sample - 1);
  // The segment is the place of the highest bit that is set, counted from bit 8.
  const segment = size < 0x100 ? 0 : 24 - Math.clz32(size);
  const step = (segment === 0 ? size >> 4 : size >> (segment + 3)) & 0x0f;
  return ((segment << 4) | step | (positive ? SIGN : 0)) ^ EVEN_BITS;
}
