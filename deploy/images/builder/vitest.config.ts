import { projectTests } from '../../../vitest.preset.ts';

export default projectTests('@bwki/image-builder');
