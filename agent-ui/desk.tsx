import { createRoot } from 'react-dom/client';
import { createLastingLeg } from './phone/lasting-leg.ts';
import { createDesk } from './state/desk.ts';
import { DeskPage } from './views/desk/DeskPage.tsx';
import './views/tokens.css';
import './views/base.css';
import './views/desk/desk.css';

const sound = document.getElementById('sound') as HTMLAudioElement;
const desk = createDesk(createLastingLeg(sound));
createRoot(document.getElementById('page')!).render(<DeskPage desk={desk} />);
void desk.start();
