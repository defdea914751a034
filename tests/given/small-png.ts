import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pictures of pages have few colours: with a palette they are a third as large, and nobody sees a difference. */

const MOST_COLOURS = 256;
/** Two colours that are nearer (squared distance of red, green and blue) become one where there are too many. */
const NEAR = [0, 12, 27, 48, 75, 108, 147, 192, 300, 500, 1000, 3000];

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xrrggbb, row by row. */
  readonly colours: Uint32Array;
}

/** The same picture with a palette; one that has a palette already stays as it is. @throws of one with transparency */
export function smallPng(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (!header) throw new Error('not a PNG');
  if (header[9] === 3) return png;
  const picture = pictureIn(header, chunks);
  const palette = paletteOf(picture);
  const rows = Buffer.alloc((picture.width + 1) * picture.height);
  for (let y = 0, at = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      rows[y * (picture.width + 1) + 1 + x] = palette.of.get(picture.colours[at++] ?? 0) ?? 0;
    }
  }
  const small = Buffer.from(header);
  small.set([8, 3], 8);
  const rgb = Buffer.from(
    palette.colours.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]),
  );
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', small),
    chunk('PLTE', rgb),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most used colours first, those left out that are too near to one of them; each colour's place among them. */
function paletteOf({ colours }: Picture) {
  const counts = new Map<number, number>();
  for (const one of colours) counts.set(one, (counts.get(one) ?? 0) + 1);
  const all = [...counts].sort(([, a], [, b]) => b - a).map(([one]) => one);
  const chosen = NEAR.reduce<readonly number[]>(
    (found, near) => (found.length > 0 && found.length <= MOST_COLOURS ? found : apart(all, near)),
    [],
  ).slice(0, MOST_COLOURS);
  const nearest = (one: number) => {
    let best = 0;
    chosen.forEach((other, nth) => {
      if (between(one, other) < between(one, chosen[best] ?? 0)) best = nth;
    });
    return best;
  };
  return { colours: chosen, of: new Map(all.map((one) => [one, nearest(one)])) };
}

/** Stops once there are too many. */
function apart(colours: readonly number[], near: number): number[] {
  const chosen: number[] = [];
  for (const one of colours) {
    if (chosen.some((other) => between(one, other) <= near)) continue;
    if (chosen.push(one) > MOST_COLOURS) break;
  }
  return chosen;
}

function between(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

/** As Chromium writes them: eight bits a channel, not interlaced. */
function pictureIn(header: Buffer, chunks: readonly Chunk[]): Picture {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const bytes = { 2: 3, 6: 4 }[header[9] ?? 0];
  if (header[8] !== 8 || bytes === undefined || header[12] !== 0) {
    throw new Error('a PNG of another kind');
  }
  const data = chunks.filter(({ type }) => type === 'IDAT').map((one) => one.data);
  const pixels = unfiltered(inflateSync(Buffer.concat(data)), width * bytes, height, bytes);
  const colours = new Uint32Array(width * height);
  for (let nth = 0, at = 0; nth < colours.length; nth++, at += bytes) {
    if (bytes === 4 && pixels[at + 3] !== 255) throw new Error('a PNG with transparency');
    colours[nth] = pixels.readUIntBE(at, 3);
  }
  return { width, height, colours };
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfiltered(raw: Buffer, stride: number, height: number, bytes: number): Buffer {
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x >= bytes ? (pixels[at - bytes] ?? 0) : 0;
      const up = y > 0 ? (pixels[at - stride] ?? 0) : 0;
      const corner = x >= bytes && y > 0 ? (pixels[at - stride - bytes] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[at] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const far = (one: number) => Math.abs(guess - one);
  if (far(left) <= far(up) && far(left) <= far(corner)) return left;
  return far(up) <= far(corner) ? up : corner;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const all = Buffer.alloc(12 + data.length);
  all.writeUInt32BE(data.length, 0);
  all.write(type, 4, 'latin1');
  data.copy(all, 8);
  all.writeUInt32BE(crc32(all.subarray(4, 8 + data.length)), 8 + data.length);
  return all;
}
