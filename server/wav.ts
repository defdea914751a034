/** By ending of a raw file of Asterisk: how a WAV header calls it (RFC 2361), and bits a sample. */
export const wavFormats = { alaw: [6, 8], ulaw: [7, 8], sln: [1, 16] } as const;

/** Samples a second, of everything on telephones. */
export const RATE = 8000;

/**
 * What stands before the samples in a WAV file.
 * @param bytes of all samples, an even number
 */
export function wavHeader(format: keyof typeof wavFormats, channels: 1 | 2, bytes: number): Buffer {
  const [code, bits] = wavFormats[format];
  const frame = (bits / 8) * channels;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(code, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * frame, 28);
  head.writeUInt16LE(frame, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bytes, 40);
  return head;
}
