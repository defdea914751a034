import { Refusal, type Words } from '../../kernel/errors.ts';
import type { Act } from './state.ts';

/** What a refused manager needs for deciding whether to do it all the same. */
export interface RefusalDetail {
  /** The same request with `confirm: true` is obeyed. */
  readonly confirmable?: boolean;
  /** What somebody else has done meanwhile. */
  readonly act?: Act | null;
  /** The version that the thing has now. */
  readonly version?: number;
  /** So many calls wait for what would be taken away. */
  readonly waiting?: number;
}

export class StaffingRefusal extends Refusal {
  declare readonly code: StaffingCode;
  readonly detail: RefusalDetail;

  constructor(code: StaffingCode, words: Words, field?: string, detail: RefusalDetail = {}) {
    super(code, words, field);
    this.name = 'StaffingRefusal';
    this.detail = detail;
  }
}

/** Part of the HTTP API: never rename one. */
export type StaffingCode =
  | 'unknown-plan'
  | 'unknown-site'
  | 'unknown-seat'
  | 'unknown-hotline'
  | 'unknown-step'
  | 'unknown-act'
  | 'not-allowed'
  | 'own-place'
  | 'why-missing'
  | 'out-of-range'
  | 'plan-open'
  | 'plan-closed'
  | 'plan-draining'
  | 'seats-promised'
  | 'second-missing'
  | 'second-not-allowed'
  | 'no-proposal'
  | 'seat-at-site'
  | 'changed-meanwhile'
  | 'changed-since'
  | 'already-undone'
  | 'nothing-changes'
  | 'skill-wanted'
  | 'queue-left';

const unknowns = {
  plan: ['没有这个应急预案', 'There is no such plan'],
  site: ['没有这个职场', 'There is no such site'],
  seat: ['没有这个座席', 'There is no such seat'],
  hotline: ['没有这条热线', 'There is no such hotline'],
  step: ['该队列没有这个溢出步骤', 'The queue has no such step'],
  act: ['没有这项操作，或已太久', 'There is no such act, or it is too long ago'],
} as const;

export function unknown(what: keyof typeof unknowns, id: string, field = what as string) {
  const [zh, en] = unknowns[what];
  return new StaffingRefusal(`unknown-${what}`, { zh: `${zh}：${id}`, en: `${en}: ${id}` }, field);
}

/** A number that is not what it should be; `should` says what it should be. */
export const outOfRange = (field: string, should: Words): StaffingRefusal =>
  new StaffingRefusal(
    'out-of-range',
    { zh: `应为${should.zh}`, en: `It should be ${should.en}` },
    field,
  );

export const whyMissing = (): StaffingRefusal =>
  new StaffingRefusal('why-missing', { zh: '请说明原因', en: 'Say why' }, 'why');
