import { projectTests } from '../../vitest.preset.ts';

export default projectTests('@bwki/plain-data');
