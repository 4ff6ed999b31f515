import nx from '@nx/eslint-plugin';
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

/** What each layer may import: the arrows of docs/architecture.md, held by lint. */
const layers = {
  'type:base': [],
  'type:leaf': ['type:base'],
  'type:framework': ['type:base', 'type:leaf'],
  'type:parser': ['type:base', 'type:leaf'],
  'type:mutator': ['type:base', 'type:leaf', 'type:parser'],
  'type:app': ['type:base', 'type:leaf', 'type:framework', 'type:parser', 'type:mutator'],
  // The command line shows what the other programs do.
  'type:command': ['type:base', 'type:leaf', 'type:framework', 'type:parser', 'type:mutator', 'type:app'],
  'type:workbench': ['*'],
};

const noNode = {
  group: ['node:*'],
  message: 'A pure package reads no file, clock or environment: take it as an argument instead.',
};

export default tseslint.config(
  {
    ignores: [
      '**/vitest.config.ts',
      '**/dist/**',
      '**/test-output/**',
      '**/node_modules/**',
      '**/.stryker-tmp/**',
      'reports/**',
      '**/src/generated/**',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  },
  {
    // Texts of strangers are matched: the time has to grow with their length, and no faster.
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': [
        'error',
        { report: 'potential', ignoreSticky: false, ignorePartial: false },
      ],
    },
  },
  {
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          depConstraints: Object.entries(layers).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
            sourceTag,
            onlyDependOnLibsWithTags,
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'Name what is exported, so that the surface is chosen.',
        },
        {
          selector: 'CallExpression[callee.object.name="vi"][callee.property.name=/^(mock|doMock)$/]',
          message: 'Inject what is outside instead of mocking a module.',
        },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: [
      '**/*.test.ts',
      'packages/bitfusion-cli-wrap/src/exec/**',
      'packages/daemon/**',
      'packages/kubelet-dp/**',
      'packages/timing/**',
      'packages/*/src/testing/**',
    ],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [noNode] }] },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/main.ts', '**/*.test.ts', '**/test/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only main.ts ends the process.' },
        { object: 'process', property: 'env', message: 'Only main.ts reads the environment.' },
      ],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
  prettier,
);
