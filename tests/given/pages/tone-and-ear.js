/**
 * Runs in a page before its own code: the microphone is a tone, and what arrives by WebRTC can be measured.
 * `window.givenTone` = { hertz, amplitude (0..1), sampleRate } is set before.
 */
(() => {
  const { hertz, amplitude, sampleRate } = window.givenTone;

  /** Takes the place of the microphone: every stream is a new one, as with a real device. */
  let mouth;
  let plugged = true;
  const microphones = [];
  navigator.mediaDevices.getUserMedia = async () => {
    if (!plugged) throw new DOMException('no microphone is there', 'NotFoundError');
    if (!mouth) {
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: hertz });
      mouth = new GainNode(context, { gain: amplitude });
      tone.connect(mouth);
      tone.start();
    }
    await mouth.context.resume();
    const out = new MediaStreamAudioDestinationNode(mouth.context, { channelCount: 1 });
    mouth.connect(out);
    microphones.push(out.stream.getAudioTracks()[0]);
    return out.stream;
  };

  /** The headset is pulled out: its tracks end, and there is no other. */
  window.givenUnplug = () => {
    plugged = false;
    for (const track of microphones.splice(0)) {
      track.enabled = false;
      track.dispatchEvent(new Event('ended'));
    }
  };
  window.givenPlugIn = () => {
    plugged = true;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  };

  const connections = [];
  /** No sound is sent any more on what is connected now. */
  window.givenSilence = async () => {
    const senders = connections.flatMap((one) => one.getSenders());
    await Promise.all(senders.map((sender) => sender.replaceTrack(null).catch(() => undefined)));
  };
  /** The computer sleeps: nothing is sent, nothing runs, and nobody is told. */
  window.givenSleep = async (ms) => {
    await window.givenSilence();
    const end = Date.now() + ms;
    while (Date.now() < end);
  };

  let cut = false;
  /** The cable is pulled: sockets stay open and carry nothing, and no new one comes about. */
  window.givenCut = async (is) => {
    cut = is;
    if (is) await window.givenSilence();
  };
  window.WebSocket = class extends window.WebSocket {
    constructor(url, protocols) {
      super(cut ? 'ws://127.0.0.1:9' : url, protocols);
      this.addEventListener('message', (event) => cut && event.stopImmediatePropagation());
    }
    send(data) {
      if (!cut) super.send(data);
    }
  };

  let ear;
  function listenTo(track) {
    if (!ear) {
      const context = new AudioContext({ sampleRate });
      ear = new AnalyserNode(context, { fftSize: 32768 });
      // Nothing is pulled through a graph that leads nowhere.
      ear.connect(new GainNode(context, { gain: 0 })).connect(context.destination);
    }
    void ear.context.resume();
    const stream = new MediaStream([track]);
    // Chromium decodes a remote track only when a media element wants it, too.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    void element.play().catch(() => undefined);
    const source = new MediaStreamAudioSourceNode(ear.context, { mediaStream: stream });
    source.connect(ear);
    kept.push(element, source);
  }
  /** What is not referred to would be collected, and fall silent. */
  const kept = [];

  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...args) {
      super(...args);
      connections.push(this);
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'audio') listenTo(track);
      });
    }
  };

  /** The sound of the `ms` that begin now, as 16-bit samples. */
  window.givenEar = async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (!ear) return [];
    const all = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(all);
    const count = Math.min(all.length, Math.floor((ms * sampleRate) / 1000));
    return Array.from(all.subarray(all.length - count), (value) => Math.round(value * 32768));
  };
})();
