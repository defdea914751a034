import type { Response } from 'express';
import type { Words } from '../../kernel/errors.ts';
import { joined } from '../../telephony/recording/gaps.ts';
import type { Recording, Ticket } from '../../tickets/ticket.ts';
import type { Kept } from '../recordings/shelf.ts';
import { refused } from '../tickets/refusals.ts';
import type { TicketSide } from './ticket-asking.ts';
import type { RecordingView } from './ticket-views.ts';

/** The recordings of a ticket's calls, the oldest first. */
export async function recordingsOf(side: TicketSide, ticket: Ticket): Promise<RecordingView[]> {
  const inOrder = ticket.recordings.toSorted((one, other) => one.startedAt - other.startedAt);
  return Promise.all(inOrder.map(async (one) => view(side, ticket, one, await keptOf(side, one))));
}

/**
 * Where the sound of a ticket's recording is.
 * @throws Refusal no-recording; recording-deleted, recording-elsewhere where it is not here; recording-altered: it is not
 * what was hashed when it was closed
 */
export async function soundOf(
  side: TicketSide,
  ticket: Ticket,
  id: string,
): Promise<{ readonly path: string; readonly kept: Kept }> {
  const recording = ticket.recordings.find((one) => one.id === id);
  if (!recording) throw refused('no-recording', 'recording');
  const kept = await keptOf(side, recording);
  if (!side.shelf || !kept || kept.sha256 === null) throw refused('recording-elsewhere');
  if (kept.deletedAt !== null) throw refused('recording-deleted');
  if (!(await side.shelf.isWhole(kept))) throw refused('recording-altered');
  return { path: side.shelf.soundOf(kept), kept };
}

/** Sends it, or the range that was asked for. */
export async function sends(
  res: Response,
  { path, kept }: Awaited<ReturnType<typeof soundOf>>,
  download: boolean,
): Promise<void> {
  res.set({
    'Content-Type': 'audio/wav',
    'Cache-Control': 'no-store',
    'Content-Disposition': `${download ? 'attachment' : 'inline'}; filename="${kept.id}.wav"`,
  });
  await new Promise<void>((resolve, reject) =>
    res.sendFile(path, { acceptRanges: true, cacheControl: false, etag: false }, (error) => {
      // Who stops listening in the middle has nothing to be told.
      if (error && !res.headersSent) reject(error);
      else resolve();
    }),
  );
}

const keptOf = async (side: TicketSide, { id, startedAt, sha256 }: Recording) => {
  const kept = await side.shelf?.find(id, startedAt);
  // Another deployment may call a recording the same.
  return kept && kept.sha256 === sha256 ? kept : null;
};

function view(
  side: TicketSide,
  ticket: Ticket,
  { id, call, startedAt, ms, sha256, gaps }: Recording,
  kept: Kept | null,
): RecordingView {
  const state = kept === null ? 'elsewhere' : kept.deletedAt === null ? 'here' : 'deleted';
  const has = state === 'here' && sha256 !== null;
  return {
    id,
    call,
    startedAt,
    ms,
    sha256,
    state,
    play: has ? `/api/tickets/${encodeURIComponent(ticket.key)}/recordings/${id}` : null,
    stereo: kept?.stereo ?? false,
    gaps: gaps.map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    pauses: joined((kept?.pauses ?? []).map((one) => ({ from: one.fromMs, to: one.toMs }))).map(
      ({ from, to }) => ({ fromMs: from, toMs: to }),
    ),
    shares: (kept?.shares ?? []).map(({ role, who, fromMs, toMs }) => ({
      role,
      name: nameOf(side, role, who),
      fromMs,
      toMs,
    })),
  };
}

function nameOf({ config }: TicketSide, role: Kept['shares'][number]['role'], who: string): Words {
  if (role === 'caller') return { zh: '来电人', en: 'Citizen' };
  if (role === 'peer') {
    const name = config.peers.find(({ id }) => id === who)?.name;
    return { zh: `${who} ${name?.zh ?? ''}`.trim(), en: `${who} ${name?.en ?? ''}`.trim() };
  }
  const name = config.seats.find(({ id }) => id === who)?.name ?? '';
  return role === 'seat'
    ? { zh: `${who} ${name}`.trim(), en: `${who} ${name}`.trim() }
    : { zh: `班长 ${name || who}`, en: `Manager ${name || who}` };
}
