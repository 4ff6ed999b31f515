import type { BundledPackage } from './bundled-packages.ts';

const rule = '-'.repeat(80);

/** The licences of what a program was bundled from, for people; packages of the same text share it. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const byText = Map.groupBy(packages, ({ license, licenseText }) => `${license}\n\n${licenseText}`);
  const sections = [...byText].map(([text, sharing]) => {
    const names = sharing.map(({ name, version }) => `${name} ${version}`).join(', ');
    return `${rule}\n${names}\nLicense: ${text.trim()}\n`;
  });
  return `This program holds code of the packages below, under the licences of their authors.\n\n${sections.join('\n')}`;
}
