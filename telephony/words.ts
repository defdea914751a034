import type { Words } from '../kernel/errors.ts';
import type {
  Cause,
  EndReason,
  Manager,
  Party,
  Score,
  Supervising,
  Supervisor,
  Told,
  TransferKind,
} from './call.ts';

type ManagerIn = Pick<Supervisor, 'by' | 'name' | 'whom'>;

/** Why a leg did not come about, as the operator is told. */
export const causes: Readonly<Record<Cause, Words>> = {
  goodbye: { zh: '对方已挂机', en: 'the other side hung up' },
  busy: { zh: '对方忙', en: 'busy' },
  'no-answer': { zh: '无人应答', en: 'no answer' },
  refused: { zh: '对方拒接', en: 'refused by the other side' },
  'number-refused': {
    zh: '对方线路不接受来电人号码',
    en: 'the other side does not accept the citizen’s number',
  },
  'no-route': { zh: '线路不通', en: 'no route' },
  'no-seat': { zh: '对方无座席应答', en: 'no seat there could answer' },
  lost: { zh: '连接中断', en: 'connection lost' },
  failed: { zh: '呼叫失败', en: 'the call failed' },
};

export const kinds: Readonly<Record<TransferKind, Words>> = {
  'one-key': { zh: '一键转接', en: 'One-key transfer' },
  'three-way': { zh: '三方通话', en: 'Three-way call' },
  consult: { zh: '咨询转', en: 'Consult transfer' },
  release: { zh: '释放转', en: 'Release transfer' },
};

export const supervisings: Readonly<Record<Supervising, Words>> = {
  listen: { zh: '监听', en: 'listens in' },
  whisper: { zh: '耳语', en: 'whispers' },
  barge: { zh: '强插', en: 'barges in' },
};

interface Names {
  readonly hotlines: Readonly<Record<string, { readonly name: Words }>>;
  readonly peers: Readonly<Record<string, { readonly name: Words }>>;
}

const info = (code: string, zh: string, en: string): Told => ({
  code,
  words: { zh, en },
  kind: 'info',
});
const problem = (code: string, zh: string, en: string): Told => ({
  code,
  words: { zh, en },
  kind: 'problem',
});

const act = (told: Told, { by, whom }: { by: string; whom: string | null }): Told => ({
  ...told,
  act: { by, whom },
});

/** How a call ended. */
export const endings: Readonly<Record<EndReason, Words>> = {
  'caller-left': { zh: '来电人挂机，通话结束', en: 'The citizen hung up; the call is over' },
  goodbye: { zh: '通话结束', en: 'The call is over' },
  'no-seat': {
    zh: '无座席在岗，退回转来方',
    en: 'Nobody is signed in; given back to who handed her over',
  },
  'call-back-failed': {
    zh: '多次回呼未接通，结束',
    en: 'She was called back several times without an answer; it is over',
  },
  'not-reached': { zh: '回访未接通，结束', en: 'She was not reached; the call-back is over' },
  'rang-again': {
    zh: '来电人已再次来电，不再回呼',
    en: 'The citizen has rung in again; she need not be called back',
  },
  'ended-by-manager': { zh: '班长强拆，通话结束', en: 'Ended by a manager' },
  'switch-lost': {
    zh: '交换机中断，通话被切断；来电人已列入回拨名单',
    en: 'The switch broke off; the citizen stands on the list of those to be rung',
  },
  'all-left': { zh: '各方均已离开，通话结束', en: 'Everybody has left; the call is over' },
};

/** Everything that can stand in the history of a call. */
export const say = {
  arrived: (hotline: string) =>
    info('arrived', `来电进入 ${hotline}`, `Call arrived at ${hotline}`),
  waiting: (hotline: string) => info('waiting', `在 ${hotline} 排队`, `Waiting for ${hotline}`),
  backInQueue: (hotline: string) =>
    info(
      'back-in-queue',
      `已回到 ${hotline} 队列，排在最前`,
      `Back in the queue of ${hotline}, first in line`,
    ),
  offered: (seat: string) => info('offered', `派话给座席 ${seat}`, `Offered to seat ${seat}`),
  notTaken: (seat: string, cause: Cause) =>
    info(
      'not-taken',
      `座席 ${seat} 未接：${causes[cause].zh}`,
      `Seat ${seat} did not take it: ${causes[cause].en}`,
    ),
  seatAnswered: (seat: string) =>
    info('seat-answered', `座席 ${seat} 接听`, `Seat ${seat} answered`),
  callerLeft: () => info('caller-left', '来电人已挂机', 'The citizen hung up'),
  callBackAsked: () =>
    info(
      'call-back-asked',
      '来电人选择回呼，保留排队位置',
      'The citizen will be called back and keeps her turn',
    ),
  waitsForCallBack: () =>
    info(
      'waits-for-call-back',
      '保留位置，等待回呼',
      'Her turn is kept; she waits to be called back',
    ),
  callingBack: () => info('calling-back', '正在回呼来电人', 'Calling the citizen back'),
  calledBack: () => info('called-back', '来电人接听回呼', 'The citizen answered the call-back'),
  ringsBack: (seat: string) =>
    info('rings-back', `座席 ${seat} 发起回访`, `Seat ${seat} calls the citizen back`),
  gaveUpRingingBack: (seat: string) =>
    info('gave-up-ringing-back', `座席 ${seat} 放弃回访`, `Seat ${seat} gave the call-back up`),
  callBackNotAnswered: (attempt: number, cause: Cause) =>
    problem(
      'call-back-not-answered',
      `第 ${attempt} 次回呼未接通：${causes[cause].zh}`,
      `Call-back ${attempt} was not answered: ${causes[cause].en}`,
    ),
  markedDanger: (seat: string) =>
    info(
      'marked-danger',
      `座席 ${seat} 标为危及生命`,
      `Seat ${seat} marked the call as danger to life`,
    ),
  markedNoDanger: (seat: string) =>
    info(
      'marked-no-danger',
      `座席 ${seat} 取消危及生命标记`,
      `Seat ${seat} took the mark of danger to life back`,
    ),
  left: (party: Party, names: Names) => {
    const who = partyName(party, names);
    return info('left', `${who.zh} 已离开`, `${who.en} left`);
  },
  seatAway: (seat: string, seconds: number) =>
    info(
      'seat-away',
      `座席 ${seat} 话路中断，保留 ${seconds} 秒`,
      `Seat ${seat} lost its line; its place is kept for ${seconds} s`,
    ),
  seatBack: (seat: string) =>
    info('seat-back', `座席 ${seat} 话路已恢复`, `Seat ${seat} is back on its line`),
  held: () => info('held', '来电人保持中', 'The citizen is on hold'),
  resumed: () => info('resumed', '已取消保持', 'The citizen is back from hold'),
  muted: (seat: string) => info('muted', `座席 ${seat} 静音`, `Seat ${seat} muted`),
  unmuted: (seat: string) => info('unmuted', `座席 ${seat} 取消静音`, `Seat ${seat} unmuted`),
  transferring: (kind: TransferKind, target: string, name: Words) =>
    info(
      'transferring',
      `${kinds[kind].zh}：正在呼叫 ${target} ${name.zh}`,
      `${kinds[kind].en}: calling ${target} ${name.en}`,
    ),
  ringing: (target: string) => info('ringing', `${target} 振铃`, `${target} is ringing`),
  targetAnswered: (target: string) =>
    info('target-answered', `${target} 已接听`, `${target} answered`),
  nextRoute: (target: string, cause: Cause) =>
    info(
      'next-route',
      `${causes[cause].zh}，改用下一线路呼叫 ${target}`,
      `${causes[cause].en}; trying the next route to ${target}`,
    ),
  ownNumber: (target: string) =>
    info(
      'own-number',
      `对方线路不接受来电人号码，改用本热线号码呼叫 ${target}`,
      `The trunk refused the citizen’s number; calling ${target} with our own`,
    ),
  transferFailed: (target: string, cause: Cause) =>
    problem(
      'transfer-failed',
      `转接 ${target} 未成功：${causes[cause].zh}`,
      `Transfer to ${target} failed: ${causes[cause].en}`,
    ),
  cancelled: (target: string) =>
    info('cancelled', `已取消转接 ${target}`, `Transfer to ${target} cancelled`),
  merged: () => info('merged', '已合并为三方通话', 'Merged into a three-way call'),
  completed: (target: string) => info('completed', `已转交 ${target}`, `Handed over to ${target}`),
  tookBack: (from: Words) =>
    info('took-back', `已从 ${from.zh} 接回`, `Taken back from ${from.en}`),
  dropped: (who: Words) => info('dropped', `已请 ${who.zh} 离开`, `${who.en} was dropped`),
  supervises: (how: Supervising, who: ManagerIn) =>
    act(
      info(
        `supervisor-${how}`,
        `班长 ${who.name} ${supervisings[how].zh}座席 ${who.whom}`,
        `Manager ${who.name} ${supervisings[how].en} at seat ${who.whom}`,
      ),
      who,
    ),
  supervisorRung: ({ name }: ManagerIn) =>
    info('supervisor-rung', `正在呼叫班长 ${name} 的话机`, `Calling manager ${name}’s phone`),
  supervisorLeft: (how: Supervising, who: ManagerIn) =>
    act(
      info(
        how === 'listen' ? 'supervisor-left-listening' : 'supervisor-left',
        `班长 ${who.name} 结束${supervisings[how].zh}`,
        `Manager ${who.name} has left`,
      ),
      who,
    ),
  supervisorNotReached: ({ name }: ManagerIn, cause: Cause) =>
    info(
      'supervisor-not-reached',
      `班长 ${name} 的话机未接通：${causes[cause].zh}`,
      `Manager ${name}’s phone was not reached: ${causes[cause].en}`,
    ),
  whisperLost: (who: ManagerIn) =>
    act(
      info(
        'whisper-lost',
        `班长 ${who.name} 的耳语中断，转为监听`,
        `Manager ${who.name}’s whisper broke off; he listens in`,
      ),
      who,
    ),
  tookOver: (who: ManagerIn, from: string) =>
    act(
      info(
        'taken-over',
        `班长 ${who.name} 接过座席 ${from} 的通话`,
        `Manager ${who.name} has taken the call over from seat ${from}`,
      ),
      { ...who, whom: from },
    ),
  endedBy: ({ id: by, name }: Manager, whom: string | null) =>
    act(info('ended-by-manager', `班长 ${name} 强拆通话`, `Manager ${name} ends the call`), {
      by,
      whom,
    }),
  helpAsked: (seat: string) =>
    info('help-asked', `座席 ${seat} 求助班长`, `Seat ${seat} asks a manager for help`),
  helpWithdrawn: (seat: string) =>
    info('help-withdrawn', `座席 ${seat} 取消求助`, `Seat ${seat} needs no help any more`),
  helpDismissed: ({ id: by, name }: Manager, whom: string) =>
    act(
      info(
        'help-dismissed',
        `班长 ${name} 已阅求助，暂不介入`,
        `Manager ${name} has seen the request for help and does not come`,
      ),
      { by, whom },
    ),
  asksRating: () =>
    info('asks-rating', '请市民评价服务', 'The citizen is asked to rate the service'),
  rated: (score: Score) =>
    info('rated', `市民评价：${score} 分`, `The citizen rated the service ${score} of 5`),
  notRated: () => info('not-rated', '市民未评价', 'The citizen did not rate the service'),
  ended: (how: EndReason): Told => ({ code: 'ended', words: endings[how], kind: 'info' }),
};

/** How a party is called on the screens. */
export function partyName(party: Party, names: Names): Words {
  if (party.role === 'seat') {
    return { zh: `${party.hotline} 座席 ${party.seat}`, en: `${party.hotline} seat ${party.seat}` };
  }
  const name = names.peers[party.peer]?.name;
  return {
    zh: `${party.peer} ${name?.zh ?? ''}`.trim(),
    en: `${party.peer} ${name?.en ?? ''}`.trim(),
  };
}
