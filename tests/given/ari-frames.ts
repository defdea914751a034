/**
 * What Asterisk says on ARI's WebSocket, message by message, so that a test can lose, repeat, delay or alter it. Everything
 * before the handshake is over, and connections that carry no WebSocket, pass as they are.
 */

/** Passes on by `tell` what of this message shall arrive, now or later. */
export type Alters = (text: string, tell: (text: string) => void) => void;

const TEXT = 0x1;

/** Takes what comes from Asterisk on one connection; what shall arrive goes to `on`. */
export function alteredBy(alters: Alters, on: (data: Buffer) => void): (data: Buffer) => void {
  let held = Buffer.alloc(0);
  let carries: 'unknown' | 'frames' | 'other' = 'unknown';
  return (data) => {
    if (carries === 'other') return on(data);
    held = Buffer.concat([held, data]);
    if (carries === 'unknown') {
      const end = held.indexOf('\r\n\r\n');
      if (end < 0) return;
      carries = held.subarray(0, 12).toString() === 'HTTP/1.1 101' ? 'frames' : 'other';
      const passes = carries === 'frames' ? end + 4 : held.length;
      on(held.subarray(0, passes));
      held = held.subarray(passes);
    }
    for (let frame = firstOf(held); frame; frame = firstOf(held)) {
      held = held.subarray(frame.bytes.length);
      if (frame.kind === TEXT) alters(frame.text, (text) => on(framed(text)));
      else on(frame.bytes);
    }
  };
}

/** The first whole frame; a server does not mask. */
function firstOf(data: Buffer): { kind: number; bytes: Buffer; text: string } | null {
  if (data.length < 2) return null;
  const short = data.readUInt8(1) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < head) return null;
  const length =
    head === 2 ? short : head === 4 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
  if (data.length < head + length) return null;
  const bytes = data.subarray(0, head + length);
  return { kind: data.readUInt8(0) & 0x0f, bytes, text: bytes.subarray(head).toString() };
}

function framed(text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | TEXT, 0);
  if (head.length === 2) head.writeUInt8(body.length, 1);
  else if (head.length === 4) head.writeUInt16BE(body.length, (head.writeUInt8(126, 1), 2));
  else head.writeBigUInt64BE(BigInt(body.length), (head.writeUInt8(127, 1), 2));
  return Buffer.concat([head, body]);
}
