import { readClientUse, runArgv, type TextBudget } from '@bwki/bitfusion-cli-wrap';
import type {
  ContainerGpuRequest,
  FieldError,
  PodContainer,
  PodGpuRequest,
  VolumeLike,
  Warning,
} from '@bwki/spec-parser';

import { planCommand } from './command-plan.ts';
import { gpuEnv, gpuVariables, planEnv } from './env-plan.ts';
import { gpuFlags, type GpuFlags } from './gpu-flags.ts';
import type { ImageConfigs } from '../policy/image-config.ts';
import type { EnvVar } from '../kubernetes-objects.ts';
import { launcherPath, packagesPath } from '../layout.ts';
import type { PlannedCommand } from './planned-command.ts';
import { planLibraryPath, type LibraryPathPlan } from './library-path-plan.ts';
import type { ContainerPlan } from './plan.ts';
import type { Policy } from '../policy/policy.ts';
import { planResources } from './resource-plan.ts';
import { checkRuns } from './run-checks.ts';
import { runLimit, type RunCheck } from './run-limit.ts';
import { planVolumeMounts } from './volume-mount-plan.ts';
import { gpuVolumeMounts } from './volume-mounts.ts';

/** One container of a request, and all that bears on what it needs. */
export interface ContainerContext {
  readonly place: PodContainer;
  readonly asked: ContainerGpuRequest;
  readonly request: PodGpuRequest;
  readonly policy: Policy;
  readonly imageConfigs: ImageConfigs | undefined;
  /** For the shell texts of all containers of the pod. */
  readonly budget: TextBudget;
  /** The pod's own. */
  readonly volumes: readonly VolumeLike[];
}

export interface PlannedContainer {
  readonly plan: ContainerPlan;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Warning[];
  /** LD_LIBRARY_PATH was set where the container's `env` sets none, so that any other value is hidden (B37). */
  readonly hidesLibraryPath: boolean;
}

/** What one container needs: its command, variables, mounts and units (B30–B42). */
export function planContainer(context: ContainerContext): PlannedContainer {
  const { place, asked, request, policy, volumes } = context;
  const { container, path } = place;
  const flags = asked.gpu && gpuFlags(asked.gpu, policy.memoryFlagUnit);
  const command = planContainerCommand(context, flags);
  const variables = containerVariables(context, flags, command);
  const run = checkRun(context, flags, command, variables);
  const env = planEnv(container.env ?? [], variables, path.child('env'));
  const library = containerLibraryPath(context);
  const wantedMounts = gpuVolumeMounts(request.client, asked.ref.name, asked.home);
  const mountsPath = path.child('volumeMounts');
  const mounts = planVolumeMounts(container.volumeMounts ?? [], wantedMounts, volumes, mountsPath);
  return {
    plan: {
      ref: asked.ref,
      command: command.plan,
      env: [...library.changes, ...env.changes],
      volumeMounts: mounts.append,
      resources: asked.gpu && planResources(place.resources, asked.units),
    },
    errors: [...command.errors, ...run.errors, ...env.errors, ...library.errors, ...mounts.errors],
    warnings: run.warnings,
    hidesLibraryPath: library.hidesImage,
  };
}

/** In mode `injection`, and for a container that asks for nothing, the command is the user's own. */
function planContainerCommand(context: ContainerContext, flags: GpuFlags | undefined): PlannedCommand {
  const { request, policy, imageConfigs, budget } = context;
  const { container, path } = context.place;
  if (request.mode === 'injection' || flags === undefined) {
    return { plan: undefined, clientUse: readClientUse(container, budget), errors: [] };
  }
  const binary = request.client.kind === 'preinstalled' ? request.client.binary : launcherPath;
  const wrapper = runArgv({ binary, ...flags, filters: request.filters, command: [] });
  return planCommand(container, { wrapper, shell: policy.shell, imageConfigs, budget, path });
}

/** B35; and the filters, where no flag of ours carries them (B3). */
function containerVariables(
  { asked, request }: ContainerContext,
  flags: GpuFlags | undefined,
  command: PlannedCommand,
): readonly EnvVar[] {
  if (asked.gpu === undefined || flags === undefined) return [];
  const variables = gpuEnv(asked.gpu, flags);
  const isWrapped = request.mode === 'all' && command.clientUse === undefined;
  if (isWrapped || request.filters.length === 0) return variables;
  return [...variables, { name: gpuVariables.filters, value: request.filters.join(' ') }];
}

function checkRun(
  { place, asked, policy, budget }: ContainerContext,
  flags: GpuFlags | undefined,
  { clientUse }: PlannedCommand,
  variables: readonly EnvVar[],
): RunCheck {
  // In a container that was served, what was asked for stands in its variables, and validatePod judges by those.
  const wasServed = asked.gpu === undefined && place.homeMount !== undefined;
  if (wasServed) return { errors: [], warnings: [] };
  const { container, path } = place;
  const limit = runLimit(container, asked.gpu, flags, variables, policy);
  return checkRuns(container, clientUse, limit, path, budget);
}

function containerLibraryPath({ place, request, policy }: ContainerContext): LibraryPathPlan {
  const { client } = request;
  if (policy.libraryPath === 'launcher' || client.kind === 'preinstalled') {
    return { changes: [], hidesImage: false, errors: [] };
  }
  const directory = `${packagesPath}/${client.package}/${client.libraryPath}`;
  return planLibraryPath(place.container.env ?? [], directory, place.path.child('env'));
}

/** Whether a plan asks for nothing, as for a container that has all it needs (B44). */
export function isEmptyContainerPlan(plan: ContainerPlan): boolean {
  return (
    plan.command === undefined &&
    plan.env.length === 0 &&
    plan.volumeMounts.length === 0 &&
    plan.resources === undefined
  );
}
