import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { smallPng } from './small-png.ts';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const;
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc32(named));
  return Buffer.concat([ends[0], named, ends[1]]);
}

type Colour = readonly [number, number, number];

/** Row by row with each of the five filters. */
function aPicture(
  width: number,
  height: number,
  colour: (x: number, y: number) => Colour,
  alpha = 255,
) {
  const at = (x: number, y: number, part: number): number => {
    if (x < 0 || y < 0) return 0;
    return part === 3 ? alpha : (colour(x, y)[part] ?? 0);
  };
  const paeth = (a: number, b: number, c: number) => {
    const [left, up, corner] = [a, b, c].map((one) => Math.abs(a + b - c - one)) as [
      number,
      number,
      number,
    ];
    if (left <= up && left <= corner) return a;
    return up <= corner ? b : c;
  };
  const rows = Array.from({ length: height }, (_, y) => [
    y % 5,
    ...Array.from({ length: width * 4 }, (_, n) => {
      const [x, part] = [Math.floor(n / 4), n % 4];
      const [a, b, c] = [at(x - 1, y, part), at(x, y - 1, part), at(x - 1, y - 1, part)];
      const guess = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)][y % 5] ?? 0;
      return (at(x, y, part) - guess) & 255;
    }),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colours of a picture with a palette. */
function shown(png: Buffer, width: number): Colour[] {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    expect(png.readUInt32BE(at + 8 + data.length)).toBe(
      crc32(png.subarray(at + 4, at + 8 + data.length)),
    );
    parts.set(png.toString('latin1', at + 4, at + 8), data);
  }
  const palette = parts.get('PLTE') ?? Buffer.alloc(0);
  const rows = inflateSync(parts.get('IDAT') ?? Buffer.alloc(0));
  return [...rows].flatMap((one, n): Colour[] =>
    n % (width + 1) === 0 ? [] : [[...palette.subarray(one * 3, one * 3 + 3)] as unknown as Colour],
  );
}

test('a picture of few colours is the same with a palette, whatever filters its rows have', () => {
  const colour = (x: number, y: number): Colour => [
    (x % 5) * 50,
    (y % 7) * 30,
    ((x + y) % 3) * 100,
  ];
  const small = smallPng(aPicture(20, 10, colour));
  const wanted = Array.from({ length: 200 }, (_, n) => colour(n % 20, Math.floor(n / 20)));
  expect(shown(small, 20)).toEqual(wanted);
  expect(smallPng(small)).toBe(small);
});

test('of too many colours the nearest are shown, none far from what it was', () => {
  const colour = (x: number, y: number): Colour => [x * 4, y * 4, x < 5 && y < 5 ? 0 : 90];
  const small = shown(smallPng(aPicture(60, 60, colour)), 60);
  expect(new Set(small.map(String)).size).toBeLessThanOrEqual(256);
  const far = small.map((one, n) => {
    const was = colour(n % 60, Math.floor(n / 60));
    return Math.hypot(one[0] - was[0], one[1] - was[1], one[2] - was[2]);
  });
  expect(Math.max(...far)).toBeLessThan(25);
});

test('what is no picture of a page is refused', () => {
  expect(() => smallPng(aPicture(2, 2, () => [1, 2, 3], 100))).toThrow('transparency');
  expect(() => smallPng(Buffer.from('hello'))).toThrow('not a PNG');
});
