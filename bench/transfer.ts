import { setTimeout as sleep } from 'node:timers/promises';
import { conf } from '../telephony/asterisk/base-files.ts';
import { seatEndpoint } from '../telephony/asterisk/plan.ts';
import { secretFor } from '../server/environment.ts';
import { anAddress } from '../tests/given/address.ts';
import { aCity } from '../tests/given/city.ts';
import { trunkTo, type Written } from '../tests/given/deployment.ts';
import { Desk } from '../tests/given/desk.ts';
import { aPeer, aPhone, aTrunk, Citizen, type Phone } from '../tests/given/party.ts';
import { stampOf } from './parts/ami.ts';
import { now, wallOffset } from './parts/clock.ts';
import { aBenchDeployment } from './parts/deployment.ts';
import { logIn } from './parts/desks.ts';
import { isLeft } from './parts/left.ts';
import { KeyLine } from './parts/key.ts';
import { Load } from './parts/load.ts';
import { report, row, type Row } from './parts/result.ts';
import { Watch } from './parts/watch.ts';

/**
 * (a) transfer key -> INVITE at the other hotline, (b) its answer -> everybody is in the bridge.
 * Ours: the desk's POST (one-key) to the controller, a process of its own. The peer: the same Asterisk,
 * the same trunk and kind of phone, a citizen connected by Dial(), AMI BlindTransfer to an extension with
 * Dial(). Trials alternate, so that what happens on the machine meets both.
 * Clocks: (a) lies within this process, from just before the write to the socket to the datagram's arrival;
 * (b) from just before the 200 is sent to Asterisk's own stamp of the last BridgeEnter.
 */

const LOADS = [
  { calls: 1, n: 200 },
  { calls: 50, n: 100 },
  { calls: 200, n: 100 },
];
/** BENCH_N: fewer trials. BENCH_DESKS=closed: the other calls' operators have no page open. */
const most = Number(process.env.BENCH_N ?? Infinity);
const desks = process.env.BENCH_DESKS === 'closed' ? 'closed' : 'open';
const WARM_UP = Math.min(10, most);
const PEER = 'AMI BlindTransfer to Dial()';
/** The number behind which the peer's operator sits. */
const DIAL_NUMBER = '12399';
/** A person rings so long before answering; long enough that the 180 has passed. */
const RING_MS = 30;

/** What one transfer took. */
interface Trial {
  readonly invite: number;
  readonly bridged: number;
}

const city = await aCity();
const load = await Load.of(199);
const loadCarriers = await Promise.all(LOADS.map(() => anAddress()));
const trunks = { ...(city.config.trunks as Written) };
loadCarriers.forEach((ip, i) => (trunks[`load-${i}`] = trunkTo(ip)));
const seats = [...(city.config.seats as Written[]), ...load.seats()];

const deployment = await aBenchDeployment({ ...city.config, trunks, seats }, (files) => ({
  ...files,
  'pjsip.conf': load.pjsip(files['pjsip.conf'] ?? ''),
  'extensions.conf': conf(
    files['extensions.conf'] ?? '',
    '[from-trunk](+)',
    `exten => ${DIAL_NUMBER},1,Dial(PJSIP/${seatEndpoint('8002')},10)`,
    '[blind]',
    'exten => 119,1,Dial(PJSIP/119@fire,10)',
  ),
}));
const { url, sip, ami, environment } = deployment;
deployment.atEnd(() => load.leaves());

try {
  const carrier = await aTrunk({ ip: city.carrier, asterisk: sip });
  const fire = await aPeer({ number: '119', ip: city.fire });
  const watch = new Watch(fire.trunk);
  const [operator, dialled] = await Promise.all(['8001', '8002'].map(aBenchPhone));
  if (!operator || !dialled) throw new Error('no phones');
  const desk = new Desk(url, '8001');
  await desk.logsIn('8001');
  const cookie = await logIn(url, '8001');
  let keys = await KeyLine.open(url, cookie);

  const aSilentCitizen = async (number: string, phone: Phone): Promise<Citizen> => {
    for (const trunk of [carrier, fire.trunk, phone.trunk]) {
      trunk.wire.seen.length = 0;
      trunk.calls.length = 0;
    }
    ami.forget();
    watch.reset();
    const citizen = new Citizen('13800138000', 'citizen', 'citizen', carrier, false);
    const call = await citizen.rings(number);
    call.voice.tone = null;
    const rung = await phone.isRung();
    rung.voice.tone = null;
    await phone.answers();
    await citizen.isAnswered();
    await entered(2, seatEndpoint(phone === operator ? '8001' : '8002'));
    return citizen;
  };

  /** From the key to the bridge, with what starts the transfer; both sides go this same way. */
  const transferred = async (start: () => number, parties: number): Promise<Trial> => {
    await sleep(20);
    const at = start();
    const rung = await fire.isRung();
    const invite = watch.invited - at;
    rung.voice.tone = null;
    await fire.rings();
    await sleep(RING_MS);
    const offset = wallOffset();
    await fire.answers();
    const bridged = (await entered(parties, 'fire')) - offset - watch.answered;
    return { invite, bridged };
  };

  const ours = async (): Promise<Trial> => {
    const citizen = await aSilentCitizen('12345', operator);
    await desk.isAtStage('talking');
    const { request } = await desk.key('transfer:one-key:119');
    let done: Promise<void> | undefined;
    const trial = await transferred(() => {
      const pressed = keys.press(request);
      done = pressed.done;
      return pressed.at;
    }, 3);
    await done;
    // Those who stay go on talking, until one alone is left.
    await citizen.hangsUp();
    await operator.hangsUp();
    await isLeft(fire, deployment, cookie);
    await desk.isInState('ready');
    return trial;
  };

  const theirs = async (): Promise<Trial> => {
    const citizen = await aSilentCitizen(DIAL_NUMBER, dialled);
    const channel = channelOf(seatEndpoint('8002'));
    const trial = await transferred(() => {
      const at = now();
      ami.send({ Action: 'BlindTransfer', Channel: channel, Context: 'blind', Exten: '119' });
      return at;
    }, 2);
    await citizen.hangsUp();
    await dialled.isHungUp();
    await isLeft(fire, deployment, cookie);
    return trial;
  };

  const rows: Row[] = [];
  for (const [i, { calls, n: asked }] of LOADS.entries()) {
    // Nobody of the load is to come to the operator who is measured.
    await desk.does('not-ready:break');
    await load.grow(calls - 1, deployment, loadCarriers[i] ?? '');
    await desk.does('ready');
    // The server closes a connection that has been idle for some seconds.
    keys.close();
    keys = await KeyLine.open(url, cookie);
    for (let warm = 0; warm < WARM_UP; warm++) {
      await ours();
      await theirs();
    }
    const [own, peer]: [Trial[], Trial[]] = [[], []];
    for (let trial = 0; trial < Math.min(asked, most); trial++) {
      own.push(await ours());
      peer.push(await theirs());
    }
    const aim = { ratio: 1.2, p99: 15 };
    const up = calls === 1 ? '1 call up' : `${calls} calls up, desks ${desks}`;
    const of = (what: string, key: keyof Trial) =>
      row(
        `${what}, ${up}`,
        own.map((trial) => trial[key]),
        { name: PEER, times: peer.map((trial) => trial[key]) },
        aim,
      );
    rows.push(of('transfer key -> INVITE', 'invite'), of('answer -> all bridged', 'bridged'));
    console.error(`${up}: done`);
  }
  await report('transfer', `Asterisk ${deployment.asterisk.version}`, rows);

  keys.close();
  await Promise.all([operator.leaves(), dialled.leaves(), fire.leaves()]);
  await carrier.close();
} finally {
  await deployment.stop();
}
process.exit(0);

async function aBenchPhone(seat: string): Promise<Phone> {
  const id = seatEndpoint(seat);
  return aPhone({ id, secret: secretFor(environment, `seat ${seat}`), asterisk: sip });
}

/** The newest channel of an endpoint that is in a bridge. */
function channelOf(endpoint: string): string {
  const event = ami.entered.findLast(({ Channel }) => Channel?.startsWith(`PJSIP/${endpoint}-`));
  if (!event?.Channel) throw new Error(`${endpoint} is in no bridge`);
  return event.Channel;
}

/** When so many were together in the bridge of this endpoint: Asterisk's own stamp, epoch ms. */
async function entered(parties: number, endpoint: string): Promise<number> {
  const found = () => {
    const theirs = ami.entered.findLast(({ Channel }) => Channel?.startsWith(`PJSIP/${endpoint}-`));
    return ami.entered.find(
      ({ BridgeUniqueid, BridgeNumChannels }) =>
        BridgeUniqueid === theirs?.BridgeUniqueid && Number(BridgeNumChannels) >= parties,
    );
  };
  const event = found() ?? (await ami.until(() => found() !== undefined).then(found));
  if (!event) throw new Error('they are not in one bridge');
  return stampOf(event);
}
