import { Inviter, SessionState, UserAgent, Web } from 'sip.js';
import type { Phone, PhoneAccount, PhoneEvents, PhoneTrouble, Statistic } from './port.ts';

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const ICE_GATHERING_MS = 500;

type SipCall = ReturnType<typeof startCall>;

/** The phone on sip.js over a WebSocket. */
export function createSipPhone(audio: HTMLAudioElement, events: PhoneEvents): Phone {
  let current: SipCall | undefined;
  /** What is heard until the current one is answered. */
  let older: SipCall | undefined;

  return {
    call(account, address, headers = []) {
      if (current?.hasSound()) {
        older?.end();
        older = current;
      } else current?.end();
      const own = <T extends unknown[]>(tell: (...told: T) => void) => {
        return (...told: T) => void (call === current && tell(...told));
      };
      const answered = () => {
        older?.end();
        older = undefined;
        events.answered();
      };
      const call: SipCall = startCall(
        audio,
        {
          ringing: own(events.ringing),
          answered: own(answered),
          over: own(events.over),
          microphone: own(events.microphone),
          soundBlocked: own(events.soundBlocked),
        },
        account,
        address,
        headers,
      );
      current = call;
    },
    hangUp() {
      older?.end();
      current?.end();
      older = current = undefined;
    },
    statistics: async () => (await (older?.hasSound() ? older : current)?.statistics()) ?? [],
    lookForMicrophone: () => current?.lookForMicrophone(),
    allowSound() {
      void audio.play().then(() => events.soundBlocked(false));
    },
    needsPerson: (trouble) =>
      trouble.kind.startsWith('microphone') || trouble.kind === 'insecure-page',
  };
}

function startCall(
  audio: HTMLAudioElement,
  events: PhoneEvents,
  account: PhoneAccount,
  address: string,
  headers: string[],
) {
  let over = false;
  let told = false;
  let answered = false;
  let microphoneTrouble: PhoneTrouble | undefined;
  let microphoneLost = false;
  let handler: Web.SessionDescriptionHandler | undefined;
  let inviter: Inviter | undefined;

  const agent = new UserAgent({
    uri: UserAgent.makeURI(`sip:${account.from}@${account.domain}`),
    transportOptions: { server: account.webSocket, connectionTimeout: 5, keepAliveInterval: 20 },
    authorizationUsername: account.user,
    authorizationPassword: account.secret,
    gracefulShutdown: false,
    logBuiltinEnabled: false,
    logConfiguration: false,
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(openMicrophone),
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: ICE_GATHERING_MS,
      peerConnectionConfiguration: { iceServers: [] },
    },
    delegate: { onDisconnect: () => doubt({ kind: 'socket' }) },
  });

  void ring();
  return { end, statistics, hasSound, lookForMicrophone: () => void lookForMicrophone() };

  async function statistics(): Promise<readonly Statistic[]> {
    const report = await handler?.peerConnection?.getStats();
    return report ? [...report.values()] : [];
  }

  async function ring() {
    try {
      await agent.start();
    } catch {
      return finish({ kind: 'socket' });
    }
    if (over) return;
    const target = UserAgent.makeURI(address.includes(':') ? address : `sip:${address}`);
    if (!target) return finish({ kind: 'refused', detail: address });

    inviter = new Inviter(agent, target, {
      earlyMedia: true,
      extraHeaders: headers,
      sessionDescriptionHandlerOptions: { constraints: { audio: SOUND, video: false } },
    });
    inviter.delegate = { onSessionDescriptionHandler: watchMedia };
    inviter.stateChange.addListener((state) => {
      if (state === SessionState.Established && !over) {
        answered = true;
        events.answered();
      }
      // The reason, if there is one, is told just after the state.
      if (state === SessionState.Terminated) setTimeout(() => finish({ kind: 'ended' }), 0);
    });
    try {
      await inviter.invite({
        requestDelegate: {
          onProgress: () => over || events.ringing(),
          onReject: ({ message }) =>
            finish({ kind: 'refused', detail: `${message.statusCode} ${message.reasonPhrase}` }),
        },
      });
    } catch {
      finish(microphoneTrouble ?? { kind: 'media' });
    }
  }

  async function openMicrophone(constraints: MediaStreamConstraints): Promise<MediaStream> {
    try {
      if (!navigator.mediaDevices) throw new DOMException('', 'InsecureError');
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      stream.getAudioTracks().forEach((track) => (track.onended = () => void changeMicrophone()));
      return stream;
    } catch (error) {
      microphoneTrouble = whyNoMicrophone(error);
      throw error;
    }
  }

  /** A headset pulled out ends its track; the call goes on with whatever microphone is left. */
  async function changeMicrophone() {
    if (over) return;
    microphoneTrouble = undefined;
    try {
      const stream = await openMicrophone({ audio: SOUND });
      const sender = handler?.peerConnection?.getSenders()[0];
      await sender?.replaceTrack(stream.getAudioTracks()[0] ?? null);
      microphoneLost = false;
      events.microphone(null);
    } catch {
      microphoneLost = true;
      events.microphone(microphoneTrouble ?? { kind: 'microphone-missing' });
    }
  }

  async function lookForMicrophone() {
    if (microphoneLost) await changeMicrophone();
  }

  function watchMedia(described: unknown) {
    handler = described as Web.SessionDescriptionHandler;
    handler.peerConnectionDelegate = {
      ontrack: () => {
        audio.srcObject = handler?.remoteMediaStream ?? null;
        audio.play().then(
          () => events.soundBlocked(false),
          (error) =>
            (error as DOMException).name === 'NotAllowedError' && events.soundBlocked(true),
        );
      },
      onconnectionstatechange: () => {
        const state = handler?.peerConnection?.connectionState;
        if (state === 'failed') finish({ kind: 'media' });
        if (state === 'disconnected') doubt({ kind: 'media' });
      },
    };
  }

  function hasSound() {
    const state = handler?.peerConnection?.connectionState;
    return answered && !over && (state === 'connected' || state === 'disconnected');
  }

  /** Somebody should make a new one; this one may live yet. */
  function doubt(trouble: PhoneTrouble) {
    if (!hasSound()) return finish(trouble);
    tell(trouble);
  }

  function finish(trouble: PhoneTrouble) {
    if (over) return;
    end();
    tell(trouble);
  }

  function tell(trouble: PhoneTrouble) {
    if (told) return;
    told = true;
    events.over(trouble);
  }

  function end() {
    if (over) return;
    over = true;
    // By now another call's sound may be there.
    if (audio.srcObject === handler?.remoteMediaStream) audio.srcObject = null;
    void sayGoodbye()
      .catch(() => undefined)
      .then(() => {
        handler?.close();
        return agent.stop();
      })
      .catch(() => undefined);
  }

  async function sayGoodbye() {
    if (!agent.isConnected()) return;
    if (inviter?.state === SessionState.Established) await inviter.bye();
    else if (inviter?.state === SessionState.Establishing) await inviter.cancel();
  }
}

function whyNoMicrophone(error: unknown): PhoneTrouble {
  switch ((error as DOMException).name) {
    case 'InsecureError':
      return { kind: 'insecure-page' };
    case 'NotFoundError':
    case 'OverconstrainedError':
      return { kind: 'microphone-missing' };
    case 'NotReadableError':
    case 'AbortError':
      return { kind: 'microphone-busy' };
    default:
      return { kind: 'microphone-denied' };
  }
}
