import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the demo works on. */
export interface DemoAssets {
  /** The manifests. */
  readonly examples: string;
  /** `populate` and `launcher` of the client image. */
  readonly clientImage: string;
}

/** In the package as it is published (`prepack` puts them there), and in the repository. */
export const demoAssets: DemoAssets = {
  examples: firstPresent('../../assets/examples', '../../../../examples'),
  clientImage: firstPresent('../../assets/client-image', '../../../../deploy/images/bitfusion-client'),
};

function firstPresent(published: string, source: string): string {
  const path = fileURLToPath(new URL(published, import.meta.url));
  return existsSync(path) ? path : fileURLToPath(new URL(source, import.meta.url));
}
