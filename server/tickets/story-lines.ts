import type { Words } from '../../kernel/errors.ts';
import type { Clock } from '../../tickets/clocks.ts';
import type { TicketEvent } from '../../tickets/events.ts';
import type { Danger, Fields, Holder } from '../../tickets/ticket.ts';
import { levelNames } from '../names.ts';
import { clockNames, dangerNames, eventNames, fieldNames, stateNames } from './words.ts';

/** A line of a ticket's story as people read it. */
export interface StoryLine {
  readonly name: Words;
  /** Null: its name says it all. */
  readonly detail: Words | null;
}

/** What one event says to people. */
export function storyLine(event: TicketEvent): StoryLine {
  return { name: eventNames[event.type], detail: detailOf(event) };
}

function detailOf(event: TicketEvent): Words | null {
  switch (event.type) {
    case 'opened':
      return same(event.key);
    case 'handed-over': {
      const way = event.mode === 'voice' ? withCall : bySystem;
      return said(both([arrow(who(event.from), who(event.to)), way]), event.why);
    }
    case 'accepted':
    case 'refused':
    case 'withdrawal-asked':
      return said(event.how === 'person' ? null : hows[event.how], event.why);
    case 'review-asked':
      return same(event.why);
    case 'reviewed':
      return said(reviews[event.outcome], event.why);
    case 'outcome':
      return event.takes ? who(event.takes) : hows['not-agreed'];
    case 'edited':
      return both([
        ...Object.keys(event.fields).map((name) => fieldNames[name as keyof Fields]),
        ...(Object.keys(event.answers).length > 0 ? [fieldNames.answers] : []),
      ]);
    case 'danger-marked':
      return dangers(event.danger);
    case 'levelled':
      return said(levelNames[event.level], event.why);
    case 'social-resources':
      return event.needed ? yes : no;
    case 'call-linked':
      return same(event.call);
    case 'recording-linked':
      return same(`${event.call} · ${Math.round(event.ms / 1000)} s`);
    case 'attached':
      return same(event.name);
    case 'state-moved':
      return said(stateNames[event.to], event.why);
    case 'notified':
      return who(event.to);
    case 'dispatched':
      return said(same(event.unit), event.words);
    case 'dispatch-signed':
      return same(event.unit);
    case 'feedback':
    case 'urged':
    case 'called-back':
      return said(null, event.words);
    case 'reported-up':
      return event.words === 'social-resources'
        ? eventNames['social-resources']
        : same(event.words);
    case 'rated':
      return { zh: `${event.score} 分`, en: `${event.score} of 5` };
    case 'linked':
    case 'unlinked':
      return same(event.other);
    case 'merged':
    case 'split':
      return same(event.into);
    case 'took-in':
      return same(event.from);
    case 'recording-deleted':
      return same(event.id);
    case 'seen':
      return seen[event.what];
    case 'clock-warned':
    case 'clock-escalated':
      return clockNames[kindOf(event.clock)];
    default:
      return null;
  }
}

const withCall: Words = { zh: '随通话', en: 'with the call' };
const bySystem: Words = { zh: '系统派件', en: 'without a call' };
const yes: Words = { zh: '需要', en: 'needed' };
const no: Words = { zh: '不需要', en: 'not needed' };
const hows: Readonly<Record<'agreed' | 'not-agreed', Words>> = {
  agreed: { zh: '三方协商一致', en: 'agreed in a three-way call' },
  'not-agreed': { zh: '协商未果，由首接方受理', en: 'not agreed: the first receiver takes it' },
};
const reviews: Readonly<Record<'upheld' | 'overturned', Words>> = {
  upheld: { zh: '退单成立', en: 'the refusal was right' },
  overturned: { zh: '退单不成立，应予承接', en: 'the refusal was not right: it must be taken' },
};
const seen: Readonly<Record<'ticket' | 'recording' | 'export', Words>> = {
  ticket: { zh: '工单', en: 'the ticket' },
  recording: { zh: '录音', en: 'a recording' },
  export: { zh: '导出', en: 'with an export' },
};

/** `sign:2` is of kind `sign`. */
const kindOf = (clock: string): Clock['kind'] => clock.split(':')[0] as Clock['kind'];
const who = ({ deployment, hotline }: Holder): Words => ({
  zh: `${hotline}（${deployment}）`,
  en: `${hotline} (${deployment})`,
});
const arrow = (from: Words, to: Words): Words => ({
  zh: `${from.zh} → ${to.zh}`,
  en: `${from.en} → ${to.en}`,
});
const same = (text: string): Words => ({ zh: text, en: text });

function dangers(danger: Danger): Words {
  const names = (Object.keys(dangerNames) as (keyof Danger)[]).filter((one) => danger[one]);
  return names.length === 0 ? { zh: '无', en: 'none' } : both(names.map((one) => dangerNames[one]));
}

const both = (all: readonly Words[]): Words => ({
  zh: all.map(({ zh }) => zh).join('、'),
  en: all.map(({ en }) => en).join(', '),
});

/** What it is, and why; reasons that the machine writes in both languages stay as they are. */
function said(what: Words | null, why: string): Words | null {
  const reason = why === '' || why === 'agreed' || why === 'not-agreed' ? null : same(why);
  if (!what) return reason;
  if (!reason) return what;
  return { zh: `${what.zh}：${why}`, en: `${what.en}: ${why}` };
}
