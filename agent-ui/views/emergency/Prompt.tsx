import type { PromptView } from '../../../server/http/emergency-views.ts';
import { playOrStop, usePlaying } from '../../state/emergency.ts';
import { useWords } from '../../state/language.ts';
import { Shape } from '../Shape.tsx';

/** A prompt by its name: to be heard where its file is there, and read where its words are. */
export function Prompt({ prompt }: { prompt: PromptView }) {
  const { t } = useWords();
  const { name, words, playable } = prompt;
  const playing = usePlaying() === name;
  return (
    <span className="prompt">
      {playable && (
        <button
          type="button"
          className="quiet prompt-play"
          aria-pressed={playing}
          aria-label={t(playing ? 'heard.stop' : 'heard.play', { name })}
          data-testid={`play-${name}`}
          onClick={() => playOrStop(name)}
        >
          <Shape name={playing ? 'pause' : 'play'} />
        </button>
      )}
      <code>{name}</code>
      {words && <q lang="zh-CN">{words}</q>}
    </span>
  );
}
