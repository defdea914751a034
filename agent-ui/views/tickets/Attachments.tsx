import { useRef, useState } from 'react';
import type { DragEvent } from 'react';
import type { AttachmentView, StoryView } from '../../../server/http/ticket-views.ts';
import { dayAndTime } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { sizeText, useUploads, type Upload } from '../../state/tickets/uploads.ts';
import { Shape } from '../Shape.tsx';
import { ActKey } from './Acts.tsx';

/** 附件: those that are there, and a place for more: picked, or dropped here. */
export function Attachments({ story, look }: { story: StoryView; look(): Promise<void> }) {
  const { t } = useWords();
  const { attachments, fileLimits, acts } = story;
  const act = acts.find(({ group }) => group === 'file');
  const uploads = useUploads(act, fileLimits, look);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const mb = Math.floor(fileLimits.mostBytes / 1024 / 1024);

  function dropped(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    uploads.add([...event.dataTransfer.files]);
  }

  return (
    <section
      className={`story-files ${over ? 'is-over' : ''}`}
      aria-label={t('files')}
      data-testid="story-files"
      onDragOver={(event) => {
        if (!act?.allowed) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={act?.allowed ? dropped : undefined}
    >
      <h2>{t('files')}</h2>
      {act && (
        <p className="file-drop">
          <ActKey
            act={act}
            busy={false}
            main={false}
            open={false}
            press={() => act.allowed && picker.current?.click()}
          />
          <small>{t('files.drop', { mb })}</small>
          <input
            type="file"
            multiple
            hidden
            ref={picker}
            data-testid="file-picker"
            accept={fileLimits.endings.map((ending) => `.${ending}`).join(',')}
            onChange={({ target }) => {
              uploads.add([...(target.files ?? [])]);
              // The same one again is one more choice.
              target.value = '';
            }}
          />
        </p>
      )}
      <ul className="story-list">
        {attachments.map((one) => (
          <FileLine key={one.id} file={one} />
        ))}
        {uploads.all.map((one) => (
          <UploadLine key={one.id} upload={one} drop={() => uploads.drop(one.id)} />
        ))}
      </ul>
    </section>
  );
}

function FileLine({ file }: { file: AttachmentView }) {
  const { t } = useWords();
  const { id, name, bytes, at, by, take, sha256 } = file;
  return (
    <li data-testid={`file-${id}`} title={`SHA-256 ${sha256}`}>
      {take === null ? (
        <span>{name}</span>
      ) : (
        <a href={take} download={name}>
          {name}
        </a>
      )}
      <small>
        {[
          sizeText(bytes),
          `${by.hotline} ${by.person ?? ''}`.trim(),
          dayAndTime(at),
          take === null && t('files.elsewhere'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
    </li>
  );
}

/** One on its way, or one that was not taken and why. */
function UploadLine({ upload, drop }: { upload: Upload; drop(): void }) {
  const { t, say } = useWords();
  const { name, bytes, part, refused } = upload;
  return (
    <li data-testid="upload" data-state={refused ? 'refused' : 'going'} className="file-upload">
      <span>{name}</span>
      {refused ? (
        <span className="failure" role="alert">
          <Shape name="cross" /> {say(refused)}
        </span>
      ) : (
        <>
          <progress max={1} value={part} aria-label={t('files.going', { name })} />
          <small>
            {Math.floor(part * 100)} % · {sizeText(bytes)}
          </small>
        </>
      )}
      <button type="button" className="quiet" data-testid="upload-drop" onClick={drop}>
        {t(refused ? 'close' : 'cancel')}
      </button>
    </li>
  );
}
