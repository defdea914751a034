import type { AriEvent } from './ari/session.ts';
import { AsteriskListener } from './listener.ts';

/** What a listener told of these events. */
function told(...events: AriEvent[]): string[] {
  const heard: string[] = [];
  const note = (what: string) => (one: unknown) => void heard.push(`${what} ${String(one)}`);
  const listener = new AsteriskListener({
    clock: { now: () => 0 },
    trunks: {},
    onOffered: (leg, dialled) => void heard.push(`offered ${leg} ${dialled}`),
    onInvited: note('invited'),
    onFact: (leg, fact) => void heard.push(`${leg}: ${JSON.stringify(fact)}`),
    onWelcomed: note('welcomed'),
    onSeatLeg: note('seat'),
    onGone: note('gone'),
    onLeft: note('left'),
    onBridgeGone: note('bridge gone'),
  });
  for (const event of events) listener.heard(event);
  return heard;
}

test('a call is offered before it arrives', () => {
  const channel = { id: 'a', dialplan: { exten: '110' } };
  expect(told({ type: 'CallBroadcast', channel })).toEqual(['offered a 110']);
});

test('a key on a leg', () => {
  const pressed = { type: 'ChannelDtmfReceived', digit: '#', channel: { id: 'c1.C' } };
  expect(told(pressed)).toEqual(['c1.C: {"type":"keyPressed","leg":"c1.C","digit":"#"}']);
});

const finished = (id: string, leg = 'c1.C') => ({
  type: 'PlaybackFinished',
  playback: { id, target_uri: `channel:${leg}` },
});

test('the end of the welcome, of an announcement, and of sounds that nobody waits for', () => {
  expect(told(finished('c1.welcome'))).toEqual(['welcomed c1']);
  expect(told(finished('c1.seat-s.1.2.say.3'))).toEqual([
    'c1.seat-s.1.2: {"type":"announced","leg":"c1.seat-s.1.2","n":3}',
  ]);
  expect(told(finished('7d3d6081'), { type: 'PlaybackContinuing', playback: {} })).toEqual([]);
});

test('a welcome that ends because she hangs up is not told: she goes nowhere from it', () => {
  const hangsUp = { type: 'ChannelHangupRequest', channel: { id: 'c1.C' } };
  expect(told(hangsUp, finished('c1.welcome'))).toEqual([]);
  expect(told(hangsUp, finished('c2.welcome', 'c2.C'))).toEqual(['welcomed c2']);
});

test('a citizen who is rung arrives when she answers, if no call knows it; any other leg has answered', () => {
  const heard: unknown[] = [];
  const note = (one: unknown) => void heard.push(one);
  const none = () => undefined;
  const listener = new AsteriskListener({
    clock: { now: () => 0 },
    ...Object.fromEntries(
      ['onOffered', 'onWelcomed', 'onSeatLeg', 'onGone', 'onLeft', 'onBridgeGone'].map((one) => [
        one,
        none,
      ]),
    ),
    trunks: {},
    onInvited: ({
      hotline,
      caller,
    }: {
      hotline: string | null;
      caller: { number: string | null };
    }) => note([hotline, caller.number]),
    onFact: (_leg: string, { type }: { type: string }) => note(type),
  } as unknown as ConstructorParameters<typeof AsteriskListener>[0]);
  const answers = (id: string) => ({
    type: 'StasisStart',
    channel: { id },
    args: ['leg', '12345-x', 'caller', '12345', '13800138000@carrier'],
  });
  listener.ringsUnknown(['12345-x.caller.1']);
  listener.heard(answers('12345-x.caller.1'));
  listener.heard(answers('12345-y.caller.1'));
  expect(heard).toEqual([['12345', '13800138000'], 'legAnswered']);
});
