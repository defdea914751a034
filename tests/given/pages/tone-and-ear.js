/**
 * Runs in a page before its own code: the microphone is a tone, and what arrives by WebRTC can be measured.
 * `window.givenTone` = { hertz, amplitude (0..1), sampleRate } is set before.
 */
(() => {
  const { hertz, amplitude, sampleRate } = window.givenTone;

  /** Takes the place of the microphone: every stream is a new one, as with a real device. */
  let mouth;
  navigator.mediaDevices.getUserMedia = async () => {
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
    return out.stream;
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
