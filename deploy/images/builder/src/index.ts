export { bundleApp, type Bundle } from './bundle-app.ts';
export { buildImages, type BuildOptions, type ProductImage } from './build-images.ts';
export { findEngine, pushCommand, saveCommand, type Engine, type EngineKind } from './engine.ts';
export { sourceState, type SourceState } from './source-state.ts';
