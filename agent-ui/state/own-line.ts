import type { LineView } from '../../server/http/views.ts';
import { Refusal, get, post } from '../link/rest.ts';
import type { LastingLeg } from '../phone/lasting-leg.ts';
import { createLineReports } from './line-reports.ts';

/** The lasting leg of whoever is logged in here: how it is opened is asked of the server, until it tells. */
export interface OwnLine {
  open(): void;
  close(): void;
}

const RETRY_MS = 3000;

/** @param refused why the server has not told yet; after 401 it is not asked again */
export function createOwnLine(leg: LastingLeg, refused: (refusal: Refusal) => void): OwnLine {
  const reports = createLineReports(leg, (sample) => post('/api/seat/line-quality', sample));
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open() {
    try {
      const line = await get<LineView>('/api/line');
      leg.open(line);
      reports.open(line.reportEverySeconds);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused(error);
      if (error.status !== 401) timer = setTimeout(() => void open(), RETRY_MS);
    }
  }

  return {
    open: () => void open(),
    close() {
      clearTimeout(timer);
      reports.close();
      leg.close();
    },
  };
}
