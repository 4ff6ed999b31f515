export { bundleApp, type Bundle } from './bundle-app.ts';
export type { ImageName, ImageSources } from './images.ts';
export { prepareImage, type PrepareOptions, type PreparedImage, type Provenance } from './prepare-image.ts';
