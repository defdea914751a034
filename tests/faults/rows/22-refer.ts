import type { Call } from '../../given/call.ts';
import { aTalk } from '../../stories/talk.ts';
import type { FaultRow } from '../row.ts';

const cases: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ['to a hotline', ['Refer-To: <sip:110@127.0.0.1>']],
  ['to a number outside', ['Refer-To: <sip:0085212345678@127.0.0.1>']],
  ['Refer-Sub: false', ['Refer-To: <sip:110@127.0.0.1>', 'Refer-Sub: false']],
  ['no Refer-To', []],
  ['two Refer-To', ['Refer-To: <sip:110@127.0.0.1>', 'Refer-To: <sip:119@127.0.0.1>']],
  ['Refer-To that is none', ['Refer-To: %%%<sip:@:::>;;']],
  ['Replaces of nobody', ['Refer-To: <sip:110@127.0.0.1?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>']],
];

export const rows: readonly FaultRow[] = [
  {
    n: 22,
    short: true,
    injected: `REFER from citizen and from a phone in a talk: ${cases.map(([what]) => what).join(', ')}`,
    expected: 'each is answered and refused; nothing crashes, nobody is moved, the talk goes on',
    async run(hall) {
      const { asterisk } = hall.deployment;
      const { pid } = asterisk;
      const { citizen, operator } = await aTalk(hall.guests);
      const wrong: string[] = [];
      const answers = new Map<number, number>();
      for (const [who, call] of [
        ['citizen', citizen.call],
        ['phone', operator.phone.call],
      ] as const) {
        for (const [what, lines] of cases) {
          const status = await asks(call, 'REFER', lines);
          answers.set(status, (answers.get(status) ?? 0) + 1);
          if (status < 400) wrong.push(`${who}, ${what}: answered ${status || 'not at all'}`);
        }
      }
      wrong.push(...(await hall.hear([citizen, [operator.phone]], [operator.phone, [citizen]])));
      if (asterisk.pid !== pid) wrong.push('Asterisk is another');
      // sip.js would count on from its own last request.
      for (const { call } of [citizen, operator.phone]) await asks(call, 'BYE');
      const said = [...answers].map(([status, n]) => `${status || 'nothing'} ${n} times`);
      return { words: `n ${2 * cases.length}; answered ${said.join(', ')}`, wrong };
    },
  },
];

let sent = 0;

/** A request within this call, past sip.js; the status that answers it, 0: none within a second. */
async function asks(call: Call, method: string, lines: readonly string[] = []): Promise<number> {
  const { wire, invite } = call;
  const answer = call.messages.find(({ status, method }) => status === 200 && method === 'INVITE');
  if (!answer) throw new Error('not answered');
  const outgoing = wire.seen.some(
    ({ direction, message }) => direction === '->' && message === invite,
  );
  const [from, to] = outgoing ? ['From', 'To'] : ['To', 'From'];
  const other = outgoing ? answer : invite;
  const target = /<([^>]+)>/.exec(other.header('Contact') ?? '')?.[1] ?? '';
  const branch = `z9hG4bK-fault-${++sent}`;
  const text = [
    `${method} ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${wire.ip};branch=${branch}`,
    `From: ${answer.header(from)}`,
    `To: ${answer.header(to)}`,
    `Call-ID: ${invite.callId}`,
    `CSeq: ${900 + sent} ${method}`,
    `Contact: <sip:${wire.ip}>`,
    'Max-Forwards: 70',
    ...lines,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
  wire.send(text);
  return wire
    .until(
      `the ${method} is answered`,
      () =>
        wire.seen.find(
          ({ direction, message }) =>
            direction === '<-' && message.status >= 200 && message.branch === branch,
        )?.message.status,
      1_000,
    )
    .catch(() => 0);
}
