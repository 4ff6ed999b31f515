import { projectTests } from '../../tools/vitest.preset.ts';

export default projectTests('@bwki/webhook');
