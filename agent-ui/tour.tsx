import { createRoot } from 'react-dom/client';
import { startWords } from './state/language.ts';
import { createTour } from './state/tour.ts';
import { TourPage } from './views/tour/TourPage.tsx';
import { commonWords } from './words/common.ts';
import { tourWords } from './words/tour.ts';
import './views/tokens.css';
import './views/base.css';
import './views/tour/tour.css';

startWords(commonWords, tourWords);
const tour = createTour();
createRoot(document.getElementById('page')!).render(<TourPage tour={tour.state} />);
tour.start();
