import type { Clock } from '../kernel/clock.ts';
import type { LegQuality } from '../telephony/asterisk/quality.ts';
import type { LegId } from '../telephony/call.ts';
import type { Calls } from '../telephony/calls.ts';
import { partiesOf, seatsOf } from '../telephony/table/step.ts';
import { centreOf } from './centres.ts';
import type { Nouns } from './nouns.ts';
import type { LineSample } from './staff.ts';

/** A leg to a centre by trunk. */
export interface CentreLeg {
  readonly site: string;
  readonly leg: LegId;
}

export interface LineProbeNeeds {
  readonly clock: Clock;
  readonly centreLegs: () => readonly CentreLeg[];
  readonly qualityOf: (leg: LegId) => Promise<LegQuality | null>;
  readonly onSample: (site: string, sample: LineSample) => void;
}

const everyMs = 5_000;
/** So many legs of a site tell how its line is. */
const legsOfOne = 3;

/** Measures the lines to centres by the talks that are on them; browsers measure theirs themselves. */
export class LineProbe {
  private readonly needs: LineProbeNeeds;
  private cancel: () => void;

  constructor(needs: LineProbeNeeds) {
    this.needs = needs;
    this.cancel = this.later();
  }

  close(): void {
    this.cancel();
  }

  private later(): () => void {
    return this.needs.clock.after(everyMs, () => {
      this.cancel = this.later();
      void this.look();
    });
  }

  private async look(): Promise<void> {
    const bySite = new Map<string, LegId[]>();
    for (const { site, leg } of this.needs.centreLegs()) {
      const legs = bySite.get(site) ?? [];
      if (legs.length < legsOfOne) bySite.set(site, [...legs, leg]);
    }
    for (const [site, legs] of bySite) {
      for (const leg of legs) {
        const quality = await this.needs.qualityOf(leg);
        if (quality?.roundTripMs == null) continue;
        this.needs.onSample(site, { ...quality, roundTripMs: quality.roundTripMs });
      }
    }
  }
}

/** The legs to centres on which somebody talks now. */
export const centreLegs = (calls: Calls, { centres }: Nouns): CentreLeg[] =>
  calls.all().flatMap(({ call }) =>
    seatsOf(partiesOf(call)).flatMap(({ seat, leg }) => {
      const centre = centreOf(centres, seat);
      return centre ? [{ site: centre.id, leg }] : [];
    }),
  );
