import { Registerer, UserAgent } from 'sip.js';

/**
 * An ordinary WebRTC seat, the peer of bench/answer.ts: registers, and takes every INVITE the moment it
 * comes. Settings as in agent-ui/phone/sip.ts. `window.benchPhone.start(line)`; `taken` are the times
 * (epoch ms) at which INVITEs came.
 */
const taken = [];

async function start({ webSocket, domain, user, secret }) {
  const audio = new Audio();
  const agent = new UserAgent({
    uri: UserAgent.makeURI(`sip:${user}@${domain}`),
    transportOptions: { server: webSocket, connectionTimeout: 5, keepAliveInterval: 20 },
    authorizationUsername: user,
    authorizationPassword: secret,
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: 500,
      peerConnectionConfiguration: { iceServers: [] },
    },
    delegate: {
      onInvite(invitation) {
        taken.push(window.benchEar.now());
        invitation.delegate = {
          onSessionDescriptionHandler(handler) {
            handler.peerConnectionDelegate = {
              ontrack: () => {
                audio.srcObject = handler.remoteMediaStream;
                void audio.play().catch(() => undefined);
              },
            };
          },
        };
        void invitation.accept({
          sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } },
        });
      },
    },
  });
  await agent.start();
  await new Promise((resolve, reject) => {
    void new Registerer(agent).register({
      requestDelegate: { onAccept: resolve, onReject: () => reject(new Error('not registered')) },
    });
  });
}

window.benchPhone = { start, taken };
