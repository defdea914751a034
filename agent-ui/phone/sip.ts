import { Inviter, SessionState, UserAgent, Web } from 'sip.js';
import type { Phone, PhoneAccount, PhoneEvents, PhoneTrouble, Statistic } from './port.ts';

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const ICE_GATHERING_MS = 500;
/** A network path may pause this long before the call counts as lost. */
const MEDIA_PAUSE_MS = 6000;

/** The phone on sip.js over a WebSocket. */
export function createSipPhone(audio: HTMLAudioElement, events: PhoneEvents): Phone {
  let current: ReturnType<typeof startCall> | undefined;

  return {
    call(account, address, headers = []) {
      current?.end();
      current = startCall(audio, events, account, address, headers);
    },
    hangUp() {
      current?.end();
      current = undefined;
    },
    statistics: async () => (await current?.statistics()) ?? [],
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
  let microphoneTrouble: PhoneTrouble | undefined;
  let mediaTimer: ReturnType<typeof setTimeout> | undefined;
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
    delegate: { onDisconnect: () => finish({ kind: 'socket' }) },
  });

  void ring();
  return { end, statistics };

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
      if (state === SessionState.Established && !over) events.answered();
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
    try {
      const stream = await openMicrophone({ audio: SOUND });
      const sender = handler?.peerConnection?.getSenders()[0];
      await sender?.replaceTrack(stream.getAudioTracks()[0] ?? null);
    } catch {
      finish(microphoneTrouble ?? { kind: 'media' });
    }
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
        clearTimeout(mediaTimer);
        if (state === 'failed') finish({ kind: 'media' });
        if (state === 'disconnected') {
          mediaTimer = setTimeout(() => finish({ kind: 'media' }), MEDIA_PAUSE_MS);
        }
      },
    };
  }

  function finish(trouble: PhoneTrouble) {
    if (over) return;
    end();
    events.over(trouble);
  }

  function end() {
    if (over) return;
    over = true;
    clearTimeout(mediaTimer);
    audio.srcObject = null;
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
