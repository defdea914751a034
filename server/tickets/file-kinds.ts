/** Which files may lie beside a ticket: what citizens and units send. Pure. */

interface Kind {
  readonly mediaType: string;
  /** It begins so: an offset and bytes in hex; none: it is plain text. */
  readonly begins: readonly (readonly [offset: number, hex: string])[];
}

const office = (mediaType: string): Kind => ({ mediaType, begins: [[0, '504b0304']] });
const older = (mediaType: string): Kind => ({ mediaType, begins: [[0, 'd0cf11e0']] });
const boxed = (mediaType: string): Kind => ({ mediaType, begins: [[4, '66747970']] });
const plain = (mediaType: string): Kind => ({ mediaType, begins: [] });
const jpeg: Kind = { mediaType: 'image/jpeg', begins: [[0, 'ffd8ff']] };
const document = 'application/vnd.openxmlformats-officedocument.';

const kinds: Readonly<Record<string, Kind>> = {
  jpg: jpeg,
  jpeg,
  png: { mediaType: 'image/png', begins: [[0, '89504e47']] },
  gif: { mediaType: 'image/gif', begins: [[0, '47494638']] },
  webp: { mediaType: 'image/webp', begins: [[8, '57454250']] },
  heic: boxed('image/heic'),
  pdf: { mediaType: 'application/pdf', begins: [[0, '25504446']] },
  txt: plain('text/plain'),
  csv: plain('text/csv'),
  doc: older('application/msword'),
  xls: older('application/vnd.ms-excel'),
  wps: older('application/vnd.ms-works'),
  docx: office(`${document}wordprocessingml.document`),
  xlsx: office(`${document}spreadsheetml.sheet`),
  wav: { mediaType: 'audio/wav', begins: [[8, '57415645']] },
  amr: { mediaType: 'audio/amr', begins: [[0, '2321414d52']] },
  mp3: {
    mediaType: 'audio/mpeg',
    begins: [
      [0, '494433'],
      [0, 'fffb'],
      [0, 'fff3'],
      [0, 'fff2'],
    ],
  },
  m4a: boxed('audio/mp4'),
  mp4: boxed('video/mp4'),
  mov: boxed('video/quicktime'),
};

/** Of one file. A film of half a minute by a telephone stays below it. */
export const MOST_FILE_BYTES = 20 * 1024 * 1024;

export const fileLimits = { mostBytes: MOST_FILE_BYTES, endings: Object.keys(kinds) };

/**
 * The kind of a file by the ending of its name.
 * @returns null: none that is taken
 */
export function kindOfFile(name: string): Kind | null {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(kinds, ending) ? (kinds[ending] ?? null) : null;
}

/** Whether a file that begins with these bytes may be of the kind: a program under another name is not. */
export function isOfKind({ begins }: Kind, head: Uint8Array): boolean {
  if (begins.length === 0) return !head.includes(0);
  const bytes = Buffer.from(head);
  return begins.some(([offset, hex]) =>
    bytes.subarray(offset, offset + hex.length / 2).equals(Buffer.from(hex, 'hex')),
  );
}
